import type { JsonObject } from "@connector-gen/runtime";
import { isObject } from "../spec/values.js";
import { countOf, createObserver, type Observation } from "./observation.js";
import { toSchema, type Note } from "./to-schema.js";

/** The schema of some records and the evidence for it. */
export interface InferredSchema {
  readonly schema: JsonObject;
  /** Number of records. */
  readonly records: number;
  readonly fields: FieldCounts;
  /** Facts that the schema cannot express or the records do not show. */
  readonly notes: readonly Note[];
  /** The counts on which the schema is based. */
  readonly seen: Observation;
}

/** How many fields of a record are always present, sometimes null, or sometimes missing. */
export interface FieldCounts {
  readonly all: number;
  readonly present: number;
  readonly nullable: number;
  readonly missing: number;
}

/**
 * Infers the JSON Schema of records. A field is required if every record has it, and nullable if one record has null.
 * Keys keep the order of their first appearance. The schema contains names of fields, types, and the values of enums, but
 * no other values. Returns `undefined` if there are no records or one of them is not an object.
 */
export function inferSchema(records: readonly unknown[]): InferredSchema | undefined {
  if (records.length === 0 || !records.every(isObject)) return undefined;
  const { root, add } = createObserver();
  for (const record of records) add(record);
  const notes: Note[] = [];
  const schema = toSchema(root, "", notes);
  return { schema, records: records.length, fields: countFields(root, records.length), notes, seen: root };
}

function countFields({ fields }: Observation, records: number): FieldCounts {
  const all = [...fields.values()];
  const missing = all.filter((field) => countOf(field) < records);
  const nullable = all.filter((field) => countOf(field) === records && field.types.has("null"));
  return {
    all: all.length,
    present: all.length - missing.length - nullable.length,
    nullable: nullable.length,
    missing: missing.length,
  };
}
