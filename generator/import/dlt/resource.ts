import type { JsonValue } from "@connector-gen/runtime";
import { describeAt } from "../python/comments.js";
import { isTextConstant, type PyDict, type PyValue } from "../python/values.js";
import type { Carrier, Spot } from "./carrier.js";
import { carryEndpoint } from "./endpoint.js";

/** Carries the list of resources over. */
export function carryResources(carrier: Carrier, value: PyValue, spot: Spot): JsonValue[] {
  carrier.place(spot.path, value.origin);
  if (value.kind !== "list") {
    carrier.leaveOut(value, spot, "the spec has no resources");
    return [];
  }
  const resources: JsonValue[] = [];
  for (const item of value.items) {
    const own: Spot = { ...spot, path: [...spot.path, resources.length] };
    if (isTextConstant(item)) resources.push(item.value);
    else if (item.kind === "dict") resources.push(carryResource(carrier, item, own));
    else carrier.leaveOut(item, spot, "write the resource it stands for into the spec");
  }
  return resources;
}

/** Carries what holds for all resources over. */
export function carryDefaults(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (value.kind === "constant" && value.value === null) return undefined;
  if (value.kind !== "dict") return carrier.leaveOut(value, spot);
  return carrier.carryDict(value, spot, (entry, own, key) => carryKey(carrier, entry, { spot: own, key }));
}

function carryResource(carrier: Carrier, dict: PyDict, spot: Spot): JsonValue {
  const named = dict.entries.get("name")?.value;
  const name = isTextConstant(named) ? named.value : nameFromPath(dict, spot);
  if (!isTextConstant(named)) {
    const what = `${JSON.stringify(name)} stands in its place; choose a name`;
    carrier.leaveOut(named ?? dict, { ...spot, path: named ? [...spot.path, "name"] : spot.path }, what);
  }
  const place: Spot = { ...spot, owner: name };
  const body = carrier.carryDict(dict, place, (entry, own, key) =>
    key === "name" ? undefined : carryKey(carrier, entry, { spot: own, key }),
  );
  const description = describeAt(carrier.text, { dict: dict.origin, name: named?.origin });
  if (named) carrier.place([...spot.path, "name"], named.origin);
  return { name, ...(description !== undefined && { description }), ...body };
}

function carryKey(
  carrier: Carrier,
  value: PyValue,
  { spot, key }: { spot: Spot; key: string },
): JsonValue | undefined {
  if (key === "endpoint") return carryEndpoint(carrier, value, spot);
  if (key === "processing_steps") return carrySteps(carrier, value, spot);
  return carrier.carry(value, { ...spot, text: "plain" });
}

/** dlt's order within one step. */
const STEPS = ["filter", "map", "yield_map"];

/** Functions become hooks: typed functions of the generated factory's options, one of each sort for a resource. */
function carrySteps(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (value.kind !== "list") return carrier.carry(value, { ...spot, text: "plain" });
  const steps: JsonValue[] = [];
  const hooks = new Set<string>();
  for (const item of value.items) {
    if (item.kind !== "dict") {
      carrier.leaveOut(item, spot);
      continue;
    }
    for (const value of item.rest) carrier.leaveOut(value, spot);
    for (const [key, { value }] of [...item.entries].sort(
      ([a], [b]) => STEPS.indexOf(a) - STEPS.indexOf(b),
    )) {
      const own: Spot = { ...spot, path: [...spot.path, steps.length, key], text: "plain" };
      const step = STEPS.includes(key)
        ? carryHook(carrier, value, { spot: own, key, hooks })
        : carrier.carry(value, own);
      if (step !== undefined) steps.push({ [key]: step });
    }
  }
  return steps;
}

function carryHook(
  carrier: Carrier,
  value: PyValue,
  { spot, key, hooks }: { spot: Spot; key: string; hooks: Set<string> },
): JsonValue | undefined {
  if (value.kind === "constant" && value.value === null) return undefined;
  if (key === "yield_map")
    return carrier.leaveOut(value, spot, "a hook makes one record of one; do it where the records are used");
  const isFirst = !hooks.has(key);
  hooks.add(key);
  carrier.hook(
    value,
    spot,
    isFirst ? `the hook "${key}" of the resource` : `the same hook "${key}" of the resource`,
  );
  return isFirst ? true : undefined;
}

function nameFromPath(dict: PyDict, spot: Spot): string {
  const endpoint = dict.entries.get("endpoint")?.value;
  const path = endpoint?.kind === "dict" ? endpoint.entries.get("path")?.value : endpoint;
  const last = isTextConstant(path)
    ? path.value
        .split("/")
        .filter((part) => /^[\w-]+$/.test(part))
        .at(-1)
    : undefined;
  return last ?? `resource_${Number(spot.path.at(-1)) + 1}`;
}
