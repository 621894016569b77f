import * as z from "zod";

import { closed, optional } from "./grammar.js";
import type { WriteDisposition } from "../spec.js";
import { columnsGrammar, jsonSchemaGrammar } from "./record-schema.js";
import { once } from "../values.js";

/** The write dispositions, as in dlt. */
export const writeDispositions: readonly WriteDisposition[] = ["append", "replace", "merge", "skip"];

const key = z.union([z.string().min(1), z.array(z.string().min(1))]);

const disposition = closed(() => ({
  disposition: z.enum(writeDispositions).meta({ description: "The write disposition." }),
  strategy: optional(z.enum(["delete-insert", "scd2", "upsert", "insert-only"]), {
    description: "How a load merges rows.",
  }),
  deduplicated: optional(z.boolean(), {
    description: "Whether each key occurs at most once among the incoming rows.",
  }),
  validity_column_names: optional(z.array(z.string()), {
    description: "scd2: the names of the two columns that hold a row's validity period.",
  }),
  active_record_timestamp: optional(z.string(), {
    description: "scd2: the end timestamp of rows that are still valid.",
  }),
  boundary_timestamp: optional(z.string(), {
    description: "scd2: the timestamp at which old versions end and new ones begin.",
  }),
  row_version_column_name: optional(z.string(), {
    description: "scd2: the column that holds a row's version.",
  }),
}));

const contract = z.enum(["evolve", "freeze", "discard_row", "discard_value"]);

const reference = closed(() => ({
  referenced_table: z.string().meta({ description: "The referenced table." }),
  columns: z.array(z.string()).meta({ description: "The referencing columns of this table." }),
  referenced_columns: z.array(z.string()).meta({ description: "The referenced columns, in the same order." }),
  label: optional(z.string(), { description: "A name for the reference." }),
  cardinality: optional(z.string(), {
    description: "The cardinality of the relation, such as `many_to_one`.",
  }),
}));

/** Keys that only affect loading into a database. */
const loadKeys: () => z.ZodRawShape = once(() => ({
  parallelized: optional(z.boolean(), {
    description: "For dlt only. A read takes the option `concurrency` instead.",
  }),
  max_table_nesting: optional(z.int().min(0), {
    description: "For loading: the maximum depth of nested tables.",
  }),
  table_name: optional(z.string().min(1), { description: "For loading: the name of the table." }),
  parent_table_name: optional(z.string().min(1), {
    description: "For loading: the name of the parent table.",
  }),
  table_format: optional(z.enum(["iceberg", "delta", "hive", "native"]), {
    description: "For loading: the format of the table.",
  }),
  file_format: optional(z.string().min(1), { description: "For loading: the format of the files." }),
  schema_contract: optional(
    z.union([
      contract,
      closed(() => ({
        tables: optional(contract, { description: "The rule for new tables." }),
        columns: optional(contract, { description: "The rule for new columns." }),
        data_type: optional(contract, { description: "The rule for values of another type." }),
      })),
    ]),
    { description: "For loading: how to handle records that do not match the table." },
  ),
  references: optional(z.array(reference), { description: "For loading: references to other tables." }),
  nested_hints: optional(z.record(z.string(), z.looseObject({})), {
    description: "For loading: hints for nested tables.",
  }),
}));

/** The keys that describe the records of a resource. They are also valid in `resource_defaults`. */
export const hintKeys: () => z.ZodRawShape = once(() => ({
  primary_key: optional(key, {
    description: "The field or fields that identify a record.",
    examples: ["id"],
  }),
  merge_key: optional(key, {
    description: "The field or fields that group records. A load replaces all records of a group together.",
  }),
  write_disposition: optional(z.union([z.enum(writeDispositions), disposition]), {
    description: "How a load treats existing records.",
    default: "append",
  }),
  schema: optional(jsonSchemaGrammar, {
    description: "The JSON Schema of one record. The generator derives the record's interface from it.",
    examples: [{ type: "object", required: ["id"], properties: { id: { type: "integer" } } }],
  }),
  columns: optional(columnsGrammar, {
    description: "dlt's columns, by name or as a list. They extend `schema`, which takes precedence.",
    examples: [{ id: { data_type: "bigint", nullable: false } }],
  }),
  selected: optional(z.boolean(), {
    description: "Whether tools that read all resources include this one.",
    default: true,
  }),
  ...loadKeys(),
}));
