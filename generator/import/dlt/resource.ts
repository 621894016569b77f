import type { JsonValue } from "@connector-gen/runtime";
import type { Span } from "../python/nodes.js";
import { describeDict } from "../python/comments.js";
import { isTextConstant, isWhole, type PyDict, type PyResource, type PyValue } from "../python/values.js";
import type { Converter, Target } from "./converter.js";
import { isObject } from "../../spec/values.js";
import { convertEndpoint } from "./endpoint.js";
import { replaceParents } from "./missing-parents.js";
import { fixedName } from "./value-names.js";

/** Converts the list of resources. */
export function convertResources(converter: Converter, value: PyValue, target: Target): JsonValue[] {
  converter.recordOrigin(target.path, value.origin);
  if (value.kind !== "list") {
    converter.omit(value, target, "the spec has no resources");
    return [];
  }
  const resources: JsonValue[] = [];
  const dicts: { readonly index: number; readonly item: PyDict }[] = [];
  let isComplete = true;
  for (const one of value.items) {
    const path = [...target.path, resources.length];
    const item = converter.callResource(converter.settle(one, { ...target, path }));
    const before = resources.length;
    if (isTextConstant(item)) resources.push(item.value);
    else if (item.kind === "dict") {
      dicts.push({ index: before, item });
      const owner = nameOfResource(item, before, namesOf(resources));
      resources.push(convertResource(converter, item, { ...target, path, owner }));
    } else if (item.kind === "resource") resources.push(...convertSeed(converter, item, { ...target, path }));
    else converter.omit(item, target, "add the resource to the spec by hand");
    isComplete &&= resources.length > before;
  }
  if (isComplete) return resources;
  const known = namesOf(resources);
  for (const { index, item } of dicts) {
    const own: Target = { ...target, path: [...target.path, index] };
    const child = { converter, target: own, origin: originOfPath(item), known };
    resources[index] = replaceParents(resources[index] as Record<string, JsonValue>, child);
  }
  return resources;
}

function namesOf(resources: readonly JsonValue[]): ReadonlySet<string> {
  const names = resources.map((one) => (isObject(one) ? one["name"] : one));
  return new Set(names.filter((name) => typeof name === "string"));
}

function originOfPath(dict: PyDict): Span {
  const endpoint = dict.entries.get("endpoint")?.value ?? dict;
  const path = endpoint.kind === "dict" ? endpoint.entries.get("path")?.value : undefined;
  return (path ?? endpoint).origin;
}

/** Chooses the name of a resource: its own, the known part of its own, or the end of its path. */
function nameOfResource(dict: PyDict, index: number, taken: ReadonlySet<string>): string {
  const named = dict.entries.get("name")?.value;
  if (isTextConstant(named)) return named.value;
  const candidates = [fixedName(named), nameFromPath(dict)];
  return candidates.find((name) => name !== undefined && !taken.has(name)) ?? `resource_${index + 1}`;
}

/** Keywords of `dlt.resource` that are also keys of a resource in a spec. */
const seedKeys: ReadonlySet<string> = new Set([
  "primary_key",
  "merge_key",
  "write_disposition",
  "columns",
  "table_name",
  "table_format",
  "schema_contract",
  "max_table_nesting",
  "selected",
  "parallelized",
]);

/** Converts a resource that is not an endpoint. Creates static records if it yields constants. */
function convertSeed(converter: Converter, seed: PyResource, target: Target): readonly JsonValue[] {
  const { name, records } = seed;
  const list: Target = { ...target, path: target.path.slice(0, -1) };
  if (name === undefined || !records) {
    converter.omit(seed, list, "its records are not known objects; add the resource to the spec by hand");
    return [];
  }
  const items = records.map((record, index) =>
    converter.convert(record, { ...target, path: [...target.path, "records", index], text: "plain" }),
  );
  const hints = [...(seed.hints ?? [])].flatMap(([key, value]): [string, JsonValue][] => {
    const own: Target = { ...target, path: [...target.path, key] };
    const converted = seedKeys.has(key)
      ? convertKey(converter, value, { target: own, key })
      : converter.omit(value, own, "a spec has no such key");
    return converted === undefined ? [] : [[key, converted]];
  });
  return [{ name, ...Object.fromEntries(hints), records: items.filter((item) => item !== undefined) }];
}

/** Converts the defaults of all resources. */
export function convertDefaults(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (value.kind === "constant" && value.value === null) return undefined;
  if (value.kind !== "dict") return converter.omit(value, target);
  return converter.convertDict(value, target, (entry, own, key) =>
    convertKey(converter, entry, { target: own, key }),
  );
}

function convertResource(converter: Converter, dict: PyDict, target: Target): JsonValue {
  const named = dict.entries.get("name")?.value;
  const { owner: name = "" } = target;
  if (!isTextConstant(named)) {
    const path = named ? [...target.path, "name"] : target.path;
    const consequence = `the spec has ${JSON.stringify(name)} instead; choose a name`;
    converter.omit(named ?? dict, { ...target, path }, consequence);
  }
  const body = converter.convertDict(dict, target, (entry, own, key) =>
    key === "name" ? undefined : convertKey(converter, entry, { target: own, key }),
  );
  const description = describeDict(converter.text, { dict: dict.origin, name: named?.origin });
  if (named) converter.recordOrigin([...target.path, "name"], named.origin);
  return { name, ...(description !== undefined && { description }), ...body };
}

function convertKey(
  converter: Converter,
  value: PyValue,
  { target, key }: { target: Target; key: string },
): JsonValue | undefined {
  if (key === "endpoint") return convertEndpoint(converter, value, target);
  if (key === "processing_steps") return convertSteps(converter, value, target);
  // dlt reads an empty key as no key.
  if (/^(?:primary|merge)_key$/.test(key) && isEmpty(value)) return null;
  return converter.convert(value, { ...target, text: "plain" });
}

function isEmpty(value: PyValue): boolean {
  return (isTextConstant(value) && value.value === "") || (isWhole(value) && value.items.length === 0);
}

/** Returns the words for a hook. All functions of a resource with the same key share one. */
export function hookOf(key: string, isFirst: boolean): string {
  return `${isFirst ? "the" : "the same"} hook "${key}" of the resource`;
}

/** Keys of a processing step in the order in which dlt applies them. */
const stepKeys = ["filter", "map", "yield_map"];

/** Converts processing steps. Functions become hooks, which are typed functions in the factory's options, one per key. */
function convertSteps(converter: Converter, value: PyValue, target: Target): JsonValue | undefined {
  if (value.kind !== "list") return converter.convert(value, { ...target, text: "plain" });
  const steps: JsonValue[] = [];
  const hooks = new Set<string>();
  for (const one of value.items) {
    const item = converter.settle(one, target);
    if (item.kind !== "dict") {
      converter.omit(item, target);
      continue;
    }
    for (const value of item.rest) converter.omit(value, target);
    for (const [key, { value }] of [...item.entries].sort(
      ([a], [b]) => stepKeys.indexOf(a) - stepKeys.indexOf(b),
    )) {
      const own: Target = { ...target, path: [...target.path, steps.length, key], text: "plain" };
      const step = stepKeys.includes(key)
        ? convertHook(converter, value, { target: own, key, hooks })
        : converter.convert(value, own);
      if (step !== undefined) steps.push({ [key]: step });
    }
  }
  return steps;
}

function convertHook(
  converter: Converter,
  value: PyValue,
  { target, key, hooks }: { target: Target; key: string; hooks: Set<string> },
): JsonValue | undefined {
  if (value.kind === "constant" && value.value === null) return undefined;
  if (key === "yield_map")
    return converter.omit(value, target, "a hook returns one record for each; split the records in the app");
  const isFirst = !hooks.has(key);
  hooks.add(key);
  converter.replaceByHook(value, target, hookOf(key, isFirst));
  return isFirst ? true : undefined;
}

function nameFromPath(dict: PyDict): string | undefined {
  const endpoint = dict.entries.get("endpoint")?.value;
  const path = endpoint?.kind === "dict" ? endpoint.entries.get("path")?.value : endpoint;
  return isTextConstant(path)
    ? path.value
        .split("/")
        .filter((part) => /^[\w-]+$/.test(part))
        .at(-1)
    : undefined;
}
