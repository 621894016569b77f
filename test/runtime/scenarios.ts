import { apiKey, bearer } from "../../runtime/src/index.js";
import type { Auth } from "../../runtime/src/plugin.js";
import { rows, type Row } from "./rows.js";

/** A list in the pages in which an API serves it. */
type Pages = readonly (readonly Row[] | null)[];

/** A way in which an API misbehaves, or only looks as if it did (reliability §2.2). */
export interface Scenario {
  /** The pages in order; three of them, of 10 records at most, if it says nothing. */
  readonly pages?: Pages;
  /** Which page is served when one is asked for. */
  readonly serve?: (index: number) => number;
  /** Which page comes next, as the API says on a page. */
  readonly next?: (index: number) => number | undefined;
  /** How the API says on its last page that there is no next one. */
  readonly none?: "" | false | "null";
  /** The URL of a page as the API spells it. */
  readonly link?: (page: LinkedPage) => string;
  /** A `Link` header as the API spells it. */
  readonly header?: (url: string) => string;
  /** How the API spells a total on a page. */
  readonly total?: (total: number, index: number) => unknown;
  /** What a page has in place of its body. */
  readonly body?: (index: number) => object | undefined;
  /** The page that stands behind a redirect to another origin. */
  readonly redirected?: number;
  readonly auth?: Auth;
}

/** What a link may be made of. */
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

/** The first link leads there; what comes after it is told by whoever answers. */
function away(spell: (page: LinkedPage) => string): Scenario {
  return link((page) => (page.index === 1 ? spell(page) : `?${page.query}`));
}

/** All thirty scenarios of the reference. */
export const scenarios = {
  normal: {},
  short: { pages: [first, list.slice(10, 17), list.slice(17)] },
  total_str: { total: String },
  rel_path: link(({ query }) => `${path}?${query}`),
  rel_query: link(({ query }) => `?${query}`),
  dropkey: { auth: apiKey({ apiKey: "{secrets.api_key}", name: "key", location: "query" }) },
  link_two: header((url) => `<${url}>; rel="next", <${url}&again>; rel="next"`),

  loop: { serve: (index) => Math.min(index, 1), next: () => 1 },
  cycle: { next: (index) => (index === 0 ? 1 : 0) },
  selflast: { next: (index) => Math.min(index + 1, 2) },
  ignored: { serve: () => 0, next: () => 1 },
  empty: { pages: [first, [], second, third] },
  lastagain: { serve: (index) => Math.min(index, 2) },
  total_shrinks: { total: (total, index) => (index === 0 ? total : Math.max(1, total - 1)) },
  total_null: { total: () => null },
  nullitems: { pages: [first, null, third] },
  missing: { body: (index) => (index === 1 ? { error: "overload" } : undefined) },

  xhost: away(({ other, query }) => `${other}${path}?${query}`),
  protorel: away(({ other, query }) => `${other.replace("http:", "")}${path}?${query}`),
  userinfo: away(
    ({ own, other, query }) => `http://${own.replace("http://", "")}@${other.slice(7)}${path}?${query}`,
  ),
  redirect_x: { redirected: 1 },

  link_unq: header((url) => `<${url}>; rel=next`),
  link_case: header((url) => `<${url}>; REL="Next"`),
  link_multi: header((url) => `<${url}>; rel="last next"`),
  link_title: header(
    (url) => `</x>; rel="prev"; title="a, <b>; rel=next", <${url}>; title="c, d"; rel="next"`,
  ),
  link_comma: header((url) => `<${url}&a=1,2>; rel="next"`),
  link_ws: header((url) => `  <${url}> \t;  rel = "next"  `),

  next_empty: { none: "" },
  next_false: { none: false },
  next_nullstr: { none: "null" },
} as const satisfies Readonly<Record<string, Scenario>>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios;

/** What holds for scenarios that say nothing else. */
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
