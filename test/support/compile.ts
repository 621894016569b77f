import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { root, runtimeSources } from "./paths.js";

/** The strict flags of the contract. The runtime is resolved to its sources. */
const strictFlags = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedDeclarations: true,
  declaration: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  skipLibCheck: true,
  target: "es2022",
  lib: ["es2022"],
  types: [] as string[],
  module: "nodenext",
  moduleResolution: "nodenext",
  paths: Object.fromEntries(Object.entries(runtimeSources).map(([name, file]) => [name, [file]])),
  noEmit: true,
};

/** Libraries and the runtime, parsed once for all programs of a test file. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Creates a program of the compiler's API for these files, under the strict flags. */
export function createStrictProgram(files: readonly string[]): ts.Program {
  const { options } = ts.convertCompilerOptionsFromJson(strictFlags, root);
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (files.includes(name)) return parse(name, ...rest);
    if (!parsed.has(name)) parsed.set(name, parse(name, ...rest));
    return parsed.get(name);
  };
  return ts.createProgram(files, options, host);
}

/**
 * Checks modules together under the strict flags. Returns their errors by file. Uses the compiler written in Go, which
 * takes a fifth of the time but has no API.
 */
export function typeCheck(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  mkdirSync(join(root, ".scratch"), { recursive: true });
  const folder = mkdtempSync(join(root, ".scratch/type-check-"));
  try {
    const project = join(folder, "tsconfig.json");
    writeFileSync(project, JSON.stringify({ compilerOptions: strictFlags, files }));
    return parseErrors(runCompiler(project), files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the compiler and returns its output. */
function runCompiler(project: string): string {
  const args = [
    join(root, "node_modules/ts70/bin/tsc"),
    "-p",
    project,
    "--pretty",
    "false",
    "--checkers",
    "1",
  ];
  try {
    return execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string };
    if (!stdout) throw error;
    return stdout;
  }
}

/**
 * Finds `file(line,column): error TS1: text` and its indented lines. Ignores errors in the runtime's sources, which have
 * other flags.
 */
function parseErrors(printed: string, files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const errors = new Map<string, readonly string[]>();
  for (const problem of printed.split(/\n(?=\S)/).filter((text) => text.trim() !== "")) {
    const [, path = "", line, text = ""] = /^(.+?)\((\d+),\d+\): error \w+: ([^]*)$/.exec(problem) ?? [];
    const file = files.find((each) => resolve(each) === resolve(root, path));
    if (path.startsWith("runtime/src/")) continue;
    if (path === "" || file === undefined) throw new Error(`the compiler says: ${problem}`);
    const message = `${relative(root, file)}:${line}: ${text.trim().replace(/\s*\n\s*/g, " ")}`;
    errors.set(file, [...(errors.get(file) ?? []), message]);
  }
  return errors;
}
