import { printString } from "./literal.js";

const step = /\.([A-Za-z_]\w*)|\[(-?\d+)\]|\[(\*)\]|\['((?:[^'\\]|\\.)*)'\]/gsy;

/** A normalised RFC 9535 query as the runtime's path: `$.data['a b'][*]` → `["data", "a b", "[*]"]`. */
export function printSelector(query: string): string {
  const steps = [...query.slice(1).matchAll(step)].map(([, name, index, star, quoted]) => {
    if (star !== undefined) return printString("[*]");
    return index ?? printString(name ?? unquote(quoted ?? ""));
  });
  return `[${steps.join(", ")}]`;
}

/** A name in single quotes is JSON text but for the quotes (RFC 9535 §2.3.1). */
function unquote(quoted: string): string {
  return JSON.parse(`"${quoted.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`) as string;
}
