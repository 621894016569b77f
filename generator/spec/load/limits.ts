import type { LoadProblem, Span } from "./document.js";

/** Deeper specs are refused, so that no reader behind this one can run out of stack. */
export const MAX_DEPTH = 64;

/** Specs with more values are refused. */
export const MAX_NODES = 200_000;

/** Says that a spec is nested too deeply. */
export function tooDeep(span: Span): LoadProblem {
  return { ...span, code: "too-deep", message: `the spec is nested deeper than ${MAX_DEPTH} levels` };
}

/** Says that a spec has too many values. */
export function tooMany(span: Span): LoadProblem {
  return { ...span, code: "too-large", message: `the spec has more than ${MAX_NODES} values` };
}

/** Checks that a number survived its reading: sent as a parameter, a rounded identifier would name another thing. */
export function checkNumber(value: number, source: string, span: Span): LoadProblem | undefined {
  if (!Number.isFinite(value)) {
    return { ...span, code: "invalid-value", message: `${source} is not a finite number` };
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[+-]?\d+$/.test(source)) {
    const message = `${source} has more digits than a number keeps: write it as text, in quotes`;
    return { ...span, code: "invalid-value", message };
  }
  return undefined;
}
