import type { QueryNodes, QueryOperand, QuerySegment, QueryTest } from "@connector-gen/runtime/kinds";

import { readPattern } from "./pattern.js";
import { readRfcString } from "./rfc-string.js";
import { isSingular } from "./segments.js";
import {
  close,
  type Cursor,
  isAtQuote,
  nested,
  peek,
  problem,
  refusal,
  SelectorProblem,
  skipSpaces,
  take,
  takeMatch,
} from "./text.js";

type ReadSegments = (cursor: Cursor) => readonly QuerySegment[];

/** Something that stands alone as a test of existence, or beside a comparison. */
interface Operand {
  readonly at: number;
  /** Absent: a path with several matches, which compares to nothing. */
  readonly value?: QueryOperand;
  /** Of a path. */
  readonly nodes?: QueryNodes;
  /** Of match() and search(), which are tests themselves. */
  readonly test?: QueryTest;
}

/** The text that is read, and how segments in it are. */
interface Reading {
  readonly cursor: Cursor;
  readonly readSegments: ReadSegments;
}

/** Reads a filter of RFC 9535 (§2.3.5.1), functions checked for their types (§2.4.3). */
export function readRfcFilter(cursor: Cursor, readSegments: ReadSegments): QueryTest {
  return readOr({ cursor, readSegments });
}

function readOr(reading: Reading): QueryTest {
  const [first, ...others] = readList(reading, "||", readAnd);
  return others.length === 0 ? first : { some: [first, ...others] };
}

function readAnd(reading: Reading): QueryTest {
  const [first, ...others] = readList(reading, "&&", readBasic);
  return others.length === 0 ? first : { all: [first, ...others] };
}

function readList(
  reading: Reading,
  mark: string,
  read: (reading: Reading) => QueryTest,
): readonly [QueryTest, ...QueryTest[]] {
  const { cursor } = reading;
  skipSpaces(cursor);
  const tests: [QueryTest, ...QueryTest[]] = [read(reading)];
  for (;;) {
    const end = cursor.at;
    skipSpaces(cursor);
    if (!take(cursor, mark)) {
      cursor.at = end;
      return tests;
    }
    skipSpaces(cursor);
    tests.push(read(reading));
  }
}

function readBasic(reading: Reading): QueryTest {
  const { cursor } = reading;
  if (take(cursor, "!")) {
    skipSpaces(cursor);
    return { not: peek(cursor) === "(" ? readParentheses(reading) : toTest(readOperand(reading)) };
  }
  if (peek(cursor) === "(") return readParentheses(reading);
  const left = readOperand(reading);
  const end = cursor.at;
  skipSpaces(cursor);
  if (cursor.text.startsWith("=~", cursor.at)) {
    throw refusal(cursor, "=~ does not go with what RFC 9535 alone has: write search(@.name, 'a|b')");
  }
  const is = COMPARISONS.find((mark) => take(cursor, mark));
  if (is) {
    skipSpaces(cursor);
    return { left: comparable(left), is, right: comparable(readOperand(reading)) };
  }
  cursor.at = end;
  return toTest(left);
}

const COMPARISONS = ["==", "!=", "<=", ">=", "<", ">"] as const;

function readParentheses(reading: Reading): QueryTest {
  const { cursor } = reading;
  const start = cursor.at;
  cursor.at += 1;
  const test = nested(cursor, () => readOr(reading));
  close(cursor, ")", start);
  return test;
}

function toTest({ nodes, test, at }: Operand): QueryTest {
  if (test) return test;
  if (nodes) return { exists: nodes };
  throw new SelectorProblem("a value is no test: compare it", { offset: at, isRefusal: true });
}

function comparable({ value, test, at }: Operand): QueryOperand {
  if (value !== undefined) return value;
  if (test) {
    throw new SelectorProblem("match() and search() are tests by themselves", {
      offset: at,
      isRefusal: true,
    });
  }
  const mend = "take value() of it, or test its existence in a filter of its own";
  throw new SelectorProblem(`a path with several matches compares to nothing: ${mend}`, {
    offset: at,
    isRefusal: true,
  });
}

function readOperand(reading: Reading): Operand {
  const { cursor } = reading;
  const at = cursor.at;
  if (isAtQuote(cursor)) return { at, value: readRfcString(cursor) };
  const mark = peek(cursor);
  if (take(cursor, "@") || take(cursor, "$")) {
    const path = reading.readSegments(cursor);
    const nodes = mark === "$" ? { root: path } : path;
    return path.every(isSingular) ? { at, nodes, value: nodes } : { at, nodes };
  }
  const word = takeMatch(cursor, /[a-z][a-z\d_]*/);
  if (word !== undefined)
    return peek(cursor) === "(" ? readCall(reading, word, at) : { at, value: toConstant(word, at) };
  const number = takeMatch(cursor, /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/);
  if (number !== undefined) return { at, value: Number(number) };
  throw problem(cursor, "a path with @ or $, a text in quotes, a number, true, false or null is expected");
}

function toConstant(word: string, at: number): QueryOperand {
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  throw new SelectorProblem("a text stands in quotes", { offset: at, length: word.length, isRefusal: true });
}

function readCall(reading: Reading, word: string, at: number): Operand {
  const { cursor } = reading;
  if (!isFunction(word)) {
    const message = "the functions are length(), count(), value(), match() and search()";
    throw new SelectorProblem(message, { offset: at, length: word.length, isRefusal: true });
  }
  cursor.at += 1;
  skipSpaces(cursor);
  const argument = nested(cursor, () => readOperand(reading));
  if (word === "match" || word === "search") {
    const test = readPatternTest(reading, word, comparable(argument));
    close(cursor, ")", at);
    return { at, test };
  }
  close(cursor, ")", at);
  if (word === "length") return { at, value: { length: comparable(argument) } };
  if (!argument.nodes) {
    throw new SelectorProblem(`${word}() takes a path`, { offset: argument.at, isRefusal: true });
  }
  return { at, value: word === "count" ? { count: argument.nodes } : { value: argument.nodes } };
}

const FUNCTIONS = ["length", "count", "value", "match", "search"] as const;

function isFunction(word: string): word is (typeof FUNCTIONS)[number] {
  return FUNCTIONS.some((name) => name === word);
}

/** Reads the second argument of a function that holds a value against a pattern. */
function readPatternTest(reading: Reading, use: "match" | "search", left: QueryOperand): QueryTest {
  const { cursor } = reading;
  skipSpaces(cursor);
  if (!take(cursor, ",")) throw refusal(cursor, `${use}() takes a value, a comma and a pattern`);
  skipSpaces(cursor);
  if (isAtQuote(cursor)) return { left, fits: readPattern(cursor, use, () => readRfcString(cursor)) };
  const { value, at } = readOperand(reading);
  // What is no text fits nothing (RFC 9535 §2.4.6).
  if (value === null || (value !== undefined && typeof value !== "object")) return { some: [] };
  const message =
    "the pattern stands in quotes: it is compiled when the client is generated, not taken from a body";
  throw new SelectorProblem(message, { offset: at, length: cursor.at - at, isRefusal: true });
}
