import type { DeclarationIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { formatModule } from "./format.js";
import { readStatements } from "./layout.js";
import { renderSchemas, renderSource, runtime } from "./render.js";
import { constantOf, schemasName } from "./schemas.js";
import { verifyModule } from "./verify.js";

/** Prints the module of a source: renders it, checks it against the whitelist, and formats it. */
export async function printSource(source: SourceIr): Promise<string> {
  const { names, resources } = source;
  const params = resources.flatMap(paramTypesOf);
  const exports = [
    ...[names.factory, names.facade, names.options, names.source],
    ...(names.hooks ? [names.hooks] : []),
    ...[...declarationsOf(source).map(({ name }) => name), ...params],
  ];
  const statements = readStatements(renderSource(source));
  assertClean(source, await verifyModule(statements, { modules: [runtime], exports }));
  return await formatModule(statements);
}

/** Prints the zod schemas of a source in the same way. */
export async function printSchemas(source: SourceIr): Promise<string> {
  const exports = [...declarationsOf(source).map(({ name }) => constantOf(name)), schemasName(source)];
  const modules = [runtime, `${runtime}/schemas`, "zod", `./${source.names.file}.js`];
  const statements = readStatements(renderSchemas(source));
  assertClean(source, await verifyModule(statements, { modules, exports }));
  return await formatModule(statements);
}

/** Lists the types of a method's parameters. */
function paramTypesOf({ names, params, paramUnion }: ResourceIr): readonly string[] {
  if (params.length === 0) return [];
  const { base, members = [] } = paramUnion ?? {};
  return [names.params, ...[...(base ? [base] : []), ...members].map(({ name }) => name)];
}

function declarationsOf(source: SourceIr): readonly DeclarationIr[] {
  return [...source.resources.flatMap(({ declarations }) => declarations), ...source.shared];
}

/**
 * Throws for violations of the whitelist. They are defects of the generator: the parser rejects every spec that could
 * cause one.
 */
function assertClean(source: SourceIr, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(
    `the module for ${source.name} is invalid, and nothing was written; this is a defect of connector-gen:\n${problems.join("\n")}`,
  );
}
