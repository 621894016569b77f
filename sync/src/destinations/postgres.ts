import { once } from "node:events";
import type { Writable } from "node:stream";
import type {
  Cell,
  ColumnType,
  Connection,
  ConnectOptions,
  Destination,
  Dialect,
  ExistingColumn,
  RowBatch,
  TableName,
} from "../destination.js";
import { isSyncError } from "../errors.js";
import { quoteName, tableRef } from "../sql.js";
import { toIso } from "../tables/timestamp.js";
import { loadDriver } from "./driver.js";
import { isLost, openSession, type Driver, type Server, type Sql } from "./postgres-session.js";

/** Returns the destination `postgres://user:password@host:port/database`. */
export function postgres(url: string): Destination {
  const label = withoutPassword(url);
  return {
    label,
    dialect: postgresDialect,
    defaultSchema: "public",
    connect: (options) => connect({ url, label }, options),
  };
}

/** The URL without its password, wherever it is. */
function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:@/?]*):.*@/s, "$1@").replace(/([?&]password=)[^&]*/g, "$1…");
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

/** Types of tables that others made. */
const otherNames: Readonly<Record<string, ColumnType>> = {
  "timestamp without time zone": "timestamp",
  smallint: "bigint",
  integer: "bigint",
  real: "double",
  json: "json",
};

const postgresDialect: Dialect = {
  typeOf: ({ type, precision = 38, scale = 9, timezone }) => {
    if (type === "decimal") return `numeric(${precision},${scale})`;
    return type === "timestamp" && timezone === false ? "timestamp without time zone" : typeNames[type];
  },
  typeNamed: (name) => {
    if (name === typeNames.wei) return "wei";
    const plain = name.replace(/\([\d,]+\)/, "");
    const found = Object.entries(typeNames).find(([, each]) => each === plain)?.[0] as ColumnType | undefined;
    return found ?? otherNames[plain] ?? "text";
  },
  // Classes of SQLSTATE: data exceptions, violated constraints, `check option` of views; and exceptions that triggers raise.
  isRefusal: (error) => /^(2[23]...|44000|P0001)$/.test((error as { readonly code?: string }).code ?? ""),
  checkConstraints: "set constraints all immediate",
  maxNameLength: 63,
};

async function connect(server: Server, options: ConnectOptions): Promise<Connection> {
  const { default: driver } = await loadDriver<{ readonly default: Driver }>(
    "postgres",
    () => import("postgres"),
  );
  const { schema = "public", readOnly } = options;
  let session = await openSession(driver, server, options);
  const run: Connection["run"] = async (text, values) => {
    const result = await session.watch(() => session.sql.unsafe(text, values ? [...values] : []));
    return { rows: result, changed: result.count };
  };
  return {
    run,
    load: (table, batch) => session.watch(() => copyRows(session.sql, table, batch)),
    columns: async (name = schema) =>
      (await run(columnsSql, [name])).rows as unknown as readonly ExistingColumn[],
    close: () => session.sql.end({ timeout: 5 }),
    ...(!readOnly && {
      recovery: {
        isLost: (error) => !isSyncError(error) && (isLost(error) || session.isLost()),
        reconnect: async () => {
          await session.sql.end({ timeout: 0 }).catch(() => undefined);
          session = await openSession(driver, server, { ...options, lostPid: session.pid });
        },
        transactionId: async () => String((await run("select txid_current() as id")).rows[0]?.["id"]),
        isCommitted: async (id) => {
          const { rows } = await run("select txid_status($1) as status", [id]);
          return rows[0]?.["status"] === "committed";
        },
      },
    }),
  };
}

const columnsSql = `select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as "type"
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`;

/** A `COPY` whose stream has begun. */
type PendingCopy = ReturnType<Sql["unsafe"]> & { reject: (error: unknown) => void };

/** The size of the pieces that are sent to the server, in characters. */
const pieceSize = 65_536;

async function copyRows(sql: Sql, table: TableName, batch: RowBatch): Promise<void> {
  const names = batch.columns.map(({ name }) => quoteName(name)).join(", ");
  const query = sql.unsafe(`copy ${tableRef(table)} (${names}) from stdin`) as PendingCopy;
  const stream: Writable = await query.writable();
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("finish", resolve).once("error", reject);
    // The driver tells the stream nothing of errors after its end, only the query.
    query.reject = reject;
  });
  // The error is thrown below; without this it would count as unhandled in between.
  ended.catch(() => undefined);
  const writers = batch.columns.map(({ type }) => writerOf(type));
  let piece = "";
  for (let row = 0; row < batch.count; row++) {
    for (const [column, write] of writers.entries()) {
      const cell = batch.values[column]?.[row] ?? null;
      if (column > 0) piece += "\t";
      piece += cell === null ? "\\N" : write(cell);
    }
    piece += "\n";
    if (piece.length < pieceSize) continue;
    if (!stream.write(piece)) await Promise.race([once(stream, "drain"), ended]);
    piece = "";
  }
  stream.end(piece);
  await ended;
}

type Write = (cell: Cell) => string;

/** Returns the function that writes a cell as text of `COPY`. */
function writerOf(type: ColumnType): Write {
  switch (type) {
    case "timestamp":
      return (cell) => toIso(cell as bigint);
    case "binary":
      return (cell) => `\\\\x${Buffer.from(cell as Uint8Array).toString("hex")}`;
    case "text":
    case "json":
      return (cell) => escape(cell as string);
    default:
      return String;
  }
}

function escape(text: string): string {
  return /[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (char) => escapes[char] ?? char) : text;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
