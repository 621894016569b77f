import type { JsonObject } from "../json.js";
import type { Exchange } from "./paginator.js";
import { findLink } from "./header-link.js";
import { isNone, toFlag, toWhole } from "./page-info.js";
import { selectRecords, type Path } from "../select/path.js";
import { splitUrl } from "../http/url.js";
import { walkBody, wordsOf, type Found } from "./walk-body.js";

/** How the pages of an API follow each other, as far as one response shows. */
export interface DetectedPaging {
  /** The spec's word. */
  readonly type: "header_link" | "json_link" | "page_number" | "cursor" | "offset" | "single_page";
  /** The options of its factory; selectors are paths of names. */
  readonly options: JsonObject;
  /** What shows it, in words. */
  readonly reason: string;
  /** `false`: a proposal, too uncertain to be followed unasked. */
  readonly isFollowed: boolean;
}

/** What is looked at: the response to a request for the first page, and its URL. */
export type PagingSample = Pick<Exchange, "body" | "headers" | "url">;

/** The names under which APIs put their records. */
const usual = /^(data|items|results|entries|records|rows|entities|payload|content|objects|values)$/;
/** Of these, `null` is an empty list, unless it belongs to a record. */
const plural = /^(data|items|results|entries|records|rows|entities|objects)$/;
/** Lists under or below these names are about the response. */
const never = /^(links?|errors?|warnings?)$/;
/** Lists under or below these are the records only where there are no others. */
const about = /^(meta|metadata|page|page info|paging|pagination|facets|aggregations|filters|included)$/;
/** All that a body has which only tells of an error. */
const failure =
  /^(errors?|messages?|status|status code|code|details?|type|title|reason|success|ok|request id|trace id|timestamp)$/;

/** What may stand behind `next`: `next_of_kin` is no page. */
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
const flags = /^(has more|has next|has next page|more|more results)$/;

/**
 * Where the records of a response are: the first list under a usual name (`data`, `items`, …), at most three names deep;
 * else the least nested list of objects; else an empty list, `null` under a usual name, or any list. Without a list the
 * whole body is one record. Nothing is found in a body that only tells of an error.
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

/** Smaller is better; infinite for what holds no records. */
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
  const isTold = entries.some(([words, value]) => /^errors?$/.test(words) && Boolean(value));
  return isTold && entries.every(([words]) => failure.test(words));
}

/**
 * How the pages follow each other, by the first of these that is there: a `Link` header, a link in the body, a number of
 * pages, a cursor. What else looks like paging is proposed only.
 */
export function detectPaging(sample: PagingSample): DetectedPaging {
  const { body } = sample;
  if (!isNone(findLink(sample, "next")))
    return { type: "header_link", options: {}, reason: 'the Link header has rel="next"', isFollowed: true };
  const found = [...walkBody(body, 6)];
  const nexts = found.flatMap(nextOf);
  const link = nexts.find(isLink);
  if (link) return byLink(link, true);
  // Without a list there is nothing to page through: a book has `pages`, too.
  const hasList = [body, ...found.map(({ value }) => value)].some((value) => Array.isArray(value));
  if (!hasList) return byNothing();
  const [next] = nexts;
  return byPageNumber(found, sample) ?? (next ? byCursor(next) : propose(body, found));
}

/** A next page that is named: a text or a number, or the link in an object. */
function nextOf(found: Found): readonly Found[] {
  const { path, words, value } = found;
  if (!nextNames.test(words) || isNone(value)) return [];
  if (typeof value === "string" || typeof value === "number") return [found];
  const links = [...walkBody(value, 1)].filter((each) => /^(href|url|uri|link)/i.test(each.name));
  return links
    .filter((each) => typeof each.value === "string" && !isNone(each.value))
    .map((each) => ({ ...each, path: [...path, ...each.path], words: `${words} link` }));
}

/** The name decides where it can: a cursor in base64 may begin with a slash. */
function isLink({ words, value }: Found): boolean {
  if (typeof value !== "string") return false;
  return (
    linkNames.test(words) || (tokenNames.test(words) ? /^https?:\/\//i : /^(https?:\/\/|[/?])/i).test(value)
  );
}

function byLink({ path }: Found, isFollowed: boolean): DetectedPaging {
  return {
    type: "json_link",
    options: { nextUrlPath: path },
    reason: `${toQuery(path)} is a link`,
    isFollowed,
  };
}

/** Which number the first page has is told by the response or by the request; else it is 0, as far as one can know. */
function byPageNumber(found: readonly Found[], { url }: PagingSample): DetectedPaging | undefined {
  const total = found.find(({ words, value }) => pageTotals.test(words) && toWhole(value) !== undefined);
  if (!total) return undefined;
  const asked = splitUrl(url).pairs.find(
    ({ name, value }) => pageParams.test(wordsOf(name)) && toWhole(value) !== undefined,
  );
  const beside = [...walkBody(total.siblings, 1), ...walkBody(found[0]?.siblings, 1)].find(
    ({ words, value }) => pageNumbers.test(words) && toWhole(value) !== undefined,
  );
  const page = toWhole(beside?.value) ?? toWhole(asked?.value);
  const basePage = page === undefined ? {} : { basePage: Math.min(page, 1), ...(page > 1 && { page }) };
  const pageParam = asked && asked.name !== "page" ? { pageParam: asked.name } : {};
  const reason = `${toQuery(total.path)} counts pages`;
  return {
    type: "page_number",
    options: { ...basePage, ...pageParam, totalPath: total.path },
    reason: beside ? `${reason}, and this is page ${page}` : reason,
    isFollowed: true,
  };
}

function byCursor({ path, words, value }: Found): DetectedPaging {
  // A number may say where it goes: `next_page` is a page.
  const param = typeof value === "number" && /(page|offset|start)( number| index)?$/.exec(words)?.[1];
  return {
    type: "cursor",
    options: { cursorPath: path, ...(param && { cursorParam: param }) },
    reason: `${toQuery(path)} is a cursor`,
    isFollowed: true,
  };
}

/** What a person should look at: links and cursors under other names, offsets, and any word of more records. */
function propose(body: unknown, found: readonly Found[]): DetectedPaging {
  const link = found.find(
    (each) => / next (link|url)$/.test(each.words) && !isNone(each.value) && isLink(each),
  );
  if (link) return byLink(link, false);
  const more = found.find(({ words, value }) => flags.test(words) && toFlag(value));
  const cursor = found.find(
    ({ words, value }) => /^(end cursor|cursor|continuation token|scroll id)$/.test(words) && !isNone(value),
  );
  if (more && cursor && typeof cursor.value === "string") {
    const { reason, options } = byCursor(cursor);
    return { type: "cursor", options: { ...options, hasMorePath: more.path }, reason, isFollowed: false };
  }
  const offset = found.map(byOffset).find((each) => each !== undefined);
  if (offset) return offset;
  const records = detectRecordsPath(body);
  const { length } = records ? (selectRecords(records, body) ?? []) : [];
  const total = found.find(({ words, value }) => itemTotals.test(words) && (toWhole(value) ?? 0) > length);
  return byNothing(more ?? total);
}

function byNothing(sign?: Found): DetectedPaging {
  const doubt = sign ? `, although ${toQuery(sign.path)} speaks of more` : "";
  const reason = `nothing in the response leads to a next page${doubt}`;
  return { type: "single_page", options: {}, reason, isFollowed: true };
}

/** An offset and a limit side by side. */
function byOffset({ path, name, words, value, siblings }: Found): DetectedPaging | undefined {
  if (!offsets.test(words) || typeof value !== "number") return undefined;
  const numbers = [...walkBody(siblings, 1)].filter((each) => typeof each.value === "number");
  const limit = numbers.find((each) => limits.test(each.words));
  if (!limit || limit.value === 0) return undefined;
  const total = numbers.find((each) => itemTotals.test(each.words) && each !== limit);
  return {
    type: "offset",
    options: {
      limit: limit.value as number,
      ...(name !== "offset" && { offsetParam: name }),
      ...(limit.name !== "limit" && { limitParam: limit.name }),
      totalPath: total ? [...path.slice(0, -1), total.name] : null,
    },
    reason: `${toQuery(path)} is an offset`,
    isFollowed: false,
  };
}

/** A path as a selector of the spec (RFC 9535): `$.meta['next page']`. */
export function toQuery(path: Path): string {
  const steps = path.map((name) =>
    /^[A-Za-z_]\w*$/.test(String(name))
      ? `.${name}`
      : `['${JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}']`,
  );
  return `$${steps.join("")}`;
}
