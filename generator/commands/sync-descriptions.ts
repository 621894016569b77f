import type { Source } from "@connector-gen/runtime";
import { describeFields } from "../ir/load-types.js";
import type { SourceIr } from "../ir/source-ir.js";
import { collectDeclarations } from "../mock/data/types.js";

/** Adds the descriptions of resources and fields to a source. They become comments of tables and columns. */
export function withDescriptions(live: Source, source: SourceIr): Source {
  const declarations = collectDeclarations(source);
  const resources = source.resources.flatMap(({ name, record, description }) => {
    const shape = live.resources[name];
    if (!shape) return [];
    const fields = describeFields(record, (each) => declarations.get(each));
    const descriptions = { ...(description && { "": description }), ...Object.fromEntries(fields) };
    return [[name, { ...shape, load: { ...shape.load, descriptions } }] as const];
  });
  return { ...live, resources: Object.fromEntries(resources) };
}
