import type { JsonIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printLiteral, printString } from "./literal.js";

const step = /\.([A-Za-z_]\w*)|\[(-?\d+)\]|\[(\*)\]|\['((?:[^'\\]|\\.)*)'\]/gsy;

/**
 * A selector of the IR as the runtime's: a normalised RFC 9535 query as a path, `$.data['a b'][*]` →
 * `["data", "a b", "[*]"]`; the JSON of segments as a query, `["items",{"slice":[1]}]` → `query(["items", { slice: [1] }])`,
 * with what matches the patterns in it, if there are any: `query([…], patterns())`.
 */
export function printSelector(selector: string, imports: Imports): string {
  if (selector.startsWith("[")) return printQuery(selector, imports);
  const steps = [...selector.slice(1).matchAll(step)].map(([, name, index, star, quoted]) => {
    if (star !== undefined) return printString("[*]");
    return index ?? printString(name ?? unquote(quoted ?? ""));
  });
  return `[${steps.join(", ")}]`;
}

function printQuery(selector: string, imports: Imports): string {
  const patterns: { readonly unicode?: true }[] = [];
  const segments = JSON.parse(selector, (key, value: JsonIr) => {
    // Names of a body are values here, never keys.
    if (key === "fits") patterns.push(value as (typeof patterns)[number]);
    return value;
  }) as JsonIr;
  const matcher = patterns.some(({ unicode }) => unicode) ? "unicodePatterns" : "patterns";
  const second = patterns.length > 0 ? `, ${imports.use(matcher)}()` : "";
  return `${imports.use("query")}(${printLiteral(segments)}${second})`;
}

/** A name in single quotes is JSON text but for the quotes (RFC 9535 §2.3.1). */
function unquote(quoted: string): string {
  return JSON.parse(`"${quoted.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`) as string;
}
