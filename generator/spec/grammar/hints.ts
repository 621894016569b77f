import { z } from "zod";

import { closed, optional } from "./grammar.js";
import type { WriteDisposition } from "../spec.js";
import { columnsGrammar, jsonSchemaGrammar } from "./record-schema.js";

/** The write dispositions, dlt's. */
export const DISPOSITIONS: readonly WriteDisposition[] = ["append", "replace", "merge", "skip"];

const key = z.union([z.string().min(1), z.array(z.string().min(1))]);

const disposition = closed({
  disposition: z.enum(DISPOSITIONS).meta({ description: "The write disposition." }),
  strategy: optional(z.enum(["delete-insert", "scd2", "upsert", "insert-only"]), {
    description: "How rows are merged.",
  }),
  deduplicated: optional(z.boolean(), { description: "Whether incoming rows hold each key once." }),
  validity_column_names: optional(z.array(z.string()), {
    description: "scd2: the names of the validity columns.",
  }),
  active_record_timestamp: optional(z.string(), { description: "scd2: the end of rows that are valid." }),
  boundary_timestamp: optional(z.string(), { description: "scd2: the time at which versions change." }),
  row_version_column_name: optional(z.string(), { description: "scd2: the column of a row's version." }),
});

const contract = z.enum(["evolve", "freeze", "discard_row", "discard_value"]);

const reference = closed({
  referenced_table: z.string().meta({ description: "The other table." }),
  columns: z.array(z.string()).meta({ description: "The columns here." }),
  referenced_columns: z.array(z.string()).meta({ description: "The columns there." }),
  label: optional(z.string(), { description: "A name." }),
  cardinality: optional(z.string(), { description: "How many rows belong together." }),
});

/** Keys that only matter where records are loaded into a database. */
const loadKeys: z.ZodRawShape = {
  parallelized: optional(z.boolean(), { description: "For dlt only: `concurrency` is an option of a read." }),
  max_table_nesting: optional(z.int().min(0), { description: "For loading: how deep tables are nested." }),
  table_name: optional(z.string().min(1), { description: "For loading: the table's name." }),
  parent_table_name: optional(z.string().min(1), {
    description: "For loading: the name of the table above.",
  }),
  table_format: optional(z.enum(["iceberg", "delta", "hive", "native"]), {
    description: "For loading: the table's format.",
  }),
  file_format: optional(z.string().min(1), { description: "For loading: the format of files." }),
  schema_contract: optional(
    z.union([
      contract,
      closed({
        tables: optional(contract, { description: "For new tables." }),
        columns: optional(contract, { description: "For new columns." }),
        data_type: optional(contract, { description: "For values of another type." }),
      }),
    ]),
    { description: "For loading: what happens to records that do not fit." },
  ),
  references: optional(z.array(reference), { description: "For loading: what refers to other tables." }),
  nested_hints: optional(z.record(z.string(), z.looseObject({})), {
    description: "For loading: hints for nested tables.",
  }),
};

/** What a resource says about its records; `resource_defaults` may say it for all. */
export const hintKeys: z.ZodRawShape = {
  primary_key: optional(key, {
    description: "The field, or fields, that identify a record.",
    examples: ["id"],
  }),
  merge_key: optional(key, { description: "The field, or fields, whose records are replaced together." }),
  write_disposition: optional(z.union([z.enum(DISPOSITIONS), disposition]), {
    description: "What loading does with records that are there already.",
    default: "append",
  }),
  schema: optional(jsonSchemaGrammar, {
    description: "The JSON Schema of one record; the generated interface is made from it.",
    examples: [{ type: "object", required: ["id"], properties: { id: { type: "integer" } } }],
  }),
  columns: optional(columnsGrammar, {
    description: "dlt's columns, by name or as a list; merged into `schema`, which wins.",
    examples: [{ id: { data_type: "bigint", nullable: false } }],
  }),
  selected: optional(z.boolean(), {
    description: "Whether tools that read everything read it.",
    default: true,
  }),
  ...loadKeys,
};
