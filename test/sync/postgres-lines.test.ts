import fc from "fast-check";
import { expect, it } from "vitest";
import type { Cell, Column, RowBatch } from "../../sync/src/destination.js";
import { readLines, writeLines } from "../../sync/src/destinations/postgres-lines.js";
import { anyText } from "../support/any-text.js";

const halves = fc.constantFrom("\ud83d", "\ude00", "x\ud83d", "\ude00x");

const cells: Readonly<Partial<Record<Column["type"], fc.Arbitrary<Cell>>>> = {
  text: fc.oneof(anyText(), halves, fc.constantFrom("", "\\N", "a\tb", "\\", "\n", "\r\n", "x".repeat(1000))),
  bigint: fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -20, max: 1_000_000_020 }),
    fc.constantFrom(-0, 999_999_999, 1_000_000_000, 1_000_000_001, 2 ** 31, -(2 ** 31)),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  ),
  double: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc
      .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }))
      .map(([digits, places]) => digits / 10 ** places),
    fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([digits, places]) => digits / 10 ** places),
    fc.constantFrom(-0, 0.1, -0.5, 1e-7, 0.000001, 999_999_999.999999, 1_000_000_000, 0.1 + 0.2, 1e15, 1e21),
  ),
  bool: fc.boolean(),
  binary: fc.uint8Array({ maxLength: 20 }),
};

const anyColumn = fc.constantFrom(...(Object.keys(cells) as Column["type"][])).chain((type) =>
  fc.record({
    type: fc.constant(type),
    pool: fc.array(fc.option(cells[type] ?? fc.constant(null)), { minLength: 1 }),
  }),
);

/** Writes a row in the simplest way. */
function lineOf({ columns, values }: RowBatch, row: number): string {
  const fields = columns.map(({ type }, index) => {
    const cell = values[index]?.[row] ?? null;
    if (cell === null) return "\\N";
    const text = type === "binary" ? `\\x${Buffer.from(cell as Uint8Array).toString("hex")}` : String(cell);
    return Buffer.from(text)
      .toString()
      .replaceAll("\\", "\\\\")
      .replaceAll("\n", "\\n")
      .replaceAll("\r", "\\r")
      .replaceAll("\t", "\\t");
  });
  return `${fields.join("\t")}\n`;
}

it("writes the lines of any rows, which are read as the same rows", () => {
  fc.assert(
    fc.property(
      fc.array(anyColumn, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 60 }),
      (given, count) => {
        const columns = given.map(({ type }, index): Column => ({ name: `column ${index}`, type }));
        const values = given.map(({ pool }) =>
          Array.from({ length: count }, (_, row) => pool[row % pool.length] ?? null),
        );
        const rows = { columns, values, count };
        const [lines] = writeLines(rows);
        const text = Buffer.from(lines).toString();
        expect(text).toBe(Array.from({ length: count }, (_, row) => lineOf(rows, row)).join(""));
        const texts = [Uint8Array.from(lines)];
        const again = readLines({ columns, count, texts });
        expect(Buffer.from(writeLines(again)[0]).toString()).toBe(text);
      },
    ),
    { numRuns: 500 },
  );
});
