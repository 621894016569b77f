import { ReadFailure, ValidationError } from "../errors.js";
import type { Shaper } from "./shaper.js";

/** A record that is an object. */
export type RecordObject = Readonly<Record<string, unknown>>;

/** Creates a shaper that transforms records one by one. Each must be an object, and `change` must return a copy. */
export function shapeObjects(
  type: string,
  options: unknown,
  change: (record: RecordObject) => RecordObject,
): Shaper {
  return {
    type,
    options,
    shape: (records) => records.map((record) => change(asObject(record, type))),
  };
}

/** Returns the record if it is an object, and throws otherwise. `type` is the shaper, for the message. */
export function asObject(record: unknown, type: string): RecordObject {
  if (isObject(record)) return record;
  const found = record === null ? "null" : Array.isArray(record) ? "a list" : `a ${typeof record}`;
  const message = `a record is ${found}, but \`${type}\` needs objects; check the data selector`;
  throw new ReadFailure(ValidationError, "INVALID_RECORD", message);
}

/** Whether a value is an object with fields. */
export function isObject(value: unknown): value is RecordObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
