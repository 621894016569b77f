import type { JsonSchema } from "../spec/spec.js";
import type { ResourceIr } from "./source-ir.js";
import { refOf } from "./flat-schema.js";

/** Deeper fields of schemas that refer to themselves have no mode of their own. */
const maxDepth = 12;

/** The fields of a record schema whose integers have a mode of their own, by their names joined by dots. */
export function bigIntegerFields(
  schema: JsonSchema | undefined,
  schemas: Readonly<Record<string, JsonSchema>>,
): Pick<ResourceIr, "bigIntegerFields"> {
  const fields: Record<string, "error" | "string" | "bigint"> = {};
  const visit = (part: unknown, path: string, depth: number): void => {
    if (typeof part !== "object" || part === null || depth > maxDepth) return;
    const node = part as Exclude<JsonSchema, boolean>;
    const mode = node["big_integers"];
    if (mode === "string" || mode === "bigint" || mode === "error") fields[path] = mode;
    const ref = refOf(node);
    if (ref !== undefined) visit(schemas[ref], path, depth + 1);
    for (const key of ["oneOf", "anyOf", "allOf", "prefixItems"])
      for (const inner of (node[key] ?? []) as readonly unknown[]) visit(inner, path, depth + 1);
    visit(node["items"], path, depth + 1);
    for (const [name, inner] of Object.entries(
      (node["properties"] ?? {}) as Readonly<Record<string, unknown>>,
    ))
      visit(inner, path ? `${path}.${name}` : name, depth + 1);
  };
  visit(schema, "", 0);
  return Object.keys(fields).length > 0 ? { bigIntegerFields: fields } : {};
}
