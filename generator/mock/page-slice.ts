import { isSelector, type JsonIr, type OptionIr, type SegmentIr } from "../ir/source-ir.js";
import type { Fact } from "./envelope.js";
import type { PageAnswer } from "./paging.js";

/** A part of a list of so many records. */
export interface Cut {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

/** Cuts a page; past the end it is empty. */
export function slice({ start, size, count }: Cut): PageAnswer {
  const first = Math.min(start, count);
  return {
    start: first,
    end: Math.max(first, Math.min(start + size, count)),
    page: Math.floor(start / size),
    pages: Math.max(1, Math.ceil(count / size)),
    facts: [],
  };
}

/** A fact at the path that an option names; left out, at the default; `null` states nothing. */
export function factAt(
  path: OptionIr | undefined,
  byDefault: readonly SegmentIr[] | null,
  value: JsonIr,
): readonly Fact[] {
  if (isSelector(path)) return [{ path: path.selector, value }];
  return path === undefined && byDefault ? [{ path: byDefault, value }] : [];
}

/** An option's text, or what holds without it. */
export function textOf(option: OptionIr | undefined, byDefault: string): string {
  return typeof option === "string" ? option : byDefault;
}

/** An option's number, or what holds without it. */
export function numberOf(option: OptionIr | undefined, byDefault: number): number {
  return typeof option === "number" ? option : byDefault;
}
