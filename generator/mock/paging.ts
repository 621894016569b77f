import type { CallIr, JsonIr } from "../ir/source-ir.js";
import type { Fact } from "./envelope.js";

/** What a paging style is asked: a request's query, over a list of so many records. */
export interface PageRequest {
  readonly query: URLSearchParams;
  readonly options: CallIr["options"];
  readonly count: number;
}

/** The part of the list that answers a request, and what the API says about it. */
export interface PageAnswer {
  /** The first record's index and the index after the last. */
  readonly start: number;
  readonly end: number;
  /** Which page this is, from 0, and how many there are: at least one. */
  readonly page: number;
  readonly pages: number;
  readonly facts: readonly Fact[];
}

/** A request that makes no sense, in words for a 400. */
export interface BadRequest {
  readonly problem: string;
}

/** How an API pages: from a request to the part of the list it means. */
export type Paging = (request: PageRequest) => PageAnswer | BadRequest;

/** The paging styles by the spec's word; a new paginator is one more entry. */
export const pagings: Readonly<Record<string, Paging>> = {
  offset: pageByOffset,
  page_number: pageByNumber,
  single_page: ({ count }) => ({ start: 0, end: count, page: 0, pages: 1, facts: [] }),
};

const defaultSize = 20;
/** What an API grants at most when the spec does not name a page size. */
const largestSize = 1000;

function pageByOffset({ query, options, count }: PageRequest): PageAnswer | BadRequest {
  const size = readSize(query, options);
  const start = readWhole(query, text(options["offsetParam"], "offset"), 0);
  if (typeof size !== "number") return size;
  if (typeof start !== "number") return start;
  return slice({ start, size, count }, options, count);
}

function pageByNumber({ query, options, count }: PageRequest): PageAnswer | BadRequest {
  const base = whole(options["basePage"], 0);
  const size = readSize(query, options);
  const number = readWhole(query, text(options["pageParam"], "page"), base);
  if (typeof size !== "number") return size;
  if (typeof number !== "number") return number;
  if (number < base) return { problem: `pages are counted from ${base}` };
  return slice({ start: (number - base) * size, size, count }, options, Math.ceil(count / size));
}

interface Slice {
  readonly start: number;
  readonly size: number;
  readonly count: number;
}

/** Cuts a slice; past the end it is empty. `total` is what the style counts: records or pages. */
function slice({ start, size, count }: Slice, options: CallIr["options"], total: number): PageAnswer {
  const end = Math.min(start + size, count);
  return {
    start: Math.min(start, count),
    end: Math.max(end, Math.min(start, count)),
    page: Math.floor(start / size),
    pages: Math.max(1, Math.ceil(count / size)),
    facts: [
      ...fact(options["totalPath"], "$.total", total),
      ...fact(options["hasMorePath"], null, end < count),
    ],
  };
}

/** A fact at the path that an option names; left out, at the default; `null` states nothing. */
function fact(path: JsonIr | undefined, byDefault: string | null, value: JsonIr): readonly Fact[] {
  const chosen = path === undefined ? byDefault : path;
  return typeof chosen === "string" ? [{ path: chosen, value }] : [];
}

/** The page size: what is asked for, up to the spec's limit. */
function readSize(query: URLSearchParams, options: CallIr["options"]): number | BadRequest {
  const name = text(options["limitParam"], "limit");
  const most = whole(options["limit"], largestSize);
  const size = readWhole(query, name, Math.min(defaultSize, most));
  if (typeof size !== "number") return size;
  return size === 0 ? { problem: `${name} must be at least 1` } : Math.min(size, most);
}

function readWhole(query: URLSearchParams, name: string, byDefault: number): number | BadRequest {
  const given = query.get(name);
  if (given === null) return byDefault;
  return /^\d{1,15}$/.test(given)
    ? Number(given)
    : { problem: `${name} must be a whole number, not "${given}"` };
}

function text(option: JsonIr | undefined, byDefault: string): string {
  return typeof option === "string" ? option : byDefault;
}

function whole(option: JsonIr | undefined, byDefault: number): number {
  return typeof option === "number" ? option : byDefault;
}
