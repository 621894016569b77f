import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from "node:fs";
import { open, rename, rm } from "node:fs/promises";

/** Maximum size of a file to read from an output folder, in bytes. */
const maxFileBytes = 64 * 1024 * 1024;

/** The entry at a path: a file with its text, nothing, or something that is neither read nor written. */
export type Found =
  | { readonly kind: "file"; readonly text: string }
  | { readonly kind: "missing" }
  | {
      readonly kind: "refused";
      /** A noun phrase: `a symbolic link`. */
      readonly what: string;
      /** Whether a rename can replace it. True for everything except a folder. */
      readonly canReplace: boolean;
    };

/**
 * Reads a regular file with `\n` line endings: Git may check files out with CRLF, which must not count as an edit. Follows
 * no symbolic link, and does not wait for FIFOs and devices. Synchronous, because every asynchronous step of a small file
 * costs a change of threads.
 */
export function readOwnFile(path: string, limit: number = maxFileBytes): Found {
  const stats = unlessMissing(() => lstatSync(path));
  if (!stats) return { kind: "missing" };
  const refused = refusalOf(stats, limit);
  if (refused) return refused;
  const file = openToRead(path);
  if (file === undefined) return { kind: "missing" };
  try {
    // Check the opened file again, because the path may point to another one since.
    const changed = refusalOf(fstatSync(file), limit);
    return changed ?? { kind: "file", text: readFileSync(file, "utf8").replaceAll("\r\n", "\n") };
  } finally {
    closeSync(file);
  }
}

/**
 * Opens a file without following a symbolic link or waiting for the writer of a FIFO. Windows has neither flag: `undefined`
 * counts as 0.
 */
function openToRead(path: string): number | undefined {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return unlessMissing(() => openSync(path, flags));
}

function refusalOf(stats: Stats, limit: number): Exclude<Found, { kind: "file" | "missing" }> | undefined {
  const refuse = (what: string): ReturnType<typeof refusalOf> => ({
    kind: "refused",
    what,
    canReplace: !stats.isDirectory(),
  });
  if (stats.isSymbolicLink()) return refuse("a symbolic link");
  if (stats.isDirectory()) return refuse("a folder");
  if (!stats.isFile()) return refuse("not a regular file");
  return stats.size > limit ? refuse(`larger than ${Math.round(limit / 1024 / 1024)} MB`) : undefined;
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes a file atomically, by renaming a temporary file beside it. Replaces a symbolic link instead of following it. */
export async function writeWhole(
  path: string,
  text: string,
  temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`,
): Promise<void> {
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
