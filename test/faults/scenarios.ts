import { apiKey, bearer } from "../../runtime/src/index.js";
import type { Auth } from "../../runtime/src/plugin.js";
import { rows, type Row } from "../runtime/rows.js";

/** The pages of a list. */
type Pages = readonly (readonly Row[] | null)[];

/** A way in which an API misbehaves, or only looks as if it did. */
export interface Scenario {
  /** The pages in order; default: three pages with at most 10 records each. */
  readonly pages?: Pages;
  /** Returns the index of the page that is served for a requested one. */
  readonly serve?: (index: number) => number;
  /** Returns the index of the next page that a page names. */
  readonly next?: (index: number) => number | undefined;
  /** The value on the last page for "no next page". */
  readonly none?: "" | false | "null";
  /** Returns the URL of a page in the API's spelling. */
  readonly link?: (page: LinkedPage) => string;
  /** Returns a `Link` header in the API's spelling. */
  readonly header?: (url: string) => string;
  /** Returns the total on a page in the API's spelling. */
  readonly total?: (total: number, index: number) => unknown;
  /** Returns the replacement of a page's body. */
  readonly body?: (index: number) => object | undefined;
  /** The page that stands behind a redirect to another origin. */
  readonly redirected?: number;
  readonly auth?: Auth;
}

/** The parts of a link. */
export interface LinkedPage {
  readonly index: number;
  /** The servers' origins: the API's own, and another one. */
  readonly own: string;
  readonly other: string;
  /** The query that leads to it: `p=1`. */
  readonly query: string;
}

const list = rows(25);
const [first = [], second = [], third = []] = [0, 10, 20].map((start) => list.slice(start, start + 10));

/** The path of the tests' resource. */
const path = "/v1/rows";

function header(spell: (url: string) => string): Scenario {
  return { header: spell };
}

function link(spell: NonNullable<Scenario["link"]>): Scenario {
  return { link: spell };
}

/** The first link leads to the other host. The server that responds names the following pages. */
function away(spell: (page: LinkedPage) => string): Scenario {
  return link((page) => (page.index === 1 ? spell(page) : `?${page.query}`));
}

/** Thirty ways of paging, some of which are correct. */
export const scenarios = {
  /** Three pages of 10, 10 and 5 records. */
  normal: {},
  /** Pages are shorter than the limit. */
  short: { pages: [first, list.slice(10, 17), list.slice(17)] },
  /** The total is a text. */
  total_str: { total: String },
  /** The link is a path. */
  rel_path: link(({ query }) => `${path}?${query}`),
  /** The link is a query. */
  rel_query: link(({ query }) => `?${query}`),
  /** The link lacks the key that is sent in the query. */
  dropkey: { auth: apiKey({ apiKey: "{secrets.api_key}", name: "key", location: "query" }) },
  /** The header has two next links; the first counts. */
  link_two: header((url) => `<${url}>; rel="next", <${url}&again>; rel="next"`),

  /** The second page comes again and again. */
  loop: { serve: (index) => Math.min(index, 1), next: () => 1 },
  /** The second page leads back to the first one. */
  cycle: { next: (index) => (index === 0 ? 1 : 0) },
  /** The last page leads to itself. */
  selflast: { next: (index) => Math.min(index + 1, 2) },
  /** The first page comes again and again: the API ignores the position. */
  ignored: { serve: () => 0, next: () => 1 },
  /** The second of four pages is empty. */
  empty: { pages: [first, [], second, third] },
  /** Beyond the last page, the last one comes again. */
  lastagain: { serve: (index) => Math.min(index, 2) },
  /** The total becomes smaller after the first page. */
  total_shrinks: { total: (total, index) => (index === 0 ? total : Math.max(1, total - 1)) },
  /** The total is `null`. */
  total_null: { total: () => null },
  /** The second page has `null` in place of its records. */
  nullitems: { pages: [first, null, third] },
  /** The second page is an error object with status 200. */
  missing: { body: (index) => (index === 1 ? { error: "overload" } : undefined) },

  /** The link leads to another host. */
  xhost: away(({ other, query }) => `${other}${path}?${query}`),
  /** The link leads to another host, without a scheme. */
  protorel: away(({ other, query }) => `${other.replace("http:", "")}${path}?${query}`),
  /** The user name in the link is the API's host; the host is another one. */
  userinfo: away(
    ({ own, other, query }) => `http://${own.replace("http://", "")}@${other.slice(7)}${path}?${query}`,
  ),
  /** The second page redirects to another host. */
  redirect_x: { redirected: 1 },

  /** The relation has no quotes. */
  link_unq: header((url) => `<${url}>; rel=next`),
  /** The parameter and the relation are in upper case. */
  link_case: header((url) => `<${url}>; REL="Next"`),
  /** The link has two relations. */
  link_multi: header((url) => `<${url}>; rel="last next"`),
  /** The titles of the links contain what looks like other links. */
  link_title: header(
    (url) => `</x>; rel="prev"; title="a, <b>; rel=next", <${url}>; title="c, d"; rel="next"`,
  ),
  /** The URL has a comma. */
  link_comma: header((url) => `<${url}&a=1,2>; rel="next"`),
  /** There are spaces and tabs between all parts. */
  link_ws: header((url) => `  <${url}> \t;  rel = "next"  `),

  /** On the last page, the next link is an empty text. */
  next_empty: { none: "" },
  /** On the last page, the next link is `false`. */
  next_false: { none: false },
  /** On the last page, the next link is the text `null`. */
  next_nullstr: { none: "null" },
} as const satisfies Readonly<Record<string, Scenario>>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios;

/** The defaults of scenarios. */
export const usual: Required<Omit<Scenario, "none" | "redirected">> = {
  pages: [first, second, third],
  serve: (index) => index,
  next: (index) => (index < 2 ? index + 1 : undefined),
  link: ({ own, query }) => `${own}${path}?${query}`,
  header: (url) => `<${url}>; rel="next"`,
  total: (total) => total,
  body: () => undefined,
  auth: bearer({ token: "{secrets.token}" }),
};
