import type { QuerySegment, QueryTest } from "@connector-gen/runtime/kinds";
import { readPattern } from "./pattern.js";
import {
  close,
  type Cursor,
  isAtQuote,
  nested,
  problem,
  readQuoted,
  skipSpaces,
  take,
  takeMatch,
  unsupported,
} from "./text.js";

/** An operand of a path. */
export interface Operand {
  /** Whether it is at the start, where `$` is valid. */
  readonly isStart: boolean;
  readonly segments: readonly QuerySegment[];
  /** The offset of `parent`, if that is the operand. */
  readonly parentOffset?: number;
}

type ReadPath = (cursor: Cursor, first?: Operand) => readonly QuerySegment[];

/** A path is a test of existence, unless a comparison follows or it continues after a closing parenthesis. */
type Expression =
  { readonly path: readonly QuerySegment[] } | { readonly path?: undefined; readonly test: QueryTest };

/**
 * Reads a filter of jsonpath-ng: `@.t == 'a' & @.n`. Parentheses, `@` and quotes are optional.
 *
 * The right side is a value or, after `=~`, a pattern that may match anywhere in a string. If the path on the left has
 * several matches, one that satisfies the comparison is enough. There is no "or".
 */
export function readDltFilter(cursor: Cursor, readPath: ReadPath): QueryTest {
  return toTest(readExpressions(cursor, readPath));
}

function toTest(expression: Expression): QueryTest {
  return expression.path ? { exists: expression.path } : expression.test;
}

function readExpressions(cursor: Cursor, readPath: ReadPath): Expression {
  const first = readExpression(cursor, readPath);
  const all = [toTest(first)];
  for (;;) {
    skipSpaces(cursor);
    if (/^(?:&&|\|\|)$/.test(cursor.text.slice(cursor.offset, cursor.offset + 2))) {
      throw problem(cursor, "&& and || are valid only in queries that start with $: write &");
    }
    if (!take(cursor, "&")) return all.length === 1 ? first : { test: { all } };
    all.push(toTest(readExpression(cursor, readPath)));
  }
}

function readExpression(cursor: Cursor, readPath: ReadPath): Expression {
  skipSpaces(cursor);
  let first: Operand | undefined;
  const start = cursor.offset;
  if (take(cursor, "(")) {
    const inner = nested(cursor, () => readExpressions(cursor, readPath));
    close(cursor, ")", start);
    if (!inner.path) return inner;
    first = { isStart: true, segments: inner.path };
  }
  const path = readPath(cursor, first);
  skipSpaces(cursor);
  if (take(cursor, "=~")) {
    skipSpaces(cursor);
    return { test: { any: path, fits: readPattern(cursor, "=~", () => readWords(cursor)) } };
  }
  const is = takeMatch(cursor, /==?|[!<>]=|[<>]/);
  if (is === undefined) return { path };
  skipSpaces(cursor);
  const isOperator = is === "!=" || is === "<" || is === "<=" || is === ">" || is === ">=";
  return { test: { any: path, is: isOperator ? is : "==", ...readLiteral(cursor) } };
}

/** Reads a pattern: a quoted string or a bare word. */
function readWords(cursor: Cursor): string {
  if (isAtQuote(cursor)) return readQuoted(cursor);
  const word = takeMatch(cursor, /(?!(?:true|false)(?![\w@-]))@?[A-Za-z_][\w@-]*/);
  if (word === undefined)
    throw unsupported(cursor, "expected a quoted pattern after =~, as in @.id=~'^[0-9]+$'");
  return word;
}

/** Reads a value. A bare word is a string; comparison with an integer converts the matches to integers. */
function readLiteral(cursor: Cursor): { value: string | number | boolean; whole?: true } {
  if (isAtQuote(cursor)) return { value: readQuoted(cursor) };
  const start = cursor.offset;
  const word = takeMatch(cursor, /@?[A-Za-z_][\w@-]*/);
  cursor.isAmbiguous ||= word === "null";
  if (word !== undefined) return { value: word === "true" || (word === "false" ? false : word) };
  const number = takeMatch(cursor, /-?\d+(?:\.\d+)?(?![\w@.])/);
  if (number !== undefined) {
    return { value: Number(number), ...(!number.includes(".") && { whole: true as const }) };
  }
  cursor.offset = start;
  throw problem(cursor, "expected a value: a quoted string, a number, true or false");
}
