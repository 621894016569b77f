import { canonicalJson } from "../hash.js";
import { parseRef } from "./json-schema-refs.js";
import { mapSubschemas } from "./json-schema-walk.js";
import type { JsonSchema, Spec, SpecResource } from "../spec.js";
import { isObject, own, type Raw } from "../values.js";

type Schemas = Map<string, unknown>;

/**
 * Moves the `$defs` of all schemas to the source's `schemas` and rewrites the references: every `$ref` becomes
 * `#/schemas/<name>`, with the name unescaped.
 */
export function shareSchemas(
  resources: readonly SpecResource[],
  own: Raw,
): Pick<Spec, "resources" | "schemas"> {
  const shared: Schemas = new Map(Object.entries(own));
  const known = new Map<string, ReadonlyMap<string, string>>();
  const lift = (schema: JsonSchema, owner: string): JsonSchema => {
    return rewrite(schema, liftDefs(schema, { shared, known, owner })) as JsonSchema;
  };
  for (const [name, schema] of Object.entries(own)) shared.set(name, lift(schema as JsonSchema, name));
  const lifted = resources.map((resource) => ({
    ...resource,
    inputs: resource.inputs.map((input) =>
      input.in === "parent" ? input : { ...input, schema: lift(input.schema, input.name) },
    ),
    ...(resource.schema !== undefined && { schema: lift(resource.schema, resource.name) }),
  }));
  return { resources: lifted, schemas: Object.fromEntries(shared) as Spec["schemas"] };
}

/** Adds the definitions of a schema to the shared ones. Returns their shared names; equal definitions share names. */
function liftDefs(
  schema: JsonSchema,
  {
    shared,
    known,
    owner,
  }: { shared: Schemas; known: Map<string, ReadonlyMap<string, string>>; owner: string },
): ReadonlyMap<string, string> {
  const defs = own(schema, "$defs");
  if (!isObject(defs)) return new Map();
  const id = canonicalJson(defs);
  const earlier = known.get(id);
  if (earlier) return earlier;
  const names = new Map<string, string>();
  for (const name of Object.keys(defs)) {
    const free = freeName(name, owner, shared);
    names.set(name, free);
    shared.set(free, true);
  }
  known.set(id, names);
  for (const [name, definition] of Object.entries(defs))
    shared.set(names.get(name) ?? name, rewrite(definition, names));
  return names;
}

function freeName(name: string, owner: string, taken: Schemas): string {
  const candidates = [name, `${owner}_${name}`];
  for (let number = 2; ; number += 1) {
    const candidate = candidates.shift() ?? `${owner}_${name}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function rewrite(schema: unknown, defs: ReadonlyMap<string, string>): unknown {
  if (!isObject(schema)) return schema;
  const { $defs: _moved, ...rest } = mapSubschemas(schema, (part) => rewrite(part, defs));
  const ref = typeof rest["$ref"] === "string" ? parseRef(rest["$ref"]) : undefined;
  if (!ref) return rest;
  const name = ref.section === "$defs" ? (defs.get(ref.name) ?? ref.name) : ref.name;
  return { ...rest, $ref: `#/schemas/${name}` };
}
