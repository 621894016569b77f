import { lstat } from "node:fs/promises";
import { dirname, join, posix, relative, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics.js";
import { readOwnFile } from "../output/files.js";
import { pathOutside } from "../output/folder.js";
import { createDocument, type Path, type Problem } from "../spec/load/document.js";
import { loadJson } from "../spec/load/load-json.js";
import { isObject, own, type Raw } from "../spec/values.js";
import { didYouMean, list, quote, typeName } from "../spec/wording.js";
import { expandSpecs } from "./expand-specs.js";
import { findFiles, isPattern, isSpecFile } from "./find-files.js";
import type { Terminal } from "./terminal.js";

/** The value of the key `connectorGen` in a `package.json`. */
export interface Project {
  /** The `package.json`, relative to the working folder. */
  readonly file: string;
  /** Spec files, relative to the working folder. */
  readonly specs: readonly string[];
  /** The files and patterns that `package.json` names, relative to the working folder. */
  readonly patterns: readonly string[];
  /** The output folder, relative to the working folder. */
  readonly output: string;
}

/** A project without its file. */
type Value = Omit<Project, "file">;

/** The project of a folder, or the problems of its `package.json`. */
export interface ProjectResult {
  /** Absent if there are problems. */
  readonly project?: Project;
  readonly diagnostics: readonly Diagnostic[];
  /** The text of `package.json` by its path, for code frames. */
  readonly texts: ReadonlyMap<string, string>;
}

const key = "connectorGen";
const keys = ["specs", "output"];
const example = `"${key}": { "specs": ["specs/*.json"], "output": "generated" }`;

const maxBytes = 1024 * 1024;
const maxPatterns = 1000;
const maxPatternLength = 300;

/**
 * Reads the key `connectorGen` of the nearest `package.json`, from the working folder upward. Anyone who can change the
 * repository can write this key. So it may name only specs, no hidden files, and nothing outside the folder of
 * `package.json`. Throws if the file or the key is missing.
 */
export async function readProject(): Promise<ProjectResult> {
  const path = await findPackage(process.cwd());
  if (path === undefined)
    throw new Error(`no specs: pass spec files, or name them in package.json: ${example}`);
  const file = relative(process.cwd(), path) || path;
  const found = readOwnFile(path, maxBytes);
  if (found.kind !== "file")
    throw new Error(
      `no specs: ${file} is ${found.kind === "refused" ? found.what : "missing"}; pass spec files`,
    );
  const { text } = found;
  const loaded = loadJson(text);
  const document = createDocument({ file, text, format: "json" }, loaded);
  const texts = new Map([[file, text]]);
  if (loaded.value === undefined || document.diagnostics.length > 0)
    return { diagnostics: document.diagnostics, texts };
  const value = isObject(loaded.value) ? own(loaded.value, key) : undefined;
  if (value === undefined) throw new Error(`no specs: pass spec files, or name them in ${file}: ${example}`);
  const checked = await check(value, dirname(path));
  const diagnostics = checked.problems.map((problem) => document.diagnose(problem));
  const isValid = diagnostics.length === 0;
  return { diagnostics, texts, ...(isValid && { project: { file, ...checked.project } }) };
}

/**
 * Returns the specs of a command that only reads them: those of its arguments, or those that `package.json` names.
 * Reports the problems of `package.json`, if there are any.
 */
export async function chooseSpecs(
  terminal: Terminal,
  given: readonly string[],
): Promise<readonly string[] | undefined> {
  if (given.length > 0) return await expandSpecs(given);
  const { project, diagnostics, texts } = await readProject();
  if (project) return project.specs;
  terminal.report(diagnostics, texts);
  terminal.reportJson({ ok: false, diagnostics });
  return undefined;
}

async function findPackage(folder: string): Promise<string | undefined> {
  const path = join(folder, "package.json");
  if (await lstat(path).catch(() => undefined)) return path;
  const parent = dirname(folder);
  return parent === folder ? undefined : await findPackage(parent);
}

function problemAt(path: Path, message: string, at: "key" | "value" = "value"): Problem {
  return { code: "invalid-project", message, path: [key, ...path], at };
}

async function check(
  value: unknown,
  folder: string,
): Promise<{ readonly project: Value; readonly problems: readonly Problem[] }> {
  const toShown = (path: string): string => relative(process.cwd(), resolve(folder, path)) || ".";
  const empty = { specs: [], patterns: [], output: "" };
  if (!isObject(value)) {
    const message = `"${key}" must be an object, not ${typeName(value)}: ${example}`;
    return { project: empty, problems: [problemAt([], message)] };
  }
  const unknown = Object.keys(value)
    .filter((name) => !keys.includes(name))
    .map((name) => {
      const message = `unknown key ${quote(name)} in "${key}": valid keys are ${list(keys)}${didYouMean(name, keys)}`;
      return problemAt([name], message, "key");
    });
  const specs = await readSpecs(value, folder);
  const output = readOutput(value, folder);
  return {
    project: {
      specs: specs.paths.map(toShown),
      patterns: specs.patterns.map(toShown),
      output: toShown(output.path),
    },
    problems: [...unknown, ...specs.problems, ...output.problems],
  };
}

async function readSpecs(
  value: Raw,
  folder: string,
): Promise<{
  readonly paths: readonly string[];
  readonly patterns: readonly string[];
  readonly problems: readonly Problem[];
}> {
  const given = own(value, "specs");
  if (given === undefined) {
    const message = `"${key}" needs "specs", a list of spec files: ["specs/*.json"]`;
    return { paths: [], patterns: [], problems: [problemAt([], message, "key")] };
  }
  if (!Array.isArray(given) || given.length === 0 || given.length > maxPatterns) {
    const what = Array.isArray(given) ? `${given.length} items` : typeName(given);
    const message = `"specs" must be a list of 1 to ${maxPatterns} paths, not ${what}: ["specs/*.json"]`;
    return { paths: [], patterns: [], problems: [problemAt(["specs"], message)] };
  }
  const paths = new Set<string>();
  const patterns = (given as readonly unknown[]).filter((pattern) => typeof pattern === "string");
  const problems: Problem[] = [];
  for (const [index, pattern] of (given as readonly unknown[]).entries()) {
    const found = await readPattern(pattern, folder);
    if (typeof found === "string") problems.push(problemAt(["specs", index], found));
    else for (const path of found) paths.add(posix.normalize(path));
  }
  return { paths: [...paths], patterns, problems };
}

/** Returns the files of a path or a pattern, or the problem with it. */
async function readPattern(pattern: unknown, folder: string): Promise<readonly string[] | string> {
  const wrong = checkPath(pattern, "a spec");
  if (wrong !== undefined) return wrong;
  const text = pattern as string;
  const isGlob = isPattern(text);
  if (!isGlob && !isSpecFile(text))
    return `${quote(text)} is not a spec file: the name must end in .json, .jsonc, .yaml or .yml`;
  const paths = isGlob ? (await findFiles(folder, text)).filter(isSpecFile) : [text];
  if (paths.length === 0) return `no spec matches ${quote(text)}`;
  for (const path of paths) {
    if (pathOutside(resolve(folder, path), folder))
      return `${quote(path)} leads out of the folder of package.json by a symbolic link: pass the spec on the command line if you mean it`;
    if (!(await lstat(resolve(folder, path)).catch(() => undefined)))
      return `the file ${quote(path)} does not exist`;
  }
  return paths;
}

function readOutput(
  value: Raw,
  folder: string,
): { readonly path: string; readonly problems: readonly Problem[] } {
  const given = own(value, "output");
  if (given === undefined) return { path: "generated", problems: [] };
  const path = given as string;
  const wrong =
    checkPath(given, "the output folder") ??
    (isPattern(path) ? `the output folder cannot be a pattern: ${quote(path)}` : undefined) ??
    (pathOutside(resolve(folder, path), folder)
      ? `${quote(path)} leads out of the folder of package.json by a symbolic link: pass the output folder with -o if you mean it`
      : undefined);
  return wrong === undefined
    ? { path, problems: [] }
    : { path: "", problems: [problemAt(["output"], wrong)] };
}

/** Returns the problem with a path in `package.json`, if there is one. */
function checkPath(path: unknown, what: string): string | undefined {
  if (typeof path !== "string" || path.trim() === "")
    return `${what} must be a path, not ${path === "" ? "an empty text" : typeName(path)}`;
  if (path.length > maxPatternLength || /\p{C}/u.test(path))
    return `a path must have at most ${maxPatternLength} printable characters`;
  if (/[\\[\]{}!()]/.test(path))
    return `${quote(path)} contains a character that is not allowed here: write / between folders; only *, ** and ? are patterns`;
  if (/^(?:\/|~|[a-z]:)/i.test(path))
    return `${quote(path)} is absolute: write a path relative to the folder of package.json`;
  const names = path.split("/");
  if (names.includes(".."))
    return `${quote(path)} leads out of the folder of package.json: write a path without ..`;
  const hidden = names.find((name) => /^\.(?!$)/.test(name) || name.toLowerCase() === "node_modules");
  if (hidden !== undefined)
    return `${quote(path)} is in ${quote(hidden)}, which cannot hold specs or modules`;
  return undefined;
}
