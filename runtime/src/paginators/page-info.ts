import { ReadFailure, PageError } from "../errors.js";
import { printSelector, type Query } from "../select/path.js";

/** Converts a number or a string of digits to an integer, truncating fractions; `undefined` for anything else. */
export function toWhole(value: unknown): number | undefined {
  if (Number.isFinite(value)) return Math.trunc(value as number);
  if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
  return undefined;
}

/** Parses a boolean in any usual spelling (`true`, `"yes"`, `"1"`); numbers are not booleans. */
export function parseBoolean(value: unknown): boolean | undefined {
  const match = /^(?:(true|yes|t|y|1)|false|no|f|n|0)$/i.exec(typeof value === "number" ? "" : String(value));
  return match ? match[1] !== undefined : undefined;
}

/** Throws for a missing or invalid value that the paginator needs to find the next page. */
export function throwUnusable(found: unknown, place: Pick<Query, "join">, expected: string): never {
  const code = found == null ? "PAGE_INFO_MISSING" : "PAGE_INFO_INVALID";
  throw new ReadFailure(PageError, code, `expected ${expected} at ${printSelector(place)} in the response`);
}

/** Whether a cursor or link is absent, in any usual notation. */
export function isAbsent(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value || (typeof value === "string" && /^\s*(null)?\s*$/.test(value));
}
