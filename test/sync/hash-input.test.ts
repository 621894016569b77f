import fc from "fast-check";
import { expect, it } from "vitest";
import { hashInput } from "../../sync/src/tables/hash-input.js";
import { sortKeys } from "../../sync/src/tables/sort-keys.js";

const json = (value: unknown): string => JSON.stringify(sortKeys(value));

it("is the same for the same record, whatever the order of its keys", () => {
  const object = { id: 1, name: "é", tags: ["a", { x: null, y: [true] }] };
  const other = { tags: ["a", { y: [true], x: null }], name: "é", id: 1 };
  expect(hashInput(other)).toBe(hashInput(object));
  expect(hashInput({ a: 1, b: undefined })).toBe(hashInput({ a: 1 }));
});

it.each<{ readonly name: string; readonly values: readonly unknown[] }>([
  {
    name: "texts and scalars that look like them",
    values: [1, "1", true, "true", null, "null", 1.5, 10n ** 20n],
  },
  {
    name: "lists and their items",
    values: [[], [[]], ["a"], "a", ["a", "b"], ["ab"], [["a"], "b"], [1, 2], [12]],
  },
  {
    name: "objects and their items",
    values: [{}, { a: {} }, { a: "b" }, { ab: "" }, { a: "", b: "" }, [], ["a", "b"]],
  },
  {
    name: "texts with the marks of other values",
    values: ['"1:a', "1:a", 'a"1:b', { 'a1:b"': "c" }, { a: 'b"1:c' }],
  },
])("differs between $name", ({ values }) => {
  expect(new Set(values.map(hashInput)).size).toBe(values.length);
});

it("is equal exactly where JSON with sorted keys is equal", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(hashInput(a) === hashInput(b)).toBe(json(a) === json(b));
      expect(hashInput(JSON.parse(json(a)))).toBe(hashInput(a));
    }),
  );
});

it("stays the same text in later versions, because tables hold its hashes", () => {
  const long = "x".repeat(1000);
  const record = {
    name: "é",
    id: 7,
    price: 0.5,
    tags: ["a", { x: null }],
    long,
    ok: true,
    [long]: [10n ** 20n],
  };
  const keys = `{2:id4:long4:name2:ok5:price4:tags1000:${long}}`;
  const values = `7;"1000:${long}"1:étrue;0.5;["1:a{1:x}null;][100000000000000000000;]`;
  expect(hashInput(record)).toBe(keys + values);
});
