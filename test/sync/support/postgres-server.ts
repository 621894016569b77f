import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the server of PostgreSQL that all test files share. It is empty until a test needs the server. */
    readonly postgresFolder: string;
  }
}

/** A server of PostgreSQL on loopback, with its data in a temporary folder, for tests that stop it. */
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

function binFolder(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, "bin"))
    : [];
  return ["/usr/local/bin", "/usr/bin", ...versions].find((folder) => existsSync(join(folder, "initdb")));
}

let shared = "";

/** Creates the folder of the shared server, before all tests. */
export function setup(project: TestProject): void {
  if (noPostgres) console.warn(`skipped the tests on PostgreSQL: ${noPostgres}`);
  shared = createFolder();
  project.provide("postgresFolder", shared);
}

/** Stops the shared server, after all tests. */
export function teardown(): void {
  stopIn(shared);
}

/** Returns the URL of the shared server. The first worker that needs it starts it, and the others wait. */
export async function joinServer(folder: string): Promise<string> {
  const [lock, ready] = [join(folder, "starts"), join(folder, "url")];
  while (!existsSync(ready)) {
    if (!take(lock)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    try {
      const { url } = await startIn(folder);
      writeFileSync(`${ready}.new`, url);
      renameSync(`${ready}.new`, ready);
    } catch (error) {
      rmdirSync(lock);
      throw error;
    }
  }
  return readFileSync(ready, "utf8");
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Starts a separate server. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = createFolder();
  const { url, control } = await startIn(folder);
  return {
    url,
    halt: () => control("stop"),
    restart: () => control("restart"),
    stop: () => stopIn(folder),
  };
}

interface Started {
  readonly url: string;
  readonly control: (command: "stop" | "restart") => void;
}

async function startIn(folder: string): Promise<Started> {
  const run = asUser(folder);
  const bin = binFolder() ?? "";
  const data = join(folder, "data");
  const initial = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  run(join(bin, "initdb"), ["-D", data, ...initial]);
  const port = await freePort();
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c autovacuum=off -c jit=off -c max_connections=100`;
  const start = ["-D", data, "-w", "-l", join(folder, "log"), "-o", settings];
  run(join(bin, "pg_ctl"), [...start, "start"]);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    control: (command) => run(join(bin, "pg_ctl"), [...start, "-m", "immediate", command]),
  };
}

/** Stops the server in a folder, if it runs, and removes the folder. */
function stopIn(folder: string): void {
  const data = join(folder, "data");
  if (existsSync(join(data, "postmaster.pid")))
    asUser(folder)(join(binFolder() ?? "", "pg_ctl"), ["-D", data, "-w", "-m", "immediate", "stop"]);
  rmSync(folder, { recursive: true, force: true });
}

function createFolder(): string {
  return mkdtempSync(join(tmpdir(), "connector-gen-postgres-"));
}

/** The server does not run as root, so root starts it as the user `postgres`. */
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
