import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Cell, Column, Connection, RowBatch, TextLoader, TextPart } from "../../sync/src/destination.js";
import { toDestination } from "../../sync/src/destinations/open.js";
import { packRows, textPartOf, unpackRows } from "../../sync/src/tables/packed-rows.js";
import { anyText } from "../support/any-text.js";
import { describePostgres } from "./support/targets.js";

interface Example {
  readonly type: Column["type"];
  readonly cells: readonly (Cell | undefined)[];
}

const examples: readonly Example[] = [
  {
    type: "text",
    cells: ["a", "", " ", "é", "日本", "😀", "\\N", "\\", "tab\there", "line\nline\r", '"', "x".repeat(5000)],
  },
  { type: "bigint", cells: [0n, -1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)] },
  { type: "wei", cells: [10n ** 37n, -(10n ** 37n), 0n] },
  { type: "double", cells: [0.1, 1e21, 5e-324, Number.MAX_VALUE, -3] },
  { type: "bool", cells: [true, false] },
  {
    type: "timestamp",
    cells: [0n, 1_704_164_645_123_456n, -62_135_596_800_000_000n, 253_402_300_799_999_999n, -1n],
  },
  { type: "date", cells: ["2024-01-31", "0001-01-01", "9999-12-31"] },
  { type: "time", cells: ["10:00:00", "10:00", "23:59:59.5", "00:00:00.000001"] },
  { type: "decimal", cells: ["1.5", "-0.000000001", "12345678901234567890123456789.123456789", "7"] },
  { type: "json", cells: ['{"a":[1,"x\\ty"]}', "[]", '"text"', "1"] },
  { type: "binary", cells: [new Uint8Array([0, 1, 255]), new Uint8Array([]), Buffer.from("text")] },
];

/** Two rows more than cells: one without a value, and one with a value that does not fit the column. */
function batchOf({ type, cells }: Example): RowBatch {
  const values = [...cells, null];
  const ids = [...values.keys(), values.length].map(BigInt);
  const columns: readonly Column[] = [
    { name: "id", type: "bigint" },
    { name: "value", type },
    { name: "same", type },
  ];
  return { columns, values: [ids, values, ids.map(() => cells[0])], count: ids.length };
}

const loaded = (values: RowBatch["values"][number] = []): unknown =>
  values.map((cell) => (cell instanceof Uint8Array ? [...cell] : (cell ?? null)));

/** A half of a character has no UTF-8. */
const withoutHalves = (values: readonly (Cell | undefined)[]): unknown =>
  loaded(values.map((cell) => (typeof cell === "string" ? Buffer.from(cell).toString() : cell)));

/** The normaliser's integers. */
const integers: readonly number[] = [0, -7, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

function testLoader(connectionOf: () => Connection, typeOf: (column: Column) => string): void {
  const texts = (): TextLoader => connectionOf().texts ?? expect.unreachable();
  let tables = 0;
  const create = async (columns: readonly Column[]): Promise<string> => {
    const name = `t${++tables}`;
    const list = columns.map((column) => `"${column.name}" ${typeOf(column)}`);
    await connectionOf().run(`create table ${name} (${list.join(", ")})`);
    return name;
  };
  const read = async (name: string, columns: readonly Column[]): Promise<unknown> => {
    const list = columns.map(({ name: column }) => `cast("${column}" as varchar) as "${column}"`);
    return (
      await connectionOf().run(
        `select ${list.join(", ")} from ${name} order by length(cast(id as varchar)), id`,
      )
    ).rows;
  };

  it.each(["bigint", "wei"] as const)("writes %s of numbers as of bigint", (type) => {
    const rowsOf = (cells: readonly Cell[]): RowBatch => ({
      columns: [{ name: "value", type }],
      values: [cells],
      count: 4,
    });
    const written = (cells: readonly Cell[]): unknown =>
      texts()
        .write(rowsOf(cells))
        ?.map((text) => Buffer.from(text).toString());
    expect(written(integers)).toEqual(written(integers.map(BigInt)));
  });

  it.each(examples)("reads and loads $type as values are loaded", async (example) => {
    const batch = batchOf(example);
    const { columns } = batch;
    const packed = packRows({ rows: batch, pages: [] }, { texts: texts() });
    const part = textPartOf(packed);
    if (!part) throw new Error("the rows are not packed as texts");
    const unpacked = unpackRows(packed, texts());
    expect(unpacked.values.map(loaded)).toEqual(
      batch.values.map((values) => loaded(Array.from({ length: batch.count }, (_, row) => values[row]))),
    );
    const byText = await create(columns);
    await texts().load({ name: byText }, [part, part]);
    const byValue = await create(columns);
    await connectionOf().load({ name: byValue }, batch);
    await connectionOf().load({ name: byValue }, unpacked);
    const rows = await read(byText, columns);
    expect(rows).toHaveLength(2 * batch.count);
    expect(rows).toEqual(await read(byValue, columns));
  });

  it("loads parts with different columns, and rows that are all the same", async () => {
    const columns = batchOf({ type: "text", cells: [] }).columns;
    const name = await create(columns);
    const partOf = (names: readonly string[], rows: readonly (readonly Cell[])[]) => {
      const chosen = names.map(
        (each) => columns.find((column) => column.name === each) ?? expect.unreachable(),
      );
      const values = names.map((_, index) => rows.map((row) => row[index]));
      return (
        textPartOf(
          packRows({ rows: { columns: chosen, values, count: rows.length }, pages: [] }, { texts: texts() }),
        ) ?? expect.unreachable()
      );
    };
    await texts().load({ name }, [
      partOf(["id"], [[1n]]),
      partOf(
        ["same", "id"],
        [
          ["x", 2n],
          ["x", 2n],
        ],
      ),
      partOf(
        ["value", "id"],
        [
          ["", 3n],
          ["y", 3n],
        ],
      ),
    ]);
    expect(await read(name, columns)).toEqual([
      { id: "1", value: null, same: null },
      { id: "2", value: null, same: "x" },
      { id: "2", value: null, same: "x" },
      { id: "3", value: "", same: null },
      { id: "3", value: "y", same: null },
    ]);
  });
}

describe("texts in DuckDB", () => {
  const { connect, dialect } = toDestination("duckdb::memory:");
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect({ holder: "a test" });
    return connection.close;
  });
  testLoader(() => connection, dialect.typeOf);

  it.each<Example>([
    // Two halves of a character would become one.
    { type: "text", cells: ["\ud83d", "\ude00"] },
    { type: "json", cells: ['"\\ud800"'] },
    { type: "text", cells: ["x".repeat(9_000_000)] },
  ])("are not written for what they cannot hold: $type", ({ type, cells }) => {
    const column: Column = { name: "value", type };
    expect(
      connection.texts?.write({ columns: [column], values: [cells], count: cells.length }),
    ).toBeUndefined();
  });

  const types = examples.map(({ type }) => type);
  const columns: readonly Column[] = [
    { name: "id", type: "bigint" },
    ...types.map((type): Column => ({ name: type, type })),
    { name: "local", type: "timestamp", timezone: false },
  ];
  const texts = [
    "x".repeat(12),
    "x".repeat(13),
    "é".repeat(6),
    "日本語日本",
    "a\u0000b",
    "\u001e",
    "\u001f",
    "\ud800",
  ];
  const arbitraries: Readonly<Record<Column["type"], fc.Arbitrary<Cell>>> = {
    text: fc.oneof(anyText(40), fc.constantFrom(...texts)),
    bigint: fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.maxSafeInteger()),
    wei: fc.bigInt(1n - 10n ** 38n, 10n ** 38n - 1n),
    double: fc.double({ noNaN: true, noDefaultInfinity: true }),
    bool: fc.boolean(),
    timestamp: fc.bigInt(-62_135_596_800_000_000n, 253_402_300_799_999_999n),
    date: fc.constantFrom("0001-01-01", "1969-12-31", "2024-02-29", "9999-12-31"),
    time: fc.constantFrom("00:00:00", "10:00", "23:59:59.999999"),
    decimal: fc.bigInt(1n - 10n ** 28n, 10n ** 28n - 1n).map((digits) => `${digits}.000000001`),
    json: fc.json().filter((text) => !text.includes("\\u")),
    binary: fc.uint8Array({ maxLength: 30 }),
  };
  const asBigints = (cells: readonly (Cell | undefined)[], index: number): readonly (Cell | undefined)[] =>
    columns[index]?.type === "bigint"
      ? cells.map((cell) => (typeof cell === "number" ? BigInt(cell) : cell))
      : cells;
  /** Few cells per column, which the rows repeat, so that examples with thousands of rows are small. */
  const cellsOf = (type: Column["type"]): fc.Arbitrary<readonly (Cell | undefined)[]> =>
    fc.array(fc.option(arbitraries[type], { freq: 5 }), { minLength: 1, maxLength: 7 });

  it("add the rows that values add, whatever the cells and the sizes of parts", async () => {
    let tables = 0;
    const create = async (): Promise<string> => {
      const name = `random_${++tables}`;
      const list = columns.map((column) => `"${column.name}" ${dialect.typeOf(column)}`);
      await connection.run(`create table ${name} (${list.join(", ")})`);
      return name;
    };
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1000, 2047, 2048, 2049)),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    const pools = fc.tuple(...columns.map(({ type }) => cellsOf(type)));
    await fc.assert(
      fc.asyncProperty(sizes, pools, async (counts, cells) => {
        const byText = await create();
        const byValue = await create();
        const parts: TextPart[] = [];
        for (const [place, count] of counts.entries()) {
          const values = cells.map((pool) =>
            Array.from({ length: count }, (_, row) => pool[(row + place) % pool.length]),
          );
          const rows = { columns, values, count };
          const part = textPartOf(packRows({ rows, pages: [] }, { texts: connection.texts }));
          // Only halves of characters that could become one are not written.
          if (!part) return;
          parts.push(part);
          const exact = values.map(asBigints);
          await connection.load({ name: byValue }, { ...rows, values: exact });
          expect(connection.texts?.read(part).values.map(loaded)).toEqual(exact.map(withoutHalves));
        }
        await connection.texts?.load({ name: byText }, parts);
        const differs = columns.map(({ name }) => `t."${name}" is distinct from v."${name}"`).join(" or ");
        const { rows } = await connection.run(
          `select count(*) as "count" from ${byText} t positional join ${byValue} v where ${differs}`,
        );
        expect(rows).toEqual([{ count: 0n }]);
        await connection.run(`drop table ${byText}`);
        await connection.run(`drop table ${byValue}`);
      }),
      { numRuns: 12 },
    );
  });
});

describePostgres("texts", (targetOf) => {
  const { dialect } = toDestination("postgres://localhost/test");
  let connection: Connection | undefined;
  beforeAll(async () => {
    const { to } = targetOf("texts").options;
    connection = await toDestination(to).connect({ holder: "a test" });
    return () => connection?.close();
  });
  testLoader(() => connection ?? expect.unreachable(), dialect.typeOf);

  it("are written for rows of any size, one after the other", () => {
    const texts = connection?.texts ?? expect.unreachable();
    const columns: readonly Column[] = [
      { name: "id", type: "bigint" },
      { name: "value", type: "text" },
    ];
    // Beyond the memory that holds the rows: at the first row, in the middle, at the last row, and then for few short rows again.
    for (const lengths of [[600_000], [10, 90_000, 200_000, 5], [5, 5, 2_000_000], [1, 2]]) {
      const values = [lengths.map((_, index) => BigInt(index)), lengths.map((length) => "日".repeat(length))];
      const packed = packRows({ rows: { columns, values, count: lengths.length }, pages: [] }, { texts });
      const size = lengths.reduce((sum, length) => sum + "0\t\n".length + 3 * length, 0);
      expect(packed.bytes.length).toBe(size);
      expect(unpackRows(packed, texts).values.map(loaded)).toEqual(values);
    }
  });
});
