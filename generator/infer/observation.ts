import { isIdLike } from "../detect/id-like.js";
import { isPlainName } from "../detect/selectors.js";
import { formatsOf, type Format } from "./formats.js";

/** The type of a JSON value. Numbers without a fraction are integers. */
export type ValueType = "string" | "integer" | "number" | "boolean" | "array" | "object" | "null";

/** What is known about all values at one place of the records: counts and formats, never the values themselves. */
export interface Observation {
  /** Number of values of each type. */
  readonly types: Map<ValueType, number>;
  /** Formats that all texts have; `undefined` before the first text. */
  formats: ReadonlySet<Format> | undefined;
  /** Number of integers beyond 2^53, which JavaScript rounds. */
  bigIntegers: number;
  /** Fields of the objects, in order of first appearance. */
  readonly fields: Map<string, Observation>;
  /** Values under keys that identify things, as in `{ "17": {…}, "18": {…} }`. */
  entries: Observation | undefined;
  /** Items of the lists. */
  items: Observation | undefined;
  /** Number of fields with a name that a spec cannot contain. */
  unwritable: number;
  /** Whether the limits left out some values. */
  isCut: boolean;
}

/** Limits of an observation. */
const limits = {
  /** Deepest nesting of objects and lists. */
  depth: 12,
  /** Most fields of one object. */
  fields: 500,
  /** Most places in all records. */
  places: 10_000,
};

/** Creates an observation without values. */
export function createObservation(): Observation {
  return {
    types: new Map(),
    formats: undefined,
    bigIntegers: 0,
    fields: new Map(),
    entries: undefined,
    items: undefined,
    unwritable: 0,
    isCut: false,
  };
}

/** Observes records one by one. */
export interface Observer {
  readonly root: Observation;
  readonly add: (value: unknown) => void;
}

/** Creates an observer of records. */
export function createObserver(): Observer {
  const root = createObservation();
  const budget: Budget = { places: limits.places };
  return { root, add: (value) => observe(root, value, { depth: 0, budget }) };
}

interface Budget {
  places: number;
}

interface Place {
  readonly depth: number;
  readonly budget: Budget;
}

function observe(seen: Observation, value: unknown, place: Place): void {
  const type = typeOf(value);
  if (type === undefined) return;
  seen.types.set(type, (seen.types.get(type) ?? 0) + 1);
  if (typeof value === "string") seen.formats = common(seen.formats, formatsOf(value));
  else if (type === "integer" && !Number.isSafeInteger(Number(value))) seen.bigIntegers += 1;
  else if (typeof value === "object" && value !== null) {
    if (place.depth >= limits.depth) seen.isCut = true;
    else if (Array.isArray(value)) observeItems(seen, value, place);
    else observeFields(seen, value, place);
  }
}

function observeItems(seen: Observation, values: readonly unknown[], { depth, budget }: Place): void {
  if (values.length === 0) return;
  seen.items ??= createObservation();
  for (const value of values) observe(seen.items, value, { depth: depth + 1, budget });
}

function observeFields(seen: Observation, object: object, { depth, budget }: Place): void {
  for (const [name, value] of Object.entries(object)) {
    const place = { depth: depth + 1, budget };
    if (depth > 0 && isIdLike(name)) observe((seen.entries ??= createObservation()), value, place);
    else if (!isPlainName(name)) seen.unwritable += 1;
    else {
      const field = seen.fields.get(name) ?? addField(seen, name, budget);
      if (field) observe(field, value, place);
    }
  }
}

function addField(seen: Observation, name: string, budget: Budget): Observation | undefined {
  if (seen.fields.size >= limits.fields || budget.places <= 0) {
    seen.isCut = true;
    return undefined;
  }
  budget.places -= 1;
  const field = createObservation();
  seen.fields.set(name, field);
  return field;
}

/** Greatest integer that APIs send as one: that of 64 bits without a sign. Larger numbers are measurements. */
const maxInteger = 2 ** 64;

function typeOf(value: unknown): ValueType | undefined {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) <= maxInteger ? "integer" : "number";
  if (typeof value === "bigint") return "integer";
  return typeof value === "string" || typeof value === "boolean" || typeof value === "object"
    ? (typeof value as ValueType)
    : undefined;
}

function common(before: ReadonlySet<Format> | undefined, formats: ReadonlySet<Format>): ReadonlySet<Format> {
  return before ? new Set([...before].filter((format) => formats.has(format))) : formats;
}

/** Adds the values of one observation to another. */
export function mergeObservation(into: Observation, from: Observation): void {
  for (const [type, count] of from.types) into.types.set(type, (into.types.get(type) ?? 0) + count);
  if (from.formats) into.formats = common(into.formats, from.formats);
  into.bigIntegers += from.bigIntegers;
  into.unwritable += from.unwritable;
  into.isCut ||= from.isCut;
  for (const [name, field] of from.fields) {
    const known = into.fields.get(name) ?? createObservation();
    into.fields.set(name, known);
    mergeObservation(known, field);
  }
  if (from.entries) mergeObservation((into.entries ??= createObservation()), from.entries);
  if (from.items) mergeObservation((into.items ??= createObservation()), from.items);
}

/** Returns the number of values. */
export function countOf({ types }: Observation): number {
  return [...types.values()].reduce((sum, count) => sum + count, 0);
}
