import {
  auto,
  cursor,
  detectRecords,
  headerCursor,
  headerLink,
  jsonBody,
  jsonLink,
  offset,
  pageNumber,
  singlePage,
} from "../../../runtime/src/index.js";
import type { Paginator, ResourceShape } from "../../../runtime/src/plugin.js";

/** The parts of a request that select a page. */
export interface PageAsked {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The server's state of a page and of the next one. */
export interface PageState {
  /** The index of the next page, or the API's value for "no next page". */
  readonly next: number | string | false | null;
  /** The URL of the next page, or the API's value for "no next page". */
  readonly link: string | false | null;
  /** A `Link` header with that URL; empty on the last page. */
  readonly header: string;
  /** Returns a total in the scenario's spelling: 25 records, 3 pages. */
  readonly total: (count: "records" | "pages") => unknown;
}

/** A paginator, and the server's side of it. */
export interface Dialect {
  readonly name: string;
  /** The three kinds of paging, and reads without paging. */
  readonly idea: "range" | "token" | "link" | "single";
  readonly paginator: Paginator;
  readonly resource?: Partial<ResourceShape>;
  /** Returns the index of the requested page. An unknown request gets the first page. */
  readonly asked: (request: PageAsked) => number;
  /** Returns the parts of a response besides its records. */
  readonly tell: (page: PageState) => { readonly body?: object; readonly headers?: Record<string, string> };
}

/** Records a page. */
export const size = 10;

const post = { method: "POST", body: jsonBody({ q: 1 }) };

function toIndex(token: unknown): number {
  const found = typeof token === "string" ? /^c?(\d+)$/.exec(token)?.[1] : undefined;
  return found === undefined ? 0 : Number(found);
}

function toToken(next: PageState["next"]): unknown {
  return typeof next === "number" ? `c${next}` : next;
}

const byLink = {
  idea: "link",
  asked: ({ query }: PageAsked) => toIndex(query.get("p")),
} as const;

/** Every paginator of the package, with several variants if their values can be in several places. */
export const dialects: readonly Dialect[] = [
  {
    name: "offset",
    idea: "range",
    paginator: offset({ limit: size }),
    asked: ({ query }) => Number(query.get("offset")) / size,
    tell: ({ total }) => ({ body: { total: total("records") } }),
  },
  {
    name: "offset in the body",
    idea: "range",
    paginator: offset({ limit: size, offsetBodyPath: "from", limitBodyPath: "size" }),
    resource: post,
    asked: ({ body }) => Number(body["from"]) / size,
    tell: ({ total }) => ({ body: { total: total("records") } }),
  },
  {
    name: "page_number",
    idea: "range",
    paginator: pageNumber({ basePage: 1, limit: size }),
    asked: ({ query }) => Number(query.get("page")) - 1,
    tell: ({ total }) => ({ body: { total: total("pages") } }),
  },
  {
    name: "page_number in the body",
    idea: "range",
    paginator: pageNumber({ basePage: 1, pageBodyPath: "page" }),
    resource: post,
    asked: ({ body }) => Number(body["page"]) - 1,
    tell: ({ total }) => ({ body: { total: total("pages") } }),
  },
  {
    name: "cursor",
    idea: "token",
    paginator: cursor({ cursorPath: ["page", "next"] }),
    asked: ({ query }) => toIndex(query.get("cursor")),
    tell: ({ next }) => ({ body: { page: { next: toToken(next) } } }),
  },
  {
    name: "cursor in the body",
    idea: "token",
    paginator: cursor({ cursorPath: ["next"], cursorBodyPath: "after" }),
    resource: post,
    asked: ({ body }) => toIndex(body["after"]),
    tell: ({ next }) => ({ body: { next: toToken(next) } }),
  },
  {
    name: "header_cursor",
    idea: "token",
    paginator: headerCursor({ cursorKey: "X-Next" }),
    asked: ({ query }) => toIndex(query.get("cursor")),
    tell: ({ next }) => ({ headers: next === null ? {} : { "x-next": String(toToken(next)) } }),
  },
  {
    name: "json_link",
    ...byLink,
    paginator: jsonLink(),
    tell: ({ link }) => ({ body: { next: link } }),
  },
  {
    name: "header_link",
    ...byLink,
    paginator: headerLink(),
    tell: ({ header }) => ({ headers: header ? { link: header } : {} }),
  },
  {
    name: "auto over links",
    ...byLink,
    paginator: detectRecords(auto()),
    resource: { select: [] },
    tell: ({ link }) => ({ body: { next: link } }),
  },
  {
    name: "auto over Link headers",
    ...byLink,
    paginator: auto(),
    tell: ({ header }) => ({ headers: header ? { link: header } : {} }),
  },
  {
    name: "auto over cursors",
    idea: "token",
    paginator: detectRecords(auto()),
    resource: { select: [] },
    asked: ({ query }) => toIndex(query.get("cursor")),
    tell: ({ next }) => ({ body: { next_cursor: toToken(next) } }),
  },
  {
    name: "single_page",
    ...byLink,
    idea: "single",
    paginator: singlePage(),
    tell: ({ link, header }) => ({ body: { next: link }, headers: header ? { link: header } : {} }),
  },
];
