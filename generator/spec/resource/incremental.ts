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
  /** Query parameters that `start_param` and `end_param` add, and the bound that each one holds. */
  readonly added: readonly (readonly [name: string, template: string])[];
  readonly at: (key: string) => Path;
}

/** Reads `endpoint.incremental`, or the parameter that is dlt's older spelling of it. */
export function readIncremental(merged: MergedResource, report: Report): Incremental | undefined {
  const source = sourceOf(merged, report);
  if (!source) return undefined;
  const { block, path, at } = source;
  const use = readUse(kindOf("plan", "incremental"), block, { path, report });
  return { use, added: addedBy(source, report), at };
}

/** The parameters of `start_param` and `end_param`, each at its existing position, else at the end. */
export function addRange(
  query: JsonObject,
  { added, at }: Incremental,
  { inputs, report }: { inputs: readonly SpecInput[]; report: Report },
): JsonObject {
  for (const [name] of added) {
    if (!inputs.some((input) => input.name === name)) continue;
    const key = added[0]?.[0] === name ? "start_param" : "end_param";
    const message = `${quote(name)} is a parameter of the method already: it cannot be the range's as well`;
    report({ code: "conflicting-options", message, path: at(key) });
  }
  return { ...query, ...Object.fromEntries(added) };
}

/** dlt's older spellings work, but there is one way that says everything. */
function addedBy({ block, at }: IncrementalSource, report: Report): readonly (readonly [string, string])[] {
  return (["start", "end"] as const).flatMap((side) => {
    const key = `${side}_param`;
    const name = textOf(own(block, key));
    if (name === undefined || name === "") return [];
    const template = `{incremental.${side}_value}`;
    const message = `${key} is an older spelling, which works: "params": { ${quote(name)}: "${template}" } says the same`;
    report({ severity: "warning", code: "older-spelling", message, path: at(key), at: "key" });
    return [[name, template] as const];
  });
}

/** Reports what only shows once the requests are known: slices that nobody asks for, an order that nobody has. */
export function checkRange(
  { use, at }: Incremental,
  { report, names, isChild }: { report: Report; names: (placeholder: string) => boolean; isChild: boolean },
): void {
  if (use.options["rowOrder"] !== undefined && isChild) {
    const message =
      "row_order is for resources that no other is the parent of: every parent's children start anew";
    report({ code: "conflicting-options", message, path: at("row_order"), at: "key" });
  }
  const missing = ["start_value", "end_value"]
    .map((name) => `incremental.${name}`)
    .filter((name) => !names(name));
  if (use.options["window"] === undefined || missing.length === 0) return;
  const lacking = missing.map((name) => `{${name}}`).join(" and ");
  const message = `window asks for one slice after the other, but the request does not name ${lacking}`;
  report({ code: "conflicting-options", message, path: at("window"), at: "key" });
}
