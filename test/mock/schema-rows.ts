/** A schema of records with fields besides the key. All fields in `properties` are required. */
export function object(properties: object, more: object = {}): object {
  const all = { id: { type: "integer" }, ...properties };
  return { type: "object", properties: all, required: Object.keys(all), ...more };
}

export const text = { type: "string" };
const number = { type: "number" };
export const integer = { type: "integer" };

/** Schemas that records can match. `$ref`s lead to `schemas`. */
export const satisfiable: readonly {
  readonly what: string;
  readonly schema: object;
  readonly schemas?: object;
}[] = [
  ...[
    "^[A-Z]{2}-\\d{4}$",
    "^(?:red|green|blue)$",
    "^#[0-9a-f]{6}$",
    "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$",
    "^\\p{Lu}\\p{Ll}+$",
    "^\\+?[1-9]\\d{1,14}$",
    "^(\\w)x\\1$",
    "^(?<year>\\d{4})-\\k<year>$",
    "needle",
    "^a.{3}z$",
    "^(?=.*\\d)(?=.*[a-z]).{8,}$",
    "^(?!admin)[a-z]+$",
    "^(?=abc)[a-z]+$",
    "^(?=.*abc)(?=.*\\d)[a-z\\d]{10}$",
    "^\\d{3}-(?=US|GB)[A-Z]{2}$",
    "^[a-z]{8}(?<=xyz)$",
    "^(?=[^@]+@acme\\.org$)[a-z]+@[a-z.]+$",
    "^(?=.{6}$)(?=.*#)[\\x20-\\x7e]+$",
    "\\bword\\b",
    "^[\\u0400-\\u04ff]+$",
    "^([A-Za-z0-9+/]{4})+={0,2}$",
    "^\\s$",
    "^[\\w.-]+/[\\w.-]+$",
    "^$",
    "x{20,30}",
    "^v\\d+(\\.\\d+){2}(-[a-z]+)?$",
    "^(a|b(c|d)){2}e?f*$",
    "^[\\ud83d\\ude00]$",
  ].map((pattern) => ({ what: `pattern ${pattern}`, schema: object({ value: { ...text, pattern } }) })),
  {
    what: "a pattern in optional and nullable fields",
    schema: {
      type: "object",
      properties: { id: integer, a: { type: ["string", "null"], pattern: "^x+$" } },
    },
  },
  {
    what: "minLength",
    schema: object({ name: { ...text, minLength: 40 }, email: { ...text, minLength: 60 } }),
  },
  {
    what: "maxLength",
    schema: object({ name: { ...text, maxLength: 3 }, description: { ...text, maxLength: 0 } }),
  },
  {
    what: "a key with fewer numbers than records",
    schema: {
      type: "object",
      properties: { id: { type: "integer", minimum: 1, maximum: 9 } },
      required: ["id"],
    },
  },
  { what: "both lengths", schema: object({ name: { ...text, minLength: 7, maxLength: 7 } }) },
  {
    what: "a pattern with lengths",
    schema: object({ code: { ...text, pattern: "^[a-z]+$", minLength: 30, maxLength: 32 } }),
  },
  {
    what: "a pattern with few repetitions and a maxLength",
    schema: object({ code: { ...text, pattern: "^[a-z]*$", maxLength: 2 } }),
  },
  {
    what: "two patterns",
    schema: object({ code: { allOf: [{ ...text, pattern: "^[a-z0-9]+$" }, { pattern: "\\d$" }] } }),
  },
  {
    what: "a pattern that only describes the beginning",
    schema: object({ code: { allOf: [{ ...text, pattern: "^[A-Z]{5}$" }, { pattern: "^EUR" }] } }),
  },
  {
    what: "a pattern for each end, and one for all characters",
    schema: object({
      code: {
        allOf: [{ ...text, pattern: "^ord_" }, { pattern: "_v2$" }, { pattern: "^[a-z0-9_]{12,16}$" }],
      },
    }),
  },
  {
    what: "a pattern for a part",
    schema: object({ code: { allOf: [{ ...text, pattern: "^[a-z]{9}$" }, { pattern: "mid" }] } }),
  },
  {
    what: "a format with a pattern",
    schema: object({ at: { ...text, format: "date-time", pattern: "Z$" } }),
  },
  {
    what: "multipleOf",
    schema: object({
      a: { ...number, multipleOf: 0.25 },
      b: { ...integer, multipleOf: 7 },
      c: { ...number, multipleOf: 0.01 },
    }),
  },
  {
    what: "two multiples",
    schema: object({ a: { allOf: [{ ...integer, multipleOf: 4 }, { multipleOf: 6 }] } }),
  },
  {
    what: "multipleOf within bounds",
    schema: object({ a: { ...integer, multipleOf: 50, minimum: 1010, maximum: 1060 } }),
  },
  {
    what: "excluded bounds",
    schema: object({
      a: { ...number, exclusiveMinimum: 0, exclusiveMaximum: 0.001 },
      b: { ...integer, exclusiveMinimum: 9, exclusiveMaximum: 11 },
    }),
  },
  {
    what: "a negative excluded maximum",
    schema: object({ a: { ...integer, exclusiveMaximum: -1_000_000 } }),
  },
  {
    what: "minItems and maxItems",
    schema: object({
      a: { type: "array", items: text, minItems: 4, maxItems: 5 },
      b: { type: "array", items: text, maxItems: 0 },
    }),
  },
  {
    what: "uniqueItems",
    schema: object({ a: { type: "array", items: { enum: [1, 2, 3] }, uniqueItems: true, minItems: 3 } }),
  },
  {
    what: "unique objects",
    schema: object({
      a: { type: "array", items: object({ b: { type: "boolean" } }), uniqueItems: true, minItems: 2 },
    }),
  },
  {
    what: "contains",
    schema: object({ a: { type: "array", items: integer, contains: { minimum: 5000 } } }),
  },
  {
    what: "contains with bounds",
    schema: object({
      a: {
        type: "array",
        items: integer,
        contains: { maximum: 10 },
        minContains: 2,
        maxContains: 3,
        minItems: 6,
      },
    }),
  },
  {
    what: "prefixItems",
    schema: object({
      a: { type: "array", prefixItems: [text, integer], items: { type: "boolean" }, minItems: 4 },
    }),
  },
  {
    what: "a closed tuple",
    schema: object({ a: { type: "array", prefixItems: [text, integer], items: false, minItems: 2 } }),
  },
  {
    what: "minProperties and propertyNames",
    schema: object({
      a: {
        type: "object",
        additionalProperties: integer,
        minProperties: 4,
        propertyNames: { pattern: "^[a-z]{2}_[A-Z]{2}$" },
      },
    }),
  },
  {
    what: "maxProperties",
    schema: object({ a: { type: "object", additionalProperties: integer, maxProperties: 1 } }),
  },
  {
    what: "patternProperties",
    schema: object({
      a: {
        type: "object",
        patternProperties: { "^n_": integer, "^t_": text },
        additionalProperties: false,
        minProperties: 3,
      },
    }),
  },
  {
    what: "patternProperties beside fields",
    schema: object({}, { patternProperties: { "^extra": { type: "null" } } }),
  },
  { what: "a closed object", schema: object({ name: text }, { additionalProperties: false }) },
  { what: "other fields with a type", schema: object({ name: text }, { additionalProperties: integer }) },
  { what: "maxProperties of the record", schema: object({ name: text }, { maxProperties: 2 }) },
  {
    what: "dependentRequired",
    schema: {
      type: "object",
      properties: { id: integer, card: text, address: text, zip: text },
      dependentRequired: { card: ["address"], address: ["zip"] },
    },
  },
  {
    what: "dependentSchemas",
    schema: {
      type: "object",
      properties: { id: integer, card: text, owner: text },
      dependentSchemas: { card: { required: ["owner"], properties: { owner: { minLength: 30 } } } },
    },
  },
  {
    what: "if, then, else",
    schema: object(
      { country: { enum: ["DE", "US", "FR"] }, zip: text },
      {
        if: { properties: { country: { const: "DE" } } },
        then: { properties: { zip: { pattern: "^\\d{5}$" } } },
        else: { properties: { zip: { maxLength: 3 } } },
      },
    ),
  },
  {
    what: "several conditions",
    schema: object(
      { kind: { enum: ["a", "b"] }, value: { type: "number" }, note: text },
      {
        allOf: [
          {
            if: { properties: { kind: { const: "a" } } },
            then: { properties: { value: { minimum: 5000 } } },
          },
          {
            if: { properties: { kind: { const: "b" } } },
            then: { properties: { value: { maximum: -1 } }, required: ["reason"] },
          },
        ],
      },
    ),
  },
  {
    what: "not",
    schema: object({
      a: { ...integer, minimum: 1, maximum: 3, not: { const: 2 } },
      b: { ...text, not: { pattern: "[aeiou]" }, maxLength: 3 },
    }),
  },
  {
    what: "a field that must be absent",
    schema: { type: "object", properties: { id: integer, a: text }, not: { required: ["a"] } },
  },
  {
    what: "fields that exclude each other",
    schema: {
      type: "object",
      properties: { id: integer, a: text, b: text },
      oneOf: [{ required: ["a"] }, { required: ["b"] }],
    },
  },
  {
    what: "one of several fields",
    schema: {
      type: "object",
      properties: { id: integer, a: text, b: text },
      anyOf: [{ required: ["a"] }, { required: ["b"] }],
    },
  },
  {
    what: "exactly one option",
    schema: object({
      a: {
        oneOf: [
          { ...integer, multipleOf: 3 },
          { ...integer, multipleOf: 5 },
        ],
      },
    }),
  },
  {
    what: "options of objects",
    schema: object({
      a: {
        oneOf: [
          object({ b: text }, { additionalProperties: false }),
          object({ c: text }, { additionalProperties: false }),
        ],
      },
    }),
  },
  {
    what: "unevaluatedProperties",
    schema: {
      type: "object",
      allOf: [{ properties: { id: integer, a: text } }, { properties: { b: text } }],
      unevaluatedProperties: false,
    },
  },
  {
    what: "examples that do not match",
    schema: object({ a: { ...text, pattern: "^x\\d$", examples: ["x1", "y", 3] } }),
  },
  {
    what: "limits in nested and shared schemas",
    schema: object({
      lines: { type: "array", minItems: 1, items: { $ref: "#/schemas/Line" } },
      main: { $ref: "#/schemas/Line" },
    }),
    schemas: {
      Line: {
        type: "object",
        properties: { sku: { ...text, pattern: "^SKU\\d{6}$" }, next: { $ref: "#/schemas/Line" } },
        required: ["sku"],
      },
    },
  },
  {
    what: "a type that contains itself, with a list of at least one",
    schema: object({ tree: { $ref: "#/schemas/Tree" } }),
    schemas: {
      Tree: {
        anyOf: [
          object({ leaf: text }, { additionalProperties: false }),
          object(
            { branches: { type: "array", minItems: 1, items: { $ref: "#/schemas/Tree" } } },
            { additionalProperties: false },
          ),
        ],
      },
    },
  },
  {
    what: "constants and lists of constants",
    schema: object({ a: { const: { x: [1, "y"] } }, b: { enum: [[1], [2, 3]] } }),
  },
];
