import type { JsonIr, SegmentIr } from "../ir/source-ir.js";
import { isList, isObject, setOwn, type MutableObject } from "./json.js";
import { every, stepsOf, type Step } from "./selector.js";

/** A value about a page in its body: a total, a flag for more pages, a cursor. */
export interface Metadata {
  /** Segments of a path. */
  readonly path: readonly SegmentIr[];
  readonly value: JsonIr;
}

/** Wraps the records of a page in a body. */
export type WrapRecords = (records: readonly JsonIr[], metadata: readonly Metadata[]) => JsonIr;

/**
 * Compiles a selector to a function that builds a body in which the selector finds the records: `["data", "items"]`
 * gives `{"data": {"items": […]}}`, and `["edges", "[*]", "node"]` gives `{"edges": [{"node": …}, …]}`. Throws for a
 * query that matches no such body.
 */
export function compileEnvelope(selector: readonly SegmentIr[]): WrapRecords {
  const steps = stepsOf(selector);
  if (!steps)
    throw new Error(`the mock server cannot build a body for the selector ${JSON.stringify(selector)}`);
  const last = steps.lastIndexOf(every);
  const outer = last < 0 ? steps : steps.slice(0, last);
  const inner = last < 0 ? [] : steps.slice(last + 1);
  return (records, metadata) => {
    const list = inner.length === 0 ? records : records.map((record) => wrap(record, inner));
    const body = wrap(list, outer);
    return metadata.reduce<JsonIr>(
      (whole, { path, value }) => addValue(whole, stepsOf(path) ?? [], value),
      body,
    );
  };
}

/** Builds the smallest value in which the steps select `value`. */
function wrap(value: JsonIr, steps: readonly Step[]): JsonIr {
  return steps.reduceRight<JsonIr>((inner, step) => {
    if (typeof step === "string") return singleProperty(step, inner);
    // An index needs elements before it, or after it if it counts from the end.
    const before = typeof step === "number" ? Math.max(0, step) : 0;
    const after = typeof step === "number" ? Math.max(0, -step - 1) : 0;
    return [...fill(before), inner, ...fill(after)];
  }, value);
}

function fill(length: number): readonly JsonIr[] {
  return Array.from({ length }, () => ({}));
}

function singleProperty(name: string, value: JsonIr): JsonIr {
  const made: MutableObject = {};
  setOwn(made, name, value);
  return made;
}

/** Adds a value at a path. Does not change an existing value or a list of records. */
function addValue(body: JsonIr, steps: readonly Step[], value: JsonIr): JsonIr {
  const [step, ...rest] = steps;
  if (step === undefined) return body;
  if (typeof step === "number" && isList(body)) {
    const position = step < 0 ? body.length + step : step;
    return body.map((item, index) => (index === position ? addValue(item, rest, value) : item));
  }
  if (typeof step !== "string" || !isObject(body)) return body;
  const existing = Object.hasOwn(body, step) ? body[step] : undefined;
  const result: MutableObject = { ...body };
  setOwn(result, step, existing === undefined ? wrap(value, rest) : addValue(existing, rest, value));
  return result;
}
