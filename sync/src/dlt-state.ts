import { inflateSync } from "node:zlib";
import type { Checkpoint, JsonValue } from "@connector-gen/runtime";
import type { Connection } from "./destination.js";
import type { ResourcePlan } from "./plan.js";
import { tableRef } from "./sql.js";
import type { Catalog } from "./tables/catalog.js";
import { dltDigest } from "./tables/dlt-ids.js";

/** The cursors that dlt has stored: by source, resource and cursor path. */
export type DltCursors = readonly DltCursor[];

interface DltCursor {
  readonly source: string;
  readonly resource: string;
  /** `updated_at` */
  readonly path: string;
  readonly last: unknown;
  /** Identifies the records with the last value that dlt has loaded. */
  readonly hashes: readonly string[];
}

/** The records at the last value of dlt's cursor that dlt has loaded. The API returns them again; they count as read. */
export interface SeenRecords {
  readonly path: readonly string[];
  readonly last: JsonValue;
  readonly hashes: readonly string[];
  /** The fields that identify a record. Empty: all fields. */
  readonly key: readonly string[];
}

/** The state that the first run of a resource takes over from dlt. */
export interface DltStart {
  /** Absent: the run starts at its initial value. */
  readonly checkpoint?: Checkpoint;
  readonly seen?: SeenRecords;
  /** Describes how the run uses dlt's cursor. */
  readonly notice: string;
}

/** The table in which dlt keeps its state. */
const stateTable = "_dlt_pipeline_state";

/** Reads the cursors of all pipelines that have loaded into a dataset. A state that cannot be read is `undefined`. */
export async function readDltCursors(
  connection: Connection,
  catalog: Catalog,
): Promise<DltCursors | undefined> {
  if (!catalog.tables.has(stateTable)) return [];
  const { rows } = await connection.run(
    `select pipeline_name, state from ${tableRef(catalog.ref(stateTable))} order by version desc, created_at desc`,
  );
  const newest = new Map<unknown, unknown>();
  for (const { pipeline_name: name, state } of rows) if (!newest.has(name)) newest.set(name, state);
  try {
    return [...newest.values()].flatMap((state) => cursorsOf(decode(String(state))));
  } catch {
    return undefined;
  }
}

/** Decodes dlt's state: JSON, compressed by zlib, in Base64. */
function decode(text: string): unknown {
  return JSON.parse(inflateSync(Buffer.from(text, "base64")).toString("utf8"));
}

function cursorsOf(state: unknown): readonly DltCursor[] {
  return entriesOf(state, "sources").flatMap(([source, content]) =>
    entriesOf(content, "resources").flatMap(([resource, own]) =>
      entriesOf(own, "incremental").map(([path, cursor]): DltCursor => {
        const { last_value: last, unique_hashes: hashes } = cursor as Readonly<Record<string, unknown>>;
        return { source, resource, path, last, hashes: (hashes ?? []) as readonly string[] };
      }),
    ),
  );
}

function entriesOf(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  const found = (value as Readonly<Record<string, unknown>> | undefined)?.[key];
  return Object.entries(found ?? {});
}

/**
 * Returns the start of a resource without a state of its own: dlt's cursor, if that is the cursor of the resource.
 * Returns `undefined` if dlt has no cursor for it.
 */
export function startFromDlt(
  cursors: DltCursors | undefined,
  source: string,
  { resource, primaryKey }: ResourcePlan,
): DltStart | undefined {
  const parts = resource.plan?.parts ?? [];
  const own = parts.find(({ type }) => type === "incremental")?.options as IncrementalParts | undefined;
  if (!own) return undefined;
  if (!cursors)
    return { notice: `dlt's state in ${stateTable} cannot be read: the run starts at the initial value` };
  const all = cursors.filter((each) => each.resource === resource.name);
  const named = all.filter((each) => each.source === source);
  const found = named.length > 0 ? named : all;
  const path = own.cursor.map(String);
  const [cursor] = found.filter((each) => plainPath(each.path) === path.join("."));
  const last = cursor && toCursorValue(cursor.last);
  const problem = problemOf({ found, cursor, last, path, parts: parts.length, end: own.end });
  if (problem !== undefined)
    return found.length > 0 ? { notice: `${problem}: the run starts at the initial value` } : undefined;
  if (!cursor || last === undefined) return undefined;
  const key = own.key ?? primaryKey;
  return {
    // The checkpoint has no digest, because no read has created it.
    checkpoint: {
      ...{ source, resource: resource.name, page: 0, position: null },
      state: { sequences: { "[]": { cursor: path.join("."), last, hashes: [] } } },
    },
    seen: { path, last, hashes: cursor.hashes, key },
    notice: `goes on from dlt's cursor: ${path.join(".")} = ${JSON.stringify(last)}`,
  };
}

/** The options of `incremental` that affect the start. */
interface IncrementalParts {
  readonly cursor: readonly unknown[];
  readonly end?: unknown;
  readonly key?: readonly string[];
}

interface Finding {
  readonly found: DltCursors;
  readonly cursor: DltCursor | undefined;
  readonly last: JsonValue | undefined;
  readonly path: readonly string[];
  readonly parts: number;
  readonly end: unknown;
}

/** Returns why dlt's cursor cannot be used; `undefined` if it can. */
function problemOf({ found, cursor, last, path, parts, end }: Finding): string | undefined {
  const others = [...new Set(found.map((each) => each.path))].join(", ");
  if (!cursor) return `dlt's cursor is ${others}, not ${path.join(".")}`;
  if (found.filter((each) => each.path === cursor.path).length > 1)
    return `several sources of dlt have a cursor of this resource`;
  if (last === undefined)
    return `dlt's cursor has the value ${JSON.stringify(cursor.last ?? null)}, which cannot be used here`;
  if (end !== undefined) return `a range with an end has no cursor`;
  return parts > 1 ? `dlt has one cursor for all parents and partitions` : undefined;
}

function plainPath(path: string): string {
  return path.replace(/^\$\.?/, "").replace(/\[['"]?([^\]'"]+)['"]?\]/g, ".$1");
}

/** dlt marks texts that represent other types, such as decimals, times and dates, by their first character. */
const marked = /^[\uF026-\uF02F]/;

/** Returns the last value in the form of our own cursor; `undefined` if it would not be exact. */
function toCursorValue(last: unknown): JsonValue | undefined {
  if (typeof last === "string") return last.replace(marked, "");
  return typeof last === "number" && (!Number.isInteger(last) || Number.isSafeInteger(last))
    ? last
    : undefined;
}

/** Whether dlt has already loaded a record. */
export function isSeen(record: unknown, { path, last, hashes, key }: SeenRecords): boolean {
  const value = path.reduce<unknown>(
    (each, name) => (each as Readonly<Record<string, unknown>> | null)?.[name],
    record,
  );
  if (value !== last) return false;
  const fields = record as Readonly<Record<string, unknown>>;
  const [only, ...more] = key;
  const identity =
    only === undefined ? record : more.length === 0 ? fields[only] : key.map((name) => fields[name]);
  return hashes.includes(dltDigest(identity));
}
