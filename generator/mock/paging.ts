import type { IncomingHttpHeaders } from "node:http";
import type { JsonIr, KindIr } from "../ir/source-ir.js";
import type { MakeRecord } from "./data/records.js";
import type { Metadata, WrapRecords } from "./envelope.js";
import { offsetPaging, pageNumberPaging } from "./paging-range.js";
import { linkPaging, tokenPaging } from "./paging-tokens.js";
import { playPaginator } from "./play-paginator.js";

/** The parts of a request that may select a page. */
export interface PageRequest {
  /** URL as the client sees it, with the requested host. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** JSON body; an empty object if there is none. */
  readonly body: JsonIr;
}

/** A page as a range of the list, with its metadata. */
export interface PageSlice {
  /** Index of the first record. */
  readonly start: number;
  /** Index after the last record. */
  readonly end: number;
  /** Index of the page, from 0. */
  readonly page: number;
  /** Number of pages, at least 1. */
  readonly pages: number;
  readonly metadata: readonly Metadata[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An invalid request, with the message of the 400 response. */
export interface BadRequest {
  readonly problem: string;
}

/** A paging style: returns the page that a request selects. */
export type Paging = (request: PageRequest) => PageSlice | BadRequest;

/** A list that is served in pages. */
export interface PagedList {
  readonly count: number;
  readonly record: MakeRecord;
  readonly wrap: WrapRecords;
  /** The JSON body of the spec, whose values the first page keeps. */
  readonly template?: JsonIr | undefined;
  /** Query parameter that carries a secret. Links do not contain it. */
  readonly secretParam?: string | undefined;
}

/** Paging styles that select a page by its position, or by a token or link of the API; by kind of paginator. */
const styles: Readonly<Record<string, (call: KindIr, list: PagedList) => Paging | undefined>> = {
  offset: offsetPaging,
  page_number: pageNumberPaging,
  cursor: tokenPaging,
  header_cursor: tokenPaging,
  json_link: linkPaging,
  json_response: linkPaging,
  header_link: linkPaging,
  auto: linkPaging,
  single_page:
    (_, { count }) =>
    () => ({ start: 0, end: count, page: 0, pages: 1, metadata: [] }),
};

/**
 * Compiles the server side of a paginator in the spec. For a kind without a known style, runs the client's paginator to
 * learn the request for each page. Throws for an unknown kind.
 */
export function compilePaging(call: KindIr, list: PagedList): Paging {
  const style = Object.hasOwn(styles, call.type) ? styles[call.type] : undefined;
  return style?.(call, list) ?? playPaginator(call, list);
}
