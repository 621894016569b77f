import type { JsonObject } from "@connector-gen/runtime";

import { parseRef, resolveRef, type SchemaScope, scopeOf } from "./json-schema-refs.js";
import { parseSelector } from "../selector/selector.js";
import { isObject, listOf, own } from "../values.js";

/** The types of values that a request can hold as text. */
const SCALARS = ["string", "integer", "number", "boolean"];

/** What a parameter takes where the schema does not say. */
const ANY: JsonObject = { type: ["string", "number"] };

/** The longest chain of references that is followed. */
const MAX_CHAIN = 200;

/** The schema of the text or number at a place of a record; its type and format only. */
export function scalarAt(schema: unknown, query: string, scope: SchemaScope): JsonObject {
  const selector = parseSelector(query.startsWith("$") ? query : "$");
  const segments = selector.ok ? selector.segments : [];
  let found: Found | undefined = { schema, scope };
  for (const segment of segments) found = found && childOf(found, segment);
  return (found && toScalar(found)) ?? ANY;
}

interface Found {
  readonly schema: unknown;
  readonly scope: SchemaScope;
}

function childOf(found: Found, segment: unknown): Found | undefined {
  for (const part of partsOf(found)) {
    const child =
      typeof segment === "number" || segment === "[*]"
        ? own(part.schema, "items")
        : typeof segment === "string"
          ? own(own(part.schema, "properties"), segment)
          : undefined;
    if (child !== undefined) return { ...part, schema: child };
  }
  return undefined;
}

function toScalar(found: Found): JsonObject | undefined {
  for (const { schema } of partsOf(found)) {
    const type = own(schema, "type");
    const types = (typeof type === "string" ? [type] : listOf(type)).filter((word) => word !== "null");
    if (types.length === 0) continue;
    if (!types.every((word): word is string => SCALARS.some((known) => known === word))) return undefined;
    const format = own(schema, "format");
    const [only, ...others] = types;
    return {
      type: only !== undefined && others.length === 0 ? only : types,
      ...(typeof format === "string" && { format }),
    };
  }
  return undefined;
}

/** A schema and everything that it consists of, each once: what it refers to, its parts and alternatives. */
function partsOf(found: Found, seen: Set<unknown> = new Set<unknown>()): readonly Found[] {
  const { schema, scope } = found;
  if (!isObject(schema) || seen.has(schema) || seen.size > MAX_CHAIN) return [];
  seen.add(schema);
  const ref = typeof schema["$ref"] === "string" ? parseRef(schema["$ref"]) : undefined;
  const target = ref && {
    schema: resolveRef(ref, scope),
    scope: ref.place === "schemas" ? scopeOf(resolveRef(ref, scope), scope.schemas) : scope,
  };
  const inner = ["allOf", "anyOf", "oneOf"].flatMap((keyword) => listOf(schema[keyword]));
  return [
    found,
    ...(target ? partsOf(target, seen) : []),
    ...inner.flatMap((part) => partsOf({ schema: part, scope }, seen)),
  ];
}
