import type { DeclarationIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { formatModule } from "./format.js";
import { renderSchemas, renderSource } from "./render.js";
import { constantOf, schemasName } from "./schemas.js";
import { verifyModule } from "./verify.js";

const runtime = "@connector-gen/runtime";

/** The module of a source: rendered, held against the whitelist, formatted. */
export async function printSource(source: SourceIr): Promise<string> {
  const { names, resources } = source;
  const params = resources.flatMap(paramTypesOf);
  const exports = [
    ...[names.factory, names.facade, names.options, names.source],
    ...(names.hooks ? [names.hooks] : []),
    ...[...declarationsOf(source).map(({ name }) => name), ...params],
  ];
  const text = renderSource(source);
  assertClean(source, verifyModule(text, { modules: [runtime], exports }));
  return await formatModule(text);
}

/** The zod schemas of a source, made the same way. */
export async function printSchemas(source: SourceIr): Promise<string> {
  const exports = [...declarationsOf(source).map(({ name }) => constantOf(name)), schemasName(source)];
  const modules = [runtime, "zod", `./${source.names.file}.js`];
  const text = renderSchemas(source);
  assertClean(source, verifyModule(text, { modules, exports }));
  return await formatModule(text);
}

/** The types of a method's parameters. */
function paramTypesOf({ names, params, paramUnion }: ResourceIr): readonly string[] {
  if (params.length === 0) return [];
  const { base, members = [] } = paramUnion ?? {};
  return [names.params, ...[...(base ? [base] : []), ...members].map(({ name }) => name)];
}

function declarationsOf(source: SourceIr): readonly DeclarationIr[] {
  return [...source.resources.flatMap(({ declarations }) => declarations), ...source.shared];
}

/** A violation is a defect of the generator, never of the spec: the parser lets nothing through that could cause it. */
function assertClean(source: SourceIr, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(
    `the module printed for ${source.name} is not as it should be; nothing was written:\n${problems.join("\n")}`,
  );
}
