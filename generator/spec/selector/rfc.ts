import type { QuerySegment } from "@connector-gen/runtime/kinds";

import { readRfcFilter } from "./rfc-filter.js";
import { readRfcString } from "./rfc-string.js";
import { nameSegment, sliceSegment, unionSegment } from "./segments.js";
import {
  badCharacter,
  close,
  type Cursor,
  isAtQuote,
  nested,
  peek,
  problem,
  readWhole,
  skipSpaces,
  take,
  takeMatch,
} from "./text.js";

/** `*` of RFC 9535 is for lists and objects. */
const WILDCARD: QuerySegment = { union: ["[*]", ".*"] };

/** Reads a whole RFC 9535 query. */
export function readRfcSelector(cursor: Cursor): readonly QuerySegment[] {
  if (!take(cursor, "$")) throw problem(cursor, "a query starts with $");
  const segments = readSegments(cursor);
  if (cursor.at < cursor.text.length) throw badCharacter(cursor);
  return segments;
}

/** Reads the segments after `$` or `@` (RFC 9535 §2.5). */
function readSegments(cursor: Cursor): readonly QuerySegment[] {
  const segments: QuerySegment[] = [];
  for (;;) {
    const end = cursor.at;
    skipSpaces(cursor);
    if (take(cursor, "..")) segments.push({ descend: readChild(cursor) });
    else if (peek(cursor) === "[") segments.push(readBracketed(cursor));
    else if (take(cursor, ".")) segments.push(readShorthand(cursor));
    else {
      cursor.at = end;
      return segments;
    }
  }
}

function readChild(cursor: Cursor): QuerySegment {
  return peek(cursor) === "[" ? readBracketed(cursor) : readShorthand(cursor);
}

function readShorthand(cursor: Cursor): QuerySegment {
  if (take(cursor, "*")) return WILDCARD;
  if (cursor.at === cursor.text.length) throw problem(cursor, "a name is expected after the dot");
  const name = takeMatch(cursor, /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/);
  if (name === undefined) throw badCharacter(cursor);
  return nameSegment(name);
}

function readBracketed(cursor: Cursor): QuerySegment {
  const start = cursor.at;
  const selectors: QuerySegment[][] = [];
  do {
    cursor.at += selectors.length === 0 ? 1 : 0;
    skipSpaces(cursor);
    selectors.push([nested(cursor, () => readSelector(cursor))]);
    skipSpaces(cursor);
  } while (take(cursor, ","));
  close(cursor, "]", start);
  return unionSegment(selectors);
}

function readSelector(cursor: Cursor): QuerySegment {
  if (isAtQuote(cursor)) return nameSegment(readRfcString(cursor));
  if (take(cursor, "*")) return WILDCARD;
  if (take(cursor, "?")) return { where: readRfcFilter(cursor, readSegments) };
  const index = readIndex(cursor);
  const end = cursor.at;
  skipSpaces(cursor);
  if (peek(cursor) === ":") {
    const parts = [readSlicePart(cursor), readSlicePart(cursor)] as const;
    return parts[1] === 0 ? { union: [] } : sliceSegment(index, ...parts);
  }
  cursor.at = end;
  if (index !== undefined) return index;
  throw problem(cursor, "in brackets stands an index, a slice, *, a filter or a name in quotes");
}

function readSlicePart(cursor: Cursor): number | undefined {
  const end = cursor.at;
  skipSpaces(cursor);
  if (!take(cursor, ":")) {
    cursor.at = end;
    return undefined;
  }
  skipSpaces(cursor);
  return readIndex(cursor);
}

/** An index has no leading zeros, and no minus before zero (RFC 9535 §2.3.3.1). */
function readIndex(cursor: Cursor): number | undefined {
  if (/^-?0\d|^-0/.test(cursor.text.slice(cursor.at, cursor.at + 3))) {
    throw problem(cursor, "an index has no leading zeros and no minus before 0");
  }
  return readWhole(cursor);
}
