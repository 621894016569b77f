import type { JsonValue } from "../json.js";
import type { PageRequest } from "../paginator.js";

/** A value at a dotted path of the JSON body if there is one, else in a query parameter, where it must be a scalar. */
export function place(
  value: JsonValue | undefined,
  param: string,
  bodyPath: string | null | undefined,
): PageRequest {
  if (value === undefined) return {};
  return bodyPath ? { body: { [bodyPath]: value } } : { query: { [param]: value as string } };
}

/** Two additions to one request. */
export function both(a: PageRequest, b: PageRequest): PageRequest {
  return { ...a, ...b, query: { ...a.query, ...b.query }, body: { ...a.body, ...b.body } };
}
