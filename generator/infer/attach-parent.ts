import type { ResourceIr, SourceIr } from "../ir/source-ir.js";
import { isIdLike } from "../detect/id-like.js";

/** A path whose placeholder refers to a parent, or the reason why no parent fits. */
export type AttachedPath = { readonly path: string; readonly parent?: string } | { readonly problem: string };

/**
 * Finds the parent of a path: `/articles/{id}/comments` and `/articles/17/comments` belong to the resource that reads
 * `/articles`, and the placeholder becomes a reference to its key. A path without a placeholder and without a parent is
 * returned unchanged.
 */
export function attachParent(path: string, source: SourceIr): AttachedPath {
  const segments = path.split("/");
  const placeholders = segments.filter((segment) => segment.includes("{"));
  if (placeholders.some((segment) => segment.includes("{resources."))) return { path };
  if (placeholders.length > 1)
    return {
      problem: "a path with several placeholders needs include_from_parent; add this resource by hand",
    };
  const at =
    placeholders.length > 0
      ? segments.findIndex((segment) => segment.includes("{"))
      : segments.slice(0, -1).map(isIdLike).lastIndexOf(true);
  if (at < 0) return { path };
  const above = segments.slice(0, at).join("/");
  const parent = source.resources.find((each) => isAt(each, above));
  if (!parent) {
    if (placeholders.length === 0) return { path };
    const names = source.resources.map((each) => `${each.name} (${each.path})`).join(", ");
    return {
      problem: `no resource reads ${above}, so ${segments[at] ?? ""} has no parent; the spec has ${names}`,
    };
  }
  const given = /^\{(\w+)\}$/.exec(segments[at] ?? "")?.[1];
  const [key, ...others] = parent.primaryKey;
  const field = key !== undefined && others.length === 0 ? key : given;
  if (field === undefined)
    return {
      problem: `${parent.name} has no primary key; write the name of a field of its records: ${above}/{id}/…`,
    };
  const reference = `{resources.${parent.name}.${field}}`;
  const attached = segments.map((segment, index) => (index === at ? reference : segment));
  return { path: attached.join("/"), parent: parent.name };
}

function isAt({ path, method, plan }: ResourceIr, above: string): boolean {
  const trim = (text: string): string => text.replaceAll(/^\/+|\/+$/g, "");
  return method === "GET" && plan.length === 0 && trim(path) === trim(above);
}
