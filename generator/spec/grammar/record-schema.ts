import { z } from "zod";

import { closed, optional } from "./grammar.js";

const SCHEMA_TYPES = ["string", "number", "integer", "boolean", "null", "object", "array"] as const;

/** dlt's names of column types. */
const DATA_TYPES = [
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

/** The grammar of a JSON Schema (2020-12, and OpenAPI 3.0's `nullable`); other keywords are `json-schema-check.ts`'s. */
export const jsonSchemaGrammar: z.ZodType = z
  .union([z.boolean(), z.lazy(() => schemaObject)])
  .meta({ id: "jsonSchema", description: "A JSON Schema, or `true` for any value." });

const nested = (description: string): z.ZodType => jsonSchemaGrammar.meta({ description }).optional();
const nestedList = (description: string): z.ZodType =>
  z.array(jsonSchemaGrammar).min(1).meta({ description }).optional();
const nestedMap = (description: string): z.ZodType =>
  z.record(z.string(), jsonSchemaGrammar).meta({ description }).optional();

const schemaObject: z.ZodType = z
  .looseObject({
    type: z
      .union([z.enum(SCHEMA_TYPES), z.array(z.enum(SCHEMA_TYPES)).min(1)])
      .meta({ description: 'The type, or a list of types: `["string", "null"]`.' })
      .optional(),
    properties: nestedMap("The fields of an object, as on the wire."),
    required: z.array(z.string()).meta({ description: "The fields that are always there." }).optional(),
    items: nested("The schema of a list's items."),
    prefixItems: nestedList("The schemas of a list's first items, by position."),
    enum: z.array(z.unknown()).min(1).meta({ description: "The values that there are." }).optional(),
    const: z.unknown().meta({ description: "The only value." }).optional(),
    format: z.string().meta({ description: "The format of text: `date-time`, `email`, `uri`, …" }).optional(),
    nullable: z
      .boolean()
      .meta({ description: "Whether `null` is a value as well (OpenAPI 3.0)." })
      .optional(),
    oneOf: nestedList("Exactly one of these."),
    anyOf: nestedList("At least one of these."),
    allOf: nestedList("All of these at once."),
    additionalProperties: nested("The schema of fields that are not named, or whether there are any."),
    description: z.string().meta({ description: "Becomes documentation." }).optional(),
    title: z.string().meta({ description: "A title." }).optional(),
    deprecated: z.boolean().meta({ description: "Whether users should stop using it." }).optional(),
    default: z.unknown().meta({ description: "The value that is assumed." }).optional(),
    examples: z.array(z.unknown()).meta({ description: "Values as they occur." }).optional(),
    $ref: z
      .string()
      .meta({
        description: "A schema of `schemas`: `#/schemas/User`; or of this schema's `$defs`: `#/$defs/User`.",
      })
      .optional(),
    $defs: nestedMap("Schemas used in this one, as `#/$defs/Name`."),
  })
  .meta({ id: "jsonSchemaObject" });

const flag = (description: string): z.ZodType => optional(z.boolean(), { description });
const number = (description: string): z.ZodType => optional(z.int(), { description });

const columnHints = {
  data_type: optional(z.enum(DATA_TYPES), { description: "The column's type." }),
  nullable: optional(z.boolean(), {
    description: "Whether the value may be missing or `null`.",
    default: true,
  }),
  description: optional(z.string(), { description: "Becomes documentation." }),
  primary_key: flag("Whether the column is part of the primary key."),
  merge_key: flag("Whether the column is part of the merge key."),
  precision: number("Digits, length or fractional seconds; for destinations."),
  scale: number("Digits behind the point; for destinations."),
  timezone: flag("Whether a timestamp carries its time zone; for destinations."),
  unique: flag("Whether values are unique; for destinations."),
  sort: flag("Whether rows are sorted by it; for destinations."),
  partition: flag("Whether the table is partitioned by it; for destinations."),
  cluster: flag("Whether the table is clustered by it; for destinations."),
  hard_delete: flag("Whether a value marks a row as deleted; for destinations."),
  dedup_sort: optional(z.enum(["asc", "desc"]), { description: "Which of several rows of a key wins." }),
  row_key: flag("Whether it identifies a row; for destinations."),
  parent_key: flag("Whether it names the parent's row; for destinations."),
  root_key: flag("Whether it names the root's row; for destinations."),
};

const column = closed({ name: optional(z.string(), { description: "The column's name." }), ...columnHints });
const namedColumn = closed({
  name: z.string().min(1).meta({ description: "The column's name." }),
  ...columnHints,
});

/** The grammar of dlt's `columns`. */
export const columnsGrammar: z.ZodType = z.union([z.record(z.string(), column), z.array(namedColumn)]);
