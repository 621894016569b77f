import type { JsonObject } from "@connector-gen/runtime";

import type { Report } from "../load/document.js";
import { readKindUse } from "../kinds.js";
import type { JsonSchema, KindUse, SpecSelector } from "../spec.js";
import { isObject, own } from "../values.js";
import type { MergedResource } from "./merged-resource.js";

/** Reads `data_layout`; `undefined` if the records are a list. */
export function readLayout(
  merged: MergedResource,
  select: SpecSelector | undefined,
  report: Report,
): KindUse | undefined {
  const raw = own(own(merged.value, "endpoint"), "data_layout") ?? undefined;
  if (raw === undefined) return undefined;
  const path = merged.at("endpoint", "data_layout");
  if (select === undefined) {
    const message =
      'data_layout needs a data_selector, which leads to the records: add it; "$" is the whole body';
    report({ code: "conflicting-options", message, path, at: "key" });
  }
  return readKindUse("layout", raw, { path, report });
}

/** Adds the field that takes the keys of records to their schema, unless the schema has it. */
export function withKeyField(
  schema: JsonSchema | undefined,
  layout: KindUse | undefined,
): JsonSchema | undefined {
  const key = layout?.options["keyField"];
  if (typeof key !== "string" || !isObject(schema)) return schema;
  const properties = own(schema, "properties");
  if (isObject(properties) && Object.hasOwn(properties, key)) return schema;
  const added: JsonObject = { [key]: { type: "string" } };
  const isPlain =
    isObject(properties) && !["$ref", "allOf", "anyOf", "oneOf"].some((keyword) => keyword in schema);
  if (!isPlain) return { allOf: [{ type: "object", required: [key], properties: added }, schema] };
  const required = own(schema, "required");
  return {
    ...schema,
    properties: { ...added, ...(properties as JsonObject) },
    required: [key, ...(Array.isArray(required) ? (required as readonly string[]) : [])],
  };
}
