import { describe, expect, it } from "vitest";
import type { QuerySegment, QueryTest } from "../../../runtime/src/select/query-segment.js";
import { query } from "../../../runtime/src/select/query.js";
import { patterns, type PatternStep, type QueryPattern } from "../../../runtime/src/select/pattern.js";
import { select, selectRecords } from "../../../runtime/src/select/path.js";

const items = [
  { id: 1, t: "a", n: null, tags: ["x", "y"] },
  { id: 2, t: "b", ok: true },
  { id: "3", t: "a", price: 1.5, o: { x: 3 } },
];
const body = {
  items,
  one: { p: { v: 1 }, q: { v: 2 } },
  grid: [[1, 2], [3]],
  empty: [],
  nothing: null,
  text: "text",
  min: 2,
  "[*]": ["odd"],
};

interface Case {
  readonly name: string;
  readonly given: readonly QuerySegment[];
  readonly body?: unknown;
  readonly want: unknown;
}

describe("the records of a query", () => {
  const cases: readonly Case[] = [
    { name: "a slice", given: ["items", { slice: [1] }], want: items.slice(1) },
    { name: "a slice to the end", given: ["items", { slice: [null, 2] }], want: items.slice(0, 2) },
    { name: "a slice from the end", given: ["items", { slice: [-2] }], want: items.slice(-2) },
    { name: "a slice with a step", given: ["items", { slice: [null, null, 2] }], want: [items[0], items[2]] },
    { name: "a slice backwards", given: ["items", { slice: [null, null, -1] }], want: [...items].reverse() },
    {
      name: "a partial slice backwards",
      given: ["items", { slice: [5, 0, -1] }],
      want: [items[2], items[1]],
    },
    { name: "a slice of one element is a list", given: ["grid", { slice: [0, 1] }], want: [[1, 2]] },
    { name: "a slice past the end is an empty page", given: ["items", { slice: [9] }], want: [] },
    { name: "a slice of an object has no match", given: ["one", { slice: [0] }], want: undefined },
    { name: "a slice of a missing value has no match", given: ["nope", { slice: [0] }], want: undefined },
    { name: "a step of 0", given: ["items", { slice: [null, null, 0] }], want: [] },
    {
      name: "[*] below several values takes other values for lists of themselves",
      given: [{ descend: "at" }, "[*]"],
      body: { rows: [{ at: [1, 2] }, { at: "x" }, { at: null }, { at: { b: 3 } }] },
      want: [1, 2, "x", { b: 3 }],
    },
    { name: "[*] in a query", given: ["items", "[*]", { slice: [0] }], want: [] },
    { name: "values of an object", given: ["one", ".*"], want: [{ v: 1 }, { v: 2 }] },
    { name: "values of a list: none", given: ["items", ".*"], want: undefined },
    { name: "fields of values", given: ["one", ".*", "v"], want: [1, 2] },
    { name: "several indexes", given: ["items", { union: [2, 0, 9] }], want: [items[2], items[0]] },
    { name: "several names", given: [{ union: ["min", "nope", "text"] }], want: [2, "text"] },
    {
      name: "several names of each",
      given: ["items", "[*]", { union: ["id", "t"] }],
      want: [1, "a", 2, "b", "3", "a"],
    },
    {
      name: "several paths",
      given: [{ union: [["one", "p"], "min", []] }],
      body: { min: 1 },
      want: [1, { min: 1 }],
    },
    { name: "several names of a list", given: ["items", { union: ["id", "t"] }], want: undefined },
    { name: "a wildcard of RFC 9535", given: ["one", { union: ["[*]", ".*"] }], want: [{ v: 1 }, { v: 2 }] },
    { name: "descendants", given: [{ descend: "id" }], want: [1, 2, "3"] },
    {
      name: "descendants, outer ones first",
      given: [{ descend: "id" }],
      body: { a: { id: 1, b: { id: 2 } }, id: { id: 3 } },
      want: [{ id: 3 }, 1, 2, 3],
    },
    { name: "elements of descendants", given: [{ descend: "tags" }, "[*]"], want: ["x", "y"] },
    { name: "descendants of text", given: ["text", { descend: "x" }], want: undefined },
    { name: "missing descendants", given: [{ descend: "nope" }], want: [] },
    { name: "the parent", given: ["items", { parent: [0] }], want: items },
    { name: "the parent of a missing value", given: ["items", { parent: [9] }], want: undefined },
    { name: "the parent of each", given: ["one", { parent: [".*"] }], want: [body.one, body.one] },
    {
      name: "a sorted list",
      given: ["grid", { sort: [{ by: [0], descending: true }] }],
      want: [[3], [1, 2]],
    },
    {
      name: "a list sorted by several keys",
      given: ["items", { sort: [{ by: ["t"] }, { by: ["price"] }, { by: ["id"], descending: true }] }],
      want: [items[0], items[2], items[1]],
    },
    { name: "a sorted object", given: ["one", { sort: [{ by: ["v"] }] }], want: undefined },
    { name: "a name that looks like a wildcard", given: [{ name: "[*]" }], want: ["odd"] },
    { name: "a nested list is kept (D13)", given: ["grid", { where: { exists: [1] } }], want: [[1, 2]] },
    { name: "null is a record", given: ["items", "[*]", { union: ["n"] }], want: [null] },
    {
      name: "a filter on the values of an object",
      given: ["one", { where: { exists: ["v"] } }],
      want: [{ v: 1 }, { v: 2 }],
    },
    { name: "a filter on text", given: ["text", { where: { exists: [] } }], want: undefined },
    { name: "a filter without a match", given: ["items", { where: { exists: ["nope"] } }], want: [] },
    { name: "constructor", given: [{ descend: "constructor" }], want: [] },
    { name: "__proto__", given: ["items", "[*]", { union: ["__proto__", "toString"] }], want: [] },
    {
      name: "__proto__ as a key",
      given: [{ descend: "__proto__" }],
      body: JSON.parse('{"a":{"__proto__":7}}'),
      want: [7],
    },
    { name: "length of a list", given: [{ descend: "length" }], want: [] },
  ];
  it.each(cases)("$name: $given", ({ given, want, ...row }) => {
    expect(selectRecords(query(given), "body" in row ? row.body : body)).toEqual(want);
  });
});

/** Creates a pattern that matches texts with this beginning. */
function starting(...steps: readonly PatternStep[]): QueryPattern {
  return { source: "^…", program: [{ assert: "start" }, ...steps] };
}

describe("filters", () => {
  const rows: readonly { name: string; given: QueryTest; want: readonly unknown[] }[] = [
    { name: "equals", given: { any: ["t"], is: "==", value: "a" }, want: [1, "3"] },
    { name: "differs and exists", given: { any: ["ok"], is: "!=", value: false }, want: [2] },
    {
      name: "greater, with strings as integers",
      given: { any: ["id"], is: ">", value: 1, whole: true },
      want: [2, "3"],
    },
    {
      name: "equals, with strings as integers",
      given: { any: ["id"], is: "==", value: 3, whole: true },
      want: ["3"],
    },
    { name: "equals a string of digits", given: { any: ["id"], is: "==", value: "3" }, want: ["3"] },
    {
      name: "fractions are truncated",
      given: { any: ["price"], is: "==", value: 1, whole: true },
      want: ["3"],
    },
    { name: "fractions are not truncated", given: { any: ["price"], is: ">", value: 1 }, want: ["3"] },
    { name: "true is 1", given: { any: ["ok"], is: "==", value: 1, whole: true }, want: [2] },
    { name: "true", given: { any: ["ok"], is: "==", value: true }, want: [2] },
    { name: "a word is not a number", given: { any: ["t"], is: "!=", value: 1, whole: true }, want: [] },
    { name: "null is not 1", given: { any: ["n"], is: "!=", value: 1, whole: true }, want: [1] },
    { name: "null is not smaller", given: { any: ["n"], is: "<", value: 1, whole: true }, want: [] },
    { name: "values of different types have no order", given: { any: ["t"], is: ">", value: 1.5 }, want: [] },
    { name: "any match is enough", given: { any: ["tags", "[*]"], is: "==", value: "y" }, want: [1] },
    { name: "exists, even if null", given: { exists: ["n"] }, want: [1] },
    { name: "not", given: { not: { exists: ["n"] } }, want: [2, "3"] },
    { name: "all", given: { all: [{ exists: ["t"] }, { exists: ["o"] }] }, want: ["3"] },
    { name: "some", given: { some: [{ exists: ["ok"] }, { exists: ["o"] }] }, want: [2, "3"] },
    { name: "left and right", given: { left: ["id"], is: "==", right: { root: ["min"] } }, want: [2] },
    {
      name: "a missing value equals a missing value",
      given: { left: ["o"], is: "==", right: ["nope"] },
      want: [1, 2],
    },
    { name: "a missing value is not null", given: { left: ["n"], is: "==", right: null }, want: [1] },
    {
      name: "deep equality",
      given: { left: ["o"], is: "==", right: { root: ["items", 2, "o"] } },
      want: ["3"],
    },
    { name: "a string and a number differ", given: { left: ["id"], is: "==", right: 3 }, want: [] },
    { name: "at least", given: { left: ["t"], is: ">=", right: "b" }, want: [2] },
    { name: "at most", given: { left: ["id"], is: "<=", right: 1 }, want: [1] },
    { name: "length of a list", given: { left: { length: ["tags"] }, is: "==", right: 2 }, want: [1] },
    { name: "length of an object", given: { left: { length: ["o"] }, is: "==", right: 1 }, want: ["3"] },
    { name: "null has no length", given: { left: { length: ["n"] }, is: "==", right: 0 }, want: [] },
    { name: "count", given: { left: { count: [".*"] }, is: ">", right: 3 }, want: [1, "3"] },
    { name: "value of one", given: { left: { value: ["o", ".*"] }, is: "==", right: 3 }, want: ["3"] },
    {
      name: "several matches have no value",
      given: { left: { value: { root: ["grid", "[*]"] } }, is: "==", right: ["nope"] },
      want: [1, 2, "3"],
    },
    {
      name: "a path from the body",
      given: { exists: { root: ["one", { descend: "v" }] } },
      want: [1, 2, "3"],
    },
    { name: "a pattern", given: { any: ["t"], fits: starting("a") }, want: [1, "3"] },
    { name: "a pattern for any match", given: { any: ["tags", "[*]"], fits: starting("y") }, want: [1] },
    { name: "null matches no pattern", given: { any: ["n"], fits: starting() }, want: [] },
    { name: "a number matches no pattern", given: { any: ["price"], fits: starting("1") }, want: [] },
    { name: "a value that matches a pattern", given: { left: ["t"], fits: starting("b") }, want: [2] },
    { name: "a missing value matches no pattern", given: { left: ["nope"], fits: starting() }, want: [] },
    {
      name: "a value of the body",
      given: { left: { root: ["text"] }, fits: starting("t") },
      want: [1, 2, "3"],
    },
    {
      name: "a filter in a filter",
      given: { exists: ["tags", { where: { any: [], is: "==", value: "x" } }] },
      want: [1],
    },
  ];
  it.each(rows)("$name", ({ given, want }) => {
    expect(select(query(["items", { where: given }, "id"], patterns()), body)).toEqual(want);
  });

  it("orders strings by code points, not by UTF-16 code units", () => {
    const before = query([{ where: { left: [], is: "<", right: "\u{10000}" } }]);
    expect(before.run(["\uffff", "\u{10001}", ""])).toEqual(["\uffff", ""]);
    const emoji = query([{ where: { left: { length: [] }, is: "==", right: 1 } }]);
    expect(emoji.run(["😀", "ab"])).toEqual(["😀"]);
  });
});

describe("a query", () => {
  it("exposes whether it is singular, and prints itself", () => {
    const sorted = query(["items", { sort: [{ by: ["id"] }] }, 0]);
    expect(sorted.isSingular).toBe(true);
    expect(sorted.includes("[*]")).toBe(false);
    const slice = query(["items", { slice: [1] }]);
    expect(slice.isSingular).toBe(false);
    expect(slice.includes("[*]")).toBe(true);
    expect(slice.join(".")).toBe('items.{"slice":[1]}');
    const filter = query([{ where: { any: ["t"], fits: starting("a") } }], patterns());
    expect(filter.join(".")).toBe('{"where":{"any":["t"],"fits":{"source":"^…"}}}');
  });

  it("throws if it has patterns but no pattern support", () => {
    expect(() => query([{ where: { any: [], fits: starting("a") } }])).toThrow("patterns()");
  });

  it("is reusable and keeps nothing of a body", () => {
    const max = query(["items", { where: { left: ["id"], is: "==", right: { root: ["max"] } } }]);
    expect(max.run({ items: [{ id: 1 }, { id: 2 }], max: 1 })).toEqual([{ id: 1 }]);
    expect(max.run({ items: [{ id: 1 }, { id: 2 }], max: 2 })).toEqual([{ id: 2 }]);
  });

  it("reads bodies nested deeper than the call stack", () => {
    const depth = 100_000;
    const deep = (): unknown => {
      let value: unknown = { a: 1 };
      for (let level = 1; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
      return value;
    };
    expect(query([{ descend: "a" }]).run(deep())).toHaveLength(depth / 2);
    expect(query([{ descend: "[*]" }, { where: { exists: ["a"] } }]).run(deep())).toBeDefined();
    const same = query([{ where: { left: [], is: "==", right: { root: [0] } } }]);
    expect(same.run([deep(), deep(), 1])).toHaveLength(2);
  });

  it("evaluates paths from the body once for ten thousand records", () => {
    const many = Array.from({ length: 10_000 }, (_, id) => ({ id, o: { p: { x: id } } }));
    const all = query([
      "items",
      { where: { left: { count: { root: [{ descend: "x" }] } }, is: "==", right: 10_000 } },
    ]);
    expect(all.run({ items: many })).toHaveLength(10_000);
  });
});
