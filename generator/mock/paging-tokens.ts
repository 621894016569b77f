import type { CallIr, KindIr } from "../ir/source-ir.js";
import type { Fact, WrapRecords } from "./envelope.js";
import { at } from "./json.js";
import { factAt, slice, textOf } from "./page-slice.js";
import { readSize } from "./paging-range.js";
import type { BadRequest, PageAnswer, PagedList, PageRequest, Paging } from "./paging.js";

type Options = CallIr["options"];

/** The parameter of the links that the mock makes. */
const linkParam = "page_token";

/**
 * Cursors in the body or in a header, sent back in the query, the body or a header. Nothing where the cursor is a part of
 * the records: then it is not the server that makes it.
 */
export function tokenPaging({ type, options }: KindIr, { count, wrap }: PagedList): Paging | undefined {
  const isInHeader = type === "header_cursor";
  if (!isInHeader && !hasPlace(wrap, factAt(options["cursorPath"], ["cursors", "next"], "x")))
    return undefined;
  return (request) => {
    const answer = cut(request, { options, count, token: readToken(request, options) });
    if ("problem" in answer) return answer;
    const next = answer.end < count ? toToken(answer.end) : null;
    const more = factAt(options["hasMorePath"], null, next !== null);
    if (!isInHeader)
      return { ...answer, facts: [...factAt(options["cursorPath"], ["cursors", "next"], next), ...more] };
    const name = textOf(options["cursorKey"], "next");
    return { ...answer, facts: more, ...(next !== null && { headers: { [name]: next } }) };
  };
}

/** Links in the body or in the `Link` header. A body without a place for one is a single page. */
export function linkPaging({ type, options }: KindIr, { count, wrap, secretParam }: PagedList): Paging {
  // To detect it from a header works with every body.
  const isInHeader = type === "header_link" || type === "auto";
  const size =
    isInHeader || hasPlace(wrap, factAt(options["nextUrlPath"], ["next"], "x")) ? {} : { size: count };
  return (request) => {
    const token = request.url.searchParams.get(linkParam);
    const answer = cut(request, { options, count, token, ...size });
    if ("problem" in answer) return answer;
    const link = answer.end < count ? toLink(request.url, answer.end, secretParam) : null;
    if (!isInHeader) return { ...answer, facts: factAt(options["nextUrlPath"], ["next"], link) };
    const rel = textOf(options["linksNextKey"], "next");
    return { ...answer, ...(link !== null && { headers: { Link: `<${link}>; rel="${rel}"` } }) };
  };
}

/** Whether a fact can be stated in a body without records. */
function hasPlace(wrap: WrapRecords, facts: readonly Fact[]): boolean {
  return JSON.stringify(wrap([], facts)) !== JSON.stringify(wrap([], []));
}

interface TokenCut {
  readonly options: Options;
  readonly count: number;
  readonly token: unknown;
  readonly size?: number;
}

/** The page that begins where a token says. */
function cut(request: PageRequest, { options, count, token, size }: TokenCut): PageAnswer | BadRequest {
  const asked = size ?? readSize(request, options);
  if (typeof asked !== "number") return asked;
  const start = token === null || token === undefined ? 0 : fromToken(token);
  if (start === undefined) return { problem: "this is no token of this server" };
  return slice({ start, size: Math.max(1, asked), count });
}

function readToken({ url, headers, body }: PageRequest, options: Options): unknown {
  const { cursorBodyPath, cursorHeader } = options;
  if (typeof cursorBodyPath === "string") return at(body, cursorBodyPath);
  if (typeof cursorHeader === "string") return headers[cursorHeader.toLowerCase()];
  return url.searchParams.get(textOf(options["cursorParam"], "cursor"));
}

/** Clients must not look into tokens: they are more than numbers. */
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
