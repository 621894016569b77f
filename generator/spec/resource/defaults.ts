import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import { copy, isObject, own } from "../values.js";

/** Endpoint keys whose own keys are merged one by one; every other key is replaced whole. */
const MERGED = ["params", "json"];

/**
 * Puts `resource_defaults` under a resource (reference §3): `params`, `json` and `columns` are merged, everything
 * else is replaced where the resource has the key, even by `null`. The result shares nothing with its sources.
 */
export function mergeDefaults(defaults: JsonObject, resource: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...defaults, ...resource };
  const endpoint = mergeEndpoint(own(defaults, "endpoint"), own(resource, "endpoint"));
  const columns = mergeColumnLists(own(defaults, "columns"), own(resource, "columns"));
  return copy({ ...merged, endpoint, ...(columns !== undefined && { columns }) });
}

/** Writes a resource's short forms out: `"courses"` as a name and its path, an endpoint's text as its path. */
export function expandResource(resource: JsonValue): JsonObject {
  if (typeof resource === "string") return { name: resource, endpoint: { path: resource } };
  if (!isObject(resource)) return {};
  const item = resource;
  const endpoint = own(item, "endpoint");
  return typeof endpoint === "string" ? { ...item, endpoint: { path: endpoint } } : item;
}

function mergeEndpoint(defaults: unknown, resource: unknown): JsonObject {
  // A path of the defaults would be the same for all: it is never used.
  const { path: _unused, ...base } = isObject(defaults) ? (defaults as JsonObject) : {};
  const top = isObject(resource) ? (resource as JsonObject) : {};
  const merged = MERGED.filter((key) => isObject(own(base, key)) && key in top).map((key) => {
    const over = own(top, key);
    return [key, { ...(own(base, key) as JsonObject), ...(isObject(over) && over) }] as const;
  });
  return { ...base, ...top, ...(Object.fromEntries(merged) as JsonObject) };
}

/** Merges columns property by property; nothing, when one side has none. */
function mergeColumnLists(defaults: unknown, resource: unknown): JsonObject | undefined {
  if (!isColumns(defaults) || !isColumns(resource)) return undefined;
  const merged = new Map(columnsByName(defaults));
  for (const [name, hints] of columnsByName(resource)) merged.set(name, { ...merged.get(name), ...hints });
  return Object.fromEntries(merged);
}

/** Reads dlt's columns, by name or as a list, into a map. */
export function columnsByName(columns: unknown): ReadonlyMap<string, JsonObject> {
  const entries = Array.isArray(columns)
    ? columns.map((column: unknown) => [own(column, "name"), column] as const)
    : Object.entries(isObject(columns) ? columns : {});
  return new Map(
    entries.flatMap(([name, column]) =>
      typeof name === "string" && isObject(column) ? [[name, column as JsonObject] as const] : [],
    ),
  );
}

function isColumns(value: unknown): boolean {
  return Array.isArray(value) || isObject(value);
}
