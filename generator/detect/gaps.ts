import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { mergeResource } from "../spec/resource/merged-resource.js";
import { lastPlaceholder } from "../spec/resource/path.js";
import { isObject, listOf, own, textOf } from "../spec/values.js";
import { readDecoder } from "../spec/resource/resource.js";
import type { FindingKey } from "./finding.js";

/** The keys that a resource of a spec lacks. */
export interface Gaps {
  readonly name: string;
  /** Index of the resource in the spec. */
  readonly index: number;
  /** Whether the path identifies one record: `/users/{id}`. */
  readonly isSingle: boolean;
  readonly keys: ReadonlySet<FindingKey>;
  /** Whether the spec says nothing about integers beyond 2^53. No request is sent for this alone. */
  readonly lacksBigIntegers: boolean;
  /** The paginator of the resource whose records are the parents. */
  readonly parent?: JsonObject;
  /** The values that the spec has, which a response may contradict. */
  readonly written: WrittenValues;
}

/** Values of a resource or its defaults. A value that is to be detected is absent. */
export interface WrittenValues {
  readonly selector?: string;
  readonly paginator?: JsonObject;
  /** Fields of the primary key. */
  readonly key?: readonly string[];
}

/** Lists the keys that each resource lacks: neither it nor its defaults set them, or the value is `"auto"`. */
export function findGaps(spec: JsonValue): readonly Gaps[] {
  const client = own(own(spec, "client"), "paginator");
  const parents = parentPaginators(spec);
  return listOf(own(spec, "resources")).map((raw, index) => {
    const merged = mergeResource((raw ?? null) as JsonValue, own(spec, "resource_defaults"), index);
    const { value } = merged;
    const endpoint = own(value, "endpoint");
    const name = textOf(own(value, "name")) ?? "";
    const single = lastPlaceholder(textOf(own(endpoint, "path")) ?? name);
    const keys = new Set<FindingKey>();
    // The spec contains static records, so no response needs to be examined.
    if (Array.isArray(own(value, "records")))
      return { name, index, isSingle: false, lacksBigIntegers: false, keys, written: {} };
    // JSON lines and CSV contain nothing but records.
    const isDecoded = readDecoder(merged, () => undefined) !== undefined;
    const hasSelector = !isAbsent(own(endpoint, "data_selector"));
    if (!hasSelector && !isDecoded) keys.add("data_selector").add("decoder");
    // The client's paginator does not apply to a path that identifies one record and has no selector.
    const isInherited = !isAuto(client) && (single === undefined || hasSelector);
    if (isAuto(own(endpoint, "paginator")) && (!isInherited || isWord(own(endpoint, "paginator"))))
      keys.add("paginator");
    if (own(value, "primary_key") == null && !hasKeyColumn(own(value, "columns"))) keys.add("primary_key");
    if (own(endpoint, "incremental") === undefined && !hasIncrementalParam(own(endpoint, "params")))
      keys.add("incremental");
    const lacksBigIntegers = [own(spec, "client"), endpoint].every(
      (part) => own(part, "big_integers") === undefined,
    );
    const parent = parents.get(parentOf(textOf(own(endpoint, "path")) ?? ""));
    const written = writtenIn(value, keys, isInherited ? client : undefined);
    const facts = { name, index, isSingle: single !== undefined, keys, lacksBigIntegers, written };
    return { ...facts, ...(parent && { parent }) };
  });
}

function writtenIn(resource: unknown, keys: ReadonlySet<FindingKey>, client: unknown): WrittenValues {
  const endpoint = own(resource, "endpoint");
  const selector = textOf(own(endpoint, "data_selector"));
  const paginator = toBlock(own(endpoint, "paginator") ?? client);
  const fields = own(resource, "primary_key");
  const key = (Array.isArray(fields) ? listOf(fields) : [fields]).flatMap((each) => textOf(each) ?? []);
  return {
    ...(selector && own(endpoint, "data_layout") === undefined && { selector }),
    ...(paginator && !keys.has("paginator") && { paginator }),
    ...(key.length > 0 && { key }),
  };
}

/** Returns a paginator with its type; `undefined` if it does not page. */
function toBlock(given: unknown): JsonObject | undefined {
  const block = typeof given === "string" ? { type: given } : given;
  const isPaging = isObject(block) && !["auto", "single_page", "none"].includes(String(block["type"]));
  return isPaging ? (block as JsonObject) : undefined;
}

/** Collects the paginators of the resources, with `type`, by the name of the resource. */
function parentPaginators(spec: JsonValue): ReadonlyMap<string | undefined, JsonObject> {
  const pairs = listOf(own(spec, "resources")).flatMap((raw, index) => {
    const { value } = mergeResource((raw ?? null) as JsonValue, own(spec, "resource_defaults"), index);
    const given = own(own(value, "endpoint"), "paginator") ?? own(own(spec, "client"), "paginator");
    const block = toBlock(given);
    return block ? [[textOf(own(value, "name")), block] as const] : [];
  });
  return new Map(pairs);
}

/** Returns the resource to which a placeholder of a path refers: `/articles/{resources.articles.id}/comments`. */
function parentOf(path: string): string | undefined {
  return /\{resources\.(\w+)\./.exec(path)?.[1];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** Whether a paginator is absent or `"auto"`. */
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
