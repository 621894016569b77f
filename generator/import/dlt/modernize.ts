import type { JsonValue } from "@connector-gen/runtime";
import { isObject } from "../../spec/values.js";

/** An endpoint of a spec during its conversion. */
type Endpoint = Readonly<Record<string, JsonValue>>;

/** Replaces older forms of dlt by the current form of the spec language. The requests stay the same. */
export function modernize(endpoint: Endpoint): Endpoint {
  return withoutResolve(withoutStartParam(withoutIncrementalParam(endpoint)));
}

/** Moves `"since": { "type": "incremental", … }` to the endpoint. */
function withoutIncrementalParam(endpoint: Endpoint): Endpoint {
  const params = endpoint["params"];
  if (!isObject(params) || "incremental" in endpoint) return endpoint;
  const found = Object.entries(params).filter(
    ([, value]) => isObject(value) && value["type"] === "incremental",
  );
  const [name, block] = found[0] ?? [];
  if (name === undefined || found.length > 1 || !isObject(block)) return endpoint;
  const { type: _, ...incremental } = block as Record<string, JsonValue>;
  return {
    ...endpoint,
    params: replaceEntry(params, name, "{incremental.start_value}"),
    incremental,
  };
}

/** Writes `start_param` and `end_param` as parameters. */
function withoutStartParam(endpoint: Endpoint): Endpoint {
  const { incremental, params = {} } = endpoint;
  if (!isObject(incremental) || !isObject(params)) return endpoint;
  const { start_param: start, end_param: end, ...others } = incremental as Record<string, JsonValue>;
  const bounds = new Map<string, JsonValue>();
  if (typeof start === "string") bounds.set(start, "{incremental.start_value}");
  if (typeof end === "string") bounds.set(end, "{incremental.end_value}");
  const isOther = [start, end].some((name) => name !== undefined && typeof name !== "string");
  if (bounds.size === 0 || isOther) return endpoint;
  // dlt overwrites parameters of these names.
  return {
    ...endpoint,
    params: { ...(params as Endpoint), ...Object.fromEntries(bounds) },
    incremental: others,
  };
}

/** Writes a parameter of type `resolve` as a placeholder in the path. */
function withoutResolve(endpoint: Endpoint): Endpoint {
  const { path, params } = endpoint;
  if (typeof path !== "string" || !isObject(params)) return endpoint;
  let written = path;
  const kept: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(params as Endpoint)) {
    const resource = isObject(value) && value["type"] === "resolve" ? value["resource"] : undefined;
    const field = isObject(value) ? value["field"] : undefined;
    const isWritten = typeof resource === "string" && typeof field === "string" && path.includes(`{${name}}`);
    if (isWritten) written = written.replaceAll(`{${name}}`, `{resources.${resource}.${field}}`);
    else kept.push([name, value]);
  }
  if (written === path) return endpoint;
  const { params: _, ...others } = endpoint;
  return { ...others, path: written, ...(kept.length > 0 && { params: Object.fromEntries(kept) }) };
}

function replaceEntry(
  entries: Readonly<Record<string, unknown>>,
  name: string,
  value: JsonValue,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, old]) => [key, key === name ? value : (old as JsonValue)]),
  );
}
