import type { QuerySegment } from "@connector-gen/runtime/kinds";

import { readDltSelector } from "./dlt.js";
import { readRfcSelector } from "./rfc.js";
import type { SpecSelector } from "../spec.js";
import { type Cursor, peek, SelectorProblem, skipSpaces } from "./text.js";

/** A selector that was understood, or the spot where it was not. */
export type SelectorResult = SelectorRead | SelectorRefused;

/** A selector that was understood. */
interface SelectorRead {
  readonly ok: true;
  /** Its steps as the runtime's `query` takes them: names, indexes and `"[*]"` as in a path, objects for the rest. */
  readonly segments: readonly QuerySegment[];
}

/** The spot where a selector could not be read. */
interface SelectorRefused {
  readonly ok: false;
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** Longer texts are no selectors that anyone writes. */
const LONGEST = 5000;

/**
 * Reads a selector: `data.items`, `$.a['x-y'][0]`, `items[?(@.t=='a')].(id|name)`, `$..items[1:]`.
 *
 * There are two dialects. **dlt's** (the extended grammar of jsonpath-ng) is the language: what it can read means what
 * it means there, whether it starts with `$` or not. What starts with `$` and only **RFC 9535** can read (`&&`, `||`,
 * `!`, functions, a path on the right of a comparison, lists of unlike selectors, names beyond ASCII) is an RFC 9535
 * query from its first to its last character; so is what dlt reads as mere letters: `null` without quotes as the text
 * "null", `\n` and `\u00e9` in quotes as n and u00e9.
 *
 * The same characters mean different things in few places. In dlt's dialect `[*]` is for lists and `.*` for objects, in
 * RFC 9535 both are for both. dlt's filters compare with values only: any match will do, a word without quotes is a
 * text, a whole number has matches read as whole numbers (`"5"` and `5.9` are 5), and `$` is the element, like `@`.
 *
 * Unlike jsonpath-ng, `[*]` and slices find nothing in what is no list, a name in quotes is never a wildcard, and an
 * index that is not there or values that cannot be compared are no match rather than an error. Functions in
 * backticks and arithmetic are refused. Patterns (`=~`, `match()`, `search()`) are compiled here: see `readPattern`.
 */
export function parseSelector(text: string): SelectorResult {
  const cursor: Cursor = { text, at: 0, depth: 0, isAmbiguous: false };
  skipSpaces(cursor);
  const start = cursor.at;
  if (peek(cursor) === "") return refused("the selector is empty: write $ for the whole body");
  if (text.length > LONGEST) return refused(`this selector is longer than ${LONGEST} characters`);
  const isRooted = peek(cursor) === "$";
  const dlt = attempt(() => readDltSelector(cursor));
  if (!isRooted || (dlt instanceof SelectorProblem ? dlt.isRefusal : !cursor.isAmbiguous))
    return toResult(dlt);
  const rfc = attempt(() => readRfcSelector({ text, at: start, depth: 0, isAmbiguous: false }));
  if (!(rfc instanceof SelectorProblem)) return toResult(rfc);
  if (!(dlt instanceof SelectorProblem)) return toResult(dlt);
  return toResult(rfc.isRefusal || rfc.offset > dlt.offset ? rfc : dlt);
}

/** Parses a selector for the spec; `undefined` for an invalid one, which the grammar reports. */
export function toSelector(text: string): SpecSelector | undefined {
  const read = parseSelector(text);
  return read.ok ? { selector: read.segments } : undefined;
}

function attempt(read: () => readonly QuerySegment[]): readonly QuerySegment[] | SelectorProblem {
  try {
    return read();
  } catch (error) {
    if (error instanceof SelectorProblem) return error;
    throw error;
  }
}

function toResult(read: readonly QuerySegment[] | SelectorProblem): SelectorResult {
  if (read instanceof SelectorProblem) {
    return { ok: false, message: read.message, offset: read.offset, length: read.length };
  }
  return { ok: true, segments: read };
}

function refused(message: string): SelectorResult {
  return { ok: false, message, offset: 0, length: 1 };
}
