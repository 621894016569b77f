import type { QuerySegment } from "@connector-gen/runtime/kinds";
import { type Operand, readDltFilter } from "./dlt-filter.js";
import { descend, nameSegment, parentsOf, sliceSegment, unionSegment } from "./segments.js";
import {
  badCharacter,
  close,
  createSelectorProblem,
  type Cursor,
  isAtQuote,
  nested,
  peek,
  problem,
  readQuoted,
  readWhole,
  type SelectorProblem,
  skipSpaces,
  take,
  takeMatch,
  unsupported,
} from "./text.js";

/** The operators that join two operands, from lowest to highest precedence. */
const operators = ["..", ".", "|"] as const;
type Operator = (typeof operators)[number];

/** A bare name of jsonpath-ng. */
const namePattern = /@?[A-Za-z_][\w@-]*/;

/** Reads a complete selector in dlt's dialect. */
export function readDltSelector(cursor: Cursor): readonly QuerySegment[] {
  const segments = readPath(cursor);
  if (cursor.offset < cursor.text.length) throw leftover(cursor);
  return segments;
}

function leftover(cursor: Cursor): SelectorProblem {
  if (takeMatch(cursor, /(?=[*+/-])/) !== undefined)
    return unsupported(cursor, "arithmetic is not supported");
  if (takeMatch(cursor, /(?=&)/) !== undefined)
    return unsupported(cursor, "intersections (&) are not supported");
  if (takeMatch(cursor, /(?=where(?:not)?\b)/) !== undefined) {
    return unsupported(cursor, '"where" is not supported: write a filter, as in items[?@.id]');
  }
  return badCharacter(cursor);
}

/**
 * Reads a path up to the first character that cannot be part of it.
 *
 * `|` binds tighter than `.`, which binds tighter than `..`; a bracket applies to everything before it. As in
 * jsonpath-ng, `a.b|c.d` is `a.(b|c).d`.
 */
function readPath(
  cursor: Cursor,
  first: Operand = readOperand(cursor, { isStart: true }),
): readonly QuerySegment[] {
  const operands: Operand[] = [first];
  const pending: Operator[] = [];
  for (;;) {
    skipSpaces(cursor);
    const operator = operators.find((mark) => cursor.text.startsWith(mark, cursor.offset));
    if (peek(cursor) === "[") {
      const { isStart, segments } = reduce(operands, pending);
      operands[0] = { isStart, segments: [...segments, readBracket(cursor)] };
    } else if (operator && !cursor.text.startsWith("||", cursor.offset)) {
      const { isStart } = reduce(operands, pending, operator);
      cursor.offset += operator.length;
      pending.push(operator);
      operands.push(readOperand(cursor, { isStart: isStart && operator === "|", after: operator }));
    } else {
      return reduce(operands, pending).segments;
    }
  }
}

/** Joins the operands whose operator binds at least as tightly as the next one. Returns the last operand. */
function reduce(operands: Operand[], pending: Operator[], next: Operator = ".."): Operand {
  const right = operands.pop() ?? { isStart: false, segments: [] };
  const operator = pending.at(-1);
  const left = operands.at(-1);
  if (!left || !operator || operators.indexOf(operator) < operators.indexOf(next)) {
    if (right.parentOffset !== undefined && !left) throw noParent(right.parentOffset);
    operands.push(right);
    return right;
  }
  pending.pop();
  operands.pop();
  operands.push({ isStart: left.isStart, segments: join(left, right, operator) });
  return reduce(operands, pending, next);
}

function join(left: Operand, right: Operand, operator: Operator): readonly QuerySegment[] {
  const parentOffset = operator === "." ? left.parentOffset : (left.parentOffset ?? right.parentOffset);
  if (parentOffset !== undefined) throw noParent(parentOffset);
  if (operator === "|") return [unionSegment([left.segments, right.segments])];
  if (operator === "..") return [...left.segments, ...descend(right.segments)];
  if (right.parentOffset === undefined) return [...left.segments, ...right.segments];
  const parents = parentsOf(left.segments);
  if (!parents) throw noParent(right.parentOffset);
  return parents;
}

function noParent(offset: number): SelectorProblem {
  return createSelectorProblem("`parent` must follow a child segment and a dot, as in items[0].`parent`", {
    offset,
    isUnsupported: true,
  });
}

function readOperand(
  cursor: Cursor,
  { isStart, after }: { readonly isStart: boolean; readonly after?: Operator },
): Operand {
  skipSpaces(cursor);
  const start = cursor.offset;
  if (start === cursor.text.length) throw problem(cursor, `expected a name after ${describe(after)}`);
  if (take(cursor, "$")) {
    if (!isStart) throw createSelectorProblem("$ is valid only at the start", { offset: start });
    if (/^[\w@'"]$/.test(peek(cursor)))
      throw problem(cursor, "expected a dot or a bracket after $, as in $.name");
    return { isStart, segments: [] };
  }
  if (take(cursor, "(")) {
    const segments = nested(cursor, () => readPath(cursor, readOperand(cursor, { isStart })));
    close(cursor, ")", start);
    return { isStart, segments };
  }
  if (peek(cursor) === "[") return { isStart, segments: [readBracket(cursor)] };
  if (peek(cursor) === "`") return readBackticks(cursor);
  if (take(cursor, "*")) return { isStart, segments: [".*"] };
  if (/^@(?![A-Za-z_])/.test(cursor.text.slice(start, start + 2)) && take(cursor, "@")) {
    return { isStart, segments: [] };
  }
  return { isStart, segments: [readFields(cursor)] };
}

function describe(operator: Operator | undefined): string {
  if (!operator) return "this";
  return operator === "|" ? "|" : "the dot";
}

/** Reads `this` or `parent`. The functions of jsonpath-ng are not supported. */
function readBackticks(cursor: Cursor): Operand {
  const start = cursor.offset;
  const word = takeMatch(cursor, /`(?:this|parent)`/);
  if (word === "`this`") return { isStart: false, segments: [] };
  if (word === "`parent`") return { isStart: false, segments: [], parentOffset: start };
  const fix =
    "use `parent`, `this` or, in filters of queries that start with $, length(), count() and value()";
  throw unsupported(cursor, `functions in backticks are not supported: ${fix}`);
}

/** Reads one or more names, separated by commas, inside or outside of brackets. */
function readFields(cursor: Cursor): QuerySegment {
  const number = takeMatch(cursor, /-?\d+(?![\w@])/);
  if (number !== undefined) return nameSegment(String(BigInt(number)));
  const names = [readName(cursor)];
  for (;;) {
    // A comma before a sort direction belongs to the sort.
    if (takeMatch(cursor, /[ \t\n\r]*,(?![ \t\n\r]*[/\\])[ \t\n\r]*/) === undefined) break;
    names.push(readName(cursor));
  }
  return unionSegment(names.map((name) => [nameSegment(name)]));
}

function readName(cursor: Cursor): string {
  if (isAtQuote(cursor)) return readQuoted(cursor);
  const name = takeMatch(cursor, namePattern);
  if (name === undefined) throw badCharacter(cursor);
  return name;
}

function readBracket(cursor: Cursor): QuerySegment {
  const start = cursor.offset;
  cursor.offset += 1;
  skipSpaces(cursor);
  const segment = nested(cursor, () => readBracketed(cursor));
  close(cursor, "]", start);
  return segment;
}

function readBracketed(cursor: Cursor): QuerySegment {
  if (take(cursor, "*")) return "[*]";
  if (take(cursor, "?")) return { where: readDltFilter(cursor, readPath) };
  if (/^[/\\]$/.test(peek(cursor))) return readSort(cursor);
  if (isAtQuote(cursor) || /^[A-Za-z_@]$/.test(peek(cursor))) return readFields(cursor);
  const index = readWhole(cursor);
  skipSpaces(cursor);
  if (peek(cursor) === ":") return readSlice(cursor, index);
  if (index === undefined) {
    throw problem(cursor, "expected an index, a slice, *, a filter or a quoted name");
  }
  const indexes = [index];
  while (take(cursor, ",")) {
    skipSpaces(cursor);
    const more = readWhole(cursor);
    if (more === undefined) throw problem(cursor, "a list in brackets must contain either indexes or names");
    indexes.push(more);
    skipSpaces(cursor);
  }
  return unionSegment(indexes.map((each) => [each]));
}

function readSlice(cursor: Cursor, start: number | undefined): QuerySegment {
  const [end, step] = [readSlicePart(cursor), readSlicePart(cursor)];
  if (step === 0) throw problem(cursor, "the step of a slice must not be 0");
  return sliceSegment(start, end, step);
}

function readSlicePart(cursor: Cursor): number | undefined {
  if (!take(cursor, ":")) return undefined;
  skipSpaces(cursor);
  const part = readWhole(cursor);
  skipSpaces(cursor);
  return part;
}

function readSort(cursor: Cursor): QuerySegment {
  const sort: { by: readonly QuerySegment[]; descending?: true }[] = [];
  for (;;) {
    const direction = takeMatch(cursor, /,?[ \t\n\r]*[/\\]/);
    if (direction === undefined) return { sort };
    const by = readPath(cursor);
    sort.push({ by, ...(direction.endsWith("\\") && { descending: true as const }) });
  }
}
