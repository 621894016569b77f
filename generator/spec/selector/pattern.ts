import { type Pattern, type PatternStep, toStep } from "./pattern-characters.js";
import { type PatternTree, type PatternUse, readPatternTree, type Repetition } from "./pattern-parser.js";
import { createSelectorProblem, type Cursor, isSelectorProblem } from "./text.js";

/** Maximum number of steps of a compiled pattern. Repetitions such as `{1000000}` would exceed it. */
const maxSteps = 1000;

/** The compiled steps, and the offset of the repetition that they belong to. */
interface Compiler {
  readonly steps: PatternStep[];
  offset: number;
}

/**
 * Reads and compiles the pattern at the cursor. The syntax is that of Python without flags, `\p`, and features that take
 * more than linear time: lookaround and back references. `=~` and `search` match anywhere in a string, `match` matches
 * the whole string.
 *
 * The ranges of problems are those in the text of the selector, across quotes and escapes.
 */
export function readPattern(cursor: Cursor, use: PatternUse, read: () => string): Pattern {
  const start = cursor.offset;
  const source = read();
  try {
    return compile(source, use);
  } catch (error) {
    if (!isSelectorProblem(error)) throw error;
    const toSource = sourceOffsets(cursor.text.slice(start, cursor.offset), use);
    const [offset, end] = [toSource(error.offset), toSource(error.offset + error.length)];
    throw createSelectorProblem(error.message, {
      offset: start + offset,
      length: end - offset,
      isUnsupported: true,
    });
  }
}

/** Maps offsets of a pattern to offsets of its source, which has quotes and escapes. */
function sourceOffsets(raw: string, use: PatternUse): (offset: number) => number {
  const unit = use === "=~" ? /\\?./gs : /\\u.{4}|\\?./gs;
  const quote = /^['"]/.test(raw) ? 1 : 0;
  const units = raw.slice(quote).match(unit) ?? [];
  return (offset) => quote + units.slice(0, offset).join("").length;
}

function compile(source: string, use: PatternUse): Pattern {
  const compiler: Compiler = { steps: [], offset: 0 };
  const tree = readPatternTree(source, use);
  if (use === "match") push(compiler, { assert: "start" });
  write(tree, compiler);
  if (use === "match") push(compiler, { assert: "end" });
  const isUnicode = compiler.steps.some(usesWordsOrDigits);
  return { source, program: joinTexts(compiler.steps), ...(isUnicode && { unicode: true as const }) };
}

function usesWordsOrDigits(step: PatternStep): boolean {
  if (typeof step === "string") return false;
  if ("assert" in step) return step.assert === "wordBoundary" || step.assert === "noWordBoundary";
  return Array.isArray(step) && step.some((item) => typeof item === "string");
}

/** Joins adjacent strings. Their characters are steps with consecutive numbers, so jumps stay valid. */
function joinTexts(steps: readonly PatternStep[]): readonly PatternStep[] {
  const joined: PatternStep[] = [];
  for (const step of steps) {
    const before = joined.at(-1);
    if (typeof step === "string" && typeof before === "string") joined[joined.length - 1] = before + step;
    else joined.push(step);
  }
  return joined;
}

/** Appends a step and returns its number. */
function push({ steps, offset }: Compiler, step: PatternStep): number {
  if (steps.length === maxSteps) {
    const fix = "reduce the numbers of repetitions, or use * or +";
    throw createSelectorProblem(`the compiled pattern has more than ${maxSteps} steps: ${fix}`, { offset });
  }
  return steps.push(step) - 1;
}

/** Appends a jump whose target is not yet known, see `setTargets`. */
function reserve(compiler: Compiler): number {
  return push(compiler, { to: 0 });
}

/** Sets the targets of reserved jumps to the next step. */
function setTargets({ steps }: Compiler, reserved: readonly number[], by: "or" | "to"): void {
  for (const number of reserved) steps[number] = by === "or" ? { or: steps.length } : { to: steps.length };
}

function write(tree: PatternTree, compiler: Compiler): void {
  switch (tree.kind) {
    case "characters":
      push(compiler, toStep(tree.characters));
      return;
    case "assertion":
      push(compiler, { assert: tree.assertion });
      return;
    case "sequence":
      for (const part of tree.parts) write(part, compiler);
      return;
    case "choice":
      writeChoice(tree.parts, compiler);
      return;
    case "repetition":
      writeRepetition(tree, compiler);
      return;
    default:
      tree satisfies never;
  }
}

function writeChoice([first, ...others]: readonly [PatternTree, ...PatternTree[]], compiler: Compiler): void {
  const ends: number[] = [];
  let part = first;
  for (const other of others) {
    const split = reserve(compiler);
    write(part, compiler);
    ends.push(reserve(compiler));
    setTargets(compiler, [split], "or");
    part = other;
  }
  write(part, compiler);
  setTargets(compiler, ends, "to");
}

function writeRepetition({ part, min, max, offset }: Repetition, compiler: Compiler): void {
  const outer = compiler.offset;
  compiler.offset = offset;
  const start = writeTimes(part, min, compiler);
  if (max === Infinity) writeLoop(part, start, compiler);
  else writeOptions(part, max - min, compiler);
  compiler.offset = outer;
}

/** Writes a part several times. Returns the first step of the last copy, or `undefined` if there is none or it is empty. */
function writeTimes(part: PatternTree, times: number, compiler: Compiler): number | undefined {
  let start: number | undefined;
  for (let time = 0; time < times; time += 1) {
    const { length } = compiler.steps;
    write(part, compiler);
    if (compiler.steps.length === length) return undefined;
    start = length;
  }
  return start;
}

/** Writes an unlimited repetition: a jump back to the last copy, or a separate loop. */
function writeLoop(part: PatternTree, start: number | undefined, compiler: Compiler): void {
  if (start !== undefined) {
    push(compiler, { or: start });
    return;
  }
  const split = reserve(compiler);
  write(part, compiler);
  push(compiler, { to: split });
  setTargets(compiler, [split], "or");
}

function writeOptions(part: PatternTree, times: number, compiler: Compiler): void {
  const splits: number[] = [];
  for (let time = 0; time < times; time += 1) {
    splits.push(reserve(compiler));
    const { length } = compiler.steps;
    write(part, compiler);
    // Repeating an empty part has no effect.
    if (compiler.steps.length === length) break;
  }
  setTargets(compiler, splits, "or");
}
