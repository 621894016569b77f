import { quote } from "./wording.js";

/** One step of a selector. */
export type Segment =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "every" };

/** A selector that was understood, or the spot where it was not. */
export type SelectorResult =
  | { readonly ok: true; readonly segments: readonly Segment[]; readonly query: string }
  | { readonly ok: false; readonly message: string; readonly offset: number; readonly length: number };

/**
 * Reads a selector in dlt's dialect of JSONPath: `data.items`, `$.a['x-y'][0]`, `'a b'.c[*]`.
 *
 * `query` is the same as a normalised RFC 9535 query: `$.data.items`.
 */
export function parseSelector(text: string): SelectorResult {
  try {
    const segments = readSegments({ text, at: 0 });
    return { ok: true, segments, query: printQuery(segments) };
  } catch (error) {
    if (error instanceof SelectorProblem) {
      return { ok: false, message: error.message, offset: error.offset, length: error.length };
    }
    throw error;
  }
}

/** Prints segments as a normalised RFC 9535 query. */
function printQuery(segments: readonly Segment[]): string {
  return `$${segments.map(printSegment).join("")}`;
}

function printSegment(segment: Segment): string {
  switch (segment.kind) {
    case "every":
      return "[*]";
    case "index":
      return `[${segment.index}]`;
    case "name":
      return /^[A-Za-z_]\w*$/.test(segment.name) ? `.${segment.name}` : `['${escapeName(segment.name)}']`;
    default:
      return segment satisfies never;
  }
}

function escapeName(name: string): string {
  return name
    .replaceAll(/[\\']/g, String.raw`\$&`)
    .replaceAll(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

class SelectorProblem extends Error {
  readonly offset: number;
  readonly length: number;
  constructor(message: string, offset: number, length: number) {
    super(message);
    this.offset = offset;
    this.length = length;
  }
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** What jsonpath-ng knows and this language does not have yet. */
const NOT_YET: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\.?\s*\.\s*\./, "descendants (..) are"],
  [/^\.?\s*\*/, "a wildcard over the values of an object (.*) is"],
  [/^\[\s*\?/, "filters are"],
  [/^\[\s*-?\d*\s*:/, "slices are"],
  [/^\[\s*(?:-?\d+|'[^']*'|"[^"]*")\s*,/, "lists in brackets are"],
  [/^\.?\s*[(|&]/, "unions are"],
  [/^\.?\s*`/, "functions are"],
];

function readSegments(cursor: Cursor): Segment[] {
  const segments: Segment[] = [];
  skipSpaces(cursor);
  if (cursor.at === cursor.text.length)
    throw problem(cursor, "the selector is empty: write $ for the whole body");
  const isRooted = peek(cursor) === "$";
  if (isRooted) {
    cursor.at += 1;
    if (isNameCharacter(peek(cursor))) throw problem(cursor, "after $ a dot or a bracket follows: $.name");
  }
  skipSpaces(cursor);
  while (cursor.at < cursor.text.length) {
    refuseUnsupported(cursor);
    segments.push(readSegment(cursor, !isRooted && segments.length === 0));
    skipSpaces(cursor);
  }
  return segments;
}

function refuseUnsupported(cursor: Cursor): void {
  const rest = cursor.text.slice(cursor.at, cursor.at + 200);
  const found = NOT_YET.find(([pattern]) => pattern.test(rest));
  if (!found) return;
  const mend = "selectors consist of names, [0], [-1] and [*]; other names stand in quotes";
  throw problem(cursor, `${found[1]} not supported: ${mend}`);
}

function readSegment(cursor: Cursor, first: boolean): Segment {
  if (peek(cursor) === "[") return readBracket(cursor);
  if (!first) {
    if (peek(cursor) !== ".") throw badCharacter(cursor);
    cursor.at += 1;
    skipSpaces(cursor);
    if (peek(cursor) === "[") return readBracket(cursor);
  }
  if (cursor.at === cursor.text.length) throw problem(cursor, "a name is expected after the dot");
  return { kind: "name", name: isQuote(peek(cursor)) ? readQuoted(cursor) : readBare(cursor) };
}

function readBare(cursor: Cursor): string {
  const start = cursor.at;
  if (!/[A-Za-z_]/.test(peek(cursor))) throw badCharacter(cursor);
  while (isNameCharacter(peek(cursor))) cursor.at += 1;
  return cursor.text.slice(start, cursor.at);
}

function readQuoted(cursor: Cursor): string {
  const start = cursor.at;
  const mark = peek(cursor);
  let name = "";
  for (cursor.at += 1; cursor.at < cursor.text.length; cursor.at += 1) {
    const character = peek(cursor);
    if (character === mark) {
      cursor.at += 1;
      return name;
    }
    if (character === "\\") cursor.at += 1;
    name += peek(cursor);
  }
  throw new SelectorProblem("this quote is not closed", start, 1);
}

function readBracket(cursor: Cursor): Segment {
  const start = cursor.at;
  cursor.at += 1;
  skipSpaces(cursor);
  const segment = readBracketed(cursor);
  skipSpaces(cursor);
  if (cursor.at === cursor.text.length) throw new SelectorProblem("this bracket is not closed", start, 1);
  if (peek(cursor) !== "]") throw problem(cursor, "a closing bracket is expected here");
  cursor.at += 1;
  return segment;
}

function readBracketed(cursor: Cursor): Segment {
  const character = peek(cursor);
  if (character === "*") {
    cursor.at += 1;
    return { kind: "every" };
  }
  if (isQuote(character)) return { kind: "name", name: readQuoted(cursor) };
  const digits = /^-?\d{1,17}/.exec(cursor.text.slice(cursor.at, cursor.at + 18))?.[0];
  const index = Number(digits);
  if (digits === undefined || !Number.isSafeInteger(index)) {
    throw problem(cursor, "in brackets stands an index, * or a name in quotes");
  }
  cursor.at += digits.length;
  // Minus zero is zero.
  return { kind: "index", index: index === 0 ? 0 : index };
}

function badCharacter(cursor: Cursor): SelectorProblem {
  const rest = cursor.text.slice(cursor.at);
  const point = rest.codePointAt(0) ?? 0;
  const character = String.fromCodePoint(point);
  const where = `${quote(character)} cannot stand here`;
  return problem(
    cursor,
    `${where}: a name that is not letters, digits, _ and - stands in quotes, as in 'a b'`,
  );
}

function problem(cursor: Cursor, message: string): SelectorProblem {
  return new SelectorProblem(message, Math.min(cursor.at, Math.max(0, cursor.text.length - 1)), 1);
}

function peek(cursor: Cursor): string {
  return cursor.text[cursor.at] ?? "";
}

function skipSpaces(cursor: Cursor): void {
  while (peek(cursor) === " " || peek(cursor) === "\t") cursor.at += 1;
}

function isQuote(character: string): boolean {
  return character === "'" || character === '"';
}

function isNameCharacter(character: string): boolean {
  return /^[\w-]$/.test(character);
}
