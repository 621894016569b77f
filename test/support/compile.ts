import { relative } from "node:path";
import ts from "typescript";
import { root, runtimeSources } from "./paths.js";

/** The strict flags of the contract. The runtime is resolved to its sources. */
const strictOptions: ts.CompilerOptions = {
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
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  paths: Object.fromEntries(Object.entries(runtimeSources).map(([name, file]) => [name, [file]])),
  noEmit: true,
};

/** Libraries and the runtime, parsed once for all programs of a test file. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** A program over these files, under the strict flags. */
export function createStrictProgram(files: readonly string[]): ts.Program {
  const host = ts.createCompilerHost(strictOptions);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    if (files.includes(name)) return parse(name, ...rest);
    if (!parsed.has(name)) parsed.set(name, parse(name, ...rest));
    return parsed.get(name);
  };
  return ts.createProgram(files, strictOptions, host);
}

/** Checks modules together in one program under the strict flags; returns their errors by file. */
export function typeCheck(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return findErrors(createStrictProgram(files), files);
}

/** The errors of a program's files, by file. */
export function findErrors(
  program: ts.Program,
  files: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const errors = new Map<string, readonly string[]>();
  for (const file of files) {
    const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(describe);
    if (problems.length > 0) errors.set(file, problems);
  }
  return errors;
}

function describe({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  return `${relative(root, file?.fileName ?? "")}:${line}: ${text}`;
}
