import { lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { messageOf } from "../spec/wording.js";

/**
 * Checks an output folder: it must be a folder or missing, and a path below the working folder must not lead out of it
 * by a symbolic link. Otherwise, anyone who can change the repository could choose where a build writes. Throws if a
 * rule is broken; the error names the option that chose the folder.
 */
export function checkFolder(folder: string, option: "-o" | "--dir" = "-o"): void {
  checkInside(folder);
  const stats = statsOf(folder, option);
  if (stats ? !stats.isDirectory() : unlessMissing(() => lstatSync(folder)))
    throw new Error(
      `the output folder ${folder} is not a folder: remove it, or choose another one with ${option}`,
    );
}

function statsOf(folder: string, option: string): Stats | undefined {
  try {
    return statSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== "ENOTDIR") throw error;
    throw new Error(`the output folder ${folder} is inside a file: choose another one with ${option}`);
  }
}

/**
 * Creates a folder and its missing parents, one by one: with the option `recursive`, `mkdir` never returns if the system
 * creates no folder there, as in `/proc`. Rejects with an error that names the folder.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  const path = resolve(folder);
  try {
    await makeFolders(path, mode);
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    const reason = folderProblems[code] ?? messageOf(cause);
    throw new Error(`cannot create the folder ${folder}: ${reason}: choose another one`, { cause });
  }
}

/** What prevents the creation of a folder, by the code of the system's error. */
const folderProblems: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  ENOTDIR: "it is inside a file",
  EEXIST: "it is a file",
  ENOENT: "the system creates no folders there",
};

async function makeFolders(path: string, mode: number | undefined): Promise<void> {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path && !unlessMissing(() => statSync(parent))) await makeFolders(parent, mode);
  try {
    await mkdir(path, { mode });
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return unlessMissing(() => statSync(path))?.isDirectory() ?? false;
}

/** Throws if a path below the working folder leads out of it by a symbolic link. */
export function checkInside(path: string): void {
  if (!isBelow(resolve(path), process.cwd())) return;
  const real = pathOutside(path, process.cwd());
  if (real === undefined) return;
  throw new Error(`${path} leads out of the working folder by a symbolic link: pass ${real} if you mean it`);
}

/** Returns the real path behind a path, if it is outside a folder. */
export function pathOutside(path: string, folder: string): string | undefined {
  const real = realOf(resolve(path));
  return isBelow(real, realpathSync.native(folder)) ? undefined : real;
}

/** Returns the real path of the nearest existing ancestor. */
function realOf(path: string): string {
  return unlessMissing(() => realpathSync.native(path)) ?? realOf(resolve(path, ".."));
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
