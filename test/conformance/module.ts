import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientOptions, JsonObject, ReadOptions, RecordStream } from "@connector-gen/runtime";
import { formatDiagnostic, isError } from "../../generator/diagnostics.js";
import { printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import type { SourceIr } from "../../generator/ir/source-ir.js";
import { loadSpec } from "../../generator/spec/load/load.js";
import { parseSpec } from "../../generator/spec/parse.js";
import { loadModule } from "../support/load-module.js";
import { extractSecrets } from "./secrets.js";
import type { Vector } from "./vector.js";

/** The result of generating a vector's config: a module, or the reasons for its rejection. */
export type Generated = GeneratedModule | RejectedConfig;

/** A generated module, written but not yet imported. */
export interface GeneratedModule {
  readonly isRejected: false;
  /** The module's file, TypeScript. */
  readonly file: string;
  readonly source: SourceIr;
  readonly secrets: ReadonlyMap<string, string>;
}

/** A config with errors. */
export interface RejectedConfig {
  readonly isRejected: true;
  /** One line per error. */
  readonly problems: readonly string[];
}

/** A generated client: its methods by the names of the resources. */
export type Client = Readonly<Record<string, (options: ReadOptions) => RecordStream<unknown>>>;

/** Writes the module of a vector to `<folder>/<group>/<name>.ts`. */
export async function generateModule(vector: Vector, folder: string): Promise<Generated> {
  const { config, secrets } = extractSecrets(vector.config);
  const document = await loadSpec(`${vector.name}.json`, JSON.stringify(config, null, 2));
  const { spec, diagnostics, frameText } = parseSpec(document, { literalSecrets: "extract" });
  if (!spec) {
    const errors = diagnostics.filter(isError).map((each) => formatDiagnostic(each, frameText));
    return { isRejected: true, problems: errors.map((text) => text.split("\n", 1)[0] ?? "") };
  }
  const source = buildSource(spec);
  mkdirSync(join(folder, vector.group), { recursive: true });
  const file = join(folder, vector.group, `${vector.name}.ts`);
  writeFileSync(file, await printSource(source));
  return { isRejected: false, file, source, secrets };
}

/** The same vector with `data_selector_required: false` for every resource. */
export function withOptionalSelector(vector: Vector): Vector {
  const defaults = (vector.config["resource_defaults"] ?? {}) as JsonObject;
  const endpoint = { ...(defaults["endpoint"] as JsonObject | undefined), data_selector_required: false };
  return {
    ...vector,
    name: `${vector.name}.optional`,
    config: { ...vector.config, resource_defaults: { ...defaults, endpoint } },
  };
}

/** Imports a module, and creates its client. */
export async function createClient(module: GeneratedModule, options: ClientOptions): Promise<Client> {
  const { source, secrets } = module;
  const exports = await loadModule(module.file);
  const create = exports[source.names.factory] as (options: object) => Methods;
  const given = source.secrets.flatMap(({ name, option }) => {
    const value = secrets.get(name);
    return value === undefined ? [] : [[option, value] as const];
  });
  const facade = create({ ...options, ...Object.fromEntries(given) });
  const methods = source.resources.map(({ name, names, params }) => {
    const read = (readOptions: ReadOptions): RecordStream<unknown> => {
      const method = facade[names.method];
      if (!method) throw new Error(`the facade has no method ${names.method}`);
      return params.length > 0 ? method(undefined, readOptions) : method(readOptions);
    };
    return [name, read] as const;
  });
  return Object.fromEntries(methods);
}

/** Methods of resources with parameters take these first. */
type Methods = Readonly<
  Record<string, (...given: readonly (ReadOptions | undefined)[]) => RecordStream<unknown>>
>;
