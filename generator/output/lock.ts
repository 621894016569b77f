import { randomBytes } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readOwnFile } from "./files.js";

/** The name of the lock in an output folder. */
export const lockName = ".connector-gen.lock";

/** Maximum wait for a process on this machine, in milliseconds. */
const maxWaitMs = 60_000;
/**
 * Maximum wait for a lock whose process cannot be checked, in milliseconds: it is from another machine, or was committed
 * by mistake.
 */
const maxWaitUnknownMs = 3_000;
const interval = 20;

/**
 * Runs an action while no other connector-gen updates the folder. Removes a lock that a killed process left behind. The
 * lock only keeps runs from overwriting each other's manifest; without it, the next run would repair the folder.
 */
export async function withLock<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const path = join(folder, lockName);
  const own = `${process.pid} ${hostname()} ${randomBytes(8).toString("hex")}\n`;
  await acquire(path, own);
  try {
    return await action();
  } finally {
    if (readHolder(path) === own) await rm(path, { force: true });
  }
}

async function acquire(path: string, own: string): Promise<void> {
  let seen: string | undefined;
  let since = 0;
  for (;;) {
    const holder = readHolder(path);
    if (holder === undefined) {
      if (await create(path, own)) return;
      continue;
    }
    if (holder !== seen) since = performance.now();
    seen = holder;
    if (performance.now() - since >= patienceFor(holder)) await breakLock(path, holder);
    else await sleep(interval);
  }
}

/**
 * Creates the lock together with its text: to other processes, a lock without a text looks abandoned. Resolves to false if
 * another process was faster.
 */
async function create(path: string, own: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}`;
  await writeNew(temporary, own);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: another process had the lock, and removed the temporary files.
    if (code === "EEXIST" || code === "ENOENT") return false;
    // The file system has no links.
    return await writeNew(path, own);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes a new file. Resolves to false if it exists. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Reads the text of the lock; `undefined` if there is none. */
function readHolder(path: string): string | undefined {
  const found = readOwnFile(path, 1_024);
  if (found.kind === "missing") return undefined;
  if (found.kind === "file") return found.text;
  throw new Error(`${path} is ${found.what}: delete it`);
}

function patienceFor(holder: string): number {
  const [pid = "", host] = holder.trim().split(" ");
  if (host !== hostname() || !/^[1-9]\d{0,9}$/.test(pid)) return maxWaitUnknownMs;
  return isRunning(Number(pid)) ? maxWaitMs : 0;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process runs, under another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes an abandoned lock. Renames it first, so only one of several processes succeeds. */
async function breakLock(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  // Meanwhile, another process may have removed the lock and locked the folder: restore its lock.
  if (readHolder(aside) !== holder) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
