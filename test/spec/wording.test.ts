import fc from "fast-check";
import { describe as group, expect, test } from "vitest";

import { describe, didYouMean, editDistance, list, nearest, quote } from "../../generator/spec/wording.js";

group("nearest", () => {
  test.each([
    ["descripton", "description"],
    ["pagenumber", "page_number"],
    ["dataSelector", "data_selector"],
    ["Name", "name"],
    ["nmae", "name"],
    ["selector", "data_selector"],
    ["id", undefined],
    ["xyz", undefined],
    ["x".repeat(10_000), undefined],
  ])("%s: %s", (word, want) => {
    expect(nearest(word, ["description", "page_number", "data_selector", "name", "if"])).toBe(want);
  });

  test("chooses the closest word", () => {
    expect(nearest("schema", ["schemes", "schemas"])).toBe("schemas");
    expect(didYouMean("abc", [])).toBe("");
  });
});

test("editDistance is symmetric, zero for equal words, and exact up to the limit", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b, 20);
      expect(editDistance(b, a, 20)).toBe(distance);
      expect(editDistance(a, a, 0)).toBe(0);
      expect(Math.min(editDistance(a, b, 3), 4)).toBe(Math.min(distance, 4));
    }),
  );
});

test("quote escapes invisible characters and shortens long texts", () => {
  expect(quote("a\u001b\u202e\u0085")).toBe(String.raw`"a\u001b\u202e\u0085"`);
  expect(quote("x".repeat(100))).toHaveLength(63);
});

test("list shortens long lists and quotes unusual words", () => {
  expect(list(["a", "b c"])).toBe('a, "b c"');
  expect(list(Array.from({ length: 20 }, (_, n) => `k${n}`))).toMatch(/k15 and 4 more$/);
});

test.each([
  [[], "the spec"],
  [["client", "auth"], "client.auth"],
  [["resources", 0], 'resource "a"'],
  [["resources", 0, "endpoint", "params", "x y"], 'endpoint.params."x y" of resource "a"'],
  [["resources", 1, "endpoint"], 'endpoint of resource "b"'],
  [["resources", 2], "resources[2]"],
  [["resources"], "resources"],
])("describe(%j)", (path, want) => {
  expect(describe({ resources: [{ name: "a" }, "b", {}] }, path)).toBe(want);
});
