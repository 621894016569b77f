import { describe, expect, it } from "vitest";
import { compileEnvelope } from "../../generator/mock/envelope.js";
import { toSelectorIr } from "../../generator/ir/option-values.js";
import type { SelectorIr } from "../../generator/ir/source-ir.js";
import { toSelector } from "../../generator/spec/selector/selector.js";
import type { QuerySegment } from "../../runtime/src/select/query-segment.js";
import { query } from "../../runtime/src/select/query.js";
import { selectRecords } from "../../runtime/src/select/path.js";

const records = [{ id: 1 }, { id: 2 }];

function read(text: string): SelectorIr["selector"] {
  const selector = toSelector(text);
  if (!selector) throw new Error(`${text} is invalid`);
  return toSelectorIr(selector).selector;
}

describe("the mock's body for a selector", () => {
  it.each(["items[/id]", "$..items[*]", "data..items[*]", "(data|items)[*]", "(a|b).rows[*]", "'[*]'"])(
    "contains the records for %s",
    (text) => {
      const segments = read(text);
      expect(
        selectRecords(query(segments as readonly QuerySegment[]), compileEnvelope(segments)(records, [])),
      ).toEqual(records);
    },
  );

  it.each(["items[1:]", "items[?@.id]", "m.*", "$..id", "['k','l']", "items[0].`parent`"])(
    "does not exist for %s",
    (text) => {
      expect(() => compileEnvelope(read(text))).toThrow("cannot build a body for the selector");
    },
  );
});
