import { keyColumns, mergeColumns } from "./columns.js";
import type { Path, Report } from "../load/document.js";
import { checkSchema, type SchemaCheck } from "./json-schema-check.js";
import { fieldsOf, scopeOf } from "./json-schema-refs.js";
import type { MergedResource } from "../resource/origin.js";
import { warnMissing } from "../resource/paging.js";
import type { ResourceContext } from "../resource/resource.js";
import { DISPOSITIONS } from "../grammar/hints.js";
import { shapeFields, type ShapedFields } from "./shaped-fields.js";
import type { JsonSchema, KindUse, SpecResource } from "../spec.js";
import { isObject, own, type Raw } from "../values.js";
import { didYouMean, list, quote } from "../wording.js";

/** What a resource says about its records. */
export type RecordHints = Pick<SpecResource, "primaryKey" | "mergeKey" | "writeDisposition" | "schema">;

/** Reads schema, columns and keys; keys are fields of the records as they are handed on, after all steps. */
export function readRecord(
  merged: MergedResource,
  shape: readonly KindUse[],
  context: ResourceContext,
): RecordHints {
  const { value } = merged;
  const keys = readKeys(value);
  const schema = readSchema(merged, { keys, shape, context });
  return {
    ...keys,
    writeDisposition: readDisposition(own(value, "write_disposition")),
    ...(schema !== undefined && { schema }),
  };
}

/** How a schema of a resource is checked. */
export function schemaCheck(schema: unknown, context: ResourceContext): SchemaCheck {
  const { root, report, onRef, schemas } = context;
  return { root, report, onRef, scope: scopeOf(schema, schemas) };
}

/** Reads names that stand alone or in a list; nothing where something else stands. */
function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

function readKeys(value: Raw): Pick<SpecResource, "primaryKey" | "mergeKey"> {
  const columns = own(value, "columns");
  return {
    primaryKey: textsOf(own(value, "primary_key")) ?? keyColumns(columns, "primary_key"),
    mergeKey: textsOf(own(value, "merge_key")) ?? keyColumns(columns, "merge_key"),
  };
}

function readDisposition(raw: unknown): SpecResource["writeDisposition"] {
  const word = isObject(raw) ? own(raw, "disposition") : raw;
  return DISPOSITIONS.find((known) => known === word) ?? "append";
}

function readSchema(
  merged: MergedResource,
  {
    keys,
    shape,
    context,
  }: {
    keys: Pick<SpecResource, "primaryKey" | "mergeKey">;
    shape: readonly KindUse[];
    context: ResourceContext;
  },
): JsonSchema | undefined {
  const { value } = merged;
  const raw = own(value, "schema") ?? undefined;
  const columns = own(value, "columns") ?? undefined;
  const schema = isObject(raw) || typeof raw === "boolean" ? (raw as JsonSchema) : undefined;
  checkSchema(schema, merged.at("schema"), schemaCheck(schema, context));
  if (raw === undefined && columns === undefined) {
    checkKeys(merged, shapeFields(undefined, shape), context.report);
    warnMissing(merged, context, {
      key: "schema",
      message: 'its records are of no known type; add "schema", or dlt\'s "columns"',
    });
    return undefined;
  }
  const { made } = shapeFields(undefined, shape);
  const names = [...keys.primaryKey, ...keys.mergeKey].filter((name) => !made.has(name));
  const fields = fieldsOf(schema, scopeOf(schema, context.schemas), context.fields);
  const result = columns === undefined ? schema : mergeColumns({ columns, schema, fields, keys: names });
  const all = fieldsOf(result, scopeOf(result, context.schemas), context.fields);
  checkKeys(merged, shapeFields(all, shape), context.report);
  return result;
}

/** A key that no record has would make every load fail, or all records one. */
function checkKeys(merged: MergedResource, fields: ShapedFields, report: Report): void {
  const { known, gone } = fields;
  for (const key of ["primary_key", "merge_key"]) {
    const raw = own(merged.value, key);
    (textsOf(raw) ?? []).forEach((field, index) => {
      const path: Path = [...merged.at(key), ...(Array.isArray(raw) ? [index] : [])];
      if (gone.has(field)) {
        const message = `${key} names ${quote(field)}, which a processing step takes away: name a field that the records have in the end`;
        report({ code: "unknown-key-field", message, path });
      } else if (known && !known.has(field)) {
        const names = [...known];
        const message = `${key} names ${quote(field)}, which the schema does not have: its fields are ${list(names)}${didYouMean(field, names)}`;
        report({ code: "unknown-key-field", message, path });
      }
    });
  }
}
