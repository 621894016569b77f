import type { JsonObject } from "@connector-gen/runtime";
import { count } from "../detect/finding.js";
import type { Path } from "../spec/load/document.js";
import { isObject, listOf, own } from "../spec/values.js";
import type { Format } from "./formats.js";
import { countOf, type Observation, type ValueType } from "./observation.js";
import { join, toPart, type Note } from "./to-schema.js";

/** The differences between records and their schema in a spec. */
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

/** The schemas that references of a schema refer to. */
export interface RefScope {
  /** The spec's `schemas`. */
  readonly schemas: unknown;
}

/**
 * Compares records with a schema. Follows references and looks through `null` in unions, but not into other combinations of
 * schemas. Adds nothing to a shared schema, because other records use it too.
 */
export function compareSchema(schema: unknown, seen: Observation, scope: RefScope): SchemaComparison {
  const comparison: Comparison = {
    additions: [],
    contradictions: [],
    scope: { ...scope, $defs: own(schema, "$defs") },
  };
  compare({ schema, seen, at: [], path: "" }, comparison);
  return comparison;
}

interface Comparison {
  readonly additions: SchemaAddition[];
  readonly contradictions: Note[];
  readonly scope: RefScope & { readonly $defs: unknown };
}

interface Pair {
  readonly schema: unknown;
  readonly seen: Observation;
  readonly at: Path;
  readonly path: string;
  /** Whether the schema is behind a reference. */
  readonly isShared?: true;
}

const combinations = ["allOf", "anyOf", "oneOf", "if", "not"];

function compare(pair: Pair, into: Comparison): void {
  const resolved = resolve(pair, into);
  const { schema, seen, at, path } = resolved;
  if (!isObject(schema) || combinations.some((keyword) => keyword in schema)) return;
  compareTypes(resolved, into);
  compareTexts(resolved, into);
  if (isObject(schema["properties"])) compareFields(resolved, into);
  if (seen.items && isObject(schema["items"]))
    compare(
      { ...resolved, schema: schema["items"], seen: seen.items, at: [...at, "items"], path: `${path}[*]` },
      into,
    );
}

/** Maximum length of a chain of references. */
const maxRefs = 16;

/** Follows references, including those beside `null` in a union. */
function resolve(pair: Pair, { scope }: Comparison): Pair {
  let { schema } = pair;
  let isShared = pair.isShared;
  let isNullable = false;
  for (let n = 0; n < maxRefs; n++) {
    const options = listOf(own(schema, "anyOf") ?? own(schema, "oneOf"));
    const proper = options.filter((option) => own(option, "type") !== "null");
    const ref = own(schema, "$ref");
    if (options.length > proper.length && proper.length === 1) {
      isNullable = true;
      isShared = true;
      [schema] = proper;
    } else if (typeof ref === "string") {
      const [, section, name] = /^#\/(schemas|\$defs)\/([^/]+)$/.exec(ref) ?? [];
      isShared = true;
      schema = section === undefined ? {} : own(scope[section as keyof typeof scope], name ?? "");
    } else break;
  }
  const open = isNullable && isObject(schema) ? { ...schema, nullable: true } : schema;
  return { ...pair, schema: open, ...(isShared && { isShared }) };
}

/** Compares texts with the values of an enum and with a format. Messages contain no values. */
function compareTexts({ schema, seen, path }: Pair, { contradictions }: Comparison): void {
  const { texts, formats, types } = seen;
  const values = own(schema, "enum");
  if (Array.isArray(values) && own(schema, "x-open-enum") !== true) {
    const other = [...texts.counts].filter(([text]) => !values.includes(text));
    const number = other.reduce((sum, [, times]) => sum + times, 0);
    const text =
      texts.isFree && types.has("string")
        ? "the schema has an enum, but the texts are free or have many values"
        : `the schema has an enum, but ${count(number, "text")} ${number === 1 ? "is" : "are"} not among its values`;
    if (number > 0 || (texts.isFree && types.has("string"))) contradictions.push({ path, text });
  }
  const format = own(schema, "format");
  const isKnown =
    typeof format === "string" && ["date-time", "date", "uuid", "email", "uri"].includes(format);
  if (isKnown && formats && ![...formats].includes(format as Format))
    contradictions.push({ path, text: `the schema says ${format}, but not every text is one` });
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

function compareFields({ schema, seen, at, path, isShared }: Pair, into: Comparison): void {
  const properties = own(schema, "properties");
  const objects = seen.types.get("object") ?? 0;
  const isClosed = isObject(own(schema, "additionalProperties"));
  for (const [name, field] of seen.fields) {
    const place: Path = [...at, "properties", name];
    const known = own(properties, name);
    if (known !== undefined)
      compare(
        { schema: known, seen: field, at: place, path: join(path, name), ...(isShared && { isShared }) },
        into,
      );
    else if (!isClosed && !isShared)
      into.additions.push({
        at: place,
        path: join(path, name),
        schema: toPart(field, join(path, name)),
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
