import { type Pattern, type PatternStep, toStep } from "./pattern-characters.js";
import { type PatternTree, type PatternUse, readPatternTree, type Repetition } from "./pattern-parser.js";
import { type Cursor, SelectorProblem } from "./text.js";

/** More steps are no pattern that anyone writes, but a number in braces. */
const MOST = 1000;

/** The steps that are written, and the repetition they are part of. */
interface Writer {
  readonly steps: PatternStep[];
  spot: number;
}

/**
 * Reads the text of a pattern at the cursor, and compiles it: Python's syntax without what takes more than linear time
 * (lookaround, references back), flags and `\p`. `=~` and `search` look anywhere in a text, `match` at all of it.
 *
 * Its problems point into the text, where its quotes and escapes stand.
 */
export function readPattern(cursor: Cursor, use: PatternUse, read: () => string): Pattern {
  const start = cursor.at;
  const source = read();
  try {
    return compile(source, use);
  } catch (error) {
    if (!(error instanceof SelectorProblem)) throw error;
    const places = placesOf(cursor.text.slice(start, cursor.at), use);
    const [offset, end] = [places(error.offset), places(error.offset + error.length)];
    throw new SelectorProblem(error.message, {
      offset: start + offset,
      length: end - offset,
      isRefusal: true,
    });
  }
}

/** Where the characters of a text stand between quotes; each is there as it is, or as an escape. */
function placesOf(raw: string, use: PatternUse): (at: number) => number {
  const unit = use === "=~" ? /\\?./gs : /\\u.{4}|\\?./gs;
  const quote = /^['"]/.test(raw) ? 1 : 0;
  const units = raw.slice(quote).match(unit) ?? [];
  return (at) => quote + units.slice(0, at).join("").length;
}

function compile(source: string, use: PatternUse): Pattern {
  const writer: Writer = { steps: [], spot: 0 };
  const tree = readPatternTree(source, use);
  if (use === "match") push(writer, { place: "start" });
  write(tree, writer);
  if (use === "match") push(writer, { place: "end" });
  const isUnicode = writer.steps.some(asksForClass);
  return { source, program: joinTexts(writer.steps), ...(isUnicode && { unicode: true as const }) };
}

function asksForClass(step: PatternStep): boolean {
  if (typeof step === "string") return false;
  if ("place" in step) return step.place === "edge" || step.place === "noEdge";
  return Array.isArray(step) && step.some((item) => typeof item === "string");
}

/** Steps are numbered by characters: texts side by side are one. */
function joinTexts(steps: readonly PatternStep[]): readonly PatternStep[] {
  const joined: PatternStep[] = [];
  for (const step of steps) {
    const before = joined.at(-1);
    if (typeof step === "string" && typeof before === "string") joined[joined.length - 1] = before + step;
    else joined.push(step);
  }
  return joined;
}

/** Adds a step, and returns its number. */
function push({ steps, spot }: Writer, step: PatternStep): number {
  if (steps.length === MOST) {
    const mend = "repeat less, or without limit by * or +";
    throw new SelectorProblem(`this pattern is longer than ${MOST} steps: ${mend}`, { offset: spot });
  }
  return steps.push(step) - 1;
}

/** Adds a step that is to be filled in, see `lead`. */
function reserve(writer: Writer): number {
  return push(writer, { to: 0 });
}

/** Fills in steps: they lead to the end of what is written. */
function lead({ steps }: Writer, reserved: readonly number[], by: "or" | "to"): void {
  for (const at of reserved) steps[at] = by === "or" ? { or: steps.length } : { to: steps.length };
}

function write(tree: PatternTree, writer: Writer): void {
  switch (tree.kind) {
    case "characters":
      push(writer, toStep(tree.characters));
      return;
    case "place":
      push(writer, { place: tree.place });
      return;
    case "sequence":
      for (const part of tree.parts) write(part, writer);
      return;
    case "choice":
      writeChoice(tree.parts, writer);
      return;
    case "repetition":
      writeRepetition(tree, writer);
      return;
    default:
      tree satisfies never;
  }
}

function writeChoice([first, ...others]: readonly [PatternTree, ...PatternTree[]], writer: Writer): void {
  const ends: number[] = [];
  let part = first;
  for (const other of others) {
    const split = reserve(writer);
    write(part, writer);
    ends.push(reserve(writer));
    lead(writer, [split], "or");
    part = other;
  }
  write(part, writer);
  lead(writer, ends, "to");
}

function writeRepetition({ part, min, max, offset }: Repetition, writer: Writer): void {
  const outer = writer.spot;
  writer.spot = offset;
  const start = writeTimes(part, min, writer);
  if (max === Infinity) writeLoop(part, start, writer);
  else writeOptions(part, max - min, writer);
  writer.spot = outer;
}

/** Returns where the last time begins, if there is one that is not empty. */
function writeTimes(part: PatternTree, times: number, writer: Writer): number | undefined {
  let start: number | undefined;
  for (let time = 0; time < times; time += 1) {
    const { length } = writer.steps;
    write(part, writer);
    if (writer.steps.length === length) return undefined;
    start = length;
  }
  return start;
}

/** Once more and again: from behind what is there, or as a loop of its own. */
function writeLoop(part: PatternTree, start: number | undefined, writer: Writer): void {
  if (start !== undefined) {
    push(writer, { or: start });
    return;
  }
  const split = reserve(writer);
  write(part, writer);
  push(writer, { to: split });
  lead(writer, [split], "or");
}

function writeOptions(part: PatternTree, times: number, writer: Writer): void {
  const splits: number[] = [];
  for (let time = 0; time < times; time += 1) {
    splits.push(reserve(writer));
    const { length } = writer.steps;
    write(part, writer);
    // What is empty is so any number of times.
    if (writer.steps.length === length) break;
  }
  lead(writer, splits, "or");
}
