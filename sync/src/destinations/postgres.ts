import { once } from "node:events";
import type { Writable } from "node:stream";
import type postgresDriver from "postgres";
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
import { SyncError } from "../errors.js";
import { quoteName, tableRef } from "../sql.js";
import { toIso } from "../tables/timestamp.js";
import { loadDriver } from "./driver.js";

type Driver = typeof postgresDriver;
type Sql = ReturnType<Driver>;

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

async function connect(
  { url, label }: { readonly url: string; readonly label: string },
  { schema = "public", readOnly, holder }: ConnectOptions,
): Promise<Connection> {
  const { default: driver } = await loadDriver<{ readonly default: Driver }>(
    "postgres",
    () => import("postgres"),
  );
  const sql = driver(url, {
    max: 1,
    onnotice: () => undefined,
    connect_timeout: 10,
    // A connection that the server closes for age would lose the lock.
    max_lifetime: null,
    idle_timeout: 0,
    connection: { application_name: holder, timezone: "UTC" },
    // Integers beyond 2^53 stay exact, and times are text.
    fetch_types: false,
    types: { bigint: { to: 20, from: [20], serialize: String, parse: (text: string) => BigInt(text) } },
  });
  try {
    await withAttempts(() => sql.unsafe("select 1"));
    if (!readOnly) {
      await sql.unsafe(`create schema if not exists ${quoteName(schema)}`);
      await takeLock(sql, { schema, label });
    }
  } catch (error) {
    await sql.end({ timeout: 1 }).catch(() => undefined);
    throw toConnectError(error, label);
  }
  return createConnection(sql, schema);
}

/** Tries again while the server is away: it may start, or fail over. */
async function withAttempts(work: () => PromiseLike<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt >= 4 || !isAway(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }
}

/** Whether an error says that the server cannot be reached now: network errors, and classes 08, 53 and 57 of SQLSTATE. */
function isAway(error: unknown): boolean {
  const { code = "" } = error as { readonly code?: string };
  return /^(E[A-Z]+|CONNECT.*|CONNECTION_.*|08.{3}|53.{3}|57P0[1-3])$/.test(code);
}

function toConnectError(error: unknown, label: string): unknown {
  if (error instanceof SyncError) return error;
  const { message = String(error), code = "" } = error as {
    readonly message?: string;
    readonly code?: string;
  };
  return new SyncError("UNREACHABLE", `cannot connect to ${label}: ${message || code}`, { cause: error });
}

/** Takes the lock of a schema. It ends with the connection. */
async function takeLock(
  sql: Sql,
  { schema, label }: { readonly schema: string; readonly label: string },
): Promise<void> {
  const [row] = await sql.unsafe(
    `select pg_try_advisory_lock(hashtext('connector-gen'), hashtext($1)) as free`,
    [schema],
  );
  if (row?.["free"] === true) return;
  const [holder] = await sql.unsafe(
    `select a.application_name as name, a.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.classid = hashtext('connector-gen')::oid
     and l.objid = hashtext($1)::oid`,
    [schema],
  );
  const who = holder ? `${String(holder["name"])} (server process ${String(holder["pid"])})` : "another run";
  throw new SyncError(
    "LOCKED",
    `${label}, schema ${schema}, is in use by ${who}: wait until it ends, or end it`,
  );
}

function createConnection(sql: Sql, schema: string): Connection {
  return {
    run: async (text, values) => {
      const result = await sql.unsafe(text, values ? [...values] : []);
      return { rows: result, changed: result.count };
    },
    load: (table, batch) => copyRows(sql, table, batch),
    columns: async (name = schema) => {
      const found = await sql.unsafe(
        `select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as "type"
         from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
         order by c.relname, a.attnum`,
        [name],
      );
      return found as unknown as readonly ExistingColumn[];
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

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
