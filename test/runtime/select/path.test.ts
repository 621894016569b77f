import fc from "fast-check";
import { jsonpath } from "json-p3";
import { describe, expect, it } from "vitest";
import { printSelector, select, selectRecords, type Path } from "../../../runtime/src/select/path.js";

const each = "[*]";

const body = {
  items: [{ id: 1, tags: ["a", "b"] }, { id: 2 }, null],
  data: { items: [{ id: 3 }], "odd name": { "q\"uo'te\\s": [1] }, größe: 5 },
  empty: [],
  nothing: null,
  zero: 0,
  grid: [[1, 2], [3]],
  null: { "": "empty name" },
};

interface Case {
  readonly name: string;
  readonly given: Path;
  readonly body?: unknown;
  readonly want: unknown;
}

it.each([
  { given: ["data", "items", each, "node"], want: "data.items[*].node" },
  { given: ["grid", each, each], want: "grid[*][*]" },
  { given: [each, "id"], want: "[*].id" },
  { given: [], want: "$" },
] satisfies { given: Path; want: string }[])("$want is printed as a spec writes it", ({ given, want }) => {
  expect(printSelector(given)).toBe(want);
});

describe("selectRecords", () => {
  const cases: readonly Case[] = [
    { name: "a list", given: ["data", "items"], want: [{ id: 3 }] },
    { name: "an empty list", given: ["empty"], want: [] },
    { name: "null is an empty page", given: ["nothing"], want: [] },
    { name: "an object is one record", given: ["items", 0], want: [body.items[0]] },
    { name: "a scalar is one record", given: ["zero"], want: [0] },
    { name: "false is not a record", given: ["a"], body: { a: false }, want: undefined },
    { name: "an empty text is not a record", given: ["a"], body: { a: "" }, want: undefined },
    { name: "false in a list is a record", given: ["a"], body: { a: [false] }, want: [false] },
    { name: "the whole body, a list", given: [], body: [1, 2], want: [1, 2] },
    { name: "the whole body, an object", given: [], body: { id: 1 }, want: [{ id: 1 }] },
    { name: "the whole body, null", given: [], body: null, want: [] },
    { name: "null items are kept", given: ["items"], want: body.items },
    { name: "a list of lists: each inner list is a record", given: ["grid"], want: [[1, 2], [3]] },
    { name: "[*]: the elements", given: ["items", each], want: body.items },
    { name: "[*] on a root list", given: [each, "id"], body: [{ id: 1 }, { id: 2 }], want: [1, 2] },
    { name: "[*].x skips elements without x", given: ["items", each, "tags"], want: [["a", "b"]] },
    { name: "[*].x[*] selects from each", given: ["items", each, "tags", each], want: ["a", "b"] },
    { name: "[*] never flattens (D13)", given: ["grid", each], want: [[1, 2], [3]] },
    { name: "[*] with one inner list (D13)", given: ["a", each], body: { a: [[1, 2]] }, want: [[1, 2]] },
    { name: "[*] on an empty list is an empty page", given: ["empty", each, "id"], want: [] },
    { name: "[*] on an object has no match", given: ["data", each], want: undefined },
    {
      name: "[*] below a list takes other values for lists of themselves, as dlt does",
      given: ["rows", each, "at", each],
      body: { rows: [["a", "b"], { c: 1 }, "d", 2, true, [], null, 0, "", false].map((at) => ({ at })) },
      want: ["a", "b", { c: 1 }, "d", 2, true],
    },
    { name: "[*] on null has no match", given: ["nothing", each], want: undefined },
    { name: "a missing name", given: ["nope"], want: undefined },
    { name: "a missing name inside", given: ["data", "nope", "items"], want: undefined },
    { name: "a missing name before [*]", given: ["nope", each, "id"], want: undefined },
    { name: "a name on a list: not applied to the elements", given: ["items", "id"], want: undefined },
    { name: "a name on text", given: ["a", "length"], body: { a: "text" }, want: undefined },
    { name: "length of a list", given: ["items", "length"], want: undefined },
    { name: "an index as a name", given: ["items", "1"], want: undefined },
    { name: "an index", given: ["items", 1], want: [{ id: 2 }] },
    { name: "a negative index", given: ["grid", -1], want: [3] },
    { name: "an index beyond the end", given: ["items", 3], want: undefined },
    { name: "a negative index beyond the start", given: ["items", -4], want: undefined },
    { name: "an index on an object", given: ["a", 0], body: { a: { 0: "x" } }, want: undefined },
    { name: "an index on text", given: ["a", 0], body: { a: "text" }, want: undefined },
    { name: "constructor", given: ["constructor"], want: undefined },
    { name: "__proto__", given: ["__proto__"], want: undefined },
    { name: "constructor.name", given: ["constructor", "name"], want: undefined },
    { name: "toString of a list", given: ["items", "toString"], want: undefined },
    { name: "toString of text", given: ["a", "toString"], body: { a: "text" }, want: undefined },
    { name: "__proto__ as a key", given: ["__proto__"], body: JSON.parse('{"__proto__":[7]}'), want: [7] },
    { name: "an odd name", given: ["data", "odd name", "q\"uo'te\\s", 0], want: [1] },
    { name: "a non-ASCII name", given: ["data", "größe"], want: [5] },
    { name: "an empty name", given: ["null", ""], want: ["empty name"] },
  ];
  it.each(cases)("$name: $given", ({ given, want, ...row }) => {
    expect(selectRecords(given, "body" in row ? row.body : body)).toEqual(want);
  });
});

describe("select compared with json-p3", () => {
  const names = ["a", "b", "_c1", "odd name", "it's", 'q"', "back\\slash", "größe", "", "constructor", "\t"];
  const name = fc.constantFrom("a", "b", "a", "b", ...names);
  const json = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      fc.constantFrom(null, 0, "text", false),
      fc.array(tie("node"), { minLength: 1, maxLength: 4 }),
      fc.dictionary(name, tie("node"), { minKeys: 3, maxKeys: 6, noNullPrototype: true }),
    ),
  })).node;
  const step = fc.oneof(name, name, fc.integer({ min: -4, max: 4 }), fc.constant<string>(each));

  /** The path as an RFC 9535 query. */
  function print(path: Path): string {
    return `$${path.map((at) => `[${at === each ? "*" : JSON.stringify(at)}]`).join("")}`;
  }

  /** In RFC 9535, `[*]` also selects the values of objects; in dlt and here, it does not. */
  function oracle(path: Path, document: unknown): unknown[] {
    const inLists = jsonpath
      .query(print(path), document as never)
      .nodes.filter(({ location }) =>
        path.every((at, depth) => at !== each || typeof location[depth] === "number"),
      );
    return inLists.map(({ value }) => value);
  }

  /** Whether a `[*]` below a list selects from a value that is not a list, which counts as a list with this value, as in dlt. */
  function wraps(path: Path, document: unknown): boolean {
    const depths = path.flatMap((at, depth) => (at === each ? [depth] : [])).slice(1);
    const isOther = (value: unknown): boolean => Boolean(value) && !Array.isArray(value);
    return depths.some((depth) => oracle(path.slice(0, depth), document).some(isOther));
  }

  it("has the same matches, in the same order", () => {
    let hits = 0;
    fc.assert(
      fc.property(json, fc.array(step, { maxLength: 4 }), (document, path) => {
        fc.pre(!wraps(path, document));
        const want = oracle(path, document);
        const got = select(path, document);
        expect(got ?? []).toEqual(want);
        if (!path.includes(each)) expect(got === undefined).toBe(want.length === 0);
        if (want.length > 0 && path.length > 0) hits += 1;
      }),
      { numRuns: 1200 },
    );
    expect(hits).toBeGreaterThan(25);
  });
});
