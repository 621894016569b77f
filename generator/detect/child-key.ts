import { wordsOf } from "@connector-gen/runtime/kinds";
import { isObject } from "../spec/values.js";
import { count, found, undecided, type Finding } from "./finding.js";
import { findPrimaryKey, isPosition, type KeyHints } from "./primary-key.js";
import { isPlainName } from "./selectors.js";

/** The field of a parent record whose value the requests for its children contain. */
export interface ParentField {
  readonly parent: string;
  readonly field: string;
}

/** The primary key of child records, and the parent field that `include_from_parent` must add for it. */
export interface ChildKey {
  readonly finding: Finding;
  readonly include?: string;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Finds the primary key of child records by comparing the children of several parents. If a key is unique only within
 * one parent, returns a composite key: the field that identifies the parent and the key. The first is a field of the
 * children, or one that `include_from_parent` adds.
 */
export function findChildKey(
  childrenByParent: readonly (readonly unknown[])[],
  { link, ...hints }: KeyHints & { readonly link?: ParentField | undefined },
): ChildKey {
  const [first = []] = childrenByParent;
  const finding = findPrimaryKey(first, hints);
  const groups = childrenByParent.map((records) => records.filter(isObject));
  if (groups.length < 2) return { finding };
  const all = groups.flat();
  const parents = `checked for ${count(groups.length, "parent")}`;
  const key = [finding.value ?? []].flat().map(String);
  if (key.length > 0 && isUnique(all, key)) {
    const reasons = [`${count(all.length, "different value")}, none missing`, parents];
    return { finding: found("primary_key", finding.value ?? "", { confidence: "sure", reasons }) };
  }
  const names = key.length === 1 ? key : key.length === 0 ? positionsOf(groups) : [];
  const own = names.find((name) => groups.every((rows) => isUnique(rows, [name])));
  if (own === undefined) {
    const problem = `several records have the same ${key.join(" and ")}`;
    return { finding: key.length === 0 ? finding : undecided("primary_key", [problem]) };
  }
  const reasons = [`${own} is unique only within one parent`, parents];
  const field = parentFieldOf(groups, link);
  if (field !== undefined)
    return { finding: found("primary_key", [field, own], { confidence: "sure", reasons }) };
  if (!link) return { finding: undecided("primary_key", [...reasons, "no field identifies the parent"]) };
  const value = [`_${link.parent}_${link.field}`, own];
  return { finding: found("primary_key", value, { confidence: "sure", reasons }), include: link.field };
}

/** Whether every record has the fields, and the values of no two records are equal. */
function isUnique(rows: readonly Row[], fields: readonly string[]): boolean {
  const values = rows.map((row) => fields.map((name) => row[name]));
  if (values.some((each) => each.some((value) => value === null || value === undefined || value === "")))
    return false;
  return new Set(values.map((each) => JSON.stringify(each))).size === rows.length;
}

/** Lists the fields that number the records of one parent. */
function positionsOf(groups: readonly (readonly Row[])[]): readonly string[] {
  return Object.keys(groups[0]?.[0] ?? {}).filter(isPosition);
}

/** Returns the field whose value is the same in all children of one parent and different for each parent. */
function parentFieldOf(
  groups: readonly (readonly Row[])[],
  link: ParentField | undefined,
): string | undefined {
  const names = Object.keys(groups[0]?.[0] ?? {}).filter((name) => {
    const values = groups.map((rows) => new Set(rows.map((row) => row[name])));
    const firsts = values.map(([value]) => value);
    const isId = firsts.every((value) => typeof value === "string" || Number.isInteger(value));
    return (
      isPlainName(name) &&
      isId &&
      values.every(({ size }) => size === 1) &&
      new Set(firsts).size === groups.length
    );
  });
  const words = names.filter((name) => /(^| )(id|uuid|gid|key|slug|number|code)$/.test(wordsOf(name)));
  const parent = link && wordsOf(link.parent).replace(/s$/, "");
  return words.find((name) => parent !== undefined && wordsOf(name).includes(parent)) ?? words[0];
}
