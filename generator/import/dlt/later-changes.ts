import type { JsonValue } from "@connector-gen/runtime";
import { isObject } from "../../spec/values.js";
import type { PyCall, PyValue } from "../python/values.js";
import type { Converter, Target } from "./converter.js";
import type { LaterChange } from "./find-configs.js";
import { convertIncremental, readIncremental } from "./incremental.js";
import { hookOf } from "./resource.js";

/** A resource of a spec during its conversion. */
type Resource = Record<string, JsonValue>;

/** A change and the position at which it is reported. */
interface Step {
  readonly converter: Converter;
  readonly call: PyCall;
  readonly target: Target;
}

/** Methods that change how records are loaded or shown, not which records are read. */
const harmless =
  /^(?:run|keys|values|items|clone|bind|parallelize|state|schema|discover_schema|exists|get|name|_\w+|__\w+__|extract|close|explicit_args|compute_table_schema|load_id)$/;

/** Keys of a resource that `apply_hints` and assignments to attributes set. */
const hintKeys =
  /^(?:write_disposition|primary_key|merge_key|columns|table_name|schema_contract|table_format|file_format|references|max_table_nesting|parent_table_name|selected|parallelized)$/;

/** Keys of an incremental block that determine how its values are sent. */
const requestKeys = /^(?:start_param|end_param|format)$/;

/**
 * Applies the changes that the source makes to its resources after the configuration was read, as far as a spec can
 * express them.
 */
export function applyLaterChanges(
  converter: Converter,
  resources: readonly JsonValue[],
  changes: readonly LaterChange[],
): readonly JsonValue[] {
  const changed = [...resources];
  for (const { resource: name, call } of changes) {
    if (harmless.test(call.callee)) continue;
    const index = changed.findIndex((one) => nameOf(one) === name);
    const path = index < 0 ? ["resources"] : ["resources", index];
    const step: Step = {
      converter,
      call,
      target: { path, text: "plain", ...(name !== undefined && { owner: name }) },
    };
    const resource = index < 0 ? undefined : changed[index];
    if (resource !== undefined) changed[index] = changeResource(toResource(resource), step);
    else reportForAll(step);
  }
  return changed;
}

function nameOf(resource: JsonValue): unknown {
  return isObject(resource) ? resource["name"] : resource;
}

function toResource(resource: JsonValue): Resource {
  return isObject(resource) ? { ...resource } : { name: resource, endpoint: resource };
}

function changeResource(resource: Resource, step: Step): Resource {
  const { call } = step;
  switch (call.callee) {
    case "add_map":
    case "add_filter":
      return addHook(resource, step, call.callee === "add_map" ? "map" : "filter");
    case "apply_hints":
    case "=":
      return [...call.keywords].reduce(
        (changed, [key, value]) => setHint(changed, step, { key, value }),
        resource,
      );
    default:
      reportForAll(step);
      return resource;
  }
}

function addHook(resource: Resource, { converter, call, target }: Step, key: "map" | "filter"): Resource {
  const steps = Array.isArray(resource["processing_steps"])
    ? (resource["processing_steps"] as JsonValue[])
    : [];
  const isFirst = !steps.some((step) => isObject(step) && step[key] === true);
  const own = { ...target, path: [...target.path, "processing_steps"] };
  converter.replaceByHook(call.positional[0] ?? call, own, hookOf(key, isFirst));
  return isFirst ? { ...resource, processing_steps: [...steps, { [key]: true }] } : resource;
}

function setHint(
  resource: Resource,
  { converter, target }: Step,
  { key, value }: { readonly key: string; readonly value: PyValue },
): Resource {
  const own: Target = { ...target, path: [...target.path, key] };
  if (key === "incremental") return setIncremental(resource, { converter, target, value });
  if (!hintKeys.test(key)) {
    converter.omit(value, own, "the change is not part of the spec");
    return resource;
  }
  const converted = converter.convert(value, own);
  return converted === undefined ? resource : { ...resource, [key]: converted };
}

function setIncremental(
  resource: Resource,
  { converter, target, value }: { converter: Converter; target: Target; value: PyValue },
): Resource {
  const endpoint = resource["endpoint"];
  const path = [...target.path, "endpoint", "incremental"];
  const block = readIncremental(value);
  const before =
    isObject(endpoint) && isObject(endpoint["incremental"]) ? endpoint["incremental"] : undefined;
  if (!block) {
    const reason = before ? "the endpoint keeps its own incremental block" : "every run reads all records";
    converter.omit(value, { ...target, path }, reason);
    return resource;
  }
  const converted = convertIncremental(converter, block, { ...target, path, text: "template" });
  if (!converted) return resource;
  const kept = Object.entries(before ?? {}).filter(([key]) => requestKeys.test(key));
  const incremental = { ...Object.fromEntries(kept), ...converted };
  const whole = isObject(endpoint) ? endpoint : { path: endpoint ?? resource["name"] ?? "" };
  return { ...resource, endpoint: { ...whole, incremental } };
}

/** Consequences of changes that a spec cannot express, by method. */
const consequences: Readonly<Record<string, string>> = {
  add_map: 'add { "map": true } to the processing_steps of the resources, and pass the function as a hook',
  add_filter:
    'add { "filter": true } to the processing_steps of the resources, and pass the function as a hook',
  add_yield_map: "a hook returns one record for each; split the records in the app",
  add_limit: "the app decides how much it reads, for example with { maxPages: 1 }",
  with_resources: "the app calls the methods of the resources that it needs",
  apply_hints: "set the hints in the spec",
  select_resources: "the app calls the methods of the resources that it needs",
  "=": "it controls how records are loaded, not how they are read",
  yield: "it is not an endpoint of the configuration: read it in the app",
  "|": "the app combines the resources",
};

function reportForAll({ converter, call, target }: Step): void {
  const consequence = Object.hasOwn(consequences, call.callee) ? consequences[call.callee] : undefined;
  if (consequence === undefined) return;
  converter.omit({ ...call, origin: call.origin }, target, consequence);
}
