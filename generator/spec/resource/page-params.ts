import type { KindUse } from "../spec.js";
import { quote } from "../wording.js";

/** The query parameters of a paginator. A path may hold each of them as a placeholder instead. */
export interface PageParams {
  /** The names, and whether the paginator has a value on every page. Cursors have none on the first page. */
  readonly names: ReadonlyMap<string, boolean>;
  /** The paginator's word. */
  readonly paginator: string;
}

/** Lists the query parameters that a paginator sends. */
export function pageParamsOf({ kind, options }: KindUse): PageParams {
  const names = Object.entries(kind.options).flatMap(([name, option]): [string, boolean][] => {
    if (!/^param$|Param$/.test(name) || options[bodyOptionOf(name)] != null) return [];
    if (name === "cursorParam" && options["cursorHeader"] != null) return [];
    if (name === "limitParam" && options["limit"] == null) return [];
    const param = options[name] ?? option.default;
    return typeof param === "string" ? [[param, name !== "param" && name !== "cursorParam"]] : [];
  });
  return { names: new Map(names), paginator: kind.type };
}

/** `pageParam` → `pageBodyPath`. */
function bodyOptionOf(name: string): string {
  return name === "param" ? "bodyPath" : name.replace(/Param$/, "BodyPath");
}

/** Whether a placeholder is probably meant for a paginator. */
export function looksPaged(name: string): boolean {
  return /^(?:page|offset|cursor|limit|skip|start|after|token)(?:$|_)/i.test(name);
}

/**
 * Returns the end of a message about a placeholder that is meant for the paginator, but that the paginator does not fill.
 */
export function describePageParams({ names, paginator }: PageParams): string {
  if (names.size === 0) return `the paginator ${quote(paginator)} fills no placeholder in the path`;
  const filled = [...names.keys()].map((name) => `{${name}}`);
  return `the paginator ${quote(paginator)} fills ${filled.join(", ")}`;
}
