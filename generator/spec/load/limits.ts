import { quote } from "../wording.js";
import type { LoadProblem, Span } from "./document.js";

/** Maximum depth of a spec. The limit keeps later readers, which recurse, from running out of stack. */
export const maxDepth = 64;

/** The limits on the size of a spec. */
export interface SizeLimits {
  /** Maximum length of the text, in UTF-16 code units. */
  readonly length: number;
  /** Maximum number of values, including those of expanded aliases. */
  readonly values: number;
}

/**
 * The limits by format. JSON may hold ten thousand resources, as the import of a large API does. YAML takes a hundred
 * times the time and memory, and aliases multiply its size.
 */
export const sizeLimits: Readonly<Record<"json" | "yaml", SizeLimits>> = {
  json: { length: 64 * 1024 * 1024, values: 3_000_000 },
  yaml: { length: 16 * 1024 * 1024, values: 200_000 },
};

/** Maximum length of a key, in UTF-16 code units. Names derive from keys. */
const maxKey = 500;

/** Maximum length of a text, in UTF-16 code units. */
const maxText = 1_000_000;

/** Checks the length of a key. */
export function checkKey(key: string, span: Span): LoadProblem | undefined {
  if (key.length <= maxKey) return undefined;
  const message = `the key ${quote(key)} is ${key.length} characters long; the limit is ${maxKey}`;
  return { ...span, code: "too-long", message };
}

/** Checks the length of a text. */
export function checkText(text: string, span: Span): LoadProblem | undefined {
  if (text.length <= maxText) return undefined;
  const message = `the text ${quote(text)} is ${text.length} characters long; the limit is ${maxText}`;
  return { ...span, code: "too-long", message };
}

/** Describes a spec that is nested too deeply. */
export function tooDeep(span: Span): LoadProblem {
  return { ...span, code: "too-deep", message: `the spec is nested more than ${maxDepth} levels deep` };
}

/** Describes a spec that has too many values. */
export function tooMany(span: Span, { values }: SizeLimits): LoadProblem {
  return { ...span, code: "too-large", message: `the spec has more than ${values} values` };
}

/** Checks that parsing did not change a number. A rounded identifier would name another record. */
export function checkNumber(value: number, source: string, span: Span): LoadProblem | undefined {
  if (!Number.isFinite(value)) {
    return { ...span, code: "invalid-value", message: `${shorten(source)} is not a finite number` };
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(source)) {
    const message = `${shorten(source)} is too large for an exact number: write it as a string, in quotes`;
    return { ...span, code: "invalid-value", message };
  }
  return undefined;
}

/** Shortens a number for a message, because it may have a million digits. */
function shorten(source: string): string {
  return source.length > 60 ? `${source.slice(0, 60)}…` : source;
}
