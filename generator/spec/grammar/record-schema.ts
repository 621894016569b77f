import * as z from "zod";

import { closed, optional } from "./grammar.js";
import { bigIntegerModes } from "./policies.js";
import { once } from "../values.js";

/** The types of JSON Schema. */
const schemaTypes = ["string", "number", "integer", "boolean", "null", "object", "array"] as const;

/** The names of dlt's column types. */
const dataTypes = [
  "text",
  "double",
  "bool",
  "timestamp",
  "bigint",
  "binary",
  "json",
  "decimal",
  "wei",
  "date",
  "time",
] as const;

/** The grammar of a JSON Schema: 2020-12, and the spellings of older drafts and OpenAPI. */
export const jsonSchemaGrammar: z.ZodType = z
  .union([z.boolean(), z.lazy(() => schemaObject)])
  .meta({ id: "jsonSchema", description: "A JSON Schema, or `true` for any value." });

const nested = (description: string): z.ZodType => jsonSchemaGrammar.meta({ description }).optional();
const nestedList = (description: string): z.ZodType =>
  z.array(jsonSchemaGrammar).min(1).meta({ description }).optional();
const nestedMap = (description: string): z.ZodType =>
  z.record(z.string(), jsonSchemaGrammar).meta({ description }).optional();

const size = (description: string): z.ZodType => z.int().min(0).meta({ description }).optional();
const limit = (description: string): z.ZodType => z.number().meta({ description }).optional();

const schemaObject: z.ZodType = z
  .looseObject({
    type: z
      .union([z.enum(schemaTypes), z.array(z.enum(schemaTypes)).min(1)])
      .meta({ description: 'The type, or a list of types such as `["string", "null"]`.' })
      .optional(),
    properties: nestedMap("The fields of an object, named as in the response."),
    required: z.array(z.string()).meta({ description: "The fields that are always present." }).optional(),
    patternProperties: nestedMap("The schemas of fields whose names match a regular expression."),
    propertyNames: nested("The schema of the names of all fields."),
    items: z
      .union([jsonSchemaGrammar, z.array(jsonSchemaGrammar)])
      .meta({
        description: "The schema of the items of a list; before 2020-12 also those of its first items.",
      })
      .optional(),
    prefixItems: nestedList("The schemas of the first items of a list, by position."),
    contains: nested("The schema of at least one item of a list."),
    enum: z.array(z.unknown()).min(1).meta({ description: "The allowed values." }).optional(),
    const: z.unknown().meta({ description: "The only allowed value." }).optional(),
    "x-open-enum": z
      .boolean()
      .meta({
        description: "Whether other values than those of `enum` are possible. They become suggestions.",
      })
      .optional(),
    format: z
      .string()
      .meta({ description: "The format of a text: `date-time`, `email`, `uri`, …" })
      .optional(),
    big_integers: z
      .enum(bigIntegerModes)
      .meta({
        description:
          "How integers of this field appear in records: as an error beyond 2^53, or always as text or as `bigint`.",
      })
      .optional(),
    nullable: z.boolean().meta({ description: "Whether `null` is also allowed (OpenAPI 3.0)." }).optional(),
    oneOf: nestedList("The value matches exactly one of these schemas."),
    anyOf: nestedList("The value matches at least one of these schemas."),
    allOf: nestedList("The value matches all of these schemas."),
    additionalProperties: nested("The schema of all other fields, or whether other fields are allowed."),
    not: nested("The value does not match this schema."),
    if: nested("The value matches `then` if it matches this schema, and `else` otherwise."),
    then: nested("The schema of values that match `if`."),
    else: nested("The schema of values that do not match `if`."),
    dependentSchemas: nestedMap("Schemas of objects that have certain fields, by field."),
    unevaluatedProperties: nested("The schema of all fields that no other keyword describes."),
    unevaluatedItems: nested("The schema of all items that no other keyword describes."),
    minLength: size("The fewest characters of a text."),
    maxLength: size("The most characters of a text."),
    pattern: z.string().meta({ description: "A regular expression that is found in the text." }).optional(),
    minimum: limit("The least number."),
    maximum: limit("The greatest number."),
    multipleOf: z.number().positive().meta({ description: "A number that divides the value." }).optional(),
    minItems: size("The fewest items of a list."),
    maxItems: size("The most items of a list."),
    uniqueItems: z.boolean().meta({ description: "Whether all items of a list differ." }).optional(),
    minContains: size("The fewest items that match `contains`."),
    maxContains: size("The most items that match `contains`."),
    minProperties: size("The fewest fields of an object."),
    maxProperties: size("The most fields of an object."),
    description: z
      .string()
      .meta({ description: "The documentation of the generated type or field." })
      .optional(),
    title: z
      .string()
      .meta({ description: "A short title. That of a nested object names its type: `Postal address`." })
      .optional(),
    "x-unit": z.string().meta({ description: "The unit of a number: `seconds`." }).optional(),
    deprecated: z.boolean().meta({ description: "Whether the field or type is deprecated." }).optional(),
    default: z.unknown().meta({ description: "The default value." }).optional(),
    examples: z.array(z.unknown()).meta({ description: "Example values." }).optional(),
    $ref: z
      .string()
      .meta({
        description:
          "A reference to a schema in `schemas` (`#/schemas/User`), or to a part of this schema: `#/$defs/User`, `#/properties/owner`, `#anchor`, `#`.",
      })
      .optional(),
    $defs: nestedMap("Schemas that this schema refers to as `#/$defs/Name`."),
  })
  .meta({ id: "jsonSchemaObject" });

const flag = (description: string): z.ZodType => optional(z.boolean(), { description });
const number = (description: string): z.ZodType => optional(z.int(), { description });

const columnHints = once(() => ({
  data_type: optional(z.enum(dataTypes), { description: "The data type of the column." }),
  nullable: optional(z.boolean(), {
    description: "Whether the value may be missing or `null`.",
    default: true,
  }),
  description: optional(z.string(), { description: "The documentation of the generated type or field." }),
  primary_key: flag("Whether the column is part of the primary key."),
  merge_key: flag("Whether the column is part of the merge key."),
  precision: number(
    "For destinations: the number of digits, the length, or the digits of fractional seconds.",
  ),
  scale: number("For destinations: the number of digits after the decimal point."),
  timezone: flag("For destinations: whether a timestamp includes a time zone."),
  unique: flag("For destinations: whether the values are unique."),
  sort: flag("For destinations: whether to sort rows by the column."),
  partition: flag("For destinations: whether to partition the table by the column."),
  cluster: flag("For destinations: whether to cluster the table by the column."),
  hard_delete: flag("For destinations: whether a value in the column marks a row as deleted."),
  dedup_sort: optional(z.enum(["asc", "desc"]), {
    description: "The sort order that decides which of several rows with the same key is kept.",
  }),
  row_key: flag("For destinations: whether the column identifies a row."),
  parent_key: flag("For destinations: whether the column refers to the row of the parent table."),
  root_key: flag("For destinations: whether the column refers to the row of the root table."),
}));

const column = closed(() => ({
  name: optional(z.string(), { description: "The name of the column." }),
  ...columnHints(),
}));
const namedColumn = closed(() => ({
  name: z.string().min(1).meta({ description: "The name of the column." }),
  ...columnHints(),
}));

/** The grammar of dlt's `columns`. */
export const columnsGrammar: z.ZodType = z.union([z.record(z.string(), column), z.array(namedColumn)]);
