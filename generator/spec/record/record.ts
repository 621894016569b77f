import { keyColumns, mergeColumns } from "./columns.js";
import type { Path, Report } from "../load/document.js";
import { readLoadHints } from "./load-hints.js";
import { checkSchema, type SchemaCheck } from "./json-schema-check.js";
import { fieldsOf, scopeOf } from "./json-schema-refs.js";
import type { MergedResource } from "../resource/merged-resource.js";
import { withKeyField } from "../resource/layout.js";
import { warnMissing } from "../resource/paging.js";
import type { ResourceContext } from "../resource/resource.js";
import { writeDispositions } from "../grammar/hints.js";
import { shapeFields, type ShapedFields } from "./shaped-fields.js";
import type { JsonSchema, KindUse, SpecResource } from "../spec.js";
import { isPath } from "../selector/segments.js";
import { parseSelector } from "../selector/selector.js";
import { isObject, own, type Raw } from "../values.js";
import { describe, describeUnknown, quote } from "../wording.js";

/** The keys, write disposition and schema of a resource. */
export type RecordHints = Pick<
  SpecResource,
  "primaryKey" | "mergeKey" | "writeDisposition" | "load" | "schema" | "hasSchema"
>;

/** Reads schema, columns and keys. Keys are fields of the final records, after all processing steps. */
export function readRecord(
  merged: MergedResource,
  shape: readonly KindUse[],
  context: ResourceContext & { readonly layout?: KindUse | undefined },
): RecordHints {
  const { value } = merged;
  const keys = readKeys(value);
  const schema = readSchema(merged, { keys, shape, context });
  const load = readLoadHints(value);
  warnAboutMerge(merged, keys, context);
  return {
    ...keys,
    writeDisposition: readDisposition(own(value, "write_disposition")),
    ...(load && { load }),
    ...(schema !== undefined && { schema }),
    hasSchema: isObject(own(value, "schema")),
  };
}

/** The context for checking a schema of a resource. */
export function schemaCheck(schema: unknown, context: ResourceContext): SchemaCheck {
  const { root, report, onRef, schemas } = context;
  return { root, report, onRef, scope: scopeOf(schema, schemas) };
}

/** Reads a name or a list of names; `undefined` for any other value. */
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
  return writeDispositions.find((known) => known === word) ?? "append";
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
    context: ResourceContext & { readonly layout?: KindUse | undefined };
  },
): JsonSchema | undefined {
  const { value } = merged;
  const raw = own(value, "schema") ?? undefined;
  const columns = own(value, "columns") ?? undefined;
  const written = isObject(raw) || typeof raw === "boolean" ? (raw as JsonSchema) : undefined;
  checkSchema(written, merged.at("schema"), schemaCheck(written, context));
  warnAboutList(written, merged, context.report);
  const schema = withKeyField(written, context.layout);
  if (raw === undefined && columns === undefined) {
    checkKeys(merged, shapeFields(undefined, shape), context.report);
    warnMissing(merged, context, {
      key: "schema",
      message: 'its records are untyped; add "schema", or dlt\'s "columns"',
    });
    return undefined;
  }
  const { added } = shapeFields(undefined, shape);
  const names = [...keys.primaryKey, ...keys.mergeKey].filter((name) => !added.has(name));
  const fields = fieldsOf(schema, scopeOf(schema, context.schemas), context.fields);
  const result = columns === undefined ? schema : mergeColumns({ columns, schema, fields, keys: names });
  const all = fieldsOf(result, scopeOf(result, context.schemas), context.fields);
  checkKeys(merged, shapeFields(all, shape), context.report);
  if (isObject(raw) && shape.length === 0) warnAboutCursor(merged, all, context.report);
  return result;
}

/** Warns about a merge without the key that it needs: every load would fail. */
function warnAboutMerge(
  merged: MergedResource,
  { primaryKey, mergeKey }: Pick<SpecResource, "primaryKey" | "mergeKey">,
  { root, report }: ResourceContext,
): void {
  const raw = own(merged.value, "write_disposition");
  if (readDisposition(raw) !== "merge" || primaryKey.length > 0) return;
  const strategy = (isObject(raw) && own(raw, "strategy")) || "delete-insert";
  const needsPrimary = strategy === "upsert" || strategy === "insert-only";
  if (!needsPrimary && (strategy !== "delete-insert" || mergeKey.length > 0)) return;
  const fix = needsPrimary ? 'add "primary_key"' : 'add "primary_key" or "merge_key"';
  const message = `${describe(root, merged.path)} is merged, but has no key, so every load fails: ${fix}`;
  report({ severity: "warning", code: "missing-key-field", message, path: merged.at("write_disposition") });
}

/** Warns about a cursor that the schema lacks. Records may have more fields than their schema. */
function warnAboutCursor(
  merged: MergedResource,
  known: ReadonlySet<string> | undefined,
  report: Report,
): void {
  const incremental = own(own(merged.value, "endpoint"), "incremental");
  const text = own(incremental, "cursor_path");
  const selector = typeof text === "string" ? parseSelector(text) : undefined;
  const name = selector?.ok && isPath(selector.segments) ? selector.segments[0] : undefined;
  if (!known || typeof name !== "string" || !/\w/.test(name) || known.has(name)) return;
  const message = `cursor_path: ${describeUnknown("field", name, [...known])}`;
  const path = merged.at("endpoint", "incremental", "cursor_path");
  report({ severity: "warning", code: "unknown-cursor-field", message, path });
}

/** Warns about the schema of a whole response. A list of plain values may be a record, but a list of objects rarely is. */
function warnAboutList(schema: JsonSchema | undefined, merged: MergedResource, report: Report): void {
  const items = isObject(schema) && own(schema, "type") === "array" ? own(schema, "items") : undefined;
  if (!isObject(items) || !["properties", "$ref"].some((key) => key in items)) return;
  const message = `the schema describes a list of objects, but each record is one object: write the schema in "items" instead`;
  report({ severity: "warning", code: "list-schema", message, path: merged.at("schema"), at: "key" });
}

/** Reports keys that no record has. With them, every load would fail, or merge all records into one. */
function checkKeys(merged: MergedResource, fields: ShapedFields, report: Report): void {
  const { known, removed } = fields;
  for (const key of ["primary_key", "merge_key"]) {
    const raw = own(merged.value, key);
    (textsOf(raw) ?? []).forEach((field, index) => {
      const path: Path = [...merged.at(key), ...(Array.isArray(raw) ? [index] : [])];
      if (removed.has(field)) {
        const message = `${key} refers to ${quote(field)}, which a processing step removes: use a field of the final records`;
        report({ code: "unknown-key-field", message, path });
      } else if (known && !known.has(field)) {
        const names = [...known];
        const message = `${key}: ${describeUnknown("field", field, names)}`;
        report({ code: "unknown-key-field", message, path });
      }
    });
  }
}
