import type { JsonObject } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import { kindOf, readUse } from "../kinds.js";
import { rowsOf } from "../options.js";
import type { MergedResource } from "./merged-resource.js";
import type { KindUse, SpecInput } from "../spec.js";
import { isObject, objectOf, own, textOf } from "../values.js";
import { quote } from "../wording.js";

/** `incremental` of an endpoint, before it is known whether the request names the range. */
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
  const type = typeOf(source, report);
  const use = readUse(kindOf("plan", type), block, { path, report });
  return { use, added: type === "sync_token" ? [] : addedBy(source, report), at };
}

/** The block that makes a resource incremental. */
interface IncrementalSource {
  readonly block: unknown;
  readonly path: Path;
  readonly at: (key: string) => Path;
}

/** Finds the block that makes a resource incremental. Reports additional blocks and older forms. */
function sourceOf(merged: MergedResource, report: Report): IncrementalSource | undefined {
  const endpoint = own(merged.value, "endpoint");
  const block = own(endpoint, "incremental");
  const names = Object.entries(objectOf(own(endpoint, "params"))).flatMap(([name, value]) =>
    own(value, "type") === "incremental" ? [name] : [],
  );
  const first = isObject(block) ? undefined : names[0];
  const others = names.filter((name) => name !== first);
  for (const name of others) {
    const where = first === undefined ? '"incremental"' : quote(first);
    const message = `an endpoint has one incremental, and ${where} is one: remove this parameter, and write {incremental.start_value} where its value is needed`;
    report({ code: "conflicting-options", message, path: merged.at("endpoint", "params", name), at: "key" });
  }
  if (isObject(block)) {
    const at = (key: string): Path => merged.at("endpoint", "incremental", key);
    return { block, path: merged.at("endpoint", "incremental"), at };
  }
  if (first === undefined) return undefined;
  const path = merged.at("endpoint", "params", first);
  const message = `a parameter of type "incremental" is an older form: write "incremental" in the endpoint and "params": { ${quote(first)}: "{incremental.start_value}" }`;
  report({ severity: "warning", code: "older-spelling", message, path, at: "key" });
  // The grammar reports the keys that only the newer form has.
  const {
    start_param: _start,
    end_param: _end,
    end_value: _until,
    ...rest
  } = objectOf(own(own(endpoint, "params"), first));
  return { block: rest, path, at: (key) => [...path, key] };
}

/** The kinds of `incremental`, and the key that selects each. */
const kinds = { cursor_path: "incremental", state_path: "sync_token", state: "run_start" } as const;

/** Finds the kind of a block. Reports keys that belong to another one. */
function typeOf({ block, path, at }: IncrementalSource, report: Report): string {
  const given = Object.keys(kinds).filter((key) => (own(block, key) ?? undefined) !== undefined);
  const [first, second] = given as (keyof typeof kinds)[];
  if (first === undefined) {
    const message =
      'incremental needs "cursor_path", a field of the records; or "state_path", a token of the last page; or "state": "run_start"';
    report({ code: "missing-key", message, path, at: "key", missing: "cursor_path" });
    return "incremental";
  }
  if (second !== undefined) {
    const message = `"${first}" and "${second}" exclude each other: remove one of them`;
    report({ code: "conflicting-options", message, path: at(second), at: "key" });
    return kinds[first];
  }
  const type = kinds[first];
  const ownKeys = new Set(rowsOf(kindOf("plan", type)).map(({ key }) => key));
  const others = Object.values(kinds).flatMap((other) => rowsOf(kindOf("plan", other)).map(({ key }) => key));
  for (const key of Object.keys(objectOf(block)).filter(
    (each) => others.includes(each) && !ownKeys.has(each),
  )) {
    const message = `${quote(key)} has no meaning with ${quote(first)}: remove it`;
    report({ code: "conflicting-options", message, path: at(key), at: "key" });
  }
  return type;
}

/** Completes and checks the use of a sync token, which depends on the paginator and the selector. */
export function withPaging(
  { use, at }: Incremental,
  { paginator, hasSelector, report }: { paginator: KindUse; hasSelector: boolean; report: Report },
): KindUse {
  if (use.kind.type !== "sync_token") return use;
  if (use.options["param"] !== undefined || use.options["bodyPath"] !== undefined) return use;
  const { type } = paginator.kind;
  if (!hasSelector) {
    const message = "state_path without state_param needs a data_selector: add it to the endpoint";
    report({ code: "conflicting-options", message, path: at("state_path"), at: "key" });
  }
  if (/link|json_response/.test(type)) return { ...use, options: { ...use.options, as: "link" } };
  if (/^(?:header_)?cursor$/.test(type)) return use;
  const message = `the paginator ${quote(type)} follows neither cursors nor links: add "state_param", the query parameter of the token, or "state_body_path"`;
  report({ code: "conflicting-options", message, path: at("state_path"), at: "key" });
  return use;
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

/** Returns the parameters of dlt's older forms, which work with a warning. */
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

/** Reports problems that depend on the requests: a window that they do not name, and an order of records across parents. */
export function checkRange(
  { use, at }: Incremental,
  { report, names, isChild }: { report: Report; names: (placeholder: string) => boolean; isChild: boolean },
): void {
  if (use.options["rowOrder"] !== undefined && isChild) {
    const message =
      "row_order cannot be used with a parent: the records of each parent start a new order; remove row_order";
    report({ code: "conflicting-options", message, path: at("row_order"), at: "key" });
  }
  if (use.kind.type === "run_start" && !names("incremental.start_value")) {
    const message =
      'no request names {incremental.start_value}: every run reads everything; add it, for example to "params"';
    report({ severity: "warning", code: "idle-incremental", message, path: at("state"), at: "key" });
  }
  const missing = ["start_value", "end_value"]
    .map((name) => `incremental.${name}`)
    .filter((name) => !names(name));
  if (use.options["window"] === undefined || missing.length === 0) return;
  const lacking = missing.map((name) => `{${name}}`).join(" and ");
  const message = `window splits the range into requests, but the request does not name ${lacking}`;
  report({ code: "conflicting-options", message, path: at("window"), at: "key" });
}
