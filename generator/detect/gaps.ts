import type { JsonValue } from "@connector-gen/runtime";

import { mergeResource } from "../spec/resource/origin.js";
import { lastPlaceholder } from "../spec/resource/path.js";
import { isObject, listOf, own, textOf } from "../spec/values.js";
import { readDecoder } from "../spec/resource/resource.js";
import type { FindingKey } from "./finding.js";

/** A resource of a spec and what it leaves open. */
export interface Gaps {
  readonly name: string;
  /** Among the spec's resources. */
  readonly index: number;
  /** Whether the path leads to one thing: `/users/{id}`. */
  readonly isSingle: boolean;
  readonly keys: ReadonlySet<FindingKey>;
}

/** What each resource leaves open: what neither it nor its defaults say, or `"auto"`. */
export function findGaps(spec: JsonValue): readonly Gaps[] {
  const client = own(own(spec, "client"), "paginator");
  return listOf(own(spec, "resources")).map((raw, index) => {
    const merged = mergeResource((raw ?? null) as JsonValue, own(spec, "resource_defaults"), index);
    const { value } = merged;
    const endpoint = own(value, "endpoint");
    const name = textOf(own(value, "name")) ?? "";
    const single = lastPlaceholder(textOf(own(endpoint, "path")) ?? name);
    const keys = new Set<FindingKey>();
    // Lines and tables are records from the first to the last.
    const isDecoded = readDecoder(merged, () => undefined) !== undefined;
    const hasSelector = !isAbsent(own(endpoint, "data_selector"));
    if (!hasSelector && !isDecoded) keys.add("data_selector");
    // The client's paginator does not hold for a path to one thing that has no selector.
    const isInherited = !isAuto(client) && (single === undefined || hasSelector);
    if (isAuto(own(endpoint, "paginator")) && (!isInherited || isWord(own(endpoint, "paginator"))))
      keys.add("paginator");
    if (own(value, "primary_key") == null && !hasKeyColumn(own(value, "columns"))) keys.add("primary_key");
    if (own(endpoint, "incremental") === undefined && !hasIncrementalParam(own(endpoint, "params")))
      keys.add("incremental");
    return { name, index, isSingle: single !== undefined, keys };
  });
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** Absent, or the word for finding out. */
function isAuto(paginator: unknown): boolean {
  return isAbsent(paginator) || isWord(paginator);
}

function isWord(paginator: unknown): boolean {
  return paginator === "auto" || own(paginator, "type") === "auto";
}

function hasKeyColumn(columns: unknown): boolean {
  const hints = Array.isArray(columns) ? listOf(columns) : Object.values(isObject(columns) ? columns : {});
  return hints.some((hint) => own(hint, "primary_key") === true);
}

function hasIncrementalParam(params: unknown): boolean {
  return Object.values(isObject(params) ? params : {}).some((value) => own(value, "type") === "incremental");
}
