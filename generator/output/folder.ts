import { lstat, mkdir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { messageOf } from "../spec/wording.js";

/**
 * Checks an output folder: it must be a folder or missing, and a path below the working folder must not lead out of it
 * by a symbolic link. Otherwise, anyone who can change the repository could choose where a build writes. Throws if a
 * rule is broken; the error names the option that chose the folder.
 */
export async function checkFolder(folder: string, option: "-o" | "--dir" = "-o"): Promise<void> {
  await checkInside(folder);
  const stats = await stat(folder).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== "ENOTDIR") throw error;
    throw new Error(`the output folder ${folder} is inside a file: choose another one with ${option}`);
  });
  if (stats ? !stats.isDirectory() : await lstat(folder).catch(ignoreMissing))
    throw new Error(
      `the output folder ${folder} is not a folder: remove it, or choose another one with ${option}`,
    );
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
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path && !(await stat(parent).catch(ignoreMissing))) await makeFolders(parent, mode);
  try {
    await mkdir(path, { mode });
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(ignoreMissing))?.isDirectory() ?? false;
}

/** Throws if a path below the working folder leads out of it by a symbolic link. */
export async function checkInside(path: string): Promise<void> {
  if (!isBelow(resolve(path), process.cwd())) return;
  const real = await pathOutside(path, process.cwd());
  if (real === undefined) return;
  throw new Error(`${path} leads out of the working folder by a symbolic link: pass ${real} if you mean it`);
}

/** Returns the real path behind a path, if it is outside a folder. */
export async function pathOutside(path: string, folder: string): Promise<string | undefined> {
  const real = await realOf(resolve(path));
  return isBelow(real, await realpath(folder)) ? undefined : real;
}

/** Returns the real path of the nearest existing ancestor. */
async function realOf(path: string): Promise<string> {
  const real = await realpath(path).catch(ignoreMissing);
  return real ?? (await realOf(resolve(path, "..")));
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}
