import type { ColumnType } from "@connector-gen/sync";
import type { ExpectedTable, ExpectedTables } from "./vector.js";

type Row = Readonly<Record<string, unknown>>;

/** A database of a test. */
export interface TestDatabase {
  /** Rows with all values as text or null; JSON as its text. */
  readonly query: (sql: string) => Promise<readonly Readonly<Record<string, string | null>>[]>;
  readonly typeNamed: (name: string) => ColumnType;
  readonly schema: string;
  /** The view that is read instead of `information_schema.columns`. */
  readonly catalog?: string;
}

/** The times and identities of the runs of a test, which are replaced with `run1`, `run2`. */
export type RunNames = ReadonlyMap<string, string>;

interface TableSql {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
}

/**
 * Reads all tables except those of the state, in the format of the vectors. The names of technical columns begin with
 * `prefix`.
 */
export async function readTables(
  database: TestDatabase,
  prefix: "_cg_" | "_dlt_",
  runs: RunNames = new Map(),
): Promise<ExpectedTables> {
  const tables = await readColumns(database);
  const rowsOf = new Map<string, readonly Row[]>();
  for (const { table, columns } of tables) rowsOf.set(table, await readRows(database, { table, columns }));
  return Object.fromEntries(
    tables.map(({ table, columns }) => [table, describe({ table, columns }, { rowsOf, prefix, runs })]),
  );
}

async function readColumns(database: TestDatabase): Promise<readonly TableSql[]> {
  const { catalog = "information_schema.columns", schema } = database;
  const rows = await database.query(
    `select table_name as t, column_name as c, data_type as d from ${catalog}
     where table_schema = '${schema}' order by table_name, ordinal_position`,
  );
  const names = [...new Set(rows.map(({ t }) => t ?? ""))].filter((name) => !/^_(cg|dlt)_/.test(name));
  return names.map((table) => ({
    table,
    columns: rows
      .filter(({ t }) => t === table)
      .map(({ c, d }) => ({ name: c ?? "", type: database.typeNamed(d ?? "") })),
  }));
}

async function readRows(database: TestDatabase, { table, columns }: TableSql): Promise<readonly Row[]> {
  const list = columns.map(({ name, type }) => {
    const value = type === "timestamp" ? `"${name}" at time zone 'UTC'` : `"${name}"`;
    return `cast(${value} as varchar) as "${name}"`;
  });
  const rows = await database.query(`select ${list.join(", ")} from "${database.schema}"."${table}"`);
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }) => [name, parse(row[name] ?? null, type)])),
  );
}

function parse(text: string | null, type: ColumnType): unknown {
  if (text === null) return null;
  if (type === "bigint" || type === "double")
    return Number.isSafeInteger(Number(text)) || type === "double" ? Number(text) : text;
  if (type === "bool") return text === "true" || text === "t";
  if (type === "json") return JSON.parse(text) as unknown;
  if (type === "timestamp") return `${text.replace(" ", "T").replace(/\.0+$/, "")}Z`;
  return text;
}

function describe(
  { table, columns }: TableSql,
  {
    rowsOf,
    prefix,
    runs,
  }: {
    readonly rowsOf: ReadonlyMap<string, readonly Row[]>;
    readonly prefix: string;
    readonly runs: RunNames;
  },
): ExpectedTable {
  const isChild = columns.some(({ name }) => name === `${prefix}parent_id`);
  const parent = isChild
    ? [...rowsOf.keys()]
        .filter((name) => name !== table && table.startsWith(`${name}__`))
        .sort((a, b) => b.length - a.length)[0]
    : undefined;
  const parents = rowsOf.get(parent ?? "") ?? [];
  const hidden = ["id", "parent_id", "root_id", "hash"].map((name) => prefix + name);
  const nameOf = (name: string): string => (name.startsWith(prefix) ? name.replace(prefix, "_dlt_") : name);
  const isTime = (name: string): boolean => /^_(cg|dlt)_(load_id|valid_from|valid_to)$/.test(name);
  const rows = (rowsOf.get(table) ?? []).map((row) => {
    const shown = Object.entries(row).filter(([name]) => !hidden.includes(name));
    const values = shown.map(([name, value]) => [
      nameOf(name),
      isTime(name) && value !== null ? (runs.get(value as string) ?? value) : value,
    ]);
    const place = parents.findIndex((each) => each[`${prefix}id`] === row[`${prefix}parent_id`]);
    return { ...Object.fromEntries(values), ...(parent !== undefined && { _parent_row: place }) } as Row;
  });
  const shownColumns = columns.filter(({ name }) => !hidden.includes(name));
  return {
    parent: parent ?? null,
    columns: Object.fromEntries(shownColumns.map(({ name, type }) => [nameOf(name), type])),
    rows,
  };
}
