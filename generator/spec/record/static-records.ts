import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import type { JsonSchema } from "../spec.js";
import { isObject } from "../values.js";

/** The JSON Schema of static records: the types of their fields; a field that some records lack is optional. */
export function schemaOfRecords(records: readonly JsonValue[]): JsonSchema {
  return records.length > 0 ? schemaOf(records) : true;
}

function schemaOf(values: readonly JsonValue[]): JsonObject {
  const types = [...new Set(values.map(typeOf))];
  // Every integer is a number.
  const distinct = types.filter((type) => type !== "integer" || !types.includes("number"));
  const objects = values.filter(isObject) as readonly JsonObject[];
  const items = values.flatMap((value) => (Array.isArray(value) ? (value as readonly JsonValue[]) : []));
  return {
    type: distinct.length === 1 ? (distinct[0] ?? "null") : distinct,
    ...(objects.length > 0 && fieldsOf(objects)),
    ...(items.length > 0 && { items: schemaOf(items) }),
  };
}

function fieldsOf(objects: readonly JsonObject[]): JsonObject {
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const valuesOf = (name: string): readonly JsonValue[] =>
    objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name] ?? null] : []));
  const required = names.filter((name) => valuesOf(name).length === objects.length);
  return {
    properties: Object.fromEntries(names.map((name) => [name, schemaOf(valuesOf(name))])),
    ...(required.length > 0 && { required }),
  };
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
