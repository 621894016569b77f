import { schemas, text, userType, whole, type Row } from "./schema-rows.js";

/** Schemas of the field `value`, and its type, perhaps with other declarations. */
export const fields: readonly Row[] = [
  { name: "a string", schema: text, want: "string" },
  { name: "true", schema: true, want: "JsonValue" },
  { name: "false", schema: false, want: "never" },
  { name: "no keywords", schema: {}, want: "JsonValue" },
  { name: "null", schema: { type: "null" }, want: "null" },

  { name: "null in a type list", schema: { type: ["string", "null"] }, want: "string | null" },
  { name: "null first in a type list", schema: { type: ["null", "integer"] }, want: "number | null" },
  { name: "nullable", schema: { type: "string", nullable: true }, want: "string | null" },
  { name: "nullable: false", schema: { type: "string", nullable: false }, want: "string" },
  { name: "x-nullable", schema: { type: "string", "x-nullable": true }, want: "string | null" },
  { name: "anyOf with null", schema: { anyOf: [text, { type: "null" }] }, want: "string | null" },
  { name: "oneOf with null first", schema: { oneOf: [{ type: "null" }, text] }, want: "string | null" },
  { name: "an enum with null", schema: { enum: ["a", "b", null] }, want: '"a" | "b" | null' },
  {
    name: "a type and an enum with null",
    schema: { type: ["string", "null"], enum: ["a", null] },
    want: '"a" | null',
  },
  {
    name: "a nullable enum without null",
    schema: { type: "string", nullable: true, enum: ["a"] },
    want: '"a" | null',
  },
  { name: "const null", schema: { const: null }, want: "null" },
  { name: "anyOf with const null", schema: { anyOf: [text, { const: null }] }, want: "string | null" },
  { name: "anyOf with an enum of null", schema: { anyOf: [text, { enum: [null] }] }, want: "string | null" },
  { name: "a nullable const", schema: { const: "a", nullable: true }, want: '"a" | null' },
  {
    name: "nullable beside $ref",
    schema: { $ref: "#/schemas/User", nullable: true },
    schemas,
    want: ["User | null", userType],
  },
  {
    name: "nullable beside allOf",
    schema: { allOf: [{ $ref: "#/schemas/User" }], nullable: true, description: "The owner." },
    schemas,
    want: ["User | null", userType],
  },
  {
    name: "nullable as a part of allOf",
    schema: { allOf: [{ $ref: "#/schemas/User" }, { nullable: true }] },
    schemas,
    want: ["User | null", userType],
  },
  {
    name: "nullable beside a type and allOf",
    schema: { type: "object", allOf: [{ $ref: "#/schemas/User" }], nullable: true },
    schemas,
    want: ["User | null", userType],
  },
  {
    name: "nullable beside oneOf",
    schema: { oneOf: [text, whole], nullable: true },
    want: "string | number | null",
  },

  { name: "const", schema: { const: "course" }, want: '"course"' },
  { name: "a const number", schema: { const: 2 }, want: "2" },
  { name: "both booleans", schema: { enum: [true, false] }, want: "boolean" },
  { name: "true only", schema: { type: "boolean", enum: [true] }, want: "true" },
  { name: "values of the type only", schema: { type: "string", enum: ["a", 1] }, want: '"a"' },
  { name: "a const list", schema: { const: ["a", 1] }, want: '["a", 1]' },
  {
    name: "a const object",
    schema: { const: { a: 1 } },
    want: ["ItemValue", "interface ItemValue { a: 1 }"],
  },
  {
    name: "an open enum",
    schema: { type: "string", enum: ["a", "b"], "x-open-enum": true },
    want: '"a" | "b" | (string & {})',
  },
  {
    name: "an open enum with null",
    schema: { type: ["string", "null"], enum: ["a", null], "x-open-enum": true },
    want: '"a" | null | (string & {})',
  },
  {
    name: "an open enum of numbers",
    schema: { type: "integer", enum: [1, 2], "x-open-enum": true },
    want: "1 | 2 | (number & {})",
  },
  {
    name: "an extensible enum",
    schema: { type: "string", "x-extensible-enum": ["a", "b"] },
    want: '"a" | "b" | (string & {})',
  },
  {
    name: "an enum whose values are strings",
    schema: { type: "string", enum: ["a"], "x-ms-enum": { name: "Kind", modelAsString: true } },
    want: '"a" | (string & {})',
  },
  {
    name: "an enum or any string",
    schema: { anyOf: [{ type: "string", enum: ["gpt-4", "gpt-5"] }, text] },
    want: '"gpt-4" | "gpt-5" | (string & {})',
  },
  { name: "two enums", schema: { oneOf: [{ enum: ["a"] }, { enum: ["b"] }] }, want: '"a" | "b"' },
  {
    name: "constants with docs",
    schema: { oneOf: [{ const: "a", title: "First" }, { const: "b" }] },
    want: '"a" | "b"',
  },

  { name: "a list", schema: { type: "array", items: text }, want: "string[]" },
  { name: "a list of anything", schema: { type: "array" }, want: "JsonValue[]" },
  {
    name: "a nullable list of nullable values",
    schema: { type: ["array", "null"], items: { type: ["string", "null"] } },
    want: "(string | null)[] | null",
  },
  { name: "a list without items", schema: { type: "array", items: false }, want: "[]" },
  {
    name: "a tuple",
    schema: { type: "array", prefixItems: [text, whole], items: false, minItems: 2 },
    want: "[string, number]",
  },
  {
    name: "a tuple whose items may be missing",
    schema: { prefixItems: [text, whole], items: false, minItems: 1 },
    want: "[string, number?]",
  },
  {
    name: "a tuple without minItems",
    schema: { type: "array", prefixItems: [text, whole], items: false },
    want: "[string, number]",
  },
  {
    name: "a tuple with a rest",
    schema: { type: "array", prefixItems: [text], items: whole, minItems: 1 },
    want: "[string, ...number[]]",
  },
  {
    name: "a tuple of an older draft",
    schema: { type: "array", items: [text, whole], additionalItems: false, minItems: 2 },
    want: "[string, number]",
  },
  {
    name: "a tuple without unevaluated items",
    schema: { type: "array", prefixItems: [text], unevaluatedItems: false, minItems: 1 },
    want: "[string]",
  },
  {
    name: "a list of objects",
    schema: { type: "array", items: { type: "object", properties: { a: text } } },
    want: ["ItemValue[]", "interface ItemValue { a?: string }"],
  },

  {
    name: "a map",
    schema: { type: "object", additionalProperties: whole },
    want: "Readonly<Record<string, number>>",
  },
  {
    name: "a map without a type",
    schema: { additionalProperties: whole },
    want: "Readonly<Record<string, number>>",
  },
  { name: "any object", schema: { type: "object" }, want: "JsonObject" },
  {
    name: "any object, spelled out",
    schema: { type: "object", additionalProperties: true },
    want: "JsonObject",
  },
  {
    name: "a map of objects",
    schema: { type: "object", additionalProperties: { type: "object", properties: { a: text } } },
    want: ["Readonly<Record<string, ItemValueValue>>", "interface ItemValueValue { a?: string }"],
  },
  {
    name: "a map by pattern",
    schema: { type: "object", patternProperties: { "^[a-z]{2}$": text }, additionalProperties: false },
    want: "Readonly<Record<string, string>>",
  },
  {
    name: "a map by two patterns",
    schema: { patternProperties: { "^s_": text, "^n_": whole }, additionalProperties: false },
    want: "Readonly<Record<string, string | number>>",
  },
  {
    name: "other fields beside properties",
    schema: { type: "object", required: ["id"], properties: { id: whole }, additionalProperties: text },
    want: ["ItemValue", "interface ItemValue { id: number; [key: string]: string | number }"],
  },
  {
    name: "other fields beside optional properties",
    schema: { type: "object", properties: { id: text }, additionalProperties: text },
    want: ["ItemValue", "interface ItemValue { id?: string; [key: string]: string | undefined }"],
  },
  {
    name: "no other fields",
    schema: { type: "object", properties: { id: text }, additionalProperties: false },
    want: ["ItemValue", "interface ItemValue { id?: string }"],
  },
  {
    name: "a forbidden field",
    schema: { type: "object", properties: { id: text, old: false } },
    want: ["ItemValue", "interface ItemValue { id?: string; old?: never }"],
  },
  {
    name: "a field that is never sent",
    schema: {
      type: "object",
      required: ["password"],
      properties: { password: { type: "string", writeOnly: true } },
    },
    want: ["ItemValue", "interface ItemValue { password?: string }"],
  },

  {
    name: "several types",
    schema: { type: ["string", "number", "boolean"] },
    want: "string | number | boolean",
  },
  {
    name: "a string or an object",
    schema: { type: ["string", "object"], properties: { html: text }, required: ["html"] },
    want: ["string | ItemValue", "interface ItemValue { html: string }"],
  },
  {
    name: "all types in one list",
    schema: { type: ["string", "array", "object", "null"], items: whole, properties: { a: text } },
    want: ["string | number[] | ItemValue | null", "interface ItemValue { a?: string }"],
  },
  {
    name: "a string or a map",
    schema: { type: ["string", "object"], additionalProperties: whole },
    want: "string | Readonly<Record<string, number>>",
  },
];
