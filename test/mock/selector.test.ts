import { describe, expect, it } from "vitest";
import { compileEnvelope } from "../../generator/mock/envelope.js";
import { parseSelector } from "../../generator/spec/selector/selector.js";
import { query } from "../../runtime/src/select/query.js";
import { selectRecords } from "../../runtime/src/select/path.js";

const records = [{ id: 1 }, { id: 2 }];

function read(text: string): Extract<ReturnType<typeof parseSelector>, { ok: true }> {
  const result = parseSelector(text);
  if (!result.ok) throw new Error(result.message);
  return result;
}

describe("the mock's body for a selector", () => {
  it.each(["items[/id]", "$..items[*]", "data..items[*]", "(data|items)[*]", "(a|b).rows[*]", "'[*]'"])(
    "contains the records for %s",
    (text) => {
      const { query: printed, segments } = read(text);
      expect(selectRecords(query(segments), compileEnvelope(printed)(records, []))).toEqual(records);
    },
  );

  it.each(["items[1:]", "items[?@.id]", "m.*", "$..id", "['k','l']", "items[0].`parent`"])(
    "does not exist for %s",
    (text) => {
      expect(() => compileEnvelope(read(text).query)).toThrow("cannot build a body for the selector");
    },
  );
});
