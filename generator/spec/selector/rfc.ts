import type { QuerySegment } from "@connector-gen/runtime/kinds";
import { readRfcFilter } from "./rfc-filter.js";
import { nameSegment, sliceSegment, unionSegment } from "./segments.js";
import {
  badCharacter,
  close,
  type Cursor,
  isAtQuote,
  nested,
  peek,
  problem,
  readRfcString,
  readWhole,
  skipSpaces,
  take,
  takeMatch,
} from "./text.js";

/** `*` of RFC 9535, which selects from lists and objects. */
const wildcard: QuerySegment = { union: ["[*]", ".*"] };

/** Reads a complete RFC 9535 query. */
export function readRfcSelector(cursor: Cursor): readonly QuerySegment[] {
  if (!take(cursor, "$")) throw problem(cursor, "a query must start with $");
  const segments = readSegments(cursor);
  if (cursor.offset < cursor.text.length) throw badCharacter(cursor);
  return segments;
}

/** Reads the segments after `$` or `@` (RFC 9535 §2.5). */
function readSegments(cursor: Cursor): readonly QuerySegment[] {
  const segments: QuerySegment[] = [];
  for (;;) {
    const end = cursor.offset;
    skipSpaces(cursor);
    if (take(cursor, "..")) segments.push({ descend: readChild(cursor) });
    else if (peek(cursor) === "[") segments.push(readBracketed(cursor));
    else if (take(cursor, ".")) segments.push(readShorthand(cursor));
    else {
      cursor.offset = end;
      return segments;
    }
  }
}

function readChild(cursor: Cursor): QuerySegment {
  return peek(cursor) === "[" ? readBracketed(cursor) : readShorthand(cursor);
}

function readShorthand(cursor: Cursor): QuerySegment {
  if (take(cursor, "*")) return wildcard;
  if (cursor.offset === cursor.text.length) throw problem(cursor, "expected a name after the dot");
  const name = takeMatch(cursor, /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/);
  if (name === undefined) throw badCharacter(cursor);
  return nameSegment(name);
}

function readBracketed(cursor: Cursor): QuerySegment {
  const start = cursor.offset;
  const selectors: QuerySegment[][] = [];
  do {
    cursor.offset += selectors.length === 0 ? 1 : 0;
    skipSpaces(cursor);
    selectors.push([nested(cursor, () => readSelector(cursor))]);
    skipSpaces(cursor);
  } while (take(cursor, ","));
  close(cursor, "]", start);
  return unionSegment(selectors);
}

function readSelector(cursor: Cursor): QuerySegment {
  if (isAtQuote(cursor)) return nameSegment(readRfcString(cursor));
  if (take(cursor, "*")) return wildcard;
  if (take(cursor, "?")) return { where: readRfcFilter(cursor, readSegments) };
  const index = readIndex(cursor);
  const end = cursor.offset;
  skipSpaces(cursor);
  if (peek(cursor) === ":") {
    const parts = [readSlicePart(cursor), readSlicePart(cursor)] as const;
    return parts[1] === 0 ? { union: [] } : sliceSegment(index, ...parts);
  }
  cursor.offset = end;
  if (index !== undefined) return index;
  throw problem(cursor, "expected an index, a slice, *, a filter or a quoted name");
}

function readSlicePart(cursor: Cursor): number | undefined {
  const end = cursor.offset;
  skipSpaces(cursor);
  if (!take(cursor, ":")) {
    cursor.offset = end;
    return undefined;
  }
  skipSpaces(cursor);
  return readIndex(cursor);
}

/** Reads an index. RFC 9535 §2.3.3.1 allows neither leading zeros nor -0. */
function readIndex(cursor: Cursor): number | undefined {
  if (/^-?0\d|^-0/.test(cursor.text.slice(cursor.offset, cursor.offset + 3))) {
    throw problem(cursor, "invalid index: leading zeros and -0 are not allowed");
  }
  return readWhole(cursor);
}
