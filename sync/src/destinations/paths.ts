import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SyncError } from "../errors.js";

/**
 * Creates a folder and its missing parents, one by one: with the option `recursive`, `mkdir` never returns if the system
 * creates no folder there, as in `/proc`. Throws a `SyncError` that names the folder.
 */
export function makeFolder(folder: string, label: string): void {
  try {
    makeFolders(resolve(folder));
  } catch (error) {
    throw pathError(`create the folder of ${label}`, { path: resolve(folder), error });
  }
}

function makeFolders(folder: string): void {
  if (kindOf(folder) === "folder") return;
  const parent = dirname(folder);
  if (kindOf(parent) === "nothing" && parent !== folder) makeFolders(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have created it meanwhile.
    if (kindOf(folder) !== "folder") throw error;
  }
}

/** Creates the error of a file or folder that cannot be created or written: the reason, and how to fix it. */
export function pathError(
  work: string,
  { path, error }: { readonly path: string; readonly error: unknown },
): SyncError {
  const message = `cannot ${work}: ${explain(path, error)}`;
  return new SyncError("UNREACHABLE", message, { cause: error });
}

/** The reasons of system errors. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
};

/** The reasons of errors of DuckDB, and how to fix them. */
const explanations: readonly (readonly [message: RegExp, explanation: string])[] = [
  [/not a valid DuckDB database file/, "it is not a DuckDB database: choose another path"],
  [
    /file with version number/,
    "a newer version of DuckDB has written it: run `npm install @duckdb/node-api@latest`",
  ],
  [/Corrupt database file/, "it is damaged: restore a copy of it, or choose another path"],
  [/Permission denied/, "permission denied: choose another path"],
];

function explain(path: string, error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const parent = nearest(dirname(path));
  if (kindOf(parent) === "file") return `${parent} is a file: choose a path outside it`;
  if (code === "EEXIST") return `${path} is a file: choose another folder`;
  if (kindOf(path) === "folder") return `${path} is a folder: name a file in it, or remove it`;
  if (code === "ENOENT") return `${parent} accepts no new folders: choose another folder`;
  // DuckDB says this if it may only read.
  if (message.includes("database does not exist"))
    return `${path} does not exist: check the path; the first sync creates the file`;
  if (!code && parent !== dirname(path)) return `the folder ${dirname(path)} does not exist: create it first`;
  const known = explanations.find(([pattern]) => pattern.test(message));
  if (known) return `${path}: ${known[1]}`;
  // Other errors of DuckDB have other reasons than the path.
  return code || message.startsWith("IO Error")
    ? `${path}: ${reasons[code] ?? message}: choose another path`
    : message;
}

/** Returns a path, or its nearest ancestor that exists. */
function nearest(path: string): string {
  const parent = dirname(path);
  return kindOf(path) === "nothing" && parent !== path ? nearest(parent) : path;
}

function kindOf(path: string): "file" | "folder" | "nothing" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch {
    return "nothing";
  }
}
