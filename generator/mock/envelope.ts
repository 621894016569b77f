import type { JsonIr, SegmentIr } from "../ir/source-ir.js";
import { isList, isObject, setOwn, type MutableObject } from "./json.js";
import { every, stepsOf, type Step } from "./selector.js";

/** A statement of the API about a page: its total, whether there is more, a cursor. */
export interface Fact {
  /** The segments of a path. */
  readonly path: readonly SegmentIr[];
  readonly value: JsonIr;
}

/** Wraps the records of a page in a body. */
export type WrapRecords = (records: readonly JsonIr[], facts: readonly Fact[]) => JsonIr;

/**
 * Compiles a selector into the body that it finds its list in: `["data", "items"]` gives `{"data": {"items": […]}}`, and
 * `["edges", "[*]", "node"]` gives `{"edges": [{"node": …}, …]}`. Throws for a query that no such body answers.
 */
export function compileEnvelope(selector: readonly SegmentIr[]): WrapRecords {
  const steps = stepsOf(selector);
  if (!steps)
    throw new Error(`the mock server cannot build a body for the selector ${JSON.stringify(selector)}`);
  const last = steps.lastIndexOf(every);
  const outer = last < 0 ? steps : steps.slice(0, last);
  const inner = last < 0 ? [] : steps.slice(last + 1);
  return (records, facts) => {
    const list = inner.length === 0 ? records : records.map((record) => wrap(record, inner));
    const body = wrap(list, outer);
    return facts.reduce<JsonIr>((whole, { path, value }) => place(whole, stepsOf(path) ?? [], value), body);
  };
}

/** Builds the smallest value in which the steps lead to `value`. */
function wrap(value: JsonIr, steps: readonly Step[]): JsonIr {
  return steps.reduceRight<JsonIr>((inner, step) => {
    if (typeof step === "string") return single(step, inner);
    // A list for an index is filled up to it; from the end, and for `[*]`, one element will do.
    const before = typeof step === "number" ? Math.max(0, step) : 0;
    const after = typeof step === "number" ? Math.max(0, -step - 1) : 0;
    return [...fill(before), inner, ...fill(after)];
  }, value);
}

function fill(length: number): readonly JsonIr[] {
  return Array.from({ length }, () => ({}));
}

function single(name: string, value: JsonIr): JsonIr {
  const made: MutableObject = {};
  setOwn(made, name, value);
  return made;
}

/** Adds a value at a path, beside what is there; a place that is taken, or inside a list of records, stays as it is. */
function place(body: JsonIr, steps: readonly Step[], value: JsonIr): JsonIr {
  const [step, ...rest] = steps;
  if (step === undefined) return body;
  if (typeof step === "number" && isList(body)) {
    const at = step < 0 ? body.length + step : step;
    return body.map((item, index) => (index === at ? place(item, rest, value) : item));
  }
  if (typeof step !== "string" || !isObject(body)) return body;
  const there = Object.hasOwn(body, step) ? body[step] : undefined;
  const made: MutableObject = { ...body };
  setOwn(made, step, there === undefined ? wrap(value, rest) : place(there, rest, value));
  return made;
}
