import type { JsonObject } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import { type IncrementalSource, sourceOf } from "./incremental-source.js";
import { checkIncremental } from "./incremental-check.js";
import type { MergedResource } from "./origin.js";
import { toSelector } from "../selector/selector.js";
import type { SpecIncremental, SpecInput } from "../spec.js";
import { given, own, textOf } from "../values.js";
import { quote } from "../wording.js";

/** `incremental` of an endpoint before it is known what the request says of it. */
export interface Incremental {
  readonly part: Omit<SpecIncremental, "serverFilter">;
  /** Query parameters that `start_param` and `end_param` add, and what each stands for. */
  readonly added: readonly (readonly [name: string, template: string])[];
  readonly at: (key: string) => Path;
}

/** Reads `endpoint.incremental`, or the parameter that is dlt's older spelling of it. */
export function readIncremental(merged: MergedResource, report: Report): Incremental | undefined {
  const source = sourceOf(merged, report);
  if (!source) return undefined;
  const { block, at } = source;
  const word = <Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word =>
    words.find((known) => known === own(block, key)) ?? words[0];
  const part: Incremental["part"] = {
    type: "incremental",
    cursor: toSelector(textOf(own(block, "cursor_path")) ?? "$") ?? { selector: [] },
    lastValue: word("last_value_func", ["max", "min"]),
    onMissing: word("on_cursor_value_missing", ["raise", "include", "exclude"]),
    rangeStart: word("range_start", ["closed", "open"]),
    rangeEnd: word("range_end", ["open", "closed"]),
    ...given({
      initial: valueOf(own(block, "initial_value")),
      end: valueOf(own(block, "end_value")),
      lag: valueOf(own(block, "lag")),
      rowOrder: (["asc", "desc"] as const).find((order) => order === own(block, "row_order")),
      key: keyOf(own(block, "primary_key")),
      format: textOf(own(block, "format")),
      window: textOf(own(block, "window")),
    }),
  };
  checkIncremental(part, { report, at });
  return { part, added: addedBy(source, report), at };
}

/** The parameters of `start_param` and `end_param`, in their places: where one stands already, else at the end. */
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

function valueOf(value: unknown): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function keyOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : undefined;
}
