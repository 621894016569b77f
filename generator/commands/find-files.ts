import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Maximum number of folder entries that one pattern examines. */
const maxEntries = 100_000;

/** Whether a path is a pattern. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/** Whether the extension of a file is that of a spec. */
export function isSpecFile(path: string): boolean {
  return /\.(?:jsonc?|ya?ml)$/i.test(path);
}

/**
 * Replaces patterns among paths by the specs that match them. Keeps a file whose name looks like a
 * pattern. Throws if nothing matches a pattern.
 */
export async function expandPatterns(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => (isPattern(path) && !existsSync(path) ? await expandPattern(path) : [path])),
  );
  return found.flat();
}

/** The folder above all files that a pattern can match, and the rest of the pattern. */
export interface SplitPattern {
  /** As written in the pattern; empty for the working folder. */
  readonly folder: string;
  readonly base: string;
  readonly rest: string;
}

/** Splits a pattern before its first step with a wildcard. */
export function splitPattern(pattern: string): SplitPattern {
  const steps = (process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern).split("/");
  const start = steps.findIndex(isPattern);
  const folder = steps.slice(0, start).join("/");
  return {
    folder: start === 0 ? "" : `${folder}/`,
    base: start === 0 ? "." : folder || "/",
    rest: steps.slice(start).join("/"),
  };
}

async function expandPattern(pattern: string): Promise<readonly string[]> {
  const { folder, base, rest } = splitPattern(pattern);
  const files = existsSync(base) ? await findFiles(base, rest) : [];
  const specs = files.filter(isSpecFile).map((file) => `${folder}${file}`);
  if (specs.length === 0) throw new Error(`no spec matches ${JSON.stringify(pattern)}`);
  return specs;
}

/**
 * Finds the files below a folder that match a pattern: `*` and `?` stand for characters of a name, `**` for any number of
 * folders. Returns paths relative to the folder, sorted. Skips hidden files and folders and `node_modules`, and follows no
 * symbolic link. Takes linear time for any pattern. Throws if there are too many files.
 */
export async function findFiles(folder: string, pattern: string): Promise<readonly string[]> {
  const steps = pattern
    .split("/")
    .filter((step, index, all) => step !== "." && step !== "" && !(step === "**" && all[index - 1] === step));
  // `specs/**` means every file below.
  if (steps.at(-1) === "**") steps.push("*");
  const found: string[] = [];
  let seen = 0;
  await walk("", new Set([0]));
  return found.sort();

  async function walk(path: string, at: ReadonlySet<number>): Promise<void> {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      if (++seen > maxEntries)
        throw new Error(
          `${pattern} matches more than ${maxEntries} files and folders on the way: name the folder of the specs`,
        );
      const { name } = entry;
      if (name.startsWith(".") || name === "node_modules") continue;
      const next = new Set([...at].flatMap((index) => advance(steps, index, name)));
      const inner = path ? `${path}/${name}` : name;
      if (!entry.isDirectory()) {
        if (next.has(steps.length)) found.push(inner);
      } else if (next.size > 0) await walk(inner, next);
    }
  }
}

/** Returns the steps that may match the next name. */
function advance(steps: readonly string[], index: number, name: string): readonly number[] {
  const step = steps[index];
  if (step === undefined) return [];
  if (step === "**") return [index, ...advance(steps, index + 1, name)];
  return matches(step, name) ? [index + 1] : [];
}

/** Whether a name matches `*` and `?`. Backtracks only to the last `*`, which is enough. */
function matches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let from = 0;
  for (let i = 0; i < name.length;) {
    if (pattern[at] === "*") {
      star = at++;
      from = i;
    } else if (pattern[at] === "?" || pattern[at] === name[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++from;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
