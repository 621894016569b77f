import fc from "fast-check";
import { expect, it } from "vitest";
import { recordHash } from "../../sync/src/tables/record-hash.js";
import { sortKeys } from "../../sync/src/tables/sort-keys.js";

const json = (value: unknown): string => JSON.stringify(sortKeys(value));

it("is the same for the same record, in any order of its keys", () => {
  const object = { id: 1, name: "é", tags: ["a", { x: null, y: [true] }] };
  const other = { tags: ["a", { y: [true], x: null }], name: "é", id: 1 };
  expect(recordHash(other)).toBe(recordHash(object));
  expect(recordHash({ a: 1, b: undefined })).toBe(recordHash({ a: 1 }));
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
  expect(new Set(values.map(recordHash)).size).toBe(values.length);
});

it.each<{ readonly name: string; readonly valueOf: (place: number) => unknown }>([
  { name: "numbers", valueOf: (place) => place },
  { name: "fractions", valueOf: (place) => ({ price: place / 8 }) },
  { name: "short texts", valueOf: (place) => place.toString(36) },
  { name: "long texts", valueOf: (place) => ({ text: `Customer number ${place} of all the customers` }) },
  { name: "wide texts", valueOf: (place) => String.fromCharCode(place & 255, 0x3000 + (place >> 8)) },
  {
    name: "lists of booleans",
    valueOf: (place) => Array.from({ length: 16 }, (_, bit) => ((place >> bit) & 1) === 1),
  },
  { name: "two numbers", valueOf: (place) => ({ x: place & 255, y: place >> 8 }) },
])("spreads $name over each of its four words", ({ valueOf }) => {
  const hashes = Array.from({ length: 65_536 }, (_, place) =>
    Buffer.from(recordHash(valueOf(place)), "base64url"),
  );
  for (const word of [0, 4, 8, 12]) {
    // Random words would be equal in 0.5 cases.
    const different = new Set(hashes.map((hash) => hash.readInt32LE(word))).size;
    expect(hashes.length - different).toBeLessThan(6);
  }
});

it("is equal exactly where JSON with sorted keys is equal", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(recordHash(a) === recordHash(b)).toBe(json(a) === json(b));
      expect(recordHash(JSON.parse(json(a)))).toBe(recordHash(a));
    }),
  );
});
