import type { LoadColumn, LoadHints } from "@connector-gen/runtime";
import { columnsByName } from "../resource/defaults.js";
import { isObject, own, type Raw } from "../values.js";

/** Reads dlt's hints for loading; `undefined` if there are none. */
export function readLoadHints(value: Raw): LoadHints | undefined {
  const disposition = own(value, "write_disposition");
  const columns = { ...readColumns(own(value, "columns"), ""), ...readNested(own(value, "nested_hints")) };
  const hints = {
    ...(isObject(disposition) && readMerge(disposition)),
    tableName: own(value, "table_name"),
    maxNesting: own(value, "max_table_nesting"),
    contract: own(value, "schema_contract"),
    columns: Object.keys(columns).length > 0 ? columns : undefined,
  };
  const given = definedOf(hints);
  return Object.keys(given).length > 0 ? given : undefined;
}

function readMerge(disposition: Raw): Readonly<Record<string, unknown>> {
  const strategy = own(disposition, "strategy");
  return {
    strategy: strategy === "delete-insert" ? undefined : strategy,
    deduplicated: own(disposition, "deduplicated") || undefined,
    validityColumnNames: own(disposition, "validity_column_names"),
    activeRecordTimestamp: own(disposition, "active_record_timestamp"),
    boundaryTimestamp: own(disposition, "boundary_timestamp"),
    rowVersionColumnName: own(disposition, "row_version_column_name"),
  };
}

/** The columns of nested tables, by the field that holds the list. */
function readNested(hints: unknown): Readonly<Record<string, LoadColumn>> {
  if (!isObject(hints)) return {};
  const all = Object.entries(hints).map(([field, hint]) => readColumns(own(hint, "columns"), `${field}[].`));
  return Object.assign({}, ...all) as Record<string, LoadColumn>;
}

function readColumns(columns: unknown, prefix: string): Readonly<Record<string, LoadColumn>> {
  const entries = [...columnsByName(columns)].map(([name, hint]) => {
    const column = definedOf({
      type: own(hint, "data_type"),
      nullable: own(hint, "nullable"),
      precision: own(hint, "precision"),
      scale: own(hint, "scale"),
      timezone: own(hint, "timezone"),
      hardDelete: own(hint, "hard_delete") || undefined,
      dedupSort: own(hint, "dedup_sort"),
    });
    return [prefix + name, column] as const;
  });
  return Object.fromEntries(entries.filter(([, column]) => Object.keys(column).length > 0));
}

/** The values that a spec gives: neither `null` nor missing. */
function definedOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  );
}
