import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { findFiles } from "./find-files.js";

/** The specs and the output folder of a run. */
export interface RunPaths {
  readonly specs: readonly string[];
  readonly out: string;
}

/**
 * Returns those of the names that no file of the repository has: the specs were deleted or renamed. Without a repository,
 * searches the working folder. Returns none if a path of the run leads out of it, or if it holds too many files.
 */
export async function findGone(
  names: readonly string[],
  { specs, out }: RunPaths,
): Promise<ReadonlySet<string>> {
  const root = repositoryOf(process.cwd());
  const isWithin = [...specs.filter((path) => path !== "-"), out].every((path) => {
    const inner = relative(root, resolve(path));
    return inner !== ".." && !/^\.\.[\\/]/.test(inner) && !isAbsolute(inner);
  });
  if (!isWithin) return new Set();
  const files = await findFiles(root, "**").catch(() => undefined);
  if (!files) return new Set();
  const existing = new Set(files.map((file) => basename(file).toLowerCase()));
  // A module from standard input names no file.
  return new Set(names.filter((name) => !existing.has(name.toLowerCase()) && name !== "<stdin>"));
}

/** Returns the nearest folder that holds `.git`, from the given one upwards, or the given one. */
function repositoryOf(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (existsSync(join(each, ".git"))) return each;
    if (dirname(each) === each) return folder;
  }
}
