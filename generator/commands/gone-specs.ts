import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

/** Maximum number of folder entries that a search examines. */
const maxEntries = 100_000;

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
    const steps = inner.split(/[\\/]/);
    return !isAbsolute(inner) && !["..", "node_modules", ".git"].some((name) => steps.includes(name));
  });
  if (!isWithin) return new Set();
  const existing = await namesBelow(root);
  // A module from standard input names no file.
  return new Set(names.filter((name) => existing?.has(name.toLowerCase()) === false && name !== "<stdin>"));
}

/** Returns the names of all files below a folder, in lower case; `undefined` if there are too many, or one is unreadable. */
async function namesBelow(root: string): Promise<ReadonlySet<string> | undefined> {
  const names = new Set<string>();
  let seen = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    seen += entries?.length ?? Infinity;
    if (!entries || seen > maxEntries) return undefined;
    for (const entry of entries) {
      if (!entry.isDirectory()) names.add(entry.name.toLowerCase());
      else if (entry.name !== ".git" && entry.name !== "node_modules") folders.push(join(folder, entry.name));
    }
  }
  return names;
}

/** Returns the nearest folder that holds `.git`, from the given one upwards, or the given one. */
function repositoryOf(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (existsSync(join(each, ".git"))) return each;
    if (dirname(each) === each) return folder;
  }
}
