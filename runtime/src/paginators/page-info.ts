import { ReadFailure, PageError } from "../errors.js";
import type { Selector } from "../select/path.js";

/** A whole number, also one that is written as text; a fraction is cut. */
export function toWhole(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
  return undefined;
}

/** `true` or `false` in any of their usual spellings, but not as numbers. */
export function toFlag(value: unknown): boolean | undefined {
  const word = typeof value === "number" ? "" : String(value).toLowerCase();
  if (/^(true|yes|t|y|1)$/.test(word)) return true;
  return /^(false|no|f|n|0)$/.test(word) ? false : undefined;
}

/** Refuses what stands where the response should say how the paging goes on. */
export function unusable(found: unknown, path: Selector, what: string): never {
  const code = found == null ? "PAGE_INFO_MISSING" : "PAGE_INFO_INVALID";
  throw new ReadFailure(PageError, code, `no ${what} at ${path.join(".")} in the response`);
}

/** Whether a cursor or a link is one of the many ways to say that there is none. */
export function isNone(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value || (typeof value === "string" && /^\s*(null)?\s*$/.test(value));
}
