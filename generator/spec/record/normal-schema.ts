import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { documentationKeywords } from "../spec.js";
import { mapSubschemas } from "./json-schema-walk.js";
import { isObject, listOf, own } from "../values.js";

/**
 * Converts the keywords of a schema to the form of JSON Schema 2020-12. Older drafts, OpenAPI and Swagger write
 * nullability, tuples, exclusive bounds, dependencies and open enums differently.
 */
export function normalizeSchema(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  let node = schema as JsonObject;
  for (const step of [withoutIdentity, withTuple, withBounds, withDependencies, withOpenEnum, withNull])
    node = step(node);
  return mapSubschemas(node, normalizeSchema);
}

const annotations = [...documentationKeywords, "externalDocs", "xml"];

/** Whether a keyword only documents values. */
function isAnnotation(keyword: string): boolean {
  return annotations.includes(keyword) || (/^x-/i.test(keyword) && keyword !== "x-open-enum");
}

const identity = [
  ...["$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$comment", "$vocabulary", "$defs", "definitions"],
];

/** Removes the keywords of identity. References have been resolved, so nothing refers to them. */
function withoutIdentity(schema: JsonObject): JsonObject {
  if (!identity.some((keyword) => keyword in schema)) return schema;
  const { $schema, $id, id, $anchor, $dynamicAnchor, $comment, $vocabulary, $defs, definitions, ...rest } =
    schema;
  // `id` is a keyword of draft 4 only; a schema may have it as an unknown keyword.
  return id === undefined || typeof id === "string" ? rest : { id, ...rest };
}

/** `items: [a, b]` and `additionalItems`, before 2020-12. */
function withTuple(schema: JsonObject): JsonObject {
  if (!("items" in schema) || (!Array.isArray(schema["items"]) && !("additionalItems" in schema)))
    return schema;
  const { items, additionalItems, ...rest } = schema;
  if (!Array.isArray(items)) return { ...rest, items };
  const first = items.length > 0 ? { prefixItems: items } : {};
  return { ...rest, ...first, ...(additionalItems !== undefined && { items: additionalItems }) };
}

/** `exclusiveMinimum: true` beside `minimum`, as in draft 4 and OpenAPI 3.0. */
function withBounds(schema: JsonObject): JsonObject {
  const move = (node: JsonObject, bound: string, exclusive: string): JsonObject => {
    if (typeof node[exclusive] !== "boolean") return node;
    const { [bound]: limit, [exclusive]: flag, ...rest } = node;
    return limit === undefined ? rest : { ...rest, [flag ? exclusive : bound]: limit };
  };
  return move(move(schema, "minimum", "exclusiveMinimum"), "maximum", "exclusiveMaximum");
}

/** `dependencies`, before 2019-09. */
function withDependencies(schema: JsonObject): JsonObject {
  if (!("dependencies" in schema)) return schema;
  const { dependencies, ...rest } = schema;
  if (!isObject(dependencies)) return schema;
  const all = Object.entries(dependencies);
  const lists = all.filter(([, value]) => Array.isArray(value));
  const schemas = all.filter(([, value]) => !Array.isArray(value));
  return {
    ...rest,
    ...(lists.length > 0 && { dependentRequired: Object.fromEntries(lists) }),
    ...(schemas.length > 0 && { dependentSchemas: Object.fromEntries(schemas) }),
  };
}

/** Enums that may grow: `x-extensible-enum` (a list), and `x-ms-enum.modelAsString` of Azure. */
function withOpenEnum(schema: JsonObject): JsonObject {
  if (Array.isArray(schema["x-extensible-enum"]) && schema["x-extensible-enum"].length > 0) {
    const { "x-extensible-enum": extensible, ...rest } = schema;
    return { ...rest, enum: extensible, "x-open-enum": true };
  }
  const isOpen = own(schema["x-ms-enum"], "modelAsString") === true;
  return isOpen && schema["x-open-enum"] === undefined ? { ...schema, "x-open-enum": true } : schema;
}

/** `nullable` of OpenAPI 3.0 and `x-nullable` of Swagger 2.0, beside any other keyword. */
function withNull(schema: JsonObject): JsonObject {
  if (!["nullable", "x-nullable", "allOf"].some((keyword) => keyword in schema)) return schema;
  const { nullable, "x-nullable": swagger, ...rest } = withHoistedNull(schema);
  if (nullable !== true && swagger !== true) return rest;
  if (rest["$ref"] !== undefined || rest["allOf"] !== undefined) return wrapNull(rest);
  const list = ["oneOf", "anyOf"].find((keyword) => Array.isArray(rest[keyword]));
  const known = list === undefined ? undefined : (rest[list] as readonly JsonValue[]);
  const { const: value, ...others } = rest;
  return {
    ...others,
    ...("type" in rest && { type: addTo(rest["type"] ?? [], "null") }),
    ...(Array.isArray(rest["enum"]) && { enum: addTo(rest["enum"], null) }),
    ...(value !== undefined && { enum: addTo([value], null) }),
    ...(list !== undefined && known && { [list]: addTo(known, { type: "null" }) }),
  };
}

function wrapNull(schema: JsonObject): JsonObject {
  const outer = Object.entries(schema).filter(([keyword]) => isAnnotation(keyword));
  const inner = Object.entries(schema).filter(([keyword]) => !isAnnotation(keyword));
  return { ...Object.fromEntries(outer), anyOf: [Object.fromEntries(inner), { type: "null" }] };
}

/** `allOf: [{ $ref }, { nullable: true }]` means the same as `nullable` beside `allOf`. */
function withHoistedNull(schema: JsonObject): JsonObject {
  const parts = listOf(schema["allOf"]) as readonly JsonValue[];
  const isFlag = (part: JsonValue): boolean =>
    isObject(part) &&
    own(part, "nullable") === true &&
    Object.keys(part).every((keyword) => keyword === "nullable" || isAnnotation(keyword));
  const others = parts.filter((part) => !isFlag(part));
  if (others.length === parts.length) return schema;
  const { allOf: _all, ...rest } = schema;
  return { ...rest, ...(others.length > 0 && { allOf: others }), nullable: true };
}

function addTo(list: JsonValue, value: JsonValue): JsonValue {
  const values = Array.isArray(list) ? (list as readonly JsonValue[]) : [list];
  const has = values.some((each) => JSON.stringify(each) === JSON.stringify(value));
  return has ? values : [...values, value];
}
