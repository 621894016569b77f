import { lstat, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

/**
 * Checks an output folder: it must be a folder or missing, and a path below the working folder must not lead out of it
 * by a symbolic link. Otherwise, anyone who can change the repository could choose where a build writes. Throws if a
 * rule is broken.
 */
export async function checkFolder(folder: string): Promise<void> {
  await checkInside(folder);
  const stats = await stat(folder).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== "ENOTDIR") throw error;
    throw new Error(`the output folder ${folder} is inside a file: choose another one with -o`);
  });
  if (stats ? !stats.isDirectory() : await lstat(folder).catch(ignoreMissing))
    throw new Error(`the output folder ${folder} is not a folder: remove it, or choose another one with -o`);
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
