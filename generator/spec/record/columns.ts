import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { columnsByName } from "../resource/defaults.js";
import type { JsonSchema } from "../spec.js";
import { isObject, listOf, own } from "../values.js";

/** The JSON Schemas of dlt's column types. A type that is not listed accepts any value. */
const columnTypes: Readonly<Record<string, JsonObject>> = {
  text: { type: "string" },
  double: { type: "number" },
  decimal: { type: "number" },
  bool: { type: "boolean" },
  timestamp: { type: "string", format: "date-time" },
  date: { type: "string", format: "date" },
  time: { type: "string", format: "time" },
  bigint: { type: "integer" },
  wei: { type: "integer" },
  binary: { type: "string" },
};

/** Keywords that define the type of a field; they take precedence over a column's `data_type`. */
const typeKeywords = ["type", "$ref", "enum", "const", "oneOf", "anyOf", "allOf", "properties", "items"];

/** dlt's columns and the schema that they are merged into. */
export interface ColumnMerge {
  readonly columns: unknown;
  /** The schema of the resource, if it has one. */
  readonly schema: JsonSchema | undefined;
  /** The fields of the schema, including those of referenced schemas; `undefined` if the schema does not define them. */
  readonly fields: ReadonlySet<string> | undefined;
  /** The key columns, which are never null. */
  readonly keys: readonly string[];
}

/** Merges dlt's `columns` into the schema of a record. Keywords of the schema take precedence. */
export function mergeColumns({ columns, schema, fields, keys }: ColumnMerge): JsonSchema {
  const base: JsonObject = isObject(schema) ? schema : { type: "object" };
  const properties = objectIn(base, "properties");
  const all = columnsByName(columns);
  // Without a schema, columns describe only some fields. Key fields exist even if no column describes them.
  const unnamed = fields === undefined ? keys.filter((key) => !all.has(key)) : [];
  const hints = [...unnamed.map((key) => [key, {}] as const), ...all].filter(
    ([name]) => Object.hasOwn(properties, name) || !fields?.has(name),
  );
  const added = hints.map(
    ([name, hint]) => [name, mergeProperty(hint, own(properties, name), keys.includes(name))] as const,
  );
  const required = hints.filter(([name, hint]) => own(hint, "nullable") === false || keys.includes(name));
  const merged = {
    properties: { ...properties, ...Object.fromEntries(added) },
    required: mergeRequired(base, new Map(required)),
  };
  if (!isComposed(base)) return dropEmpty({ type: "object", ...base, ...merged });
  if (hints.length === 0) return base;
  // Beside a `$ref` or `allOf`, the merged keywords become another part; `$defs` stay at the top for references.
  const { $defs, ...rest } = base;
  return { ...($defs !== undefined && { $defs }), allOf: [rest, dropEmpty({ type: "object", ...merged })] };
}

/** The names of the columns with a `primary_key` or `merge_key` hint. */
export function keyColumns(columns: unknown, hint: "primary_key" | "merge_key"): string[] {
  return [...columnsByName(columns)].filter(([, hints]) => own(hints, hint) === true).map(([name]) => name);
}

function mergeProperty(hints: JsonObject, property: unknown, isKey: boolean): JsonValue {
  if (typeof property === "boolean") return property;
  const description = own(hints, "description");
  const about: JsonObject = typeof description === "string" ? { description } : {};
  const known: JsonObject = isObject(property) ? (property as JsonObject) : {};
  if (typeKeywords.some((keyword) => keyword in known)) return { ...about, ...known };
  const nullable = own(hints, "nullable") !== false && !isKey;
  return { ...typeOf(own(hints, "data_type"), nullable), ...about, ...known };
}

function typeOf(dataType: unknown, nullable: boolean): JsonObject {
  const type = typeof dataType === "string" ? own(columnTypes, dataType) : undefined;
  if (!isObject(type)) return {};
  const keywords = type as JsonObject;
  return nullable ? { ...keywords, type: [keywords["type"] ?? "string", "null"] } : keywords;
}

function mergeRequired(schema: JsonObject, columns: ReadonlyMap<string, unknown>): JsonValue {
  return [...new Set([...listOf(own(schema, "required")), ...columns.keys()])] as JsonValue;
}

function isComposed(schema: JsonObject): boolean {
  return ["$ref", "allOf", "anyOf", "oneOf"].some((keyword) => keyword in schema);
}

function dropEmpty({ required, ...schema }: JsonObject): JsonObject {
  return listOf(required).length > 0 ? { ...schema, required: required ?? [] } : schema;
}

function objectIn(schema: JsonObject, keyword: string): JsonObject {
  const value = own(schema, keyword);
  return isObject(value) ? (value as JsonObject) : {};
}
