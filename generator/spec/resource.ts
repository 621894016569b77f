import { checkSchema, type SchemaCheck } from "./json-schema-check.js";
import { type FieldMemo, fieldsOf, scopeOf } from "./json-schema-refs.js";
import { keyColumns, mergeColumns } from "./columns.js";
import type { Path, Report } from "./document.js";
import { onePage, readKindUse } from "./kinds.js";
import { type MergedResource, mergeResource } from "./origin.js";
import { bindParams, type BoundParams } from "./params.js";
import { readHeaders, readRetry } from "./policies.js";
import { DISPOSITIONS } from "./schema.js";
import { parseSelector } from "./selector.js";
import type { JsonSchema, KindUse, SpecResource } from "./spec.js";
import { given, isObject, listOf, numberOf, objectOf, own, type Raw, textOf } from "./values.js";
import { describe, didYouMean, list, quote } from "./wording.js";

/** What the resources of a spec have in common. */
export interface ResourceContext {
  readonly root: Raw;
  readonly report: Report;
  readonly schemas: Raw;
  readonly fields: FieldMemo;
  readonly onRef: (name: string) => void;
  /** The client's. */
  readonly paginator: KindUse | undefined;
}

/** Reads the resource at an index: reports what the grammar cannot see, and normalises the rest. */
export function readResource(index: number, context: ResourceContext): SpecResource {
  const raw = listOf(own(context.root, "resources"))[index];
  const merged = mergeResource((raw ?? null) as never, own(context.root, "resource_defaults"), index);
  const { value } = merged;
  const endpoint = objectOf(own(value, "endpoint"));
  const name = textOf(own(value, "name")) ?? "";
  const bound = readParams(merged, endpoint, context);
  const keys = readKeys(value);
  const schema = readSchema(merged, keys, context);
  return {
    name,
    method: (textOf(own(endpoint, "method")) ?? "GET").toUpperCase(),
    ...bound,
    headers: readHeaders(own(endpoint, "headers")),
    select: readSelect(merged, endpoint, context),
    paginator: readPaginator(merged, endpoint, context),
    ...keys,
    writeDisposition: readDisposition(own(value, "write_disposition")),
    selected: own(value, "selected") !== false,
    ...given({
      description: textOf(own(value, "description")),
      auth: readAuth(merged, endpoint, context.report),
      retry: readRetry(own(endpoint, "retry")),
      timeout: numberOf(own(endpoint, "timeout")),
      schema,
      recordType: textOf(own(value, "record_type")),
      methodName: textOf(own(value, "method_name")),
    }),
  };
}

function readParams(merged: MergedResource, endpoint: Raw, context: ResourceContext): BoundParams {
  const params = objectOf(own(endpoint, "params"));
  const path = textOf(own(endpoint, "path")) ?? textOf(own(merged.value, "name")) ?? "";
  const bound = bindParams(path, params, {
    path: merged.at("endpoint", "path"),
    param: (name) => merged.at("endpoint", "params", name),
    isDefault: (name) => merged.isDefault("endpoint", "params", name),
    report: context.report,
  });
  for (const [name, value] of Object.entries(params)) {
    const schema = own(value, "schema");
    checkSchema(schema, merged.at("endpoint", "params", name, "schema"), schemaCheck(schema, context));
  }
  return bound;
}

function readSelect(merged: MergedResource, endpoint: Raw, context: ResourceContext): string {
  const raw = own(endpoint, "data_selector");
  if (raw === undefined || raw === null) {
    warnMissing(merged, context, {
      key: "data_selector",
      message:
        'the whole body is taken; add "data_selector": "$" if that is meant, else the path of the records',
    });
    return "$";
  }
  const selector = typeof raw === "string" ? parseSelector(raw) : undefined;
  return selector?.ok ? selector.query : "$";
}

/** Warns of what a resource can do without, but rarely means to. */
function warnMissing(
  { path }: MergedResource,
  { root, report }: ResourceContext,
  { key, message }: { key: string; message: string },
): void {
  const code = `no-${key.replace("_", "-")}`;
  const text = `${describe(root, path)} has no ${key}: ${message}`;
  report({ severity: "warning", code, message: text, path: [...path, "name"], missing: key });
}

function readPaginator(merged: MergedResource, endpoint: Raw, context: ResourceContext): KindUse {
  const place = { path: merged.at("endpoint", "paginator"), report: context.report };
  const raw = own(endpoint, "paginator");
  if (raw !== undefined && raw !== null) return readKindUse("paginator", raw, place) ?? onePage();
  const inherited = own(own(context.root, "client"), "paginator");
  if (inherited === undefined || inherited === null) {
    warnMissing(merged, context, {
      key: "paginator",
      message:
        'only the first page is read; add "paginator": "single_page" if that is meant, else how its pages follow',
    });
  }
  return context.paginator ?? onePage();
}

/** `null` switches the client's authentication off (reference §1.3). */
function readAuth(merged: MergedResource, endpoint: Raw, report: Report): KindUse | null | undefined {
  const raw = own(endpoint, "auth");
  if (raw === undefined || raw === null) return raw;
  return readKindUse("auth", raw, { path: merged.at("endpoint", "auth"), report });
}

interface Keys {
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
}

function readKeys(value: Raw): Keys {
  const columns = own(value, "columns");
  const primary = textsOf(own(value, "primary_key"));
  const merge = textsOf(own(value, "merge_key"));
  return {
    primaryKey: primary ?? keyColumns(columns, "primary_key"),
    mergeKey: merge ?? keyColumns(columns, "merge_key"),
  };
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

function readDisposition(raw: unknown): SpecResource["writeDisposition"] {
  const word = isObject(raw) ? own(raw, "disposition") : raw;
  return DISPOSITIONS.find((known) => known === word) ?? "append";
}

function readSchema(merged: MergedResource, keys: Keys, context: ResourceContext): JsonSchema | undefined {
  const { value } = merged;
  const raw = own(value, "schema") ?? undefined;
  const columns = own(value, "columns") ?? undefined;
  const schema = isObject(raw) || typeof raw === "boolean" ? (raw as JsonSchema) : undefined;
  checkSchema(schema, merged.at("schema"), schemaCheck(schema, context));
  if (raw === undefined && columns === undefined) {
    warnMissing(merged, context, {
      key: "schema",
      message: 'its records are of no known type; add "schema", or dlt\'s "columns"',
    });
    return undefined;
  }
  const names = [...keys.primaryKey, ...keys.mergeKey];
  const fields = fieldsOf(schema, scopeOf(schema, context.schemas), context.fields);
  const result = columns === undefined ? schema : mergeColumns({ columns, schema, fields, keys: names });
  const all = fieldsOf(result, scopeOf(result, context.schemas), context.fields);
  if (all) checkKeys(merged, all, context.report);
  return result;
}

/** A key that no record has would make every load fail, or all records one. */
function checkKeys(merged: MergedResource, fields: ReadonlySet<string>, report: Report): void {
  for (const key of ["primary_key", "merge_key"]) {
    const raw = own(merged.value, key);
    (textsOf(raw) ?? []).forEach((field, index) => {
      if (fields.has(field)) return;
      const names = [...fields];
      const path: Path = [...merged.at(key), ...(Array.isArray(raw) ? [index] : [])];
      const message = `${key} names ${quote(field)}, which the schema does not have: its fields are ${list(names)}${didYouMean(field, names)}`;
      report({ code: "unknown-key-field", message, path });
    });
  }
}

function schemaCheck(schema: unknown, context: ResourceContext): SchemaCheck {
  const { root, report, onRef, schemas } = context;
  return { root, report, onRef, scope: scopeOf(schema, schemas) };
}
