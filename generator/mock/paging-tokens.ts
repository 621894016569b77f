import type { KindIr } from "../ir/source-ir.js";
import type { Metadata, WrapRecords } from "./envelope.js";
import { valueAt } from "./json.js";
import { describeEnd, metadataAt, slice, textOf } from "./page-slice.js";
import { readSize } from "./paging-range.js";
import type { BadRequest, PagedList, PageRequest, PageSlice, Paging } from "./paging.js";

type Options = KindIr["options"];

/** Query parameter in the mock's links. */
const linkParam = "page_token";

/**
 * Pages by a cursor in the body or in a header, which the client sends back in the query, the body or a header. Returns
 * `undefined` if the cursor is a field of the records, because the server does not create it then.
 */
export function tokenPaging({ type, options }: KindIr, { count, wrap }: PagedList): Paging | undefined {
  const isInHeader = type === "header_cursor";
  if (!isInHeader && !fitsBody(wrap, metadataAt(options["cursorPath"], ["cursors", "next"], "x")))
    return undefined;
  return (request) => {
    const page = sliceAtToken(request, { options, count, token: readToken(request, options) });
    if ("problem" in page) return page;
    const next = page.end < count ? toToken(page.end) : null;
    const ends = describeEnd(options, next === null);
    if (!isInHeader)
      return {
        ...page,
        metadata: [...metadataAt(options["cursorPath"], ["cursors", "next"], next), ...ends.metadata],
        headers: ends.headers,
      };
    const name = textOf(options["cursorKey"], "next");
    return { ...page, ...ends, headers: { ...ends.headers, ...(next !== null && { [name]: next }) } };
  };
}

/** Pages by links in the body or in the `Link` header. Serves a single page if the body cannot hold a link. */
export function linkPaging({ type, options }: KindIr, { count, wrap, secretParam }: PagedList): Paging {
  // A link in a header works with any body.
  const isInHeader = type === "header_link" || type === "auto";
  const size =
    isInHeader || fitsBody(wrap, metadataAt(options["nextUrlPath"], ["next"], "x")) ? {} : { size: count };
  return (request) => {
    const token = request.url.searchParams.get(linkParam);
    const page = sliceAtToken(request, { options, count, token, ...size });
    if ("problem" in page) return page;
    const link = page.end < count ? toLink(request.url, page.end, secretParam) : null;
    const ends = describeEnd(options, link === null);
    if (!isInHeader)
      return {
        ...page,
        metadata: [...metadataAt(options["nextUrlPath"], ["next"], link), ...ends.metadata],
        headers: ends.headers,
      };
    const rel = textOf(options["linksNextKey"], "next");
    const header = link === null ? {} : { Link: `<${link}>; rel="${rel}"` };
    return { ...page, ...ends, headers: { ...ends.headers, ...header } };
  };
}

/** Whether a body without records can hold metadata. */
function fitsBody(wrap: WrapRecords, metadata: readonly Metadata[]): boolean {
  return JSON.stringify(wrap([], metadata)) !== JSON.stringify(wrap([], []));
}

interface TokenRange {
  readonly options: Options;
  readonly count: number;
  readonly token: unknown;
  readonly size?: number;
}

/** Returns the page that starts at a token. */
function sliceAtToken(
  request: PageRequest,
  { options, count, token, size }: TokenRange,
): PageSlice | BadRequest {
  const requested = size ?? readSize(request, options);
  if (typeof requested !== "number") return requested;
  const start = token === null || token === undefined ? 0 : fromToken(token);
  if (start === undefined) return { problem: "invalid token: this server did not issue it" };
  return slice({ start, size: Math.max(1, requested), count });
}

function readToken({ url, headers, body }: PageRequest, options: Options): unknown {
  const { cursorBodyPath, cursorHeader } = options;
  if (typeof cursorBodyPath === "string") return valueAt(body, cursorBodyPath);
  if (typeof cursorHeader === "string") return headers[cursorHeader.toLowerCase()];
  return url.searchParams.get(textOf(options["cursorParam"], "cursor"));
}

/** Encodes a token. It is not a plain number, so clients treat it as opaque. */
function toToken(start: number): string {
  return Buffer.from(`start:${start}`).toString("base64url");
}

function fromToken(token: unknown): number | undefined {
  const text = typeof token === "string" ? Buffer.from(token, "base64url").toString() : "";
  const start = /^start:(\d{1,15})$/.exec(text)?.[1];
  return start === undefined ? undefined : Number(start);
}

function toLink(url: URL, start: number, secretParam: string | undefined): string {
  const link = new URL(url);
  if (secretParam !== undefined) link.searchParams.delete(secretParam);
  link.searchParams.set(linkParam, toToken(start));
  return link.href;
}
