import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { toDestination } from "../../../sync/src/destinations/open.js";
import { readTables, type RunNames, type TestDatabase } from "./tables.js";
import type { ExpectedTables } from "./vector.js";

/** A server of PostgreSQL on loopback, with its data in a temporary folder. */
export interface PostgresServer {
  /** The URL of its only database. */
  readonly url: string;
  readonly stop: () => void;
  /** Ends all connections and starts the server again on the same port. */
  readonly restart: () => void;
  /** Ends the server until `restart`. */
  readonly halt: () => void;
}

/** Why there is no server; `undefined` if one can be started. */
export const noPostgres: string | undefined = binFolder() ? undefined : "PostgreSQL is not installed";

if (noPostgres) console.warn(`skipped the tests on PostgreSQL: ${noPostgres}`);

function binFolder(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, "bin"))
    : [];
  return ["/usr/local/bin", "/usr/bin", ...versions].find((folder) => existsSync(join(folder, "initdb")));
}

/** Starts a server. It refuses to run as root, so root starts it as the user `postgres`. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binFolder() ?? "";
  const folder = mkdtempSync(join(tmpdir(), "connector-gen-postgres-"));
  const run = asUser(folder);
  const data = join(folder, "data");
  run(join(bin, "initdb"), [
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  const port = await freePort();
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c autovacuum=off -c jit=off -c max_connections=40`;
  const start = ["-D", data, "-w", "-l", join(folder, "log"), "-o", settings];
  const halt = (): void => run(join(bin, "pg_ctl"), ["-D", data, "-w", "-m", "immediate", "stop"]);
  run(join(bin, "pg_ctl"), [...start, "start"]);
  return {
    halt,
    restart: () => run(join(bin, "pg_ctl"), [...start, "-m", "immediate", "restart"]),
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: () => {
      halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function asUser(folder: string): (program: string, args: readonly string[]) => void {
  if (process.getuid?.() !== 0) return (program, args) => execFileSync(program, args, { stdio: "ignore" });
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const [uid, gid] = [id("-u"), id("-g")];
  chownSync(folder, uid, gid);
  chmodSync(folder, 0o700);
  return (program, args) => execFileSync(program, args, { stdio: "ignore", uid, gid, cwd: folder });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Runs queries on a database. */
export async function usePostgres<T>(
  url: string,
  work: (query: TestDatabase["query"]) => Promise<T>,
): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await work(async (text) => await sql.unsafe(text));
  } finally {
    await sql.end();
  }
}

/** Reads the tables of a schema. */
export async function readPostgres(
  { url, schema = "public" }: { readonly url: string; readonly schema?: string },
  prefix: "_cg_" | "_dlt_",
  runs?: RunNames,
): Promise<ExpectedTables> {
  const { typeNamed } = toDestination(url).dialect;
  return usePostgres(url, (query) => readTables({ query, typeNamed, schema }, prefix, runs));
}
