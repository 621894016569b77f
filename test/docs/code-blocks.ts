import { join, relative } from "node:path";
import ts from "typescript";
import type {} from "./code-globals.js";
import { packageSources, root, runtimeSources } from "../support/paths.js";

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  types: ["node"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  paths: {
    ...Object.fromEntries(
      Object.entries({ ...packageSources, ...runtimeSources }).map(([name, file]) => [name, [file]]),
    ),
    "@opentelemetry/api": [join(root, "test/docs/open-telemetry.ts")],
  },
};

/** The packages' sources and all declarations, parsed once for all programs. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles blocks of TypeScript as modules of one program. Returns each error with the block's name and line. Blocks import
 * generated modules from `./generated/`: the shop's, and those given by file name.
 */
export function compileBlocks(
  blocks: ReadonlyMap<string, string>,
  generated: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const host = ts.createCompilerHost(options);
  const real = ts.createCompilerHost(options);
  const virtual = new Map(
    Array.from(blocks, ([name, text]) => [join(root, "test/docs", `${name}.ts`), `${text}\nexport {};\n`]),
  );
  virtual.set(join(root, "test/docs/generated/shop.ts"), 'export { createShop } from "../shop-client.js";');
  for (const [file, text] of generated) virtual.set(join(root, "test/docs/generated", file), text);
  virtual.set(join(root, "test/docs/open-telemetry.ts"), "export const trace = openTelemetryTrace;");
  host.directoryExists = (path) => path.endsWith("/generated") || real.directoryExists?.(path) === true;
  host.fileExists = (file) => virtual.has(file) || real.fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const text = virtual.get(file);
    if (text !== undefined) return ts.createSourceFile(file, text, rest[0]);
    if (!parsed.has(file)) parsed.set(file, real.getSourceFile(file, ...rest));
    return parsed.get(file);
  };
  const own = [...virtual.keys()];
  const program = ts.createProgram([join(root, "test/docs/code-globals.ts"), ...own], options, host);
  // The build checks the sources that the blocks import.
  const problems = own.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  return [...new Set(problems.map(toText))];
}

function toText({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
  return `${relative(root, file?.fileName ?? "")}:${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
