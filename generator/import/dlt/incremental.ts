import type { JsonValue } from "@connector-gen/runtime";
import { isTextConstant, type PyDict, type PyEntry, type PyValue } from "../python/values.js";
import type { Carrier, Spot } from "./carrier.js";
import { readIncrementalClass } from "./classes.js";

/** Reads an incremental block: a dict, or `dlt.sources.incremental(…)`; nothing for any other value. */
export function readIncremental(value: PyValue): PyDict | undefined {
  if (value.kind === "dict") return value;
  const instance = value.kind === "call" ? readIncrementalClass(value) : undefined;
  return instance && { kind: "dict", entries: instance.entries, rest: instance.rest, origin: value.origin };
}

/** Carries an incremental block over; functions in it are left out. */
export function carryIncremental(carrier: Carrier, block: PyDict, spot: Spot): Record<string, JsonValue> {
  return carrier.carryDict(block, spot, (value, own, key) => {
    switch (key) {
      case "convert":
      case "transform":
        return carryConvert(carrier, value, own);
      case "last_value_func":
        return carryOrder(carrier, value, own);
      case "allow_external_schedulers":
        return isOff(value) ? undefined : carrier.leaveOut(value, own, "there is no scheduler to ask");
      case "initial_value":
      case "end_value":
        return carrier.carry(value, { ...own, text: "literal" });
      default:
        return carrier.carry(value, { ...own, text: "plain" });
    }
  });
}

/** An incremental block for `params`: it says its type. */
export function asParameter({ entries, ...block }: PyDict): PyDict {
  const type: PyEntry = {
    key: block.origin,
    value: { kind: "constant", value: "incremental", origin: block.origin },
  };
  return { ...block, entries: new Map([["type", type], ...entries]) };
}

function carryConvert(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (value.kind === "constant") return carrier.carry(value, { ...spot, text: "plain" });
  return carrier.leaveOut(value, spot, "values of the cursor are sent as they are in the records");
}

/** The builtin functions `max` and `min` go by their names. */
function carryOrder(carrier: Carrier, value: PyValue, spot: Spot): JsonValue | undefined {
  if (isTextConstant(value)) return value.value;
  if (value.kind === "unknown" && (value.name === "max" || value.name === "min")) return value.name;
  return carrier.leaveOut(value, spot, "the greatest value of the cursor counts");
}

function isOff(value: PyValue): boolean {
  return value.kind === "constant" && (value.value === false || value.value === null);
}
