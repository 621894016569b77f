import type { QuerySegment } from "@connector-gen/runtime/kinds";
import { readDltSelector } from "./dlt.js";
import { readRfcSelector } from "./rfc.js";
import type { SpecSelector } from "../spec.js";
import { quote } from "../wording.js";
import { type Cursor, isSelectorProblem, peek, type SelectorProblem, skipSpaces } from "./text.js";

/** A parsed selector, or the problem that prevents parsing. */
export type SelectorResult = SelectorRead | SelectorRefused;

/** A parsed selector. */
interface SelectorRead {
  readonly ok: true;
  /** The segments in the form of the runtime's `query`: names, indexes and `"[*]"`, and objects for everything else. */
  readonly segments: readonly QuerySegment[];
}

/** The problem of an invalid selector, with its range. */
interface SelectorRefused {
  readonly ok: false;
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** Maximum length of a selector, in UTF-16 code units. */
const maxLength = 5000;

/**
 * Reads a selector: `data.items`, `$.a['x-y'][0]`, `items[?(@.t=='a')].(id|name)`, `$..items[1:]`.
 *
 * There are two dialects. **dlt's**, the extended grammar of jsonpath-ng, takes precedence: a selector that it can read
 * has the meaning it has in dlt, whether it starts with `$` or not. A selector that starts with `$` is read as a whole
 * as **RFC 9535** if only RFC 9535 can read it (`&&`, `||`, `!`, functions, a path on the right of a comparison, lists of
 * different selectors, non-ASCII names), or if dlt would read special words as plain text: a bare `null` as the string
 * "null", `\n` and `\u00e9` in quotes as n and u00e9.
 *
 * The dialects differ in few places. In dlt's dialect `[*]` selects from lists and `.*` from objects; in RFC 9535 both
 * select from both. dlt's filters compare with values only: any match is enough, a bare word is a string, comparison
 * with an integer converts matches to integers (`"5"` and `5.9` are 5), and `$` is the element, like `@`.
 *
 * Unlike in jsonpath-ng, the first `[*]` and all slices match nothing outside lists, a quoted name is never a wildcard, and a missing
 * index or incomparable values are no match instead of an error. Functions in backticks and arithmetic are not
 * supported. Patterns (`=~`, `match()`, `search()`) are compiled here: see `readPattern`.
 */
export function parseSelector(text: string): SelectorResult {
  const cursor: Cursor = { text, offset: 0, depth: 0, isAmbiguous: false };
  skipSpaces(cursor);
  const start = cursor.offset;
  if (peek(cursor) === "") return refused("empty selector: write $ for the whole body");
  if (text.length > maxLength) return refused(`the selector is longer than ${maxLength} characters`);
  const isRooted = peek(cursor) === "$";
  const dlt = attempt(() => readDltSelector(cursor));
  if (!isRooted || (isSelectorProblem(dlt) ? dlt.isUnsupported : !cursor.isAmbiguous)) return toResult(dlt);
  const rfc = attempt(() => readRfcSelector({ text, offset: start, depth: 0, isAmbiguous: false }));
  if (!isSelectorProblem(rfc)) return toResult(rfc);
  if (!isSelectorProblem(dlt)) return toResult(dlt);
  return toResult(rfc.isUnsupported || rfc.offset > dlt.offset ? rfc : dlt);
}

/** Parses a selector for the spec; `undefined` for an invalid one, which the grammar reports. */
export function toSelector(text: string): SpecSelector | undefined {
  const read = parseSelector(text);
  return read.ok ? { selector: read.segments } : undefined;
}

/** A warning about a valid selector, with its range. */
interface SelectorWarning {
  readonly severity: "warning";
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** Names of OData, SensorThings and Microsoft Graph that contain a dot. */
const dottedName = /(?<![\w@'"-])(?:[\w-]*@(?:odata|iot)|odata|[\w-]*@microsoft\.graph)\.[A-Za-z_][\w-]*/;

/** Warns about `@odata.nextLink`: its dot belongs to the name, but without quotes it separates two names. */
export function warnAboutDots(text: string): readonly SelectorWarning[] {
  const found = dottedName.exec(text);
  const [name = ""] = found ?? [];
  const offset = found?.index ?? 0;
  const before = text.slice(0, offset);
  const isQuoted = (before.match(/['"]/g) ?? []).length % 2 === 1;
  if (name === "" || isQuoted) return [];
  const fixed = `${before.replace(/\.$/, "")}['${name}']${text.slice(offset + name.length)}`;
  const message = `${quote(name)} is the path of several names: if the dot is part of the name, write ${quote(fixed)}`;
  return [{ severity: "warning", code: "dotted-name", message, offset, length: name.length }];
}

function attempt(read: () => readonly QuerySegment[]): readonly QuerySegment[] | SelectorProblem {
  try {
    return read();
  } catch (error) {
    if (isSelectorProblem(error)) return error;
    throw error;
  }
}

function toResult(read: readonly QuerySegment[] | SelectorProblem): SelectorResult {
  if (isSelectorProblem(read)) {
    return { ok: false, message: read.message, offset: read.offset, length: read.length };
  }
  return { ok: true, segments: read };
}

function refused(message: string): SelectorResult {
  return { ok: false, message, offset: 0, length: 1 };
}
