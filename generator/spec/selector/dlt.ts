import type { QuerySegment } from "@connector-gen/runtime/kinds";

import { type Operand, readDltFilter } from "./dlt-filter.js";
import { descend, nameSegment, parentsOf, sliceSegment, unionSegment } from "./segments.js";
import {
  badCharacter,
  close,
  type Cursor,
  isAtQuote,
  nested,
  peek,
  problem,
  readQuoted,
  readWhole,
  refusal,
  SelectorProblem,
  skipSpaces,
  take,
  takeMatch,
} from "./text.js";

/** What joins two operands; the later in this list, the tighter. */
const JOINTS = ["..", ".", "|"] as const;
type Joint = (typeof JOINTS)[number];

/** A bare name of jsonpath-ng. */
const NAME = /@?[A-Za-z_][\w@-]*/;

/** Reads a whole selector in dlt's dialect. */
export function readDltSelector(cursor: Cursor): readonly QuerySegment[] {
  const segments = readPath(cursor);
  if (cursor.at < cursor.text.length) throw leftover(cursor);
  return segments;
}

function leftover(cursor: Cursor): SelectorProblem {
  if (takeMatch(cursor, /(?=[*+/-])/) !== undefined) return refusal(cursor, "arithmetic is not supported");
  if (takeMatch(cursor, /(?=&)/) !== undefined) return refusal(cursor, "intersections (&) are not supported");
  if (takeMatch(cursor, /(?=where(?:not)?\b)/) !== undefined) {
    return refusal(cursor, '"where" is not supported: write a filter, as in items[?@.id]');
  }
  return badCharacter(cursor);
}

/**
 * Reads a path up to the first character that cannot go on it.
 *
 * `|` binds tighter than `.`, which binds tighter than `..`; a bracket belongs to all that stands before it. So
 * `a.b|c.d` is `a.(b|c).d`, as in jsonpath-ng.
 */
function readPath(
  cursor: Cursor,
  first: Operand = readOperand(cursor, { isStart: true }),
): readonly QuerySegment[] {
  const operands: Operand[] = [first];
  const joints: Joint[] = [];
  for (;;) {
    skipSpaces(cursor);
    const joint = JOINTS.find((mark) => cursor.text.startsWith(mark, cursor.at));
    if (peek(cursor) === "[") {
      const { isStart, segments } = reduce(operands, joints);
      operands[0] = { isStart, segments: [...segments, readBracket(cursor)] };
    } else if (joint && !cursor.text.startsWith("||", cursor.at)) {
      const { isStart } = reduce(operands, joints, joint);
      cursor.at += joint.length;
      joints.push(joint);
      operands.push(readOperand(cursor, { isStart: isStart && joint === "|", after: joint }));
    } else {
      return reduce(operands, joints).segments;
    }
  }
}

/** Joins what binds at least as tightly as the joint that follows, and returns what then stands last. */
function reduce(operands: Operand[], joints: Joint[], next: Joint = ".."): Operand {
  const right = operands.pop() ?? { isStart: false, segments: [] };
  const joint = joints.at(-1);
  const left = operands.at(-1);
  if (!left || !joint || JOINTS.indexOf(joint) < JOINTS.indexOf(next)) {
    if (right.parentAt !== undefined && !left) throw noParent(right.parentAt);
    operands.push(right);
    return right;
  }
  joints.pop();
  operands.pop();
  operands.push({ isStart: left.isStart, segments: join(left, right, joint) });
  return reduce(operands, joints, next);
}

function join(left: Operand, right: Operand, joint: Joint): readonly QuerySegment[] {
  const parentAt = joint === "." ? left.parentAt : (left.parentAt ?? right.parentAt);
  if (parentAt !== undefined) throw noParent(parentAt);
  if (joint === "|") return [unionSegment([left.segments, right.segments])];
  if (joint === "..") return [...left.segments, ...descend(right.segments)];
  if (right.parentAt === undefined) return [...left.segments, ...right.segments];
  const parents = parentsOf(left.segments);
  if (!parents) throw noParent(right.parentAt);
  return parents;
}

function noParent(offset: number): SelectorProblem {
  return new SelectorProblem("`parent` follows a step that leads down and a dot, as in items[0].`parent`", {
    offset,
    isRefusal: true,
  });
}

function readOperand(
  cursor: Cursor,
  { isStart, after }: { readonly isStart: boolean; readonly after?: Joint },
): Operand {
  skipSpaces(cursor);
  const start = cursor.at;
  if (start === cursor.text.length) throw problem(cursor, `a name is expected after ${describe(after)}`);
  if (take(cursor, "$")) {
    if (!isStart) throw new SelectorProblem("$ stands at the start only", { offset: start });
    if (/^[\w@'"]$/.test(peek(cursor))) throw problem(cursor, "after $ a dot or a bracket follows: $.name");
    return { isStart, segments: [] };
  }
  if (take(cursor, "(")) {
    const segments = nested(cursor, () => readPath(cursor, readOperand(cursor, { isStart })));
    close(cursor, ")", start);
    return { isStart, segments };
  }
  if (peek(cursor) === "[") return { isStart, segments: [readBracket(cursor)] };
  if (peek(cursor) === "`") return readOperator(cursor);
  if (take(cursor, "*")) return { isStart, segments: [".*"] };
  if (/^@(?![A-Za-z_])/.test(cursor.text.slice(start, start + 2)) && take(cursor, "@")) {
    return { isStart, segments: [] };
  }
  return { isStart, segments: [readFields(cursor)] };
}

function describe(joint: Joint | undefined): string {
  if (!joint) return "this";
  return joint === "|" ? "|" : "the dot";
}

/** `this` and `parent`; jsonpath-ng's functions have no counterpart here. */
function readOperator(cursor: Cursor): Operand {
  const start = cursor.at;
  const word = takeMatch(cursor, /`(?:this|parent)`/);
  if (word === "`this`") return { isStart: false, segments: [] };
  if (word === "`parent`") return { isStart: false, segments: [], parentAt: start };
  const mend =
    "there are `parent` and `this`, and length(), count() and value() in filters of queries with $";
  throw refusal(cursor, `functions in backticks are not supported: ${mend}`);
}

/** A name or, outside of brackets as well as inside, several with commas. */
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
  const name = takeMatch(cursor, NAME);
  if (name === undefined) throw badCharacter(cursor);
  return name;
}

function readBracket(cursor: Cursor): QuerySegment {
  const start = cursor.at;
  cursor.at += 1;
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
    throw problem(cursor, "in brackets stands an index, a slice, *, a filter or a name in quotes");
  }
  const indexes = [index];
  while (take(cursor, ",")) {
    skipSpaces(cursor);
    const more = readWhole(cursor);
    if (more === undefined) throw problem(cursor, "a list in brackets holds either indexes or names");
    indexes.push(more);
    skipSpaces(cursor);
  }
  return unionSegment(indexes.map((each) => [each]));
}

function readSlice(cursor: Cursor, start: number | undefined): QuerySegment {
  const [end, step] = [readSlicePart(cursor), readSlicePart(cursor)];
  if (step === 0) throw problem(cursor, "the step of a slice is not 0");
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
