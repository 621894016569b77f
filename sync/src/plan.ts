import type { LoadColumn, LoadHints, Source } from "@connector-gen/runtime";
import type { ResourceShape } from "@connector-gen/runtime/plugin";
import type { Column } from "./destination.js";
import { SyncError } from "./errors.js";
import type { ContractMode, FullContract, SchemaContract, SyncOptions } from "./options.js";
import type { Disposition } from "./report.js";
import { toMicros } from "./tables/timestamp.js";

/** How one resource is loaded. */
export interface ResourcePlan {
  readonly resource: ResourceShape;
  readonly disposition: Disposition;
  readonly hints: LoadHints;
  /** Fields of the records. */
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly contract: FullContract;
  /** The columns that the spec describes, by path. */
  readonly described: ReadonlyMap<string, Partial<Column>>;
  readonly maxNesting: number;
}

type PlanOptions = Pick<SyncOptions, "select" | "exclude" | "nested" | "contract">;

/**
 * Returns the plans of the resources to load, in the order of the spec. Throws a `SyncError` if the options or the spec
 * are invalid.
 */
export function planResources(source: Source, options: PlanOptions): readonly ResourcePlan[] {
  const { select, exclude } = options;
  for (const name of [...(select ?? []), ...(exclude ?? [])]) {
    if (Object.hasOwn(source.resources, name)) continue;
    const message = `unknown resource \`${name}\`; ${source.name} has ${Object.keys(source.resources).join(", ")}`;
    throw new SyncError("INVALID_OPTIONS", message);
  }
  return Object.values(source.resources)
    .filter(({ name, selected = true }) => (select ? select.includes(name) : selected))
    .filter(({ name }) => !exclude?.includes(name))
    .map((resource) => planResource(source, resource, options));
}

function planResource(source: Source, resource: ResourceShape, options: PlanOptions): ResourcePlan {
  const { name, primaryKey = [], mergeKey = [], writeDisposition = "append", load: hints = {} } = resource;
  const disposition = writeDisposition === "merge" ? (hints.strategy ?? "delete-insert") : writeDisposition;
  const place = `${source.name}.${name}`;
  const needsPrimary = disposition === "upsert" || disposition === "insert-only";
  if (needsPrimary && primaryKey.length === 0) {
    throw new SyncError("NO_KEY", `${place}: merge with the strategy "${disposition}" needs "primary_key"`);
  }
  if (needsPrimary && mergeKey.length > 0) {
    throw new SyncError(
      "NO_KEY",
      `${place}: merge with the strategy "${disposition}" does not take "merge_key"`,
    );
  }
  if (disposition === "delete-insert" && primaryKey.length + mergeKey.length === 0) {
    throw new SyncError(
      "NO_KEY",
      `${place}: merge needs "primary_key" or "merge_key"; without one, use "append"`,
    );
  }
  for (const time of [hints.boundaryTimestamp, hints.activeRecordTimestamp]) {
    if (time === undefined || toMicros(time) !== undefined) continue;
    throw new SyncError(
      "INVALID_OPTIONS",
      `${place}: \`${time}\` is not a date or time in ISO 8601, such as 2024-01-31T00:00:00Z`,
    );
  }
  const nesting = options.nested === "json" ? 0 : (hints.maxNesting ?? 1000);
  return {
    resource,
    disposition,
    hints,
    primaryKey,
    mergeKey,
    contract: toContract(hints.contract ?? options.contract),
    described: describeColumns(hints, [...primaryKey, ...mergeKey]),
    maxNesting: nesting,
  };
}

function toContract(contract: ContractMode | SchemaContract | undefined): FullContract {
  const each =
    typeof contract === "string" ? { tables: contract, columns: contract, data_type: contract } : contract;
  return {
    tables: each?.tables ?? "evolve",
    columns: each?.columns ?? "evolve",
    data_type: each?.data_type ?? "evolve",
  };
}

/** Merges the types of the schema and the hints of the columns. Keys are not nullable. */
function describeColumns(
  { types = {}, columns = {} }: LoadHints,
  keys: readonly string[],
): ReadonlyMap<string, Partial<Column>> {
  const described = new Map<string, Partial<Column>>();
  const add = (path: string, column: Partial<Column>): void => {
    described.set(path, { ...described.get(path), ...column });
  };
  for (const [type, paths] of Object.entries(types)) {
    for (const path of paths) add(path, { type: type as NonNullable<LoadColumn["type"]> });
  }
  for (const [path, { type, nullable, precision, scale, timezone }] of Object.entries(columns)) {
    const given = Object.entries({ type, nullable, precision, scale, timezone });
    add(path, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
  }
  for (const key of keys) add(key, { nullable: false });
  return described;
}
