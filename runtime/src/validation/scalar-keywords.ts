import { count, refuse, valid, type Keywords, type Outcome, type Place } from "./outcome.js";

/** Returns the type of a value in JSON Schema. Decoded dates count as texts, and `bigint`s as integers. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "string";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Applies the keywords of texts. Lengths count characters, not UTF-16 units. */
export function textKeywords(schema: Keywords, value: unknown, place: Place): readonly Outcome[] {
  if (typeof value !== "string") return [];
  const { minLength, maxLength, pattern } = schema;
  const outcomes: Outcome[] = [];
  if (minLength !== undefined || maxLength !== undefined) {
    const length = Array.from(value).length;
    const received = `received ${length}`;
    if (typeof minLength === "number" && length < minLength)
      outcomes.push(refuse(place, `expected at least ${count(minLength, "character")}, ${received}`));
    if (typeof maxLength === "number" && length > maxLength)
      outcomes.push(refuse(place, `expected at most ${count(maxLength, "character")}, ${received}`));
  }
  if (typeof pattern === "string" && !matches(pattern, value))
    outcomes.push(refuse(place, `expected text like /${pattern}/, received other text`));
  return outcomes;
}

const patterns = new Map<string, RegExp | undefined>();

/** Whether a text matches a pattern. A pattern that JavaScript cannot read matches everything. */
export function matches(pattern: string, text: string): boolean {
  if (!patterns.has(pattern)) patterns.set(pattern, toPattern(pattern));
  return patterns.get(pattern)?.test(text) ?? true;
}

function toPattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
}

/** Applies the keywords of numbers. */
export function numberKeywords(schema: Keywords, value: unknown, place: Place): readonly Outcome[] {
  if (typeof value !== "number" && typeof value !== "bigint") return [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const limit = (bound: unknown, holds: (bound: number) => boolean, words: string): Outcome =>
    typeof bound === "number" && !holds(bound)
      ? refuse(place, `expected a number ${words} ${bound}, received another one`)
      : valid;
  return [
    limit(minimum, (bound) => value >= bound, "from"),
    limit(maximum, (bound) => value <= bound, "up to"),
    limit(exclusiveMinimum, (bound) => value > bound, "above"),
    limit(exclusiveMaximum, (bound) => value < bound, "below"),
    limit(multipleOf, (factor) => isMultiple(Number(value), factor), "that is a multiple of"),
  ];
}

/** Whether a number is a multiple of another one, despite the rounding of binary fractions. */
function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return (
    Number.isFinite(quotient) &&
    Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient))
  );
}
