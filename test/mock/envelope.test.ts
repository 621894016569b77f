import { describe, expect, it } from "vitest";
import { compileEnvelope, type Metadata } from "../../generator/mock/envelope.js";
import { selectRecords } from "../../runtime/src/select/path.js";

const records = [{ id: 1 }, { id: 2 }];

describe("compileEnvelope", () => {
  const rows = [
    { selector: [], want: records },
    { selector: ["[*]"], want: records },
    { selector: ["items"], want: { items: records } },
    { selector: ["items", "[*]"], want: { items: records } },
    { selector: ["data", "odd name", "list"], want: { data: { "odd name": { list: records } } } },
    { selector: ["it's", "it's"], want: { "it's": { "it's": records } } },
    { selector: ["__proto__"], want: JSON.parse('{"__proto__":[{"id":1},{"id":2}]}') as unknown },
    { selector: ["data", 1, "rows"], want: { data: [{}, { rows: records }] } },
    { selector: ["data", -2, "rows"], want: { data: [{ rows: records }, {}] } },
    { selector: ["edges", "[*]", "node"], want: { edges: [{ node: { id: 1 } }, { node: { id: 2 } }] } },
    { selector: ["groups", "[*]", "rows", "[*]"], want: { groups: [{ rows: records }] } },
    { selector: ["edges", "[*]", 0], want: { edges: [[{ id: 1 }], [{ id: 2 }]] } },
  ];
  it.each(rows)("$selector", ({ selector, want }) => {
    const wrap = compileEnvelope(selector);
    expect(wrap(records, [])).toEqual(want);
    // The reader must find what was wrapped.
    expect(selectRecords(selector, wrap(records, []))).toEqual(records);
    expect(selectRecords(selector, wrap([], []))).toEqual([]);
  });

  const metadataRows: readonly {
    name: string;
    selector: readonly (string | number)[];
    metadata: readonly Metadata[];
    want: unknown;
  }[] = [
    {
      name: "beside the list",
      selector: ["items"],
      metadata: [{ path: ["total"], value: 9 }],
      want: { items: records, total: 9 },
    },
    {
      name: "outside the object of the list",
      selector: ["a", "items"],
      metadata: [{ path: ["b", "c"], value: 9 }],
      want: { a: { items: records }, b: { c: 9 } },
    },
    {
      name: "inside the object of the list",
      selector: ["a", "items"],
      metadata: [{ path: ["a", "b", "c"], value: 9 }],
      want: { a: { items: records, b: { c: 9 } } },
    },
    {
      name: "in an element",
      selector: ["a", 0, "items"],
      metadata: [{ path: ["a", 0, "n"], value: 9 }],
      want: { a: [{ items: records, n: 9 }] },
    },
    {
      name: "two values",
      selector: ["items"],
      metadata: [
        { path: ["m", "a"], value: 1 },
        { path: ["m", "b"], value: 2 },
      ],
      want: { items: records, m: { a: 1, b: 2 } },
    },
    { name: "none in a list", selector: [], metadata: [{ path: ["total"], value: 9 }], want: records },
    {
      name: "none at the path of the list",
      selector: ["items"],
      metadata: [{ path: ["items"], value: 9 }],
      want: { items: records },
    },
  ];
  it.each(metadataRows)("adds metadata: $name", ({ selector, metadata: given, want }) => {
    expect(compileEnvelope(selector)(records, given)).toEqual(want);
  });
});
