import type {
  ColumnType,
  ComparedTable,
  Connection,
  ConnectOptions,
  Destination,
  Dialect,
  ExistingColumn,
  ExistingComment,
  TableName,
  TextPart,
} from "../destination.js";
import { isSyncError, SyncError } from "../errors.js";
import { columnList, quoteText, tableRef } from "../sql.js";
import { loadDriver } from "./driver.js";
import { copyParts } from "./postgres-copy.js";
import { addFix } from "./postgres-errors.js";
import { readLines, writeLines } from "./postgres-lines.js";
import { isLost, markSetting, openSession, type Driver } from "./postgres-session.js";
import { parsePostgresUrl, type Server } from "./postgres-url.js";

/** Returns the destination `postgres://user:password@host:port/database`. */
export function postgres(url: string): Destination {
  const server = parsePostgresUrl(url);
  return {
    label: server.label,
    dialect: postgresDialect,
    defaultSchema: "public",
    connect: (options) => connect(server, options),
  };
}

const typeNames: Readonly<Record<ColumnType, string>> = {
  text: "character varying",
  bigint: "bigint",
  double: "double precision",
  bool: "boolean",
  timestamp: "timestamp with time zone",
  date: "date",
  time: "time without time zone",
  decimal: "numeric",
  wei: "numeric(78,0)",
  binary: "bytea",
  json: "jsonb",
};

/** Types in tables that other tools created. */
const otherNames: Readonly<Record<string, ColumnType>> = {
  "timestamp without time zone": "timestamp",
  smallint: "bigint",
  integer: "bigint",
  real: "double",
  json: "json",
};

const postgresDialect: Dialect = {
  typeOf: ({ type, precision, scale = 9, timezone }) => {
    if (type === "decimal") return `numeric(${precision ?? 38},${scale})`;
    if (type !== "timestamp" || timezone !== false) return typeNames[type];
    // As in DuckDB, only timestamps without a zone have a precision.
    return precision === undefined || precision > 6
      ? "timestamp without time zone"
      : `timestamp(${precision}) without time zone`;
  },
  typeNamed: (name) => {
    if (name === typeNames.wei) return "wei";
    const plain = name.replace(/\([\d,]+\)/, "");
    const found = Object.entries(typeNames).find(([, each]) => each === plain)?.[0] as ColumnType | undefined;
    return found ?? otherNames[plain] ?? "text";
  },
  isRefusal: (error) => {
    const { code = "", routine } = error as { readonly code?: string; readonly routine?: string };
    // SQLSTATE classes: data exceptions, violated constraints, `check option` of views, exceptions that triggers raise, and values beyond
    // a limit, such as that of an index. If a row is too wide for a page, most others are too, so the search would take too long.
    return /^(2[23]...|44000|P0001|54000)$/.test(code) && routine !== "RelationGetBufferForTuple";
  },
  checkConstraints: "set constraints all immediate",
  hasSavepoints: true,
  rowPlace: "ctid",
  maxNameLength: 63,
};

async function connect(server: Server, options: ConnectOptions): Promise<Connection> {
  const { default: driver } = await loadDriver<{ readonly default: Driver }>(
    "postgres",
    () => import("postgres"),
  );
  const { schema = "public", readOnly } = options;
  let session = await openSession(driver, server, options);
  const watch = async <T>(statement: () => PromiseLike<T>): Promise<T> => {
    try {
      return await session.watch(statement);
    } catch (error) {
      addFix(error, { schema, server });
      throw error;
    }
  };
  const run: Connection["run"] = async (text, values) => {
    const result = await watch(() => session.sql.unsafe(text, values ? [...values] : []));
    return { rows: result, changed: result.count };
  };
  const copy = (table: TableName, parts: readonly TextPart[]): Promise<void> =>
    watch(() => copyParts(session.sql, table, parts));
  return {
    run,
    load: (table, { columns, count, values }) => {
      // The bytes of `writeLines` are valid until its next call.
      const texts = writeLines({ columns, count, values }).map((text) => Uint8Array.from(text));
      return copy(table, [{ columns, count, texts }]);
    },
    texts: { write: writeLines, addsHashes: true, read: readLines, load: copy },
    columns: async (name = schema) =>
      (await run(columnsSql, [name])).rows as unknown as readonly ExistingColumn[],
    comments: async (name = schema) =>
      (await run(commentsSql, [name])).rows as unknown as readonly ExistingComment[],
    analyze: (tables) => analyzeTables(run, tables),
    hasUnicode: () => session.hasUnicode,
    close: () => (readOnly ? session.sql.end({ timeout: 5 }) : session.close()),
    ...(!readOnly && {
      recovery: {
        isLost: (error) => !isSyncError(error) && (isLost(error) || session.isLost()),
        reconnect: async () => {
          await session.sql.end({ timeout: 0 }).catch(() => undefined);
          session = await openSession(driver, server, { ...options, lostPid: session.pid });
        },
        transactionId: async () => {
          const sql = `select txid_current() as id, current_setting('${markSetting}', true) as mark`;
          const { id, mark } = (await run(sql)).rows[0] ?? {};
          if (mark !== session.mark) throw poolerError(server);
          return String(id);
        },
        isCommitted: async (id) => {
          const { rows } = await run("select txid_status($1) as status", [id]);
          return rows[0]?.["status"] === "committed";
        },
      },
    }),
  };
}

/** The number of columns from which a table is analyzed. The numbers of rows of narrow tables are calculated well enough. */
const wideTable = 50;

/**
 * Analyzes the wide tables that have no statistics yet. Without them, PostgreSQL calculates the number of rows from the size of a table and the
 * usual sizes of its columns. From 256 columns of texts on, it expects a single row, and compares each row of one table with each row of
 * the other.
 */
async function analyzeTables(run: Connection["run"], tables: readonly ComparedTable[]): Promise<void> {
  if (tables.length === 0) return;
  const names = tables.map(({ table }) => quoteText(tableRef(table)));
  const { rows } = await run(`select name from unnest(array[${names.join(", ")}]) as name
    join pg_class c on c.oid = to_regclass(name) where c.reltuples <= 0 and c.relkind = 'r' and c.relnatts >= ${wideTable}`);
  const unknown = new Set(rows.map(({ name }) => name));
  for (const { table, columns } of tables)
    if (unknown.has(tableRef(table))) await run(`analyze ${tableRef(table)} (${columnList(columns)})`);
}

function poolerError({ label }: Server): SyncError {
  const message = `${label} is a pooler that changes the connection to the server between transactions: use the URL of the server itself, or a pool in session mode`;
  return new SyncError("INVALID_OPTIONS", message);
}

const commentsSql = `select c.relname as "table", a.attname as "column", d.description as "comment"
  from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
  where n.nspname = $1 and c.relkind in ('r', 'p')`;

const columnsSql = `select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as "type",
    c.relkind in ('v', 'm') as "isView"
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`;
