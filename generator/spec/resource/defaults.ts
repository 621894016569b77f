import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import { copy, isObject, own } from "../values.js";

/** Endpoint keys that are merged key by key. All other keys are replaced as a whole. */
const mergedKeys = ["params", "json"];

/**
 * Merges `resource_defaults` into a resource. `params`, `json` and `columns` are merged key by key. For all other keys,
 * the value of the resource replaces the default, even if it is `null`. The result shares no objects with its arguments, except
 * the parts of the resource's schema.
 */
export function mergeDefaults(defaults: JsonObject, resource: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...defaults, ...resource };
  const endpoint = mergeEndpoint(own(defaults, "endpoint"), own(resource, "endpoint"));
  const columns = mergeColumnLists(own(defaults, "columns"), own(resource, "columns"));
  const schema = own(resource, "schema");
  if (isObject(schema)) merged["schema"] = null;
  const copied = copy({ ...merged, endpoint, ...(columns !== undefined && { columns }) });
  return isObject(schema) ? { ...copied, schema: { ...schema } as JsonObject } : copied;
}

/** Expands the short forms of a resource: `"courses"` to a name and a path, an endpoint's text to its path. */
export function expandResource(resource: JsonValue): JsonObject {
  if (typeof resource === "string") return { name: resource, endpoint: { path: resource } };
  if (!isObject(resource)) return {};
  const endpoint = own(resource, "endpoint");
  return typeof endpoint === "string" ? { ...resource, endpoint: { path: endpoint } } : resource;
}

function mergeEndpoint(defaults: unknown, resource: unknown): JsonObject {
  // A default path would be the same for all resources, so it is ignored.
  const { path: _unused, ...base } = isObject(defaults) ? (defaults as JsonObject) : {};
  const top = isObject(resource) ? (resource as JsonObject) : {};
  const merged = mergedKeys
    .filter((key) => isObject(own(base, key)) && key in top)
    .map((key) => {
      const over = own(top, key);
      return [key, { ...(own(base, key) as JsonObject), ...(isObject(over) && over) }] as const;
    });
  return { ...base, ...top, ...(Object.fromEntries(merged) as JsonObject) };
}

/** Merges columns property by property. Returns `undefined` if one side has no columns. */
function mergeColumnLists(defaults: unknown, resource: unknown): JsonObject | undefined {
  if (!isColumns(defaults) || !isColumns(resource)) return undefined;
  const merged = new Map(columnsByName(defaults));
  for (const [name, hints] of columnsByName(resource)) merged.set(name, { ...merged.get(name), ...hints });
  return Object.fromEntries(merged);
}

/** Returns dlt's columns, given by name or as a list, as a map from names to hints. */
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
