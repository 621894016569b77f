import { isIdLike } from "../detect/id-like.js";
import { isPlainName } from "../detect/selectors.js";
import { formatsOf, type Format } from "./formats.js";
import { tagOf } from "./tags.js";
import { addText, createTexts, mergeTexts, type Texts } from "./texts.js";

/** The type of a JSON value. Numbers without a fraction are integers. */
export type ValueType = "string" | "integer" | "number" | "boolean" | "array" | "object" | "null";

/** Statistics of all values at one path of the records: counts, formats, and short texts that repeat. */
export interface Observation {
  /** Number of values of each type. */
  readonly types: Map<ValueType, number>;
  /** Formats that all texts have; `undefined` before the first text. */
  formats: ReadonlySet<Format> | undefined;
  /** The different texts, while they may be the values of an enum. */
  readonly texts: Texts;
  /** Number of integers beyond 2^53, which JavaScript rounds. */
  bigIntegers: number;
  /** Fields of the objects, in order of first appearance. */
  readonly fields: Map<string, Observation>;
  /** The objects by the text of a field such as `type`; absent without such a field. */
  variants: Variants | undefined;
  /** Values under keys that are ids, as in `{ "17": {…}, "18": {…} }`. */
  entries: Observation | undefined;
  /** Items of the lists. */
  items: Observation | undefined;
  /** Items of the lists by position, while all lists are short and have several items. */
  positions: readonly Observation[] | undefined;
  /** Number of fields with a name that a spec cannot contain. */
  unwritable: number;
  /** Whether the limits left out some values. */
  isCut: boolean;
}

/** Objects by the text of one of their fields. */
export interface Variants {
  /** Name of the field. */
  readonly tag: string;
  readonly byText: Map<string, Observation>;
}

/** Limits of an observation. */
const limits = {
  /** Maximum depth of nested objects and lists. */
  depth: 12,
  /** Maximum number of fields of one object. */
  fields: 500,
  /** Maximum number of paths in all records. */
  places: 10_000,
  /** Maximum length of a list that may be a tuple. */
  tuple: 6,
  /** Maximum number of variants of an object. */
  variants: 20,
};

/** Creates an observation without values. */
export function createObservation(): Observation {
  return {
    types: new Map(),
    formats: undefined,
    texts: createTexts(),
    bigIntegers: 0,
    fields: new Map(),
    variants: undefined,
    entries: undefined,
    items: undefined,
    positions: undefined,
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
  if (typeof value === "string") {
    seen.formats = common(seen.formats, formatsOf(value));
    addText(seen.texts, value);
  } else if (type === "integer" && !Number.isSafeInteger(Number(value))) seen.bigIntegers += 1;
  else if (typeof value === "object" && value !== null) {
    if (place.depth >= limits.depth) seen.isCut = true;
    else if (Array.isArray(value)) observeItems(seen, value, place);
    else {
      observeFields(seen, value, place);
      observeVariant(seen, value, place);
    }
  }
}

function observeItems(seen: Observation, values: readonly unknown[], { depth, budget }: Place): void {
  const place = { depth: depth + 1, budget };
  const isFirst = seen.types.get("array") === 1;
  const isShort = values.length > 1 && values.length <= limits.tuple;
  const before = isFirst ? [] : seen.positions;
  seen.positions = isShort ? before && padded(before, values.length) : undefined;
  values.forEach((value, index) => {
    const position = seen.positions?.[index];
    if (position) observe(position, value, place);
  });
  if (values.length === 0) return;
  seen.items ??= createObservation();
  for (const value of values) observe(seen.items, value, place);
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

/** Adds empty positions up to a length. */
function padded(positions: readonly Observation[], length: number): readonly Observation[] {
  const missing = Math.max(0, length - positions.length);
  return [...positions, ...Array.from({ length: missing }, createObservation)];
}

/** Observes an object of a union a second time, together with the objects of the same variant. Variants are not nested. */
function observeVariant(seen: Observation, object: object, { depth, budget }: Place): void {
  const isFirst = seen.types.get("object") === 1;
  const tag = isFirst ? tagOf(object) : seen.variants?.tag;
  if (tag === undefined) return;
  const text = (object as Readonly<Record<string, unknown>>)[tag];
  seen.variants ??= { tag, byText: new Map() };
  const { byText } = seen.variants;
  if (typeof text !== "string" || (!byText.has(text) && byText.size >= limits.variants)) {
    seen.variants = undefined;
    return;
  }
  const variant = byText.get(text) ?? createObservation();
  byText.set(text, variant);
  variant.types.set("object", (variant.types.get("object") ?? 0) + 1);
  observeFields(variant, object, { depth, budget });
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

/** Greatest number that counts as an integer: the greatest unsigned 64-bit integer. Larger numbers are measurements. */
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
  const isFirst = into.types.size === 0;
  into.positions = mergePositions(isFirst || !into.types.has("array"), into.positions, from);
  into.variants = mergeVariants(isFirst || !into.types.has("object"), into.variants, from);
  for (const [type, count] of from.types) into.types.set(type, (into.types.get(type) ?? 0) + count);
  if (from.formats) into.formats = common(into.formats, from.formats);
  mergeTexts(into.texts, from.texts);
  into.bigIntegers += from.bigIntegers;
  into.unwritable += from.unwritable;
  into.isCut ||= from.isCut;
  for (const [name, field] of from.fields) mergeObservation(child(into.fields, name), field);
  if (from.entries) mergeObservation((into.entries ??= createObservation()), from.entries);
  if (from.items) mergeObservation((into.items ??= createObservation()), from.items);
}

function child(observations: Map<string, Observation>, name: string): Observation {
  const known = observations.get(name) ?? createObservation();
  observations.set(name, known);
  return known;
}

function mergePositions(
  isFirst: boolean,
  before: Observation["positions"],
  { types, positions }: Observation,
): Observation["positions"] {
  if (!types.has("array")) return before;
  if (!positions) return undefined;
  const known = isFirst ? [] : before;
  const merged = known && padded(known, positions.length);
  merged?.forEach((position, index) => {
    const other = positions[index];
    if (other) mergeObservation(position, other);
  });
  return merged;
}

function mergeVariants(
  isFirst: boolean,
  before: Observation["variants"],
  { types, variants }: Observation,
): Observation["variants"] {
  if (!types.has("object")) return before;
  const merged = isFirst && variants ? { tag: variants.tag, byText: new Map<string, Observation>() } : before;
  if (!variants || merged?.tag !== variants.tag) return undefined;
  for (const [text, variant] of variants.byText) mergeObservation(child(merged.byText, text), variant);
  return merged.byText.size > limits.variants ? undefined : merged;
}

/** Returns the number of values. */
export function countOf({ types }: Observation): number {
  return [...types.values()].reduce((sum, count) => sum + count, 0);
}
