import type { LoadProblem, Span } from "./document.js";

/** The deepest nesting of a spec. The limit keeps later readers, which recurse, from running out of stack. */
export const maxDepth = 64;

/** The largest number of values in a spec. */
export const maxNodes = 200_000;

/** Describes a spec that is nested too deeply. */
export function tooDeep(span: Span): LoadProblem {
  return { ...span, code: "too-deep", message: `the spec is nested more than ${maxDepth} levels deep` };
}

/** Describes a spec that has too many values. */
export function tooMany(span: Span): LoadProblem {
  return { ...span, code: "too-large", message: `the spec has more than ${maxNodes} values` };
}

/** Checks that parsing did not change a number: a rounded identifier would name another record. */
export function checkNumber(value: number, source: string, span: Span): LoadProblem | undefined {
  if (!Number.isFinite(value)) {
    return { ...span, code: "invalid-value", message: `${source} is not a finite number` };
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(source)) {
    const message = `${source} is too large for an exact number: write it as a string, in quotes`;
    return { ...span, code: "invalid-value", message };
  }
  return undefined;
}
