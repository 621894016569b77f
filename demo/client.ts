import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ClientOptions, JsonObject, ReadOptions, RecordStream } from "@connector-gen/runtime";
import { generate, type SourceIr } from "connector-gen";

/** A client of a source that is not known when this program is compiled. */
export type AnyClient = Readonly<Record<string, Read>>;

type Read = (options?: ReadOptions) => RecordStream<JsonObject>;
/** Methods of resources with parameters take these first. */
type Facade = Readonly<Record<string, (...given: readonly unknown[]) => RecordStream<JsonObject>>>;
type Factory = (options: ClientOptions & Readonly<Record<string, unknown>>) => Facade;

/** Generates the module of a spec into a folder, compiles it there and makes its client. */
export async function createClientFromSpec(
  spec: string,
  source: SourceIr,
  { folder, options }: { readonly folder: string; readonly options: ClientOptions },
): Promise<AnyClient> {
  const result = await generate([spec], { out: folder, mode: "write", literalSecrets: "error", force: true });
  const problems = result.diagnostics.filter(({ severity }) => severity === "error");
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join("\n"));

  const module = (await import(await transpile(folder, source.names.file))) as Readonly<
    Record<string, unknown>
  >;
  const factory = module[source.names.factory] as Factory;
  const secrets = source.secrets.map(({ option }) => [option, "demo-key"] as const);
  return withoutParams(source, factory({ ...options, ...Object.fromEntries(secrets) }));
}

/** The client's methods, called without parameters. */
function withoutParams(source: SourceIr, facade: Facade): AnyClient {
  const methods = source.resources.map(({ names: { method }, params }): [string, Read] => [
    method,
    (options) => {
      const read = facade[method];
      if (!read) throw new Error(`the generated client has no method ${method}`);
      return params.length > 0 ? read({}, options) : read(options);
    },
  ]);
  return Object.fromEntries(methods);
}

/** Strips the types of a generated module, as any build would. Returns the address to import. */
async function transpile(folder: string, name: string): Promise<string> {
  const { default: ts } = await import("typescript");
  const text = await readFile(join(folder, `${name}.ts`), "utf8");
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, outputText);
  return pathToFileURL(file).href;
}
