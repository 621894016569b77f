import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { count } from "../detect/finding.js";
import { isPlainName } from "../detect/selectors.js";
import {
  countOf,
  createObservation,
  mergeObservation,
  type Observation,
  type ValueType,
} from "./observation.js";

/** Something that the records show or hide about one place. Contains names of fields, never values. */
export interface Note {
  /** Path of the field: `address.lines[*]`; empty for the record itself. */
  readonly path: string;
  readonly text: string;
}

/** Keywords of a field with integers beyond 2^53. */
const exactInteger = { format: "int64", big_integers: "string" } as const;

/** The type order in unions; `null` comes last. */
const typeOrder: readonly ValueType[] = ["string", "integer", "number", "boolean", "array", "object"];

/** Converts an observation to a JSON Schema, and notes what the schema cannot say. */
export function toSchema(seen: Observation, path: string, notes: Note[]): JsonObject {
  const types = typesOf(seen);
  const isNullable = seen.types.has("null");
  const note = (text: string): void => void notes.push({ path, text });
  if (types.length === 0) {
    if (isNullable) note("always null, so its type is unknown");
    return {};
  }
  if (seen.bigIntegers > 0)
    note(`${count(seen.bigIntegers, "integer")} beyond 2^53, which a number would round; read as text`);
  if (types.length > 1) note(`values of ${types.length} types: ${types.map(nounOf).join(", ")}`);
  const only = types[0] ?? "string";
  if (types.length === 1) return withNull(schemaOf(only, seen, { path, notes }), isNullable);
  if (!types.includes("array") && !types.includes("object")) {
    const format = types.includes("integer") && seen.bigIntegers > 0 ? exactInteger : {};
    return { type: [...types, ...(isNullable ? ["null"] : [])], ...format };
  }
  const parts = types.map((type) => schemaOf(type, seen, { path, notes }));
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
  const { type = null, ...rest } = schema;
  return { type: [type, "null"], ...rest };
}

interface Place {
  readonly path: string;
  readonly notes: Note[];
}

function schemaOf(type: ValueType, seen: Observation, place: Place): JsonObject {
  switch (type) {
    case "string":
      return stringSchema(seen);
    case "integer":
      return seen.bigIntegers > 0 ? { type, ...exactInteger } : { type };
    case "array":
      return arraySchema(seen, place);
    case "object":
      return objectSchema(seen, place);
    case "number":
    case "boolean":
    case "null":
      return { type };
    default:
      return type satisfies never;
  }
}

function stringSchema({ formats }: Observation): JsonObject {
  const [format] = formats ?? [];
  return { type: "string", ...(format !== undefined && { format }) };
}

function arraySchema({ items, isCut }: Observation, { path, notes }: Place): JsonObject {
  if (!items) {
    const text = isCut
      ? "nested too deeply, so its items are untyped"
      : "always empty, so the type of its items is unknown";
    notes.push({ path, text });
    return { type: "array" };
  }
  return { type: "array", items: toSchema(items, `${path}[*]`, notes) };
}

function objectSchema(seen: Observation, { path, notes }: Place): JsonObject {
  const objects = seen.types.get("object") ?? 0;
  const asMap = path === "" ? undefined : mapValuesOf(seen, objects);
  if (asMap) {
    const values = toSchema(asMap.values, `${path}.*`, notes);
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
    toSchema(field, join(path, name), notes),
  ]);
  return {
    type: "object",
    ...(required.length > 0 && { required }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(seen.entries &&
      isWhole(seen) && { additionalProperties: toSchema(seen.entries, `${path}.*`, notes) }),
  };
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

/** Fewest names of an object that may be keys of a map. */
const minMapNames = 20;

/** Returns the merged values of an object if its keys identify things; `undefined` if they are names of fields. */
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
