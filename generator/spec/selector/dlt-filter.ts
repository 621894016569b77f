import type { QuerySegment, QueryTest } from "@connector-gen/runtime/kinds";

import { readPattern } from "./pattern.js";
import {
  close,
  type Cursor,
  isAtQuote,
  nested,
  problem,
  readQuoted,
  refusal,
  skipSpaces,
  take,
  takeMatch,
} from "./text.js";

/** A part of a path. */
export interface Operand {
  /** Nothing stands before it: it may begin with `$`. */
  readonly isStart: boolean;
  readonly segments: readonly QuerySegment[];
  /** It is `parent`, at this place of the text. */
  readonly parentAt?: number;
}

type ReadPath = (cursor: Cursor, first?: Operand) => readonly QuerySegment[];

/** A path in a filter is a test of existence, unless a comparison follows or a parenthesis closes around it. */
type Expression =
  { readonly path: readonly QuerySegment[] } | { readonly path?: undefined; readonly test: QueryTest };

/**
 * Reads a filter as jsonpath-ng does: `@.t == 'a' & @.n`, with or without parentheses, `@` or quotes.
 *
 * On the right stands a value or, after `=~`, a pattern that is looked for anywhere in a text; a path on the left may
 * have several matches, of which one will do. There is no "or".
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
    if (/^(?:&&|\|\|)$/.test(cursor.text.slice(cursor.at, cursor.at + 2))) {
      throw problem(cursor, "&& and || are for queries that start with $; dlt's filters have & only");
    }
    if (!take(cursor, "&")) return all.length === 1 ? first : { test: { all } };
    all.push(toTest(readExpression(cursor, readPath)));
  }
}

function readExpression(cursor: Cursor, readPath: ReadPath): Expression {
  skipSpaces(cursor);
  let first: Operand | undefined;
  const start = cursor.at;
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

/** A pattern without quotes is a word. */
function readWords(cursor: Cursor): string {
  if (isAtQuote(cursor)) return readQuoted(cursor);
  const word = takeMatch(cursor, /(?!(?:true|false)(?![\w@-]))@?[A-Za-z_][\w@-]*/);
  if (word === undefined)
    throw refusal(cursor, "after =~ a pattern in quotes is expected, as in @.id=~'^[0-9]+$'");
  return word;
}

/** A bare word is a text; only whole numbers have matches read as such. */
function readLiteral(cursor: Cursor): { value: string | number | boolean; whole?: true } {
  if (isAtQuote(cursor)) return { value: readQuoted(cursor) };
  const start = cursor.at;
  const word = takeMatch(cursor, /@?[A-Za-z_][\w@-]*/);
  cursor.isAmbiguous ||= word === "null";
  if (word !== undefined) return { value: word === "true" || (word === "false" ? false : word) };
  const number = takeMatch(cursor, /-?\d+(?:\.\d+)?(?![\w@.])/);
  if (number !== undefined) {
    return { value: Number(number), ...(!number.includes(".") && { whole: true as const }) };
  }
  cursor.at = start;
  throw problem(cursor, "a value is expected here: a text in quotes, a number, true or false");
}
