import type { QueryNodes, QueryOperand, QuerySegment, QueryTest } from "@connector-gen/runtime/kinds";
import { readPattern } from "./pattern.js";
import { isSingular } from "./segments.js";
import {
  close,
  createSelectorProblem,
  type Cursor,
  isAtQuote,
  nested,
  peek,
  problem,
  readRfcString,
  skipSpaces,
  take,
  takeMatch,
  unsupported,
} from "./text.js";

type ReadSegments = (cursor: Cursor) => readonly QuerySegment[];

/** An operand: the side of a comparison, or a test by itself. */
interface Operand {
  readonly offset: number;
  /** Absent for paths with several matches, which cannot be compared. */
  readonly value?: QueryOperand;
  /** Set for paths. */
  readonly nodes?: QueryNodes;
  /** Set for match() and search(), which are tests. */
  readonly test?: QueryTest;
}

/** The cursor, and the reader of nested segments. */
interface FilterReader {
  readonly cursor: Cursor;
  readonly readSegments: ReadSegments;
}

/** Reads a filter of RFC 9535 (§2.3.5.1), and checks the types of functions (§2.4.3). */
export function readRfcFilter(cursor: Cursor, readSegments: ReadSegments): QueryTest {
  return readOr({ cursor, readSegments });
}

function readOr(reader: FilterReader): QueryTest {
  const [first, ...others] = readList(reader, "||", readAnd);
  return others.length === 0 ? first : { some: [first, ...others] };
}

function readAnd(reader: FilterReader): QueryTest {
  const [first, ...others] = readList(reader, "&&", readBasic);
  return others.length === 0 ? first : { all: [first, ...others] };
}

function readList(
  reader: FilterReader,
  mark: string,
  read: (reader: FilterReader) => QueryTest,
): readonly [QueryTest, ...QueryTest[]] {
  const { cursor } = reader;
  skipSpaces(cursor);
  const tests: [QueryTest, ...QueryTest[]] = [read(reader)];
  for (;;) {
    const end = cursor.offset;
    skipSpaces(cursor);
    if (!take(cursor, mark)) {
      cursor.offset = end;
      return tests;
    }
    skipSpaces(cursor);
    tests.push(read(reader));
  }
}

function readBasic(reader: FilterReader): QueryTest {
  const { cursor } = reader;
  if (take(cursor, "!")) {
    skipSpaces(cursor);
    return { not: peek(cursor) === "(" ? readParentheses(reader) : toTest(readOperand(reader)) };
  }
  if (peek(cursor) === "(") return readParentheses(reader);
  const left = readOperand(reader);
  const end = cursor.offset;
  skipSpaces(cursor);
  if (cursor.text.startsWith("=~", cursor.offset)) {
    throw unsupported(cursor, "=~ cannot be combined with RFC 9535 syntax: write search(@.name, 'a|b')");
  }
  const is = comparisons.find((mark) => take(cursor, mark));
  if (is) {
    skipSpaces(cursor);
    return { left: comparable(left), is, right: comparable(readOperand(reader)) };
  }
  cursor.offset = end;
  return toTest(left);
}

const comparisons = ["==", "!=", "<=", ">=", "<", ">"] as const;

function readParentheses(reader: FilterReader): QueryTest {
  const { cursor } = reader;
  const start = cursor.offset;
  cursor.offset += 1;
  const test = nested(cursor, () => readOr(reader));
  close(cursor, ")", start);
  return test;
}

function toTest({ nodes, test, offset }: Operand): QueryTest {
  if (test) return test;
  if (nodes) return { exists: nodes };
  throw createSelectorProblem("a value is not a test: compare it with another value", {
    offset,
    isUnsupported: true,
  });
}

function comparable({ value, test, offset }: Operand): QueryOperand {
  if (value !== undefined) return value;
  if (test) {
    throw createSelectorProblem("match() and search() are tests: they cannot be compared", {
      offset,
      isUnsupported: true,
    });
  }
  const fix = "use value(), or test its existence in a separate filter";
  throw createSelectorProblem(`a path with several matches cannot be compared: ${fix}`, {
    offset,
    isUnsupported: true,
  });
}

function readOperand(reader: FilterReader): Operand {
  const { cursor } = reader;
  const { offset } = cursor;
  if (isAtQuote(cursor)) return { offset, value: readRfcString(cursor) };
  const mark = peek(cursor);
  if (take(cursor, "@") || take(cursor, "$")) {
    const path = reader.readSegments(cursor);
    const nodes = mark === "$" ? { root: path } : path;
    return path.every(isSingular) ? { offset, nodes, value: nodes } : { offset, nodes };
  }
  const word = takeMatch(cursor, /[a-z][a-z\d_]*/);
  if (word !== undefined)
    return peek(cursor) === "("
      ? readCall(reader, word, offset)
      : { offset, value: toConstant(word, offset) };
  const number = takeMatch(cursor, /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/);
  if (number !== undefined) return { offset, value: Number(number) };
  throw problem(cursor, "expected a path with @ or $, a quoted string, a number, true, false or null");
}

function toConstant(word: string, offset: number): QueryOperand {
  if (word === "true" || word === "false") return word === "true";
  if (word === "null") return null;
  throw createSelectorProblem("a string must be in quotes", {
    offset,
    length: word.length,
    isUnsupported: true,
  });
}

function readCall(reader: FilterReader, word: string, offset: number): Operand {
  const { cursor } = reader;
  if (!isFunction(word)) {
    const message = `unknown function ${word}(): valid functions are length(), count(), value(), match() and search()`;
    throw createSelectorProblem(message, { offset, length: word.length, isUnsupported: true });
  }
  cursor.offset += 1;
  skipSpaces(cursor);
  const argument = nested(cursor, () => readOperand(reader));
  if (word === "match" || word === "search") {
    const test = readPatternTest(reader, word, comparable(argument));
    close(cursor, ")", offset);
    return { offset, test };
  }
  close(cursor, ")", offset);
  if (word === "length") return { offset, value: { length: comparable(argument) } };
  if (!argument.nodes) {
    throw createSelectorProblem(`the argument of ${word}() must be a path`, {
      offset: argument.offset,
      isUnsupported: true,
    });
  }
  return { offset, value: word === "count" ? { count: argument.nodes } : { value: argument.nodes } };
}

const functions = ["length", "count", "value", "match", "search"] as const;

function isFunction(word: string): word is (typeof functions)[number] {
  return functions.some((name) => name === word);
}

/** Reads the second argument of match() or search(). */
function readPatternTest(reader: FilterReader, use: "match" | "search", left: QueryOperand): QueryTest {
  const { cursor } = reader;
  skipSpaces(cursor);
  if (!take(cursor, ",")) throw unsupported(cursor, `${use}() takes two arguments: a value and a pattern`);
  skipSpaces(cursor);
  if (isAtQuote(cursor)) return { left, fits: readPattern(cursor, use, () => readRfcString(cursor)) };
  const { value, offset } = readOperand(reader);
  // A pattern that is not a string matches nothing (RFC 9535 §2.4.6).
  if (value === null || (value !== undefined && typeof value !== "object")) return { some: [] };
  const message = "the pattern must be a quoted string: it is compiled when the client is generated";
  throw createSelectorProblem(message, { offset, length: cursor.offset - offset, isUnsupported: true });
}
