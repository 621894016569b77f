import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { SourceIr } from "connector-gen";
import type { Row } from "./changes.js";

/** The outcome of a comparison. */
export interface Comparison {
  /** One line per table that differs. */
  readonly differences: readonly string[];
  readonly tables: number;
  readonly rows: number;
}

/** Compares all tables of a source, row by row, with the records that they should hold. */
export async function compareTables(
  database: string,
  source: SourceIr,
  expected: (resource: string) => readonly Row[],
): Promise<Comparison> {
  return await withDatabase(database, async (connection) => {
    const types = await readTypes(connection);
    const differences: string[] = [];
    let tables = 0;
    let rows = 0;
    for (const { name } of source.resources) {
      const wanted = new Map<string, string[]>();
      for (const record of expected(name))
        flatten(record, { table: name, place: [record["id"]], types }, wanted);
      const found = await readTables(connection, name, types);
      for (const table of new Set([...wanted.keys(), ...found.keys()])) {
        const [want, got] = [wanted.get(table) ?? [], found.get(table) ?? []].map((each) => each.sort());
        const at = want?.findIndex((row, index) => row !== got?.[index]) ?? -1;
        tables += 1;
        rows += want?.length ?? 0;
        if (at >= 0 || want?.length !== got?.length)
          differences.push(
            `${table}: ${got?.length} rows instead of ${want?.length}; ${want?.[at]} is missing`,
          );
      }
    }
    return { differences, tables, rows };
  });
}

/** Prints a query and its result. */
export async function printQuery(database: string, sql: string): Promise<void> {
  await withDatabase(database, async (connection) => {
    const result = await connection.runAndReadAll(sql);
    console.log(`${sql};`);
    console.table(result.getRowObjectsJson());
  });
}

async function withDatabase<T>(path: string, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The types of all columns by name: `courses.created_at` → `TIMESTAMP WITH TIME ZONE`. */
type Types = ReadonlyMap<string, string>;

async function readTypes(connection: DuckDBConnection): Promise<Types> {
  const sql = "select table_name, column_name, data_type from information_schema.columns";
  const rows = (await connection.runAndReadAll(sql)).getRowsJson() as readonly (readonly string[])[];
  return new Map(rows.map(([table = "", column = "", type = ""]) => [`${table}.${column}`, type]));
}

/** The location of a row: the key of its record, and the indexes in the lists that lead to it. */
interface Location {
  readonly table: string;
  readonly place: readonly unknown[];
  readonly types: Types;
}

/** Adds the printed rows of a record and of its lists to those of each table. */
function flatten(record: Row, { table, place, types }: Location, rows: Map<string, string[]>): void {
  const cells: Record<string, unknown> = {};
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) {
      value.forEach((item: unknown, index) => {
        const row = typeof item === "object" && item !== null ? (item as Row) : { value: item };
        flatten(row, { table: `${table}__${name}`, place: [...place, index], types }, rows);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) visit(inner, name ? `${name}__${key}` : key);
    } else if (value !== null) cells[name] = toComparable(value, types.get(`${table}.${name}`));
  };
  visit(record, "");
  rows.set(table, [...(rows.get(table) ?? []), print(place, cells)]);
}

/** Reads the rows of a resource's tables, printed as `flatten` prints them. Parents come before their children. */
async function readTables(
  connection: DuckDBConnection,
  resource: string,
  types: Types,
): Promise<Map<string, string[]>> {
  const names = [...new Set([...types.keys()].map((key) => key.slice(0, key.indexOf("."))))]
    .filter((name) => name === resource || name.startsWith(`${resource}__`))
    .sort((a, b) => a.split("__").length - b.split("__").length);
  const places = new Map<unknown, readonly unknown[]>();
  const printed = new Map<string, string[]>();
  for (const name of names) {
    const result = await connection.runAndReadAll(`select * from "${name}"`);
    const lines = result.getRowObjectsJson().map((row) => {
      const parent = places.get(row["_cg_parent_id"]);
      const place = parent ? [...parent, Number(row["_cg_list_idx"])] : [Number(row["id"])];
      places.set(row["_cg_id"], place);
      const cells = Object.entries(row).flatMap(([column, value]) =>
        column.startsWith("_cg_") || value === null
          ? []
          : [[column, toComparable(value, types.get(`${name}.${column}`))] as const],
      );
      return print(place, Object.fromEntries(cells));
    });
    printed.set(name, lines);
  }
  return printed;
}

/** Converts a value to text for comparison, because DuckDB prints integers and times as text. */
function toComparable(value: unknown, type = ""): unknown {
  if (type.startsWith("TIMESTAMP")) return Date.parse(String(value).replace(" ", "T").replace(/\+00$/, "Z"));
  return /^(?:BIGINT|DOUBLE)$/.test(type) ? Number(value) : value;
}

function print(place: readonly unknown[], cells: Row): string {
  return JSON.stringify([place, Object.entries(cells).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
