import type { JsonObject } from "@connector-gen/runtime";
import { count } from "../detect/finding.js";
import type { Path } from "../spec/load/document.js";
import { isObject, listOf, own } from "../spec/values.js";
import { countOf, type Observation, type ValueType } from "./observation.js";
import { join, toSchema, type Note } from "./to-schema.js";

/** How records differ from the schema that a spec has for them. */
export interface SchemaComparison {
  /** Fields that the schema lacks, by their location in it. */
  readonly additions: readonly SchemaAddition[];
  /** Where the records contradict the schema. */
  readonly contradictions: readonly Note[];
}

/** A field that a schema lacks. */
export interface SchemaAddition {
  /** Path of the property in the schema: `["properties", "address"]`. */
  readonly at: Path;
  /** Path of the field in the records. */
  readonly path: string;
  readonly schema: JsonObject;
}

/** Compares records with a schema. Does not look into references, unions and other combinations of schemas. */
export function compareSchema(schema: unknown, seen: Observation): SchemaComparison {
  const comparison: Comparison = { additions: [], contradictions: [] };
  compare({ schema, seen, at: [], path: "" }, comparison);
  return comparison;
}

interface Comparison {
  readonly additions: SchemaAddition[];
  readonly contradictions: Note[];
}

interface Pair {
  readonly schema: unknown;
  readonly seen: Observation;
  readonly at: Path;
  readonly path: string;
}

const combinations = ["$ref", "allOf", "anyOf", "oneOf", "enum", "const", "if", "not"];

function compare(pair: Pair, into: Comparison): void {
  const { schema, seen, at, path } = pair;
  if (!isObject(schema) || combinations.some((keyword) => keyword in schema)) return;
  compareTypes(pair, into);
  if (isObject(schema["properties"])) compareFields(pair, into);
  if (seen.items && isObject(schema["items"]))
    compare({ schema: schema["items"], seen: seen.items, at: [...at, "items"], path: `${path}[*]` }, into);
}

function compareTypes({ schema, seen, path }: Pair, { contradictions }: Comparison): void {
  const declared = own(schema, "type");
  // An integer with `big_integers` arrives as text.
  if (declared === undefined || path === "" || own(schema, "big_integers") !== undefined) return;
  const allowed = new Set(Array.isArray(declared) ? listOf(declared) : [declared]);
  if (own(schema, "nullable") === true) allowed.add("null");
  if (allowed.has("number")) allowed.add("integer");
  for (const [type, number] of seen.types) {
    if (allowed.has(type)) continue;
    const text = `the schema says ${[...allowed].join(" or ")}, but ${describe(type, number, seen)}`;
    contradictions.push({ path, text });
  }
}

function describe(type: ValueType, number: number, seen: Observation): string {
  return `${number} of ${count(countOf(seen), "value")} ${number === 1 ? "is" : "are"} ${type}`;
}

function compareFields({ schema, seen, at, path }: Pair, into: Comparison): void {
  const properties = own(schema, "properties");
  const objects = seen.types.get("object") ?? 0;
  const isClosed = isObject(own(schema, "additionalProperties"));
  for (const [name, field] of seen.fields) {
    const place: Path = [...at, "properties", name];
    const known = own(properties, name);
    if (known !== undefined) compare({ schema: known, seen: field, at: place, path: join(path, name) }, into);
    else if (!isClosed)
      into.additions.push({
        at: place,
        path: join(path, name),
        schema: toSchema(field, join(path, name), []),
      });
  }
  for (const name of listOf(own(schema, "required"))) {
    if (typeof name !== "string") continue;
    const field = seen.fields.get(name);
    const missing = objects - (field ? countOf(field) : 0);
    if (missing > 0)
      into.contradictions.push({
        path: join(path, name),
        text: `the schema requires it, but ${missing} of ${count(objects, "object")} lack${missing === 1 ? "s" : ""} it`,
      });
  }
}
