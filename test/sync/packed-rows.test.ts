import { describe, expect, it } from "vitest";
import type { Cell, Column } from "../../sync/src/destination.js";
import { createWaitingRows, packRows, unpackAll, unpackRows } from "../../sync/src/tables/packed-rows.js";
import type { TableRules } from "../../sync/src/tables/fields.js";
import { createNormalizer } from "../../sync/src/tables/normalize.js";
import { addColumn, createTable } from "../../sync/src/tables/table.js";
import { technicalNames } from "../../sync/src/tables/technical.js";

const id: Column = { name: "id", type: "bigint" };
const note: Column = { name: "note", type: "text" };
const price: Column = { name: "price", type: "double" };

const rowsOf = (columns: readonly Column[], values: readonly (readonly (Cell | undefined)[])[]) => ({
  rows: { columns, values, count: values[0]?.length ?? 0 },
  pages: (values[0] ?? []).map((_, index) => index + 1),
});

describe("packed rows", () => {
  it.each<{ readonly name: string; readonly column?: Column; readonly given: readonly (Cell | undefined)[] }>(
    [
      { name: "integers of any size", given: [0n, -(2n ** 63n), 2n ** 63n - 1n, 10n ** 38n] },
      { name: "numbers", column: price, given: [0.1, -0, Number.MAX_VALUE, 5e-324] },
      { name: "texts", given: ["", "é", "日本", "😀", "a\u0000b", "\ud800", "x".repeat(100_000)] },
      { name: "booleans and missing values", given: [true, null, false, undefined] },
    ],
  )("keep $name", ({ column = id, given }) => {
    const packed = rowsOf([column], [given]);
    expect(unpackRows(packRows(packed))).toEqual(packed.rows);
    expect(unpackAll([packRows(packed)]).pages).toEqual(packed.pages);
  });

  it("give a destination each integer as bigint", () => {
    const wei: Column = { name: "wei", type: "wei" };
    const { rows } = rowsOf(
      [id, wei, price],
      [
        [1, -0, null],
        [undefined, 2, 10n ** 20n],
        [3, 4, 5],
      ],
    );
    expect(unpackRows(packRows({ rows, pages: [1, 1, 1] })).values).toEqual([
      [1n, 0n, null],
      [undefined, 2n, 10n ** 20n],
      [3, 4, 5],
    ]);
  });

  it("keep bytes, also those of a slice", () => {
    const bytes = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
    const rows = unpackRows(packRows(rowsOf([note], [[bytes]])));
    expect([...(rows.values[0]?.[0] as Uint8Array)]).toEqual([1, 2]);
  });

  it("keep holes at the start, in the middle and at the end", () => {
    const values: Cell[] = [];
    values[3000] = 1n;
    values[3002] = 2n;
    const rows = unpackRows(packRows({ rows: { columns: [id], values: [values], count: 3004 }, pages: [] }));
    expect(rows.values[0]?.[3000]).toBe(1n);
    expect(rows.values[0]?.[3001]).toBeUndefined();
    expect(rows.values[0]?.[3002]).toBe(2n);
    expect(rows.values[0]?.[3003]).toBeUndefined();
    expect(rows.count).toBe(3004);
  });

  it("become one, with missing values in the columns that a part lacks", () => {
    const parts = [rowsOf([id], [[1n, 2n]]), rowsOf([id, price], [[3n], [0.5]]), rowsOf([note], [["x"]])];
    const { rows, pages } = unpackAll(parts.map((rows) => packRows(rows)));
    expect(rows.columns).toEqual([id, price, note]);
    expect(rows.values).toEqual([
      [1n, 2n, 3n, undefined],
      [undefined, undefined, 0.5, undefined],
      [undefined, undefined, undefined, "x"],
    ]);
    expect(rows.count).toBe(4);
    expect(pages).toEqual([1, 2, 1, 1]);
  });
});

const rules: TableRules = {
  name: "items",
  technical: technicalNames("default"),
  maxNameLength: 63,
  maxNesting: 10,
  contract: { tables: "evolve", columns: "evolve", data_type: "evolve" },
  existing: () => undefined,
  described: new Map(),
  detectsTimestamps: false,
  loadId: "a run",
  isStaged: false,
  hasRootIds: false,
  hasHashes: false,
};

describe("waiting rows", () => {
  it.each<{ readonly type: Column["type"]; readonly value: unknown }>([
    { type: "text", value: "x".repeat(300_000) },
    { type: "json", value: { list: ["x".repeat(300_000)] } },
    { type: "binary", value: Buffer.alloc(300_000).toString("base64") },
  ])("are packed once their cells are large: $type", ({ type, value }) => {
    const normalizer = createNormalizer({ ...rules, described: new Map([["value", { type }]]) });
    const waiting = createWaitingRows(normalizer.tables);
    for (let page = 1; page <= 4; page++) {
      normalizer.add({ value }, page);
      waiting.pack();
      expect(waiting.bytes() > 0).toBe(page === 4);
    }
    normalizer.add({ value: "" }, 5);
    waiting.pack();
    expect([...waiting.take().values()].map((parts) => parts.map(({ count }) => count))).toEqual([[4, 1]]);
  });

  const table = createTable({ name: "items", path: "", parent: undefined }, undefined);
  const add = (count: number, page: number): void => {
    const state = addColumn(table, id);
    for (let row = 0; row < count; row++) {
      state.values[table.count] = BigInt(row);
      table.pages[table.count] = page;
      table.count++;
    }
  };

  it("are packed in parts once there are enough, and counted either way", () => {
    const waiting = createWaitingRows([table]);
    add(100, 1);
    waiting.pack();
    expect([table.count, waiting.count(), waiting.bytes()]).toEqual([100, 100, 0]);
    add(3000, 2);
    waiting.pack();
    expect([table.count, waiting.count()]).toEqual([0, 3100]);
    expect(waiting.bytes()).toBeGreaterThan(3100);
    add(5, 3);
    const parts = waiting.take().get(table) ?? [];
    expect(parts.map(({ count }) => count)).toEqual([3100, 5]);
    const { rows, pages } = unpackAll(parts);
    expect(rows.values[0]?.slice(3098)).toEqual([2998n, 2999n, 0n, 1n, 2n, 3n, 4n]);
    expect(pages.slice(3098)).toEqual([2, 2, 3, 3, 3, 3, 3]);
    expect([waiting.count(), waiting.bytes(), waiting.take().size]).toEqual([0, 0, 0]);
  });
});
