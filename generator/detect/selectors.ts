import type { Path } from "@connector-gen/runtime/kinds";

import { parseSelector } from "../spec/selector/selector.js";

/** Longer names are no names that an API means to be read by. */
const LONGEST = 100;

/**
 * The path to a value as the spec spells it: `meta.next_cursor`, `['@odata.nextLink']`, `$` for the whole body. Nothing
 * for names that cannot stand in a spec: braces would be placeholders, control characters steer terminals.
 */
export function toSelector(path: Path): string | undefined {
  if (path.length === 0) return "$";
  const texts = path.map((step) => (step === "[*]" ? step : toStep(String(step))));
  if (texts.some((text) => text === undefined)) return undefined;
  const selector = texts.join("").replace(/^\./, "");
  const read = parseSelector(selector);
  return read.ok && JSON.stringify(read.segments) === JSON.stringify(path) ? selector : undefined;
}

function toStep(name: string): string | undefined {
  if (/^[A-Za-z_]\w*$/.test(name)) return `.${name}`;
  if (name === "" || name.length > LONGEST || /[{}'"\\]|[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name))
    return undefined;
  return `['${name}']`;
}

/** Whether a field can be named in a spec as it is. */
export function isPlainName(name: string): boolean {
  return name !== "" && name.length <= LONGEST && !/[{}]|[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(name);
}
