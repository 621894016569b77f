import { randomUUID } from "node:crypto";
import { Socket } from "node:net";
import type postgresDriver from "postgres";
import type { ConnectOptions } from "../destination.js";
import { SyncError } from "../errors.js";
import { quoteName } from "../sql.js";
import { addFix } from "./postgres-errors.js";
import type { Host, Server } from "./postgres-url.js";

/** The package `postgres`. */
export type Driver = typeof postgresDriver;
/** A pool of one connection. */
export type Sql = ReturnType<Driver>;

/** A connection from its start to its loss. */
export interface Session {
  readonly sql: Sql;
  /** The server's process. */
  readonly pid: number;
  /** Whether the encoding of the database has all characters. */
  readonly hasUnicode: boolean;
  readonly isLost: () => boolean;
  /** Waits for a statement. Rejects if the connection is lost, even if the driver does not notice or would reconnect. */
  readonly watch: <T>(statement: () => PromiseLike<T>) => Promise<T>;
  /** The value of `markSetting` in the server's connection of this session. */
  readonly mark: string;
  /** Releases the lock, resets all settings, and closes the connection. */
  readonly close: () => Promise<void>;
}

/** How long the first connection is tried, in milliseconds. */
const startMs = 3_500;
/** Maximum delay between two attempts, in milliseconds. */
const maxDelayMs = 4_000;
/** How long closing may take, in milliseconds. */
const closeMs = 5_000;

/**
 * The setting that marks the connection of a session. A pooler in transaction mode may run each transaction in another connection of
 * the server, or share one with others. Neither the lock nor the settings then belong to the session.
 */
export const markSetting = "connector_gen.run";

/** Options of a session. */
export interface SessionOptions extends ConnectOptions {
  /** The server process of a lost connection. It may still hold the lock. */
  readonly lostPid?: number;
}

/** Connects to the first host of a server that accepts it, and takes the lock. */
export async function openSession(
  driver: Driver,
  server: Server,
  { schema = "public", readOnly, holder, reconnectTimeoutMs = 30_000, lostPid }: SessionOptions,
): Promise<Session> {
  const openHost = async (host: Host): Promise<Session> => {
    const session = createSession(driver, { server, host, holder });
    const { sql } = session;
    try {
      const [row] = await sql.unsafe(
        `select pg_backend_pid() as pid, current_setting('transaction_read_only') = 'on' as is_read_only,
          current_setting('server_encoding') in ('UTF8', 'SQL_ASCII') as has_unicode`,
      );
      if (!readOnly) {
        if (row?.["is_read_only"] === true) throw readOnlyError();
        await ensureSchema(sql, { schema, server });
        await takeLock(sql, { schema, label: server.label, lostPid, mark: session.mark });
        await sql.unsafe(settingsSql);
      }
      const hasUnicode = row?.["has_unicode"] === true;
      return { ...session.finish(), pid: Number(row?.["pid"]), hasUnicode };
    } catch (error) {
      await sql.end({ timeout: 1 }).catch(() => undefined);
      addFix(error, { schema, server });
      throw error;
    }
  };
  const openAny = async (): Promise<Session> => {
    for (const [index, host] of server.hosts.entries()) {
      try {
        return await openHost(host);
      } catch (error) {
        // The next host may be the primary.
        const isElsewhere = isAway(error) || codeOf(error) === readOnlyCode;
        if (!isElsewhere || index === server.hosts.length - 1) throw error;
      }
    }
    throw new Error("a URL has a host");
  };
  try {
    return await withAttempts(openAny, lostPid === undefined ? startMs : reconnectTimeoutMs);
  } catch (error) {
    throw toConnectError(error, server);
  }
}

/** The SQLSTATE of a statement that a read-only server refuses. */
const readOnlyCode = "25006";

function readOnlyError(): Error {
  return Object.assign(new Error("it only accepts reads"), { code: readOnlyCode });
}

async function ensureSchema(
  sql: Sql,
  { schema, server }: { readonly schema: string; readonly server: Server },
): Promise<void> {
  // `if not exists` would need the right to create schemas even if this one exists.
  const [found] = await sql.unsafe("select 1 from pg_namespace where nspname = $1", [schema]);
  if (found) return;
  try {
    await sql.unsafe(`create schema if not exists ${quoteName(schema)}`);
  } catch (cause) {
    if (isAway(cause)) throw cause;
    const { message } = cause as Error;
    throw new SyncError(
      "DATABASE",
      `cannot create the schema ${schema} in ${server.label}: ${message}: an administrator can run \`create schema ${quoteName(schema)} authorization ${quoteName(server.user)}\``,
      { cause },
    );
  }
}

interface NewSession {
  readonly sql: Sql;
  readonly mark: string;
  readonly finish: () => Omit<Session, "pid" | "hasUnicode">;
}

function createSession(
  driver: Driver,
  { server, host, holder }: { readonly server: Server; readonly host: Host; readonly holder: string },
): NewSession {
  let lose: ((error: unknown) => void) | undefined;
  let isGone = false;
  const sql = driver({
    host: host.host,
    port: host.port,
    ...(host.path !== undefined && { path: host.path }),
    user: server.user,
    database: server.database,
    ...(server.password !== undefined && { password: server.password }),
    ssl: server.tls(host),
    max: 1,
    onnotice: () => undefined,
    onclose: () => {
      isGone = true;
      lose?.(closedError());
    },
    connect_timeout: server.connectTimeoutS,
    // `withAttempts` does the waiting.
    backoff: () => 0,
    // Closing an old connection would lose the lock.
    max_lifetime: null,
    idle_timeout: 0,
    connection: { ...server.settings, application_name: holder, timezone: "UTC" },
    // Integers beyond 2^53 stay exact, and times are text.
    fetch_types: false,
    ...({ socket: socketOpener(host) } satisfies SocketOption),
    types: { bigint: { to: 20, from: [20], serialize: String, parse: (text: string) => BigInt(text) } },
  });
  const mark = randomUUID();
  return {
    sql,
    mark,
    finish: () => {
      // The driver would reconnect without the lock.
      const lost = new Promise<never>((_, reject) => (lose = reject));
      // The running statement throws the error.
      lost.catch(() => undefined);
      if (isGone) lose?.(closedError());
      return {
        sql,
        mark,
        isLost: () => isGone,
        close: async () => {
          if (!isGone) await release(sql, mark);
          await sql.end({ timeout: closeMs / 1000 });
        },
        watch: (statement) => (isGone ? lost : Promise.race([statement(), lost])),
      };
    },
  };
}

/** Releases what a pooler would otherwise pass on to the next user of the server's connection. */
async function release(sql: Sql, mark: string): Promise<void> {
  // One statement, because another client may have the connection after it.
  const work = sql.unsafe(`do $$ begin if current_setting('${markSetting}', true) = '${mark}' then
    perform pg_advisory_unlock_all(); reset all; end if; end $$`);
  const timeout = new Promise((resolve) => setTimeout(resolve, closeMs).unref());
  await Promise.race([work.catch(() => undefined), timeout]);
}

/** An option of the driver that its types do not have. */
interface SocketOption {
  readonly socket: () => Socket;
}

/**
 * Returns the function that opens the socket of a driver. It sends small messages at once: the driver's own sockets send the end of
 * a `COPY` only after the server has acknowledged the rows, which it delays by 40 ms. The driver would connect again, without end,
 * to a server that closes each connection before it is ready, so the second call throws.
 */
function socketOpener({ host, port, path }: Host): SocketOption["socket"] {
  let isOpened = false;
  return () => {
    if (isOpened) throw closedError();
    isOpened = true;
    const socket = new Socket().setNoDelay(true);
    if (path !== undefined) return socket.connect(path);
    // The driver reads both: the host is the server's name for TLS.
    return Object.assign(socket.connect(port, host), { host, port });
  };
}

function closedError(): Error {
  return Object.assign(new Error("the server closed the connection"), { code: "CONNECTION_CLOSED" });
}

/** Tries again while the server is unreachable: it may be starting or failing over. */
async function withAttempts<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (let delayMs = 500; ; delayMs = Math.min(2 * delayMs, maxDelayMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || performance.now() + delayMs > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

/**
 * Whether an error means that the server is unreachable at the moment: network errors, and SQLSTATE classes 08, 53 and
 * 57.
 */
function isAway(error: unknown): boolean {
  return isLost(error) || /^53.{3}$/.test(codeOf(error));
}

/**
 * Whether an error means that the connection is lost: network errors, SQLSTATE class 08, and a server that stops or
 * starts.
 */
export function isLost(error: unknown): boolean {
  return /^(E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_.*|08.{3}|57P0[1-5]|25P03)$/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string } | null)?.code ?? "";
}

function toConnectError(error: unknown, { label, connectTimeoutS }: Server): unknown {
  if (error instanceof SyncError) return error;
  const { message = String(error) } = error as { readonly message?: string };
  const reason =
    codeOf(error) === "CONNECT_TIMEOUT"
      ? `the server did not respond within ${connectTimeoutS} seconds`
      : message || codeOf(error);
  return new SyncError("UNREACHABLE", `cannot connect to ${label}: ${reason}`, { cause: error });
}

interface Lock {
  readonly schema: string;
  readonly mark: string;
  readonly label: string;
  readonly lostPid: number | undefined;
}

/**
 * Settings of the connection. Merges join whole tables. With less memory than this, in kB, the server would write intermediate
 * results to disk. New rows have no statistics yet, so the server would sort both tables, compile queries that end in a second,
 * and send all groups between workers. Times are in milliseconds: a connection that waits for the API stays open, a lock of
 * another session does not hold up the run without end, and the server notices that a client which waits for one has ended.
 */
const settingsSql = `select set_config(name, value, false) from pg_settings join (values ('work_mem', '131072'),
  ('enable_mergejoin', 'off'), ('jit', 'off'), ('max_parallel_workers_per_gather', '0'), ('idle_session_timeout', '0'),
  ('lock_timeout', '300000'), ('client_connection_check_interval', '10000')) as wanted (setting_name, value) on name = setting_name
  where case name when 'work_mem' then setting::int < 131072 when 'lock_timeout' then source = 'default'
    when 'client_connection_check_interval' then version() like '%linux%' else true end`;

/** Takes the lock of a schema. It ends with the connection. */
async function takeLock(sql: Sql, { schema, label, lostPid, mark }: Lock): Promise<void> {
  const end = performance.now() + maxDelayMs;
  for (;;) {
    const [row] = await sql.unsafe(
      `select pg_try_advisory_lock(hashtext('connector-gen'), hashtext($1)) as free,
        set_config('${markSetting}', $2, false)`,
      [schema, mark],
    );
    if (row?.["free"] === true) return;
    const [holder] = await sql.unsafe(
      `select a.application_name as name, a.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'advisory' and l.granted and l.classid = hashtext('connector-gen')::oid
       and l.objid = hashtext($1)::oid`,
      [schema],
    );
    const pid = holder && Number(holder["pid"]);
    // The server has not yet noticed that our own connection is lost.
    if (lostPid !== undefined && (pid === lostPid || pid === undefined) && performance.now() < end) {
      if (pid !== undefined) await sql.unsafe("select pg_terminate_backend($1)", [pid]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const who = holder ? `${String(holder["name"])} (server process ${String(pid)})` : "another run";
    throw new SyncError(
      "LOCKED",
      `${label}, schema ${schema}, is in use by ${who}: wait until it ends, or end it`,
    );
  }
}
