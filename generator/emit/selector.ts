import { isPath, type JsonIr, type SelectorIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printLiteral } from "./literal.js";

/**
 * Prints a selector in the runtime's form: a path as the list of its segments, `["data", "a b", "[*]"]`; any other
 * selector as a query, `query(["items", { slice: [1] }])`, with a pattern matcher if the query contains patterns:
 * `query([…], patterns())`.
 */
export function printSelector({ selector }: SelectorIr, imports: Imports): string {
  const list = printLiteral(selector);
  if (isPath(selector)) return list;
  const patterns = patternsIn(selector);
  const matcher = patterns.some(({ unicode }) => unicode) ? "unicodePatterns" : "patterns";
  const second = patterns.length > 0 ? `, ${imports.use(matcher)}()` : "";
  return `${imports.use("query")}(${list}${second})`;
}

/** Finds the compiled patterns in a query. */
function patternsIn(value: JsonIr): readonly { readonly unicode?: true }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    // Names of a body are values here, never keys.
    key === "fits" ? [inner as { readonly unicode?: true }] : patternsIn(inner),
  );
}
