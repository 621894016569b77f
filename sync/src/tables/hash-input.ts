import { sortedKeysOf } from "./sort-keys.js";

/**
 * Writes a value as a text to hash: equal values have equal texts, whatever the order of their keys, and others have other texts. Each
 * text has its length before it, so that nothing needs escapes, and an object begins with all its keys; this is faster than JSON.
 */
export function hashInput(value: unknown): string {
  if (typeof value === "string") return startOfText(value.length) + value;
  if (typeof value !== "object" || value === null) return `${String(value)};`;
  if (Array.isArray(value)) {
    let text = "[";
    for (const item of value) text += hashInput(item);
    return text + "]";
  }
  const object = value as Readonly<Record<string, unknown>>;
  const { sorted, text: keys } = sortedKeysOf(Object.keys(object));
  let text = keys;
  for (const key of sorted) {
    const item = object[key];
    // Two short additions are faster than one of a new text.
    if (typeof item === "string") {
      text += startOfText(item.length);
      text += item;
    } else if (item === undefined) return hashInput(withoutUndefined(object));
    else text += hashInput(item);
  }
  return text;
}

/** What stands before a text, by the length of the text. The same lengths come again in each record. */
const textStarts = Array.from({ length: 1000 }, (_, length) => `"${length}:`);

function startOfText(length: number): string {
  return textStarts[length] ?? `"${length}:`;
}

function withoutUndefined(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([, item]) => item !== undefined));
}
