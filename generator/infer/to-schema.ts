import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { count } from "../detect/finding.js";
import { isPlainName } from "../detect/selectors.js";
import { wordsOf } from "@connector-gen/runtime/kinds";
import { findSharedShapes, type FindShape } from "./shared-shapes.js";
import { enumOf } from "./texts.js";
import { variantsOf } from "./unions.js";
import {
  countOf,
  createObservation,
  mergeObservation,
  type Observation,
  type ValueType,
} from "./observation.js";

/**
 * A fact about one field that the schema cannot express, or the evidence for its schema. Contains names of fields, never
 * values.
 */
export interface Note {
  /** Path of the field: `address.lines[*]`; empty for the record itself. */
  readonly path: string;
  readonly text: string;
}

/** Schema keywords of a field with integers beyond 2^53. */
const exactInteger = { format: "int64", big_integers: "string" } as const;

/** The order of types in unions; `null` comes last. */
const typeOrder: readonly ValueType[] = ["string", "integer", "number", "boolean", "array", "object"];

/** State that all parts of a schema share while it is built. */
interface Making {
  readonly notes: Note[];
  readonly shapeOf: FindShape;
  /** The shapes that the schema refers to. */
  readonly defs: Map<string, JsonObject>;
}

/** Converts an observation to a JSON Schema, and adds notes on its evidence and on what it cannot express. */
export function toSchema(seen: Observation, path: string, notes: Note[]): JsonObject {
  const making: Making = { notes, shapeOf: findSharedShapes(seen), defs: new Map() };
  const schema = convert(seen, path, making);
  return making.defs.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(making.defs) };
}

/** Converts an observation to a part of an existing schema: without `$defs`, which only a whole schema has. */
export function toPart(seen: Observation, path: string): JsonObject {
  return convert(seen, path, { notes: [], shapeOf: () => undefined, defs: new Map() });
}

function convert(seen: Observation, path: string, making: Making): JsonObject {
  const types = typesOf(seen);
  const isNullable = seen.types.has("null");
  const note = (text: string): void => void making.notes.push({ path, text });
  if (types.length === 0) {
    if (isNullable) note("always null, so its type is unknown");
    return {};
  }
  if (seen.bigIntegers > 0)
    note(`${count(seen.bigIntegers, "integer")} beyond 2^53, which a number would round; read as text`);
  if (types.length > 1) note(`values of ${types.length} types: ${types.map(nounOf).join(", ")}`);
  const only = types[0] ?? "string";
  const place = { path, making };
  if (types.length === 1) return withNull(schemaOf(only, seen, place), isNullable);
  if (!types.includes("array") && !types.includes("object")) {
    const format = types.includes("integer") && seen.bigIntegers > 0 ? exactInteger : {};
    return { type: [...types, ...(isNullable ? ["null"] : [])], ...format };
  }
  const parts = types.map((type) => schemaOf(type, seen, place));
  return { anyOf: [...parts, ...(isNullable ? [{ type: "null" }] : [])] };
}

/** Lists the types of the values without `null`; integers are numbers if some numbers have a fraction. */
function typesOf({ types }: Observation): readonly ValueType[] {
  return typeOrder.filter((type) => types.has(type) && (type !== "integer" || !types.has("number")));
}

function nounOf(type: ValueType): string {
  return type === "array" ? "list" : type === "string" ? "text" : type;
}

function withNull(schema: JsonObject, isNullable: boolean): JsonObject {
  if (!isNullable) return schema;
  const { type = null, oneOf, ...rest } = schema;
  if (oneOf !== undefined) return { anyOf: [...(oneOf as readonly JsonValue[]), { type: "null" }] };
  if (type === null) return { anyOf: [rest, { type: "null" }] };
  const { enum: values } = rest;
  const allowed = Array.isArray(values) && { enum: [...(values as readonly JsonValue[]), null] };
  return { type: [type, "null"], ...rest, ...allowed };
}

interface Place {
  readonly path: string;
  readonly making: Making;
}

function schemaOf(type: ValueType, seen: Observation, place: Place): JsonObject {
  switch (type) {
    case "string":
      return stringSchema(seen, place);
    case "integer":
      return seen.bigIntegers > 0 ? { type, ...exactInteger } : { type };
    case "array":
      return arraySchema(seen, place);
    case "object":
      return sharedSchema(seen, place) ?? unionSchema(seen, place) ?? objectSchema(seen, place);
    case "number":
    case "boolean":
    case "null":
      return { type };
    default:
      return type satisfies never;
  }
}

function stringSchema({ formats, texts }: Observation, { path, making }: Place): JsonObject {
  const [format] = formats ?? [];
  if (format !== undefined) return { type: "string", format };
  const shown = enumOf(texts, wordsOf(nameAt(path)));
  if (!shown) return { type: "string" };
  const kind = shown.isOpen ? "an open enum" : "an enum";
  const text = `${kind}: ${shown.values.length} values in ${count(shown.texts, "text")}`;
  making.notes.push({ path, text });
  return { type: "string", enum: shown.values, ...(shown.isOpen && { "x-open-enum": true }) };
}

/** Returns the name of the field at a path, or of the list that holds the items: `tags` for `user.tags[*]`. */
function nameAt(path: string): string {
  const [, quoted, plain = ""] = /(?:\['([^']*)'\]|([^.[\]]*))(?:\[(?:\*|\d+)\])*$/.exec(path) ?? [];
  return quoted ?? plain;
}

function arraySchema(seen: Observation, { path, making }: Place): JsonObject {
  const { items, isCut } = seen;
  if (!items) {
    const text = isCut
      ? "nested too deeply, so its items are untyped"
      : "always empty, so the type of its items is unknown";
    making.notes.push({ path, text });
    return { type: "array" };
  }
  const tuple = tupleOf(seen);
  if (!tuple) return { type: "array", items: convert(items, `${path}[*]`, making) };
  const { positions, minItems } = tuple;
  const lengths = minItems < positions.length ? `${minItems} to ${positions.length}` : String(minItems);
  making.notes.push({ path, text: `a tuple: all lists have ${lengths} items of the same types` });
  const prefixItems = positions.map((item, index) => convert(item, `${path}[${index}]`, making));
  // `items: false`, because no list is longer than the tuple.
  return { type: "array", prefixItems, items: false, minItems };
}

/** Minimum number of lists that show a tuple, or an optional item at its end. */
const minTuples = 5;

/**
 * Returns the items of a tuple if the items of all lists have different types by position. Items at the end may be
 * missing.
 */
function tupleOf({
  types,
  positions,
}: Observation): { readonly positions: readonly Observation[]; readonly minItems: number } | undefined {
  const lists = types.get("array") ?? 0;
  if (!positions || lists < minTuples) return undefined;
  const kinds = positions.map((position) => typesOf(position));
  const isPlain = kinds.every((each) => each.length === 1 && each[0] !== "object" && each[0] !== "array");
  const isShown = positions.every((position) => countOf(position) >= minTuples);
  const minItems = positions.filter((position) => countOf(position) === lists).length;
  // The types of the required items must differ, because a list of texts may end with any type.
  const always = kinds.slice(0, minItems).map((each) => (each[0] === "integer" ? "number" : each[0]));
  return isPlain && isShown && new Set(always).size > 1 ? { positions, minItems } : undefined;
}

/** Returns the reference to a shape that several fields share. Builds its schema once. */
function sharedSchema(seen: Observation, { path, making }: Place): JsonObject | undefined {
  const shape = making.shapeOf(seen);
  if (!shape) return undefined;
  const { name } = shape;
  if (!making.defs.has(name)) {
    // A shape may contain itself.
    making.defs.set(name, {});
    const place = { path, making };
    making.defs.set(name, unionSchema(shape.seen, place) ?? objectSchema(shape.seen, place));
  }
  return { $ref: `#/$defs/${name}` };
}

function objectSchema(seen: Observation, { path, making }: Place): JsonObject {
  const { notes } = making;
  const objects = seen.types.get("object") ?? 0;
  const asMap = path === "" ? undefined : mapValuesOf(seen, objects);
  if (asMap) {
    const values = convert(asMap.values, `${path}.*`, making);
    notes.push({ path, text: asMap.reason });
    return { type: "object", additionalProperties: values };
  }
  if (seen.isCut)
    notes.push({ path, text: "too large or nested too deeply, so some of its fields are left out" });
  if (seen.unwritable > 0)
    notes.push({ path, text: "has a field with a name that a spec cannot contain; it is left out" });
  const fields = [...seen.fields];
  const required = fields.filter(([, field]) => countOf(field) === objects).map(([name]) => name);
  const properties = fields.map(([name, field]): [string, JsonValue] => [
    name,
    convert(field, join(path, name), making),
  ]);
  return {
    type: "object",
    ...(required.length > 0 && { required }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(seen.entries &&
      isWhole(seen) && { additionalProperties: convert(seen.entries, `${path}.*`, making) }),
  };
}

/** Returns a union of objects, each with its value of the tag. */
function unionSchema(seen: Observation, { path, making }: Place): JsonObject | undefined {
  const variants = variantsOf(seen);
  if (!variants) return undefined;
  const { tag, byText } = variants;
  making.notes.push({ path, text: `a union of ${byText.size} objects by ${tag}` });
  const oneOf = [...byText].map(([text, variant]): JsonObject => {
    const schema = objectSchema(variant, { path, making });
    const properties = { ...(schema["properties"] as JsonObject), [tag]: { const: text } };
    return { ...schema, properties };
  });
  return { oneOf };
}

/** Appends the name of a field to a path. */
export function join(path: string, name: string): string {
  const step = /^[A-Za-z_]\w*$/.test(name) || !isPlainName(name) ? name : `['${name}']`;
  return path === "" || step.startsWith("[") ? path + step : `${path}.${step}`;
}

/** Whether all fields were observed. Otherwise, a type for all other fields could be wrong. */
function isWhole({ isCut, unwritable }: Observation): boolean {
  return !isCut && unwritable === 0;
}

/** Minimum number of names of an object that may be keys of a map. */
const minMapNames = 20;

/** Returns the merged values of an object if its keys are ids; `undefined` if they are names of fields. */
function mapValuesOf(
  seen: Observation,
  objects: number,
): { readonly values: Observation; readonly reason: string } | undefined {
  const { fields, entries } = seen;
  if (!isWhole(seen)) return undefined;
  if (fields.size === 0 && entries) return { values: entries, reason: "a map: its keys look like ids" };
  if (fields.size < minMapNames || objects === 0) return undefined;
  const values = createObservation();
  for (const field of fields.values()) mergeObservation(values, field);
  if (entries) mergeObservation(values, entries);
  const isSparse = countOf(values) < fields.size * objects * 0.5;
  const isUniform = typesOf(values).length === 1;
  if (!isUniform || !isSparse) return undefined;
  return { values, reason: `a map: ${fields.size} different keys, few of them in each record` };
}
