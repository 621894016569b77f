import { isSelector, type JsonIr, type OptionIr, type SegmentIr } from "../ir/source-ir.js";
import type { Metadata } from "./envelope.js";
import type { PageSlice } from "./paging.js";

/** A range of a list. */
export interface Range {
  /** Index of the first record. */
  readonly start: number;
  /** Page size. */
  readonly size: number;
  /** Number of records in the list. */
  readonly count: number;
}

/** Returns the page at a range. A page past the end is empty. */
export function slice({ start, size, count }: Range): PageSlice {
  const first = Math.min(start, count);
  return {
    start: first,
    end: Math.max(first, Math.min(start + size, count)),
    page: Math.floor(start / size),
    pages: Math.max(1, Math.ceil(count / size)),
    metadata: [],
  };
}

/** Creates the metadata at the path of an option or at the default path. A path of `null` creates none. */
export function metadataAt(
  path: OptionIr | undefined,
  defaultPath: readonly SegmentIr[] | null,
  value: JsonIr,
): readonly Metadata[] {
  if (isSelector(path)) return [{ path: path.selector, value }];
  return path === undefined && defaultPath ? [{ path: defaultPath, value }] : [];
}

/** Returns the text of an option, or the default. */
export function textOf(option: OptionIr | undefined, defaultText: string): string {
  return typeof option === "string" ? option : defaultText;
}

/** Returns the number of an option, or the default. */
export function numberOf(option: OptionIr | undefined, defaultNumber: number): number {
  return typeof option === "number" ? option : defaultNumber;
}

/** Creates the metadata, at all paths in the options, that show whether a page is the last. */
export function describeEnd(
  options: Readonly<Record<string, OptionIr>>,
  isLast: boolean,
): { readonly metadata: readonly Metadata[]; readonly headers: Readonly<Record<string, string>> } {
  const { hasMorePath, hasMoreHeader, endPath } = options;
  return {
    metadata: [...metadataAt(hasMorePath, null, !isLast), ...metadataAt(endPath, null, isLast)],
    headers: typeof hasMoreHeader === "string" ? { [hasMoreHeader]: String(!isLast) } : {},
  };
}
