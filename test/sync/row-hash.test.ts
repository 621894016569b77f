import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cell, Column, NormalizedRows, RowBatch } from "../../sync/src/destination.js";
import { readLines, writeLines } from "../../sync/src/destinations/postgres-lines.js";
import { withHashes } from "../../sync/src/tables/row-hash.js";
import { hashText } from "../../sync/src/tables/row-memory.js";
import { createClient } from "./support/client.js";
import { describeTargets } from "./support/targets.js";
import { sync } from "@connector-gen/sync";
import { anyText } from "../support/any-text.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Returns the four words of a hash as hexadecimal bytes, least significant byte first. */
function toHex(hash: string): string {
  const digits = Array.from(hash, (digit) => alphabet.indexOf(digit));
  const rest = (digits[20] ?? 0) | ((digits[21] ?? 0) << 6);
  const words = [0, 1, 2, 3].map((index) => {
    const low = digits
      .slice(5 * index, 5 * index + 5)
      .reduce((sum, digit, place) => sum + digit * 64 ** place, 0);
    return low + ((rest >> (2 * index)) & 3) * 2 ** 30;
  });
  const bytes = Buffer.alloc(16);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, 4 * index);
  return bytes.toString("hex");
}

// From the Python package mmh3: `hash_bytes(text, 0, x64arch=False)`.
it.each([
  ["", "00000000000000000000000000000000"],
  ["a", "3c9394a71bb056551bb056551bb05655"],
  ["abc", "d1c6cd75a506b0a2a506b0a2a506b0a2"],
  ["0123456789abcdef", "09447dfb0ad3ae369b1dad48fd3b2b57"],
  ["The quick brown fox jumps over the lazy dog", "c383152f672ceeec6cf67b5d2c1de9e5"],
  ["äöü €😀", "727f128c12dccb90ec46c7dd4a355cf6"],
  ["x".repeat(1000), "278d5002ff6c9b186edb1ec14b4ff679"],
])("hashes a text as MurmurHash3 of 128 bits: %.20s", (text, want) => {
  expect(toHex(hashText(text))).toBe(want);
});

it("hashes texts of any size, one after the other", () => {
  const texts = ["a", "x".repeat(100_000), "€".repeat(2_000_000), "b", "x".repeat(100_000)];
  const hashes = texts.map(hashText);
  expect(new Set(hashes).size).toBe(4);
  expect(hashes[4]).toBe(hashes[1]);
  expect(hashText("a")).toBe(hashes[0]);
});

const id: Column = { name: "_cg_id", type: "text" };
const hash: Column = { name: "_cg_hash", type: "text" };

interface Field {
  readonly name: string;
  readonly type: Column["type"];
  readonly cell: Cell | undefined;
}

/** Returns the hash that a loader adds to a row. */
type HashRow = (fields: readonly Field[]) => Cell | undefined;

function rowsOf(fields: readonly Field[]): NormalizedRows {
  const columns = [id, hash, ...fields.map(({ name, type }): Column => ({ name, type }))];
  const values: RowBatch["values"] = [["x"], [], ...fields.map(({ cell }) => [cell])];
  return { columns, values, count: 1, technical: 2, hasHashes: true };
}

const loaders: readonly { readonly name: string; readonly hashRow: HashRow }[] = [
  { name: "values", hashRow: (fields) => withHashes(rowsOf(fields)).values[1]?.[0] },
  {
    name: "lines of COPY",
    hashRow: (fields) => {
      const rows = rowsOf(fields);
      const texts = writeLines(rows).map((text) => Uint8Array.from(text));
      return readLines({ columns: rows.columns, count: 1, texts }).values[1]?.[0];
    },
  },
];

const cells: Readonly<Partial<Record<Column["type"], fc.Arbitrary<Cell>>>> = {
  text: anyText(),
  bigint: fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  bool: fc.boolean(),
  timestamp: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
  binary: fc.uint8Array({ maxLength: 40 }),
};

const anyRow = fc
  .uniqueArray(fc.constantFrom("a", "b", "name", "ä", "x y"), { minLength: 1 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc
          .constantFrom(...Object.entries(cells))
          .chain(([type, cell]) =>
            fc
              .option(cell, { nil: undefined })
              .map((given): Field => ({ name, type: type as Column["type"], cell: given })),
          ),
      ),
    ),
  );

describe.each(loaders)("the hash of a row as $name", ({ hashRow }) => {
  it("does not depend on the order of the columns, nor on columns without a value", () => {
    fc.assert(
      fc.property(anyRow, (fields) => {
        const want = hashRow(fields);
        expect(want).toMatch(/^[A-Za-z\d+/]{22}$/);
        expect(hashRow([...fields].reverse())).toBe(want);
        expect(hashRow(fields.filter(({ cell }) => cell !== undefined))).toBe(want);
        expect(hashRow([{ name: "new", type: "text", cell: undefined }, ...fields])).toBe(want);
      }),
    );
  });

  it("differs if a value differs, or is missing, or belongs to another column", () => {
    const text = (name: string, cell: string | undefined): Field => ({ name, type: "text", cell });
    const rows = [
      [text("a", "x"), text("b", "y")],
      [text("a", "y"), text("b", "x")],
      [text("a", "xy"), text("b", "")],
      [text("a", ""), text("b", "xy")],
      [text("a", "x\ty")],
      [text("a", "x\\ty")],
      [text("a", "x"), text("c", "y")],
      [text("a", "x")],
      [text("a", "")],
      [text("a", "\\N")],
      [text("a", "ä")],
      [text("a", "x".repeat(16))],
      [text("a", "x".repeat(17))],
      [text("a", `${"x".repeat(16)}\u0000`)],
      [text("a", undefined)],
      [{ name: "a", type: "bigint", cell: 1 }],
      [{ name: "a", type: "bigint", cell: 2n ** 60n }],
      [{ name: "a", type: "double", cell: 1.5 }],
      [{ name: "a", type: "bool", cell: false }],
    ] as const;
    expect(new Set(rows.map(hashRow)).size).toBe(rows.length);
  });

  it("is the same for halves of a character, whatever stands beside them", () => {
    const text = (name: string, cell: string): Field => ({ name, type: "text", cell });
    const [first, second] = [text("a", "x\ud83d"), text("b", "\ude00y")];
    const want = hashRow([first, second]);
    hashRow([text("a", "ä".repeat(50))]);
    expect(hashRow([second, first])).toBe(want);
    expect(hashRow([first, second])).toBe(want);
  });

  it("is the same for long texts, whatever was hashed before", () => {
    const text = (name: string, cell: string): Field => ({ name, type: "text", cell });
    const fields = [text("a", "€".repeat(600_000)), text("b", "ä"), text("c", "x".repeat(400_000))];
    const want = hashRow(fields);
    expect(hashRow([...fields].reverse())).toBe(want);
    hashRow([text("a", "x")]);
    expect(hashRow(fields)).toBe(want);
  });

  it("is the same for equal integers, whatever their type in JavaScript", () => {
    const of = (cell: Cell): Cell | undefined => hashRow([{ name: "a", type: "bigint", cell }]);
    expect(of(7)).toBe(of(7n));
    expect(of(2n ** 60n)).not.toBe(of(2n ** 60n + 1n));
  });

  it("keeps hashes that the rows have", () => {
    const fields: readonly Field[] = [{ name: "a", type: "text", cell: "x" }];
    const rows = { ...rowsOf(fields), values: [["x"], ["given"], ["x"]] };
    expect(withHashes(rows).values[1]).toEqual(["given"]);
    expect(Buffer.from(writeLines(rows)[0]).toString()).toBe("x\tgiven\tx\n");
  });
});

it("stays the same in later versions, because tables hold the hashes", () => {
  const fields: readonly Field[] = [
    { name: "id", type: "bigint", cell: 7 },
    { name: "name", type: "text", cell: "é\ttab" },
    { name: "at", type: "timestamp", cell: 1_704_164_645_123_456n },
    { name: "price", type: "double", cell: 0.5 },
    { name: "ok", type: "bool", cell: true },
  ];
  expect(loaders.map(({ hashRow }) => hashRow(fields))).toEqual([
    "HvF8fxYsOxqR+JsjKTwq4D",
    "swnjE6qscMIFZxYByOT8RC",
  ]);
});

describeTargets("merges of records with few values", (targetOf) => {
  const resources = [
    {
      name: "items",
      write_disposition: "merge",
      primary_key: "id",
      endpoint: { path: "items", data_selector: "items" },
    },
  ];
  const record = (index: number): Readonly<Record<string, unknown>> => ({
    id: index,
    ...(index % 2 === 0 && { name: `näme ${index}` }),
    ...(index % 3 === 0 && { price: index / 2, at: "2024-01-02T03:04:05Z" }),
    ...(index % 5 === 0 && { of: { ok: true, note: "a\tb\\N" } }),
    ...(index % 7 === 0 && { tags: ["x", { y: index }] }),
    ...(index % 11 === 0 && { tags: [], of: null }),
  });
  it("change only the rows that differ, whatever the order of the records", async () => {
    const { options } = targetOf("sparse");
    const first = Array.from({ length: 200 }, (_, index) => record(index));
    const changed = first.map((each, index) => (index % 50 === 7 ? { ...each, added: "new" } : each));
    const run = async (items: readonly unknown[]): Promise<unknown> => {
      const report = await sync(await createClient(resources, { "/items": { items } }), options);
      return report.resources["items"]?.rows;
    };
    expect(await run(first)).toMatchObject({ inserted: 200 });
    expect(await run([...first].reverse())).toMatchObject({
      inserted: 0,
      updated: 0,
      deleted: 0,
      unchanged: 200,
    });
    expect(await run(changed)).toMatchObject({ inserted: 0, updated: 4, deleted: 0, unchanged: 196 });
    expect(await run([...changed].reverse())).toMatchObject({ updated: 0, unchanged: 200 });
    expect(await run(first)).toMatchObject({ updated: 4, unchanged: 196 });
  });
});
