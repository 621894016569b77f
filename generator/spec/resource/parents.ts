import type { QuerySegment } from "@connector-gen/runtime/kinds";

import type { Report } from "../load/document.js";
import { kindOf, readUse } from "../kinds.js";
import type { MergedResource } from "./merged-resource.js";
import { parseSelector } from "../selector/selector.js";
import { isPath, nameSegment } from "../selector/segments.js";
import type { KindUse, SpecInput, SpecSelector } from "../spec.js";
import { type ParentUse, placeholderOf } from "../template/template-reader.js";
import { isObject, listOf, own, textOf } from "../values.js";
import { describe, quote } from "../wording.js";
import { nameParams } from "./parent-params.js";

/** The use of a parent by a resource. */
export interface Parents {
  readonly part?: KindUse;
  /** Parameters of the method that replace a parent. */
  readonly inputs: readonly SpecInput[];
  /** `include_from_parent`, as a step. */
  readonly shape: readonly KindUse[];
  /** The fields of `include_from_parent`. */
  readonly included: readonly ParentUse[];
}

/** The context for reading the use of a parent. */
export interface ParentsContext {
  readonly root: unknown;
  readonly report: Report;
  /** Fields that the request names. */
  readonly requested: readonly ParentUse[];
  /** Fields that steps name. */
  readonly added: readonly ParentUse[];
  /** Names of parameters by placeholder, from dlt's `resolve`. */
  readonly resolved: ReadonlyMap<string, string>;
  readonly inputs: readonly SpecInput[];
}

/** Reads the use of a parent. The first parent field in the request names it. */
export function readParents(merged: MergedResource, context: ParentsContext): Parents {
  const { requested, added, report, root } = context;
  const parent = requested[0]?.parent;
  const includes = listOf(own(merged.value, "include_from_parent"));
  const batch = own(merged.value, "batch") ?? undefined;
  const forEach = own(merged.value, "for_each") ?? undefined;
  if (parent === undefined) {
    const orphans = [
      ...(includes.length > 0 ? (["include_from_parent"] as const) : []),
      ...(batch === undefined ? [] : (["batch"] as const)),
      ...(forEach === undefined ? [] : (["for_each"] as const)),
    ];
    for (const key of orphans) {
      const message = `${describe(root, merged.path)} has ${key}, but no parent: add {resources.parent.field} to the request, for example to the path`;
      report({ code: "no-parent", message, path: merged.at(key), at: "key" });
    }
    for (const { location, name } of added) {
      const message = `{${name}} has no value, because the request names no field of a parent: add one to the path, params, headers or body`;
      report({ code: "no-parent", message, path: location.path });
    }
    return { inputs: [], shape: [], included: [] };
  }
  const included = readIncludes(includes, parent, { merged, report });
  const ours = [...requested, ...added].filter((use) => use.parent === parent);
  const params = nameParams(
    requested.filter((use) => use.parent === parent),
    context,
  );
  const each = readEach(merged, { forEach, requested, report });
  const values = [...ours, ...included].map(
    ({ name, selector }) =>
      [name, { selector: each ? throughList(selector, each.selector) : selector }] as const,
  );
  const fields = included.map(({ field, name }) => [field, name] as const);
  const kind = kindOf("plan", "parents");
  const given = readUse(kind, merged.value, { path: merged.path, report }).options["batch"];
  checkBatch(merged, { batch, isMixed: included.length > 0 || added.length > 0, report });
  return {
    part: {
      kind,
      options: {
        parent,
        values: Object.fromEntries(values),
        ...(params.length > 0 && {
          params: Object.fromEntries(params.map(({ input, name }) => [input.name, name])),
        }),
        ...(each && { each }),
        ...(isObject(given) && { batch: { ...given, join: given["join"] ?? "," } }),
      },
    },
    inputs: params.map(({ input }) => input),
    included,
    shape:
      fields.length > 0
        ? [{ kind: kindOf("shaper", "include"), options: { fields: Object.fromEntries(fields) } }]
        : [],
  };
}

/** Reads `for_each`: the path of a list in the parent's record, which the request must name. */
function readEach(
  merged: MergedResource,
  { forEach, requested, report }: { forEach: unknown; requested: readonly ParentUse[]; report: Report },
): SpecSelector | undefined {
  const text = textOf(forEach);
  const selector = text === undefined ? undefined : parseSelector(text);
  if (text === undefined || !selector?.ok) return undefined;
  const { segments } = selector;
  const path = merged.at("for_each");
  if (!isPath(segments) || segments.includes("[*]") || segments.length === 0) {
    const message = `for_each ${quote(text)} must be a path of names and indexes to one list`;
    report({ code: "bad-selector", message, path });
    return undefined;
  }
  if (!requested.some((use) => startsWith(use.selector, segments))) {
    const [use] = requested;
    const message = `the request names no item of ${quote(text)}: write {resources.${use?.parent ?? "parent"}.${text}} for an item, or a field of one`;
    report({ code: "conflicting-options", message, path });
  }
  return { selector: segments };
}

function startsWith(selector: readonly QuerySegment[], list: readonly QuerySegment[]): boolean {
  return list.every((segment, index) => selector[index] === segment);
}

/** Returns the selector of an item's value. `[*]` stands for the item. */
function throughList(
  selector: readonly QuerySegment[],
  list: readonly QuerySegment[],
): readonly QuerySegment[] {
  if (!startsWith(selector, list) || selector[list.length] === "[*]") return selector;
  return [...list, "[*]", ...selector.slice(list.length)];
}

/** A field of the parent's record, and the name of the new field. */
interface Included extends ParentUse {
  readonly field: string;
}

function readIncludes(
  includes: readonly unknown[],
  parent: string,
  { merged, report }: { merged: MergedResource; report: Report },
): readonly Included[] {
  const taken = new Set<string>();
  return includes.flatMap((raw, index): Included[] => {
    const path = merged.at("include_from_parent", index);
    const location = { path: isObject(raw) ? [...path, "path"] : path };
    const included =
      typeof raw === "string"
        ? includeKey(raw, { parent, location })
        : includePath(raw, { parent, location });
    if (!included) return [];
    if (included.field === "") {
      const message = 'this path gives the new field no name: add "as"';
      report({ code: "missing-key", message, path, at: "key" });
      return [];
    }
    if (taken.has(included.field)) {
      const message = `duplicate field ${quote(included.field)}: rename one of them with "as"`;
      report({ code: "conflicting-options", message, path });
    }
    taken.add(included.field);
    return [included];
  });
}

/** Text is a literal key of the parent's record: its dots are not a path. */
function includeKey(key: string, { parent, location }: Pick<ParentUse, "parent" | "location">): Included {
  const selector = [nameSegment(key)];
  const name = placeholderOf(parent, selector, key);
  return { field: `_${parent}_${key}`, name, parent, selector, location };
}

function includePath(
  raw: unknown,
  { parent, location }: Pick<ParentUse, "parent" | "location">,
): Included | undefined {
  const path = textOf(own(raw, "path"));
  const selector = path === undefined ? undefined : parseSelector(path);
  if (path === undefined || !selector?.ok) return undefined;
  const names = selector.segments.flatMap((segment) => {
    if (typeof segment === "number") return [String(segment)];
    return typeof segment === "string" && !/^(?:\[\*\]|\.\*)$/.test(segment) ? [segment] : [];
  });
  const derived = names.length > 0 ? `_${parent}_${names.join("_")}` : "";
  const field = textOf(own(raw, "as")) ?? derived;
  const { segments } = selector;
  return { field, name: placeholderOf(parent, segments, path), parent, selector: segments, location };
}

/** A record of a batch does not identify its parent. */
function checkBatch(
  merged: MergedResource,
  { batch, isMixed, report }: { batch: unknown; isMixed: boolean; report: Report },
): void {
  if (batch === undefined || !isMixed) return;
  const message =
    "a record of a batch does not identify its parent: remove batch, or the parent's fields from include_from_parent and add";
  report({ code: "conflicting-options", message, path: merged.at("batch"), at: "key" });
}
