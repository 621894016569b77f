import type { JsonValue } from "../json.js";
import type { PageRequest } from "./paginator.js";

/**
 * A value and where it goes: to a dotted path of the JSON body if there is one, else into a query parameter, where it
 * must be a scalar.
 */
export type Placed = readonly [
  value: JsonValue | undefined,
  param: string,
  bodyPath: string | null | undefined,
];

/** Values in their places; those that are `undefined` are left out. */
export function place(...values: readonly Placed[]): PageRequest {
  const query: Record<string, string> = {};
  const body: Record<string, JsonValue> = {};
  for (const [value, param, bodyPath] of values) {
    if (value === undefined) continue;
    if (bodyPath) body[bodyPath] = value;
    else query[param] = value as string;
  }
  return { query, body };
}
