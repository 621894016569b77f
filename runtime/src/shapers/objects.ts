import { ConnectorError, Fault } from "../errors.js";
import { shapingSteps } from "./shaping.js";
import { steps } from "../read/steps.js";
import type { Shaper } from "./shaper.js";

/** A record that is an object. */
export type RecordObject = Readonly<Record<string, unknown>>;

/** A shaper of options and what they make of one record, which must be an object and is not to be changed in place. */
export function shapeObjects(
  type: string,
  options: unknown,
  change: (record: RecordObject) => RecordObject,
): Shaper {
  return {
    type,
    options,
    [steps]: shapingSteps,
    shape: (records) => records.map((record) => change(asObject(record, type))),
  };
}

/** The record, if it is an object; `type` is the shaper that needs one. */
export function asObject(record: unknown, type: string): RecordObject {
  if (isObject(record)) return record;
  const found = record === null ? "null" : Array.isArray(record) ? "a list" : `a ${typeof record}`;
  const message = `a record is ${found}: \`${type}\` takes objects only; check the selector of the records`;
  throw new Fault(ConnectorError, "INVALID_RECORD", message);
}

/** Whether a value has fields. */
export function isObject(value: unknown): value is RecordObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
