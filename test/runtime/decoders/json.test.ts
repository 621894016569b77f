import { describe, expect, it } from "vitest";
import { json, singlePage } from "../../../runtime/src/index.js";
import type { JsonOptions } from "../../../runtime/src/decoders/json.js";
import { errorOf, fakeFetch, open } from "../fixtures.js";

/** Reads a body. Returns the records, or the message of the error, and the number of requests. */
async function receive(body: string, options?: JsonOptions): Promise<{ result: unknown; requests: number }> {
  const { fetch, seen } = fakeFetch(() => ({ body }));
  const resource = { ...(options && { decode: json(options) }), select: [], paginator: singlePage() };
  const reading = open({ url: "http://api.test", resource, options: { fetch } })().toArray();
  const result: unknown = await reading.catch(async () => (await errorOf(reading)).message);
  return { result, requests: seen.length };
}

describe("JSON with deviations", () => {
  const rows: readonly { name: string; body: string; options: JsonOptions; want: unknown }[] = [
    { name: "a prefix", body: ")]}'\n[1]", options: { prefix: ")]}'" }, want: [1] },
    {
      name: "a prefix after white space",
      body: " \nwhile(1);[1]",
      options: { prefix: "while(1);" },
      want: [1],
    },
    { name: "no prefix where there may be one", body: "[1]", options: { prefix: ")]}'" }, want: [1] },
    {
      name: "NaN",
      body: '[NaN,-Infinity, Infinity,"NaN","\\"NaN"]',
      options: { nan: "null" },
      want: [null, null, null, "NaN", '"NaN'],
    },
    {
      name: "names of fields",
      body: '[{"NaN":1,"Infinity":NaN}]',
      options: { nan: "null" },
      want: [{ NaN: 1, Infinity: null }],
    },
  ];
  it.each(rows)("is read: $name", async ({ body, options, want }) => {
    expect(await receive(body, options)).toEqual({ result: want, requests: 1 });
  });
});

describe("a body that is not JSON", () => {
  const rows: readonly { name: string; body: string; where: string; requests: number }[] = [
    { name: "NaN", body: '{"a": 1,\n  "b": NaN}', where: "line 2, column 8", requests: 1 },
    { name: "a comma too many", body: '{"a": 1,}', where: "line 1, column 9", requests: 1 },
    { name: "a missing comma", body: "[1\n2]", where: "line 2, column 1", requests: 1 },
    { name: "single quotes", body: "['a']", where: "line 1, column 2", requests: 1 },
    { name: "text after it", body: '{"a":1}\nOK', where: "line 2, column 1", requests: 1 },
    { name: "a control character", body: '["a\u0001b"]', where: "line 1, column 2", requests: 1 },
    { name: "a leading zero", body: "[01]", where: "line 1, column 2", requests: 1 },
    { name: "XML", body: "\n<a/>", where: "line 2, column 1", requests: 2 },
    { name: "cut in a list", body: '[{"a":1},\n{"a":', where: "line 2, column 6", requests: 5 },
    { name: "cut in a text", body: '["abc', where: "line 1, column 2", requests: 5 },
    {
      name: "cut in a text that contains an escaped quote",
      body: '["a\\"',
      where: "line 1, column 2",
      requests: 5,
    },
    { name: "cut in a word", body: "[tru", where: "line 1, column 2", requests: 5 },
    { name: "cut in a number", body: "[1.", where: "line 1, column 2", requests: 5 },
  ];
  it.each(rows)(
    "is named by its place; only more text is worth a retry: $name",
    async ({ body, where, requests }) => {
      const { result, requests: made } = await receive(body);
      expect(result).toContain(`${body.length} characters, ${where})`);
      expect(made).toBe(requests);
    },
  );

  it("never quotes the body", async () => {
    const { result } = await receive('{"token": hunter2, "end": 1}');
    expect(result).not.toContain("hunter2");
  });
});
