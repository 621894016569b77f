import {
  cursor,
  headerCursor,
  headerLink,
  jsonBody,
  jsonLink,
  lastRecord,
  offset,
  pageNumber,
  singlePage,
} from "../../runtime/src/index.js";
import type { Paginator, ResourceShape } from "../../runtime/src/plugin.js";
import type { Format, Row } from "./records.js";

/** The parts of a request that select a page. */
export interface PageAsked {
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The server's state of a page. */
export interface PageState {
  readonly size: number;
  /** All records, in the order of their ids. */
  readonly rows: readonly Row[];
  /** Index of the first record, and index after the last one. */
  readonly start: number;
  readonly end: number;
  /** The URL of the resource. */
  readonly url: string;
}

/** The parts of a page besides its records. */
export interface Beside {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A paginator, and the server's side of it. */
export interface Dialect {
  readonly name: string;
  readonly paginator: (size: number, format: Format) => Paginator;
  readonly resource?: Partial<ResourceShape>;
  /** The formats that can contain the dialect's metadata. */
  readonly formats: readonly Format[];
  /** The index of the first record that a request selects. */
  readonly start: (asked: PageAsked, page: Pick<PageState, "rows" | "size">) => number;
  readonly tell: (page: PageState, format: Format) => Beside;
  /** The evidence of a page before it is requested: the previous page, the total, or none. */
  readonly promise: (format: Format) => "link" | "total" | "none";
  /** Whether rows that are inserted or deleted during a read shift its pages. */
  readonly drifts: boolean;
}

const all: readonly Format[] = ["json", "jsonl", "csv"];
const json: readonly Format[] = ["json"];

/** The index after the record with an id: exact even if rows appear or disappear. */
function after(id: unknown, rows: readonly Row[]): number {
  const last = typeof id === "string" ? Number(id.replace(/^k/, "")) : 0;
  const index = rows.findIndex((row) => Number(row.id) > last);
  return index < 0 ? rows.length : index;
}

/** The cursor that leads to the records after a page, or `null` at the end. */
function cursorOf({ rows, end }: PageState): string | null {
  return end < rows.length ? `k${rows[end - 1]?.id ?? 0}` : null;
}

function linkOf(page: PageState): string | null {
  const next = cursorOf(page);
  return next === null ? null : `${page.url}?after=${next}`;
}

const byCursor = { drifts: false, promise: (): "link" => "link" } as const;
const byLink = {
  ...byCursor,
  start: ({ query }: PageAsked, { rows }: Pick<PageState, "rows">) => after(query.get("after"), rows),
} as const;

function count(format: Format): "total" | "none" {
  return format === "json" ? "total" : "none";
}

/** All dialects of paging. */
export const dialects: readonly Dialect[] = [
  {
    name: "single_page",
    paginator: () => singlePage(),
    formats: all,
    start: () => 0,
    tell: () => ({}),
    promise: () => "none",
    drifts: false,
  },
  {
    name: "header_link",
    ...byLink,
    paginator: () => headerLink(),
    formats: all,
    tell: (page) => {
      const link = linkOf(page);
      return link === null ? {} : { headers: { Link: `<${link}>; rel="next"` } };
    },
  },
  {
    name: "json_link",
    ...byLink,
    paginator: () => jsonLink(),
    formats: json,
    tell: (page) => ({ body: { next: linkOf(page)?.replace(/^http:..[^/]*/, "") ?? null } }),
  },
  {
    name: "cursor",
    ...byCursor,
    paginator: () => cursor({ cursorPath: ["page", "next"] }),
    formats: json,
    start: ({ query }, { rows }) => after(query.get("cursor"), rows),
    tell: (page) => ({ body: { page: { next: cursorOf(page) } } }),
  },
  {
    name: "cursor in the body",
    ...byCursor,
    paginator: () => cursor({ cursorPath: ["next"], cursorBodyPath: "after" }),
    resource: { method: "POST", body: jsonBody({ q: 1 }) },
    formats: json,
    start: ({ body }, { rows }) => after(body["after"], rows),
    tell: (page) => ({ body: { next: cursorOf(page) } }),
  },
  {
    name: "header_cursor",
    ...byCursor,
    paginator: () => headerCursor({ cursorKey: "X-Next" }),
    formats: all,
    start: ({ query }, { rows }) => after(query.get("cursor"), rows),
    tell: (page) => {
      const next = cursorOf(page);
      return next === null ? {} : { headers: { "X-Next": next } };
    },
  },
  {
    name: "page_number",
    paginator: (size) => pageNumber({ basePage: 1, limit: size }),
    formats: all,
    start: ({ query }, { size }) => (Number(query.get("page")) - 1) * size,
    tell: ({ rows, size }) => ({ body: { total: Math.ceil(rows.length / size) } }),
    promise: count,
    drifts: true,
  },
  {
    name: "offset",
    paginator: (size) => offset({ limit: size }),
    formats: all,
    start: ({ query }) => Number(query.get("offset")),
    tell: ({ rows }) => ({ body: { total: rows.length } }),
    promise: count,
    drifts: true,
  },
  {
    name: "last_record",
    paginator: () => lastRecord({ path: ["id"], param: "after" }),
    formats: all,
    start: ({ query }, { rows }) => after(query.get("after"), rows),
    tell: () => ({}),
    promise: () => "none",
    drifts: false,
  },
];

/** The number of requests that a read of `count` records needs: without evidence of the last page, an empty page ends it. */
export function requestsOf(
  dialect: Dialect,
  {
    count: records,
    size,
    format,
  }: { readonly count: number; readonly size: number; readonly format: Format },
): number {
  if (dialect.name === "single_page") return 1;
  const pages = Math.ceil(records / size);
  return dialect.promise(format) === "none" ? pages + 1 : Math.max(1, pages);
}
