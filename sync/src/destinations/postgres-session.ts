import { Socket } from "node:net";
import type postgresDriver from "postgres";
import type { ConnectOptions } from "../destination.js";
import { SyncError } from "../errors.js";
import { quoteName } from "../sql.js";

/** The package `postgres`. */
export type Driver = typeof postgresDriver;
/** A pool of one connection. */
export type Sql = ReturnType<Driver>;

/** The server and its URL. */
export interface Server {
  readonly url: string;
  /** The URL without its password. */
  readonly label: string;
}

/** A connection from its start to its loss. */
export interface Session {
  readonly sql: Sql;
  /** The server's process. */
  readonly pid: number;
  readonly isLost: () => boolean;
  /** Waits for a statement. Rejects if the connection is lost, even if the driver does not notice or would reconnect. */
  readonly watch: <T>(statement: () => PromiseLike<T>) => Promise<T>;
}

/** How long the first connection is tried, in milliseconds. */
const startMs = 3_500;
/** Maximum delay between two attempts, in milliseconds. */
const maxDelayMs = 4_000;

/** Options of a session. */
export interface SessionOptions extends ConnectOptions {
  /** The server process of a lost connection. It may still hold the lock. */
  readonly lostPid?: number;
}

/** Connects and takes the lock. */
export async function openSession(
  driver: Driver,
  server: Server,
  { schema = "public", readOnly, holder, reconnectTimeoutMs = 30_000, lostPid }: SessionOptions,
): Promise<Session> {
  const session = createSession(driver, server, holder);
  const { sql } = session;
  const open = async (): Promise<number> => {
    session.begin();
    const [row] = await sql.unsafe("select pg_backend_pid() as pid");
    if (!readOnly) {
      // `if not exists` would need the right to create schemas even if this one exists.
      const [found] = await sql.unsafe("select 1 from pg_namespace where nspname = $1", [schema]);
      if (!found) await sql.unsafe(`create schema if not exists ${quoteName(schema)}`);
      await takeLock(sql, { schema, label: server.label, lostPid });
      await sql.unsafe(mergeSettingsSql);
    }
    return Number(row?.["pid"]);
  };
  try {
    const pid = await withAttempts(open, lostPid === undefined ? startMs : reconnectTimeoutMs);
    return { ...session.finish(), pid };
  } catch (error) {
    await sql.end({ timeout: 1 }).catch(() => undefined);
    throw toConnectError(error, server.label);
  }
}

interface NewSession {
  readonly sql: Sql;
  /** From this call on, a closed connection counts as lost. */
  readonly begin: () => void;
  readonly finish: () => Omit<Session, "pid">;
}

function createSession(driver: Driver, { url }: Server, holder: string): NewSession {
  let lose: ((error: unknown) => void) | undefined;
  let isGone = false;
  const sql = driver(url, {
    max: 1,
    onnotice: () => undefined,
    onclose: () => {
      isGone = true;
      lose?.(closedError());
    },
    connect_timeout: 10,
    // `withAttempts` does the waiting.
    backoff: () => 0,
    // Closing an old connection would lose the lock.
    max_lifetime: null,
    idle_timeout: 0,
    connection: { application_name: holder, timezone: "UTC" },
    // Integers beyond 2^53 stay exact, and times are text.
    fetch_types: false,
    ...({ socket: socketOpener() } satisfies SocketOption),
    types: { bigint: { to: 20, from: [20], serialize: String, parse: (text: string) => BigInt(text) } },
  });
  return {
    sql,
    begin: () => {
      isGone = false;
    },
    finish: () => {
      // The driver would reconnect without the lock.
      const lost = new Promise<never>((_, reject) => (lose = reject));
      // The running statement throws the error.
      lost.catch(() => undefined);
      if (isGone) lose?.(closedError());
      return {
        sql,
        isLost: () => isGone,
        watch: (statement) => (isGone ? lost : Promise.race([statement(), lost])),
      };
    },
  };
}

/** An option of the driver that its types do not have. */
interface SocketOption {
  readonly socket: (target: SocketTarget) => Socket;
}

/** Where the driver connects to: the same number of hosts and ports, or the path of a socket. */
interface SocketTarget {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

/**
 * Returns the function that opens the sockets of a driver, host by host. They send small messages at once. The driver's own ones
 * send the end of a `COPY` only after the server has acknowledged the rows, which it delays by 40 ms.
 */
function socketOpener(): SocketOption["socket"] {
  let attempt = 0;
  return ({ host: hosts, port: ports, path }) => {
    const socket = new Socket().setNoDelay(true);
    if (path) return socket.connect(path);
    const place = attempt++ % ports.length;
    const [host = "", port = 0] = [hosts[place], ports[place]];
    // The driver reads both: the host is the server's name for TLS.
    return Object.assign(socket.connect(port, host), { host, port });
  };
}

function closedError(): Error {
  return Object.assign(new Error("it was closed"), { code: "CONNECTION_CLOSED" });
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

function toConnectError(error: unknown, label: string): unknown {
  if (error instanceof SyncError) return error;
  const { message = String(error) } = error as { readonly message?: string };
  return new SyncError("UNREACHABLE", `cannot connect to ${label}: ${message || codeOf(error)}`, {
    cause: error,
  });
}

interface Lock {
  readonly schema: string;
  readonly label: string;
  readonly lostPid: number | undefined;
}

/**
 * Merges join whole tables. With less memory than this, in kB, the server would write intermediate results to disk. New
 * rows have no statistics yet. Without these settings, the server would sort both tables, compile queries that end in a
 * second, and send all groups between workers.
 */
const mergeSettingsSql = `select set_config(name, value, false) from pg_settings join (values ('work_mem', '131072'),
  ('enable_mergejoin', 'off'), ('jit', 'off'), ('max_parallel_workers_per_gather', '0')) as wanted (setting_name, value)
  on name = setting_name where name <> 'work_mem' or setting::int < 131072`;

/** Takes the lock of a schema. It ends with the connection. */
async function takeLock(sql: Sql, { schema, label, lostPid }: Lock): Promise<void> {
  const end = performance.now() + maxDelayMs;
  for (;;) {
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
