import type * as DuckDb from "@duckdb/node-api";
import type { Cell, ColumnType, RowBatch, TableName, TextLoader, TextPart } from "../destination.js";
import { columnList, tableRef } from "../sql.js";
import { columnsOf } from "../tables/packed-rows.js";
import { cellReader, cellWriter } from "./cell-text.js";
import { typesOf } from "./duckdb-append.js";
import { needsConversion, type AppendRows } from "./duckdb-convert.js";

// One text per column holds its cells. DuckDB splits the text in its own thread while the next pages are read.

/** Separates two cells. */
const separator = "\u001f";
const separatorByte = 0x1f;
/** Marks a missing value. */
const missing = "\u001e";

/**
 * Maximum length of a text, in characters. Rows with longer texts wait as values, because DuckDB would need several times
 * their size at once.
 */
const maxLength = 8_000_000;

/** Creates the text loader of a connection. `append` adds rows to tables with other types. */
export function createTextLoader(connection: DuckDb.DuckDBConnection, append: AppendRows): TextLoader {
  return {
    write: writeColumns,
    read: readColumns,
    load: async (table, parts) => {
      const types = await typesOf(connection, table);
      if (parts.some(({ columns }) => needsConversion(columns, types)))
        await append(table, columnsOf(parts), readEach(parts));
      else await insertParts(connection, { table, types }, parts);
    },
  };
}

function* readEach(parts: readonly TextPart[]): Generator<RowBatch> {
  for (const part of parts) yield readColumns(part);
}

function writeColumns({ columns, values, count }: RowBatch): readonly string[] | undefined {
  const texts: string[] = [];
  let length = 0;
  for (const [index, { type }] of columns.entries()) {
    const text = writeColumn(values[index] ?? [], count, type);
    // DuckDB does not accept all JSON escapes that JavaScript accepts.
    if (text === undefined || (type === "json" && text.includes("\\u"))) return undefined;
    length += text.length;
    texts.push(text);
  }
  return length > maxLength ? undefined : texts;
}

/** Writes the cells of a column; a single one if all are equal. Returns `undefined` if a cell contains a separator. */
function writeColumn(
  values: RowBatch["values"][number],
  count: number,
  type: ColumnType,
): string | undefined {
  const write = cellWriter(type);
  const texts: string[] = [];
  let isConstant = true;
  for (let row = 0; row < count; row++) {
    const cell = values[row] ?? null;
    const text = cell === null ? missing : write ? write(cell) : (cell as string);
    if (!write && cell !== null && (text.includes(separator) || text === missing)) return undefined;
    texts.push(text);
    isConstant = isConstant && text === texts[0];
  }
  return isConstant ? texts[0] : texts.join(separator);
}

function readColumns({ columns, count, texts }: TextPart): RowBatch {
  const values = columns.map(({ type }, index): readonly Cell[] => {
    const read = cellReader(type);
    const text = Buffer.from(texts[index] ?? []).toString();
    const cells = text.split(separator).map((cell) => (cell === missing ? null : read(cell)));
    const [first = null] = cells;
    return cells.length === count ? cells : Array.from({ length: count }, () => first);
  });
  return { columns, count, values };
}

interface Target {
  readonly table: TableName;
  /** The types of its columns, by name. */
  readonly types: ReadonlyMap<string, string>;
}

async function insertParts(
  connection: DuckDb.DuckDBConnection,
  target: Target,
  parts: readonly TextPart[],
): Promise<void> {
  const statements = new Map<string, DuckDb.DuckDBPreparedStatement>();
  try {
    for (const part of parts) {
      const sql = insertSql(target, part);
      const statement = statements.get(sql) ?? (await connection.prepare(sql));
      statements.set(sql, statement);
      part.texts.forEach((text, index) => {
        statement.bindBlob(index + 1, text);
      });
      const { rowsChanged } = await statement.run();
      if (rowsChanged !== part.count)
        throw new Error(`DuckDB added ${rowsChanged} rows of ${part.count} to ${target.table.name}`);
    }
  } finally {
    for (const statement of statements.values()) statement.destroySync();
  }
}

/** Writes the statement that adds a part. DuckDB is slow if one `select` both splits the texts and converts the cells. */
function insertSql({ table, types }: Target, { columns, count, texts }: TextPart): string {
  const isList = texts.map((text) => text.includes(separatorByte));
  const select = (sqlOf: (index: number, name: string) => string): string =>
    `select ${columns.map((_, index) => sqlOf(index, `c${index}`)).join(", ")}`;
  const split = select((index, name) => {
    const text = `decode($${index + 1})`;
    return `${isList[index] ? `string_split(${text}, chr(${separatorByte}))` : text} as ${name}`;
  });
  const cells = select((index, name) => `${isList[index] ? `unnest(${name})` : name} as ${name}`);
  const rows = select((index, name) => {
    const { name: column = "", type = "text" } = columns[index] ?? {};
    return toType(`nullif(${name}, chr(${missing.charCodeAt(0)}))`, type, types.get(column) ?? "");
  });
  const source = isList.includes(true) ? "" : ` from range(${count})`;
  const names = columnList(columns.map(({ name }) => name));
  return `insert into ${tableRef(table)} (${names}) ${rows} from (${cells} from (${split}${source}))`;
}

/** Returns the SQL that converts a text of `cellWriter` to the type of its column. */
function toType(text: string, type: ColumnType, target: string): string {
  switch (type) {
    case "text":
      return text;
    case "timestamp":
      return `${target === "TIMESTAMP" ? "make_timestamp" : "make_timestamptz"}(cast(${text} as bigint))`;
    case "binary":
      return `unhex(${text})`;
    default:
      return `cast(${text} as ${target})`;
  }
}
