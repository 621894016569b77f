import { join } from "node:path";
import type { Diagnostic } from "../diagnostics.js";
import { isModuleFile } from "../file-names.js";
import { createDocument, type Path, type Problem } from "../spec/load/document.js";
import { loadJson } from "../spec/load/load-json.js";
import { isObject, own } from "../spec/values.js";
import { list, quote, typeName } from "../spec/wording.js";
import { readOwnFile } from "./files.js";

/** The name of the manifest in an output folder. */
export const manifestName = ".connector-gen.json";

/** Maximum size of a manifest, in bytes. */
const maxBytes = 1024 * 1024;
/** Maximum number of reported problems of a manifest. */
const maxProblems = 20;

/** The entry of the manifest for one generated file. */
export interface Entry {
  /** Base name of the spec that generates the file. */
  readonly spec: string;
  /** SHA-256 of the file in hex. */
  readonly sha256: string;
}

/** The generated files of an output folder by name. Every name is that of a module, without a folder. */
export type Manifest = ReadonlyMap<string, Entry>;

/** The manifest of a folder and its problems. */
export interface ManifestResult {
  /** Empty if there is no manifest, or an invalid one. */
  readonly manifest: Manifest;
  /** The text on disk, for code frames; absent if there is no manifest. */
  readonly text?: string;
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads and checks the manifest of a folder. Anyone who can change the repository can write it, so nothing in it is
 * trusted.
 */
export function readManifest(folder: string): ManifestResult {
  const file = join(folder, manifestName);
  const found = readOwnFile(file, maxBytes);
  if (found.kind === "missing") return { manifest: new Map(), file, diagnostics: [] };
  if (found.kind === "refused") {
    const message = `the manifest is ${found.what}: ${remedy}`;
    const document = createDocument({ file, text: "", format: "json" }, { problems: [] });
    return { manifest: new Map(), file, diagnostics: [document.diagnose(problemAt([], message))] };
  }
  return parseManifest(file, found.text);
}

function parseManifest(file: string, text: string): ManifestResult {
  const loaded = loadJson(text);
  const document = createDocument({ file, text, format: "json" }, loaded);
  const syntax = document.diagnostics.map((each) => ({
    ...each,
    code: "invalid-manifest",
    message: `invalid manifest: ${each.message}; ${remedy}`,
  }));
  if (loaded.value === undefined || syntax.length > 0)
    return { manifest: new Map(), text, file, diagnostics: syntax.slice(0, maxProblems) };
  const problems = check(loaded.value);
  const shown = problems.slice(0, maxProblems).map((problem) => document.diagnose(problem));
  const manifest = problems.length > 0 ? new Map<string, Entry>() : entriesOf(loaded.value);
  return { manifest, text, file, diagnostics: shown };
}

const remedy = "delete it and run connector-gen generate, which writes it again";

function problemAt(path: Path, message: string): Problem {
  return { code: "invalid-manifest", message, path, at: "key" };
}

function check(value: unknown): readonly Problem[] {
  if (!isObject(value))
    return [problemAt([], `the manifest must be an object, not ${typeName(value)}: ${remedy}`)];
  const unknown = Object.keys(value)
    .filter((key) => key !== "files")
    .map((key) => problemAt([key], `unknown key ${quote(key)} in the manifest: remove it`));
  const files = own(value, "files");
  if (!isObject(files)) {
    const message = `the manifest needs "files", an object: ${remedy}`;
    return [...unknown, problemAt(files === undefined ? [] : ["files"], message)];
  }
  const taken = new Set<string>();
  return [...unknown, ...Object.entries(files).flatMap(([name, entry]) => checkEntry(name, entry, taken))];
}

function checkEntry(name: string, entry: unknown, taken: Set<string>): readonly Problem[] {
  const path = ["files", name];
  if (!isModuleFile(name)) {
    const message = `the manifest names ${quote(name)}, which connector-gen does not write: it writes only <name>.ts and <name>.schemas.ts; remove this entry`;
    return [problemAt(path, message)];
  }
  const key = name.toLowerCase();
  if (taken.has(key)) {
    const message = `the manifest has ${quote(name)} twice, in different case: remove one of the entries`;
    return [problemAt(path, message)];
  }
  taken.add(key);
  return checkFacts(name, entry);
}

function checkFacts(name: string, entry: unknown): readonly Problem[] {
  const path = ["files", name];
  const where = `the entry ${quote(name)} of the manifest`;
  if (!isObject(entry))
    return [problemAt(path, `${where} must be an object, not ${typeName(entry)}: ${remedy}`)];
  const unknown = Object.keys(entry).filter((key) => key !== "spec" && key !== "sha256");
  const { spec, sha256 } = entry;
  const isSpec = typeof spec === "string" && /^[^/\\\p{C}]{1,255}$/u.test(spec);
  const isHash = typeof sha256 === "string" && /^[\da-f]{64}$/.test(sha256);
  return [
    ...(unknown.length > 0
      ? [problemAt(path, `${where} has unknown keys: ${list(unknown)}; remove them`)]
      : []),
    ...(isSpec
      ? []
      : [problemAt(path, `${where} needs "spec", the name of a spec without its folder: ${remedy}`)]),
    ...(isHash ? [] : [problemAt(path, `${where} needs "sha256", a hash of 64 hex digits: ${remedy}`)]),
  ];
}

/** The entries of a checked manifest. */
function entriesOf(value: unknown): Manifest {
  return new Map(Object.entries((value as { readonly files: Readonly<Record<string, Entry>> }).files));
}

/** Prints a manifest, sorted by name. */
export function printManifest(manifest: Manifest): string {
  const sorted = [...manifest].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ files: Object.fromEntries(sorted) }, null, 2)}\n`;
}
