import type { JsonObject } from "../json.js";
import type { Exchange } from "./paginator.js";
import { findLink } from "./header-link.js";
import { linkIn } from "./json-link.js";
import { isAbsent, parseBoolean, toWhole } from "./page-info.js";
import { selectRecords, type Path } from "../select/path.js";
import { splitUrl } from "../http/url.js";
import { walkBody, wordsOf, type Found } from "./walk-body.js";

/** The paging style of an API, as detected from one response. */
export interface DetectedPaging {
  /** The type of the paginator in the spec. */
  readonly type: "header_link" | "json_link" | "page_number" | "cursor" | "offset" | "single_page";
  /** The options of its factory. Selectors are paths of names. */
  readonly options: JsonObject;
  /** The evidence, for messages. */
  readonly reason: string;
  /** Whether `auto` uses it. `false`: there are more records, but the response does not show how to request them. */
  readonly isFollowed: boolean;
}

/** The response to the first request, and its URL. */
export type PagingSample = Pick<Exchange, "body" | "headers" | "url">;

/** Usual names of the list of records. */
const usual = /^(data|items|results|entries|records|rows|entities|payload|content|objects|values)$/;
/** Usual names for which `null` means an empty list, unless the object is a record itself. */
const plural = /^(data|items|results|entries|records|rows|entities|objects)$/;
/** The names of lists that never contain the records. */
const never = /^(links?|errors?|warnings?)$/;
/** Names of metadata: lists inside contain the records only if there are no other lists. */
const about = /^(meta|metadata|page|page info|paging|pagination|facets|aggregations|filters|included)$/;
/** The names of all properties in the body of an error response. */
const failure =
  /^(errors?|messages?|status|status code|code|details?|type|title|reason|success|ok|request id|trace id|timestamp)$/;

/** Names of the next page: not any name with `next`, such as `next_of_kin`. */
const nextNames =
  /^next( (page|batch|set|results|records))?( (url|uri|link|href|path|cursor|token|marker|offset|start|id|key|number|index|position|continuation|continuation token))?$/;
const linkNames = / (url|uri|link|href|path)$/;
const tokenNames = / (cursor|token|marker|id|key|offset|continuation)$/;
const pageTotals = /^(total pages|totalpages|pages)$/;
const pageNumbers =
  /^(page|current page|currentpage|page number|pagenumber|page index|current|number|index)$/;
const pageParams = /^(page|p|page number|pagenumber|page index|page no)$/;
const itemTotals = /^(total|total (count|items|results|records|elements)|count)$/;
const limits = /^(limit|take|size|per page|page size|pagesize|max results|count)$/;
const offsets = /^(offset|skip|start|start at|from)$/;
const flags = /^(has more|has next|has next page|more|more results|more items in collection)$/;
/** Names of a cursor inside the object that describes the next page. */
const innerTokens = /^(after|starting after|cursor|token|offset|start|marker|id|key)$/;
/** Headers that indicate more records, or state their number. */
const nextHeader = "x-next-page";
const totalHeaders = ["x-total-count", "x-total", "x-wp-total"];

/**
 * Detects the path of the records in a response: the first list with a usual name (`data`, `items`, …), up to three
 * levels deep; otherwise the least nested list of objects; otherwise an empty list, `null` under a usual name, or any
 * list. A body without a list is one record. Returns `undefined` for an error body.
 */
export function detectRecordsPath(body: unknown): Path | undefined {
  if (Array.isArray(body)) return [];
  let best: Found | undefined;
  let least = Infinity;
  for (const found of walkBody(body, 3)) {
    const rank = rankOf(found);
    if (rank >= least) continue;
    best = found;
    least = rank;
  }
  return best?.path ?? (isFailure(body) ? undefined : []);
}

/** Ranks a candidate: smaller is better, `Infinity` means that it does not contain the records. */
function rankOf({ path, name, trail, value, siblings }: Found): number {
  if (trail.some((step) => never.test(step))) return Infinity;
  const base = trail.some((step) => about.test(step)) ? 100 : 0;
  if (value === null && plural.test(name) && !Object.hasOwn(siblings, "id")) return base + 30;
  if (!Array.isArray(value)) return Infinity;
  if (usual.test(name)) return base;
  const isOfObjects = !Array.isArray(value[0]) && Object(value[0]) === value[0];
  return base + (isOfObjects ? 10 : value.length === 0 ? 20 : 40) + path.length;
}

function isFailure(body: unknown): boolean {
  const entries = Object.entries(Object(body) as object).map(
    ([name, value]) => [wordsOf(name), value] as const,
  );
  const hasError = entries.some(([words, value]) => /^errors?$/.test(words) && Boolean(value));
  return hasError && entries.every(([words]) => failure.test(words));
}

/**
 * Detects the paging style by the first sign that the response has: a `Link` header, a link in the body, a number of
 * pages, a cursor, an offset. A response that only indicates more records cannot be followed.
 */
export function detectPaging(sample: PagingSample): DetectedPaging {
  const { body } = sample;
  if (!isAbsent(findLink(sample, "next")))
    return { type: "header_link", options: {}, reason: 'the Link header has rel="next"', isFollowed: true };
  const found = [...walkBody(body, 6)];
  const nexts = found.flatMap(nextOf);
  const link = nexts.find(isLink) ?? found.find(isLinkList) ?? found.find(isNamedLink);
  if (link) return byLink(link);
  // A body without a list has no pages: the `pages` of a book are not pages of records.
  const hasList = [body, ...found.map(({ value }) => value)].some((value) => Array.isArray(value));
  if (!hasList) return byNothing();
  const [next] = nexts;
  if (next && innerTokens.test(next.words)) return byCursor(next);
  if (next) return byPageNumber(found, sample) ?? withFlag(byCursor(next), next);
  return (
    byPageNumber(found, sample) ?? byFlag(found) ?? byOffset(found) ?? byNothing(findDoubt(sample, found))
  );
}

/** Returns the reference to the next page in a property: a string, a number, or a link inside an object. */
function nextOf(found: Found): readonly Found[] {
  const { path, words, value } = found;
  if (!nextNames.test(words) || isAbsent(value)) return [];
  if (["string", "number", "bigint"].includes(typeof value)) return [found];
  const inner = [...walkBody(value, 1)].map((each) => ({ ...each, path: [...path, ...each.path] }));
  const links = inner
    .filter((each) => /^(href|url|uri|link)/i.test(each.name))
    .filter((each) => typeof each.value === "string" && !isAbsent(each.value))
    .map((each) => ({ ...each, words: `${words} link` }));
  // `{ "next": { "page": 2, "after": "abc" } }`
  const tokens = inner.filter((each) => innerTokens.test(each.words) && !isAbsent(each.value));
  return links.length > 0 ? links : tokens.filter((each) => typeof each.value !== "object");
}

/** Whether a reference is a link. The name takes precedence: a base64 cursor may start with a slash. */
function isLink({ words, value }: Found): boolean {
  if (typeof value !== "string") return false;
  return (
    linkNames.test(words) || (tokenNames.test(words) ? /^https?:\/\//i : /^(https?:\/\/|[/?])/i).test(value)
  );
}

/** Whether a property is a list of links, one of them to the next page: `[{ "rel": "next", "href": … }]`. */
function isLinkList({ value }: Found): boolean {
  return Array.isArray(value) && typeof linkIn(value) === "string";
}

/** Whether a property is a link to the next page by its name: `@odata.nextLink`, `more_topics_url`. */
function isNamedLink(found: Found): boolean {
  return /( next|^more|^more .+) (link|url)$/.test(found.words) && !isAbsent(found.value) && isLink(found);
}

function byLink({ path }: Found): DetectedPaging {
  return {
    type: "json_link",
    options: { nextUrlPath: path },
    reason: `${toQuery(path)} is a link`,
    isFollowed: true,
  };
}

/** Detects page numbers. The number of the first page comes from the response or the request; the default is 0. */
function byPageNumber(found: readonly Found[], { url }: PagingSample): DetectedPaging | undefined {
  const total = found.find(({ words, value }) => pageTotals.test(words) && toWhole(value) !== undefined);
  if (!total) return undefined;
  const requested = splitUrl(url).pairs.find(
    ({ name, value }) => pageParams.test(wordsOf(name)) && toWhole(value) !== undefined,
  );
  const beside = [...walkBody(total.siblings, 1), ...walkBody(found[0]?.siblings, 1)].find(
    ({ words, value }) => pageNumbers.test(words) && toWhole(value) !== undefined,
  );
  const page = toWhole(beside?.value) ?? toWhole(requested?.value);
  const basePage = page === undefined ? {} : { basePage: Math.min(page, 1), ...(page > 1 && { page }) };
  const pageParam = requested && requested.name !== "page" ? { pageParam: requested.name } : {};
  const reason = `${toQuery(total.path)} counts pages`;
  return {
    type: "page_number",
    options: { ...basePage, ...pageParam, totalPath: total.path },
    reason: beside ? `${reason}, and this is page ${page}` : reason,
    isFollowed: true,
  };
}

function byCursor(cursor: Found): DetectedPaging {
  const { path } = cursor;
  const param = paramOf(cursor);
  return {
    type: "cursor",
    options: { cursorPath: path, ...(param !== "cursor" && { cursorParam: param }) },
    reason: `${toQuery(path)} is a cursor`,
    isFollowed: true,
  };
}

/** Derives the parameter from the name of the cursor: `nextPageToken` is sent as `pageToken`, `endCursor` into `after`. */
function paramOf({ name, words }: Found): string {
  if (words === "end cursor") return "after";
  // Such a name is the same in requests and responses.
  if (/^(next token|continuation token|scroll id)$/.test(words) || innerTokens.test(words)) return name;
  const rest = name.replace(/^.*?next[^\p{L}\p{N}]*/iu, "");
  const isParam =
    /^next (page|offset|start|marker|skip|continuation)( |$)/.test(words) && !words.endsWith(" cursor");
  return isParam ? rest.charAt(0).toLowerCase() + rest.slice(1) : "cursor";
}

/** Adds the flag beside a cursor: `{ "next_cursor": "abc", "has_more": true }`. */
function withFlag(detected: DetectedPaging, { siblings, path }: Found): DetectedPaging {
  const flag = [...walkBody(siblings, 1)].find(({ words, value }) => flags.test(words) && value === true);
  if (!flag) return detected;
  return { ...detected, options: { ...detected.options, hasMorePath: [...path.slice(0, -1), flag.name] } };
}

/**
 * Detects a cursor without `next` in its name. A flag may show that it belongs to the next page: `{ "cursor": "abc",
 * "has_more": true }`. An `offset` that is not a number is a cursor, too.
 */
function byFlag(found: readonly Found[]): DetectedPaging | undefined {
  const flag = found.find(({ words, value }) => flags.test(words) && parseBoolean(value) !== undefined);
  const cursor = found.find(
    ({ words, value }) =>
      /^(end cursor|cursor|continuation token|scroll id|offset)$/.test(words) &&
      typeof value === "string" &&
      !isAbsent(value) &&
      (words !== "offset" || toWhole(value) === undefined),
  );
  if (!cursor || (flag && !parseBoolean(flag.value))) return undefined;
  if (!flag) return /^(cursor|offset)$/.test(cursor.words) ? byCursor(cursor) : undefined;
  const { options, ...detected } = byCursor(cursor);
  return { ...detected, options: { ...options, hasMorePath: flag.path } };
}

/** Detects an offset and a limit in the same object. */
function byOffset(found: readonly Found[]): DetectedPaging | undefined {
  return found.map(toOffset).find((each) => each !== undefined);
}

function toOffset({ path, name, words, value, siblings }: Found): DetectedPaging | undefined {
  if (!offsets.test(words) || typeof value !== "number") return undefined;
  const numbers = [...walkBody(siblings, 1)].filter((each) => typeof each.value === "number");
  const limit = numbers.find((each) => limits.test(each.words));
  if (!limit || limit.value === 0) return undefined;
  const total = numbers.find((each) => itemTotals.test(each.words) && each !== limit);
  return {
    type: "offset",
    options: {
      limit: limit.value as number,
      ...(value > 0 && { offset: value }),
      ...(name !== "offset" && { offsetParam: name }),
      ...(limit.name !== "limit" && { limitParam: limit.name }),
      totalPath: total ? [...path.slice(0, -1), total.name] : null,
    },
    reason: `${toQuery(path)} is an offset`,
    isFollowed: true,
  };
}

/** Finds evidence of more records. If a reference to the next page is `null`, there are none. */
function findDoubt({ body, headers }: PagingSample, found: readonly Found[]): string | undefined {
  if (found.some(({ words, value }) => nextNames.test(words) && isAbsent(value))) return undefined;
  const records = detectRecordsPath(body);
  const { length } = records ? (selectRecords(records, body) ?? []) : [];
  const sign = found.find(
    ({ words, trail, value, siblings }) =>
      (flags.test(words) && parseBoolean(value) === true) ||
      // A total of an order, for example, is not a total of records.
      ((itemTotals.test(words) || (words === "value" && trail.at(-2) === "total")) &&
        Number.isInteger(Number(value)) &&
        (toWhole(value) ?? 0) > length &&
        !Object.hasOwn(siblings, "id")),
  );
  if (sign) return toQuery(sign.path);
  const header = isAbsent(headers.get(nextHeader))
    ? totalHeaders.find((name) => length > 0 && (toWhole(headers.get(name)) ?? 0) > length)
    : nextHeader;
  return header && `the header ${header}`;
}

function byNothing(sign?: string): DetectedPaging {
  const doubt = sign ? `, although ${sign} indicates more records` : "";
  const reason = `the response has no reference to a next page${doubt}`;
  return { type: "single_page", options: {}, reason, isFollowed: !sign };
}

/** Prints a path as an RFC 9535 query: `$.meta['next page']`. */
export function toQuery(path: Path): string {
  const steps = path.map((name) =>
    /^[A-Za-z_]\w*$/.test(String(name))
      ? `.${name}`
      : `['${JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}']`,
  );
  return `$${steps.join("")}`;
}
