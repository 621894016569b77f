import { beforeAll, describe, expect, it } from "vitest";
import type { Cell, Column, Connection, RowBatch, TextLoader } from "../../sync/src/destination.js";
import { toDestination } from "../../sync/src/destinations/open.js";
import { packRows, textPartOf, unpackRows } from "../../sync/src/tables/packed-rows.js";
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
    { type: "text", cells: ["a\u001fb"] },
    { type: "text", cells: ["\u001e"] },
    { type: "json", cells: ['"\\ud800"'] },
    { type: "text", cells: ["x".repeat(9_000_000)] },
  ])("are not written for what they cannot hold: $type", ({ type, cells }) => {
    const column: Column = { name: "value", type };
    expect(
      connection.texts?.write({ columns: [column], values: [cells], count: cells.length }),
    ).toBeUndefined();
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
