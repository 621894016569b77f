import type { JsonObject } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import { type IncrementalSource, sourceOf } from "./incremental-source.js";
import { kindOf, readUse } from "../kinds.js";
import type { MergedResource } from "./origin.js";
import type { KindUse, SpecInput } from "../spec.js";
import { own, textOf } from "../values.js";
import { quote } from "../wording.js";

/** `incremental` of an endpoint. Whether the request names the range is not known yet. */
export interface Incremental {
  readonly use: KindUse;
  /** Query parameters that `start_param` and `end_param` add, with their templates. */
  readonly added: readonly (readonly [name: string, template: string])[];
  readonly at: (key: string) => Path;
}

/** Reads `endpoint.incremental`, or the parameter that is dlt's older form of it. */
export function readIncremental(merged: MergedResource, report: Report): Incremental | undefined {
  const source = sourceOf(merged, report);
  if (!source) return undefined;
  const { block, path, at } = source;
  const use = readUse(kindOf("plan", "incremental"), block, { path, report });
  return { use, added: addedBy(source, report), at };
}

/** Adds the parameters of `start_param` and `end_param`: each replaces a parameter of its name, or comes last. */
export function addRange(
  query: JsonObject,
  { added, at }: Incremental,
  { inputs, report }: { inputs: readonly SpecInput[]; report: Report },
): JsonObject {
  for (const [name] of added) {
    if (!inputs.some((input) => input.name === name)) continue;
    const key = added[0]?.[0] === name ? "start_param" : "end_param";
    const message = `${quote(name)} is already a parameter of the method: choose another name`;
    report({ code: "conflicting-options", message, path: at(key) });
  }
  return { ...query, ...Object.fromEntries(added) };
}

/** dlt's older forms work, with a warning. */
function addedBy({ block, at }: IncrementalSource, report: Report): readonly (readonly [string, string])[] {
  return (["start", "end"] as const).flatMap((side) => {
    const key = `${side}_param`;
    const name = textOf(own(block, key));
    if (name === undefined || name === "") return [];
    const template = `{incremental.${side}_value}`;
    const message = `${key} is an older form: write "params": { ${quote(name)}: "${template}" }`;
    report({ severity: "warning", code: "older-spelling", message, path: at(key), at: "key" });
    return [[name, template] as const];
  });
}

/** Reports what depends on the requests: a window that they do not name, an order of records across parents. */
export function checkRange(
  { use, at }: Incremental,
  { report, names, isChild }: { report: Report; names: (placeholder: string) => boolean; isChild: boolean },
): void {
  if (use.options["rowOrder"] !== undefined && isChild) {
    const message = "row_order cannot be used with a parent: the records of each parent start a new order";
    report({ code: "conflicting-options", message, path: at("row_order"), at: "key" });
  }
  const missing = ["start_value", "end_value"]
    .map((name) => `incremental.${name}`)
    .filter((name) => !names(name));
  if (use.options["window"] === undefined || missing.length === 0) return;
  const lacking = missing.map((name) => `{${name}}`).join(" and ");
  const message = `window splits the range into requests, but the request does not name ${lacking}`;
  report({ code: "conflicting-options", message, path: at("window"), at: "key" });
}
