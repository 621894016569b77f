import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import type ts from "typescript";
import { inject } from "vitest";
import { root, runtimeSources } from "./paths.js";
import { declarationsIn } from "./runtime-types.js";

/** The strict flags of the contract, without the paths of the runtime. */
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
  noEmit: true,
};

/**
 * Returns the strict flags. The runtime is resolved to declarations of its sources, because every program would check the
 * sources again, which takes four times as long.
 */
function flags({ flags: own, paths: others = {} }: Changes = {}): object {
  const folder = declarationsIn(inject("runtimeTypes"), (target) => {
    const emit = ["--noCheck", "--emitDeclarationOnly", "--outDir", target];
    const printed = runCompiler("runtime/tsconfig.json", [...emit, "--composite", "false"]);
    if (printed.trim() !== "") throw new Error(`the runtime has no declarations: ${printed}`);
  });
  const paths = Object.entries(runtimeSources).map(([name, file]) => {
    const declared = relative(join(root, "runtime/src"), file).replace(/\.ts$/, ".d.ts");
    return [name, [join(folder, declared)]] as const;
  });
  const more = Object.entries(others).map(([name, file]) => [name, [file]] as const);
  return { ...strictFlags, ...own, paths: Object.fromEntries([...paths, ...more]) };
}

/** Other flags, and the files of further packages. */
interface Changes {
  readonly flags?: object;
  readonly paths?: Readonly<Record<string, string>>;
}

/** Libraries and the runtime, parsed once for all programs of a test file. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Loads the package `typescript`, whose programs find the libraries. `import` yields the compiler inside ts-morph. */
export function loadTypeScript(): typeof ts {
  return createRequire(import.meta.url)("typescript") as typeof ts;
}

/** Creates a program of the compiler's API for these files, under the strict flags. */
export function createStrictProgram(files: readonly string[]): ts.Program {
  const compiler = loadTypeScript();
  const { options } = compiler.convertCompilerOptionsFromJson(flags(), root);
  const host = compiler.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (files.includes(name)) return parse(name, ...rest);
    if (!parsed.has(name)) parsed.set(name, parse(name, ...rest));
    return parsed.get(name);
  };
  return compiler.createProgram(files, options, host);
}

/**
 * Checks modules together under the strict flags. Returns their errors by file. Uses the compiler written in Go, which
 * takes a fifth of the time but has no API.
 */
export function typeCheck(
  files: readonly string[],
  changes: Changes = {},
): ReadonlyMap<string, readonly string[]> {
  mkdirSync(join(root, ".scratch"), { recursive: true });
  const folder = mkdtempSync(join(root, ".scratch/type-check-"));
  try {
    const project = join(folder, "tsconfig.json");
    writeFileSync(project, JSON.stringify({ compilerOptions: flags(changes), files }));
    return parseErrors(runCompiler(project, ["--pretty", "false"]), files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the compiler and returns its output. */
function runCompiler(project: string, options: readonly string[]): string {
  const args = [join(root, "node_modules/ts70/bin/tsc"), "-p", project, "--checkers", "1", ...options];
  try {
    return execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string };
    if (!stdout) throw error;
    return stdout;
  }
}

/** Finds `file(line,column): error TS1: text` and its indented lines. */
function parseErrors(printed: string, files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const errors = new Map<string, readonly string[]>();
  for (const problem of printed.split(/\n(?=\S)/).filter((text) => text.trim() !== "")) {
    const [, path = "", line, text = ""] = /^(.+?)\((\d+),\d+\): error \w+: ([^]*)$/.exec(problem) ?? [];
    const file = files.find((each) => resolve(each) === resolve(root, path));
    if (path === "" || file === undefined) throw new Error(`the compiler says: ${problem}`);
    const message = `${relative(root, file)}:${line}: ${text.trim().replace(/\s*\n\s*/g, " ")}`;
    errors.set(file, [...(errors.get(file) ?? []), message]);
  }
  return errors;
}
