import type { IncomingHttpHeaders } from "node:http";
import type { JsonIr, KindIr } from "../ir/source-ir.js";
import type { MakeRecord } from "./data/records.js";
import type { Fact, WrapRecords } from "./envelope.js";
import { offsetPaging, pageNumberPaging } from "./paging-range.js";
import { linkPaging, tokenPaging } from "./paging-tokens.js";
import { playPaginator } from "./play-paginator.js";

/** What a paging style is asked: everything of a request that may say which page it means. */
export interface PageRequest {
  /** As the client sees it, with the host that it asked. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The JSON body; an empty object if there is none. */
  readonly body: JsonIr;
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
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that makes no sense, in words for a 400. */
export interface BadRequest {
  readonly problem: string;
}

/** How an API pages: from a request to the part of the list it means. */
export type Paging = (request: PageRequest) => PageAnswer | BadRequest;

/** A list that is served in pages. */
export interface PagedList {
  readonly count: number;
  readonly record: MakeRecord;
  readonly wrap: WrapRecords;
  /** The query parameter of a secret: APIs leave it out of their links. */
  readonly secretParam?: string | undefined;
}

/** The styles that ask for a page by its place in the list, or by what the API has said of it. */
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
    () => ({ start: 0, end: count, page: 0, pages: 1, facts: [] }),
};

/**
 * Compiles a paginator of the spec into the server's side of it. Of a kind that is none of the usual styles the server
 * runs the client's part ahead: each page's records tell how the next one is asked for. Throws for an unknown kind.
 */
export function compilePaging(call: KindIr, list: PagedList): Paging {
  const style = Object.hasOwn(styles, call.type) ? styles[call.type] : undefined;
  return style?.(call, list) ?? playPaginator(call, list);
}
