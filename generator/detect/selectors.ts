import type { Path } from "@connector-gen/runtime/kinds";
import { parseSelector } from "../spec/selector/selector.js";

/** Maximum length of a name to write into a spec, in characters. */
const maxNameLength = 100;

/**
 * Writes a path as a selector: `meta.next_cursor`, `['@odata.nextLink']`, `$` for the whole body. Returns `undefined`
 * for names that a spec must not contain: braces would be read as placeholders, and control characters could control the
 * terminal.
 */
export function toSelector(path: Path): string | undefined {
  if (path.length === 0) return "$";
  const texts = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return step === "[*]" ? step : toStep(step);
  });
  if (texts.some((text) => text === undefined)) return undefined;
  const selector = texts.join("").replace(/^\./, "");
  const read = parseSelector(selector);
  return read.ok && JSON.stringify(read.segments) === JSON.stringify(path) ? selector : undefined;
}

function toStep(name: string): string | undefined {
  if (/^[A-Za-z_]\w*$/.test(name)) return `.${name}`;
  if (
    name === "" ||
    name.length > maxNameLength ||
    /[{}'"\\]|[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name)
  )
    return undefined;
  return `['${name}']`;
}

/** Whether the name of a field can be written into a spec. */
export function isPlainName(name: string): boolean {
  return (
    name !== "" && name.length <= maxNameLength && !/[{}]|[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name)
  );
}
