import type { JsonObject } from "@connector-gen/runtime";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { expandResource, mergeDefaults } from "../../../generator/spec/resource/defaults.js";

describe("mergeDefaults", () => {
  const rows: { name: string; defaults: JsonObject; resource: JsonObject; want: JsonObject }[] = [
    {
      name: "params and json are merged, null stays null",
      defaults: { endpoint: { params: { a: 1, b: 2 }, json: { q: { x: 1 }, r: 1 } } },
      resource: { endpoint: { params: { b: null, c: 3 }, json: { q: { y: 2 } } } },
      want: { endpoint: { params: { a: 1, b: null, c: 3 }, json: { q: { y: 2 }, r: 1 } } },
    },
    {
      name: "null params count as omitted",
      defaults: { endpoint: { params: { a: 1 } } },
      resource: { endpoint: { params: null } },
      want: { endpoint: { params: { a: 1 } } },
    },
    {
      name: "every other endpoint key is replaced completely, even by null",
      defaults: {
        endpoint: { headers: { A: "1" }, paginator: { type: "offset", limit: 1 }, auth: "bearer" },
      },
      resource: { endpoint: { headers: { B: "2" }, paginator: "none", auth: null } },
      want: { endpoint: { headers: { B: "2" }, paginator: "none", auth: null } },
    },
    {
      name: "the defaults' path is never used",
      defaults: { endpoint: { path: "/x", method: "POST" } },
      resource: { name: "a" },
      want: { name: "a", endpoint: { method: "POST" } },
    },
    {
      name: "columns are merged property by property, in either form",
      defaults: { columns: [{ name: "id", data_type: "bigint", nullable: false }] },
      resource: { columns: { id: { data_type: "text" }, at: { data_type: "date" } } },
      want: {
        columns: { id: { name: "id", data_type: "text", nullable: false }, at: { data_type: "date" } },
        endpoint: {},
      },
    },
    {
      name: "everything else is replaced",
      defaults: { primary_key: ["a", "b"], write_disposition: "merge", schema: { type: "object" } },
      resource: { primary_key: "c", schema: null },
      want: { primary_key: "c", write_disposition: "merge", schema: null, endpoint: {} },
    },
    {
      name: "a null endpoint counts as omitted",
      defaults: { endpoint: { method: "POST" } },
      resource: { endpoint: null },
      want: { endpoint: { method: "POST" } },
    },
  ];

  test.each(rows)("$name", ({ defaults, resource, want }) => {
    expect(mergeDefaults(defaults, resource)).toEqual(want);
  });

  test("mutates nothing and shares nothing", () => {
    const part = fc.dictionary(
      fc.constantFrom("endpoint", "columns", "params", "json", "a"),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(part, part, (defaults, resource) => {
        const before = JSON.stringify([defaults, resource]);
        const merged = mergeDefaults(defaults as JsonObject, resource as JsonObject);
        expect(JSON.stringify([defaults, resource])).toBe(before);
        const owned = new Set([...objectsIn(defaults), ...objectsIn(resource)]);
        expect(objectsIn(merged).some((object) => owned.has(object))).toBe(false);
      }),
    );
  });
});

function objectsIn(value: unknown): object[] {
  return typeof value === "object" && value !== null
    ? [value, ...Object.values(value).flatMap(objectsIn)]
    : [];
}

test.each([
  ["a", { name: "a", endpoint: { path: "a" } }],
  [
    { name: "a", endpoint: "b" },
    { name: "a", endpoint: { path: "b" } },
  ],
  [{ name: "a" }, { name: "a" }],
  [3, {}],
])("expandResource(%j)", (resource, want) => {
  expect(expandResource(resource)).toEqual(want);
});
