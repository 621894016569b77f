import type { GeneratedClient } from "@connector-gen/runtime";
import type { ColumnType } from "./destination.js";
import { toDestination } from "./destinations/open.js";
import type { SyncOptions } from "./options.js";
import { planResources, type ResourcePlan } from "./plan.js";
import { readerOf } from "./prepare.js";
import type { Disposition } from "./report.js";
import { joinNames, toFieldName } from "./tables/names.js";

/** The effect of a sync on one resource, as far as the spec describes it. */
export interface ResourceOutline {
  readonly resource: string;
  readonly disposition: Disposition;
  /** Fields of the records. */
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  /** The root table first. Records may add tables and columns that the spec does not describe. */
  readonly tables: readonly TableOutline[];
}

/** A table that the spec describes. */
export interface TableOutline {
  readonly name: string;
  /** The type is absent if values determine it. */
  readonly columns: readonly { readonly name: string; readonly type?: ColumnType }[];
}

/**
 * Describes a sync. Sends no request and opens no connection. Throws a `SyncError` if the options or the spec are
 * invalid.
 */
export function outlineSync(client: GeneratedClient, options: SyncOptions): readonly ResourceOutline[] {
  const { maxNameLength } = toDestination(options.to).dialect;
  return planResources(readerOf(client).source, options).map((plan) => ({
    resource: plan.resource.name,
    disposition: plan.disposition,
    primaryKey: plan.primaryKey,
    mergeKey: plan.mergeKey,
    tables: outlineTables(plan, maxNameLength),
  }));
}

function outlineTables(
  { resource, hints, described }: ResourcePlan,
  maxLength: number,
): readonly TableOutline[] {
  const nameOf = (path: readonly string[]): string =>
    joinNames(
      path.map((part) => toFieldName(part, maxLength)),
      maxLength,
    );
  const root = [hints.tableName ?? resource.name];
  const tables = new Map<string, TableOutline["columns"]>([[nameOf(root), []]]);
  for (const [path, { type }] of described) {
    // `lines[].sku` is the column `sku` of the table of `lines`.
    const lists = path.split("[]").map((part) => part.split(".").filter(Boolean));
    const column = nameOf(lists.at(-1) ?? []);
    const table = nameOf([...root, ...lists.slice(0, -1).flat()]);
    tables.set(table, [...(tables.get(table) ?? []), { name: column, ...(type && { type }) }]);
  }
  return [...tables].map(([name, columns]) => ({ name, columns }));
}
