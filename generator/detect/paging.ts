import type { PageRequest } from "@connector-gen/runtime/plugin";
import type { Candidate, FirstPage } from "./candidate.js";
import { count, found, undecided, type Alternative, type Finding } from "./finding.js";
import { envelopeOf } from "./envelope.js";
import { judge, shorten } from "./judge-trial.js";
import { cursorCandidates } from "./paging-cursors.js";
import { keysetCandidates, keysetGuesses } from "./paging-keyset.js";
import { formResponses, knownCandidates, withEmptyPageEnd } from "./paging-known.js";
import { linkCandidates } from "./paging-links.js";
import { pageGuess, rangeCandidates, rangeGuesses } from "./paging-ranges.js";
import { isFullPage, isWeakTotal, moreFlag, totalRecords } from "./paging-totals.js";
import { toSelector } from "./selectors.js";
import { comparePages, prepareTrial, type Ask } from "./second-page.js";

/** Creates the finding for a response that is one record. */
export function singleRecord(): Finding {
  return found("paginator", "single_page", {
    confidence: "sure",
    reasons: ["the response is a single record"],
  });
}

/** Finds the paginator of a first page. */
export async function findPaginator(page: FirstPage, request: Ask): Promise<Finding> {
  const finding = await search(page, request);
  return finding.value === undefined ? withOtherPath(finding, page) : finding;
}

/** Adds a notice to a finding if the API may take its cursor at another path, as Dropbox does. */
function withOtherPath(finding: Finding, page: FirstPage): Finding {
  if (page.body === undefined || moreFlag(page) !== true || cursorCandidates(page).length === 0)
    return finding;
  const name = /[^/?#]*(?=\/?(?:[?#]|$))/.exec(page.exchange.url)?.[0] ?? "";
  const notice = `if the API takes the cursor at another path, add that path to the endpoint, such as "next": { "path": "…/${name}/continue" }, and run detect again`;
  return { ...finding, reasons: [...finding.reasons, notice] };
}

/**
 * Finds the paginator of a first page. Tests what the response shows, the likeliest first. If it shows nothing and there
 * may be more records, tests the parameters of other APIs.
 */
async function search(page: FirstPage, request: Ask): Promise<Finding> {
  const ask = remember(request);
  let first: Finding | undefined;
  for (const { candidate, rivals } of shownCandidates(page)) {
    const judgement = await judge(candidate, page, ask);
    if (judgement?.finding.value !== undefined) return judgement.finding;
    first ??= judgement?.finding;
    if (judgement?.isOver && first) return first;
    const isStrict = judgement?.isRejected === true;
    for (const group of likeliestFirst(rivals)) {
      const rival = await searchGroup(group, { page, ask, isStrict });
      if (rival.finding?.value !== undefined) return rival.finding;
      first ??= rival.finding;
      if (rival.isOver && first) return first;
    }
  }
  if (page.exchange.records.length === 0)
    return (
      first ?? undecided("paginator", ["the response has no records; run detect again when it has some"])
    );
  return await guess(page, ask, first);
}

/** Splits many rivals into the likeliest one and the others. */
function likeliestFirst(rivals: readonly Candidate[]): readonly (readonly Candidate[])[] {
  return rivals.length < 4 ? [rivals] : [rivals.slice(0, 1), rivals.slice(1)];
}

/** Repeats the result of an earlier request, because several candidates may ask for the same page. */
function remember(ask: Ask): Ask {
  const results = new Map<string, ReturnType<Ask>>();
  return (request) => {
    const key = JSON.stringify(request);
    const result = results.get(key) ?? ask(request);
    results.set(key, result);
    return result;
  };
}

/** A candidate that the response or the spec shows, and the same paginator with other parameters. */
interface Shown {
  readonly candidate: Candidate;
  readonly rivals: readonly Candidate[];
}

/**
 * Lists the candidates that the response and the spec show. Several rules may find the same cursor; the first rule has
 * the best reasons.
 */
function shownCandidates(page: FirstPage): readonly Shown[] {
  const shown = [
    ...linkCandidates(page).map((candidate) => withEmptyPageEnd(page, candidate)),
    ...cursorCandidates(page),
    ...keysetCandidates(page),
    ...formResponses(page),
    ...rangeCandidates(page),
    ...inherited(page),
    ...knownCandidates(page),
  ];
  const seen = new Set<string>();
  const isNew = ({
    value: { has_more_path: _more, end_path: _end, ...value },
  }: Pick<Candidate, "value">): boolean => {
    const request = JSON.stringify(value);
    return !seen.has(request) && Boolean(seen.add(request));
  };
  return shown.flatMap((candidate) => {
    const { rivals = [], others = [], ...rest } = candidate;
    const all = [...rivals, ...others].map((value) => ({ ...rest, value, isConclusive: false }));
    const [given] = isNew(candidate) ? [candidate] : [];
    const news = all.filter(isNew);
    const [next, ...further] = news;
    if (given) return [{ candidate: given, rivals: news }];
    return next ? [{ candidate: next, rivals: further }] : [];
  });
}

function inherited({ parent }: FirstPage): readonly Candidate[] {
  if (!parent) return [];
  const reasons = ["the paginator of its parents"];
  return [{ value: parent, reasons, isConclusive: true, isInherited: true, test: "next" }];
}

/** Whether more records follow a first page. */
export interface Need {
  /** Why more records must follow; absent if nothing says so. */
  readonly more?: string;
  /** Why none follow; absent if nothing says so. */
  readonly complete?: string;
}

/** Returns whether more records follow a first page, as far as the response says so. */
export function needOf(page: FirstPage): Need {
  const { length } = page.exchange.records;
  const flag = moreFlag(page);
  const total = totalRecords(page);
  if (flag === true) return { more: "the response says that more pages follow, but not how to request them" };
  if (total !== undefined && total > length)
    return { more: `the total is ${count(total, "record")}, and this page has ${length}` };
  if (flag === false)
    return { complete: "the response says that no more pages follow, but not how to request them" };
  if (total === length && !isWeakTotal(page)) {
    const all = `all ${count(total, "record")} are on this page`;
    return { complete: `${all}; run detect again when there is more than one page` };
  }
  return {};
}

const single: Alternative = { value: "single_page", reason: "if there is only one page" };

/** Tries parameters that nothing in the response shows. */
async function guess(page: FirstPage, ask: Ask, first: Finding | undefined): Promise<Finding> {
  const { more, complete } = needOf(page);
  if (complete !== undefined && !first) return undecided("paginator", [complete], [single]);
  const groups = guessGroups(page);
  const isLikely = first !== undefined || more !== undefined || isFullPage(page);
  const results: Finding[] = [];
  let isOver = false;
  for (const group of isLikely ? groups : groups.slice(0, 1)) {
    const result = await searchGroup(group, { page, ask });
    if (result.finding?.value !== undefined) return result.finding;
    if (result.finding) results.push(result.finding);
    isOver = result.isOver;
    if (isOver) break;
  }
  if (first) return first;
  const alternatives = groups.flat().map(({ value, reasons }): Alternative => {
    return { value: shorten(value), reason: reasons.join("; ") || "if the API pages by page number" };
  });
  if (more !== undefined) {
    const [tried] = results;
    const reasons = [more, ...(tried?.reasons.slice(-1) ?? [])];
    return undecided("paginator", [...new Set(reasons)], alternatives.slice(0, 5));
  }
  return concludeWithoutEvidence(page, results[0], isOver);
}

/** Lists guesses in groups, the likeliest first. The parameters of a group are tried in one request. */
function guessGroups(page: FirstPage): readonly (readonly Candidate[])[] {
  const ranges = rangeGuesses(page);
  const keysets = keysetGuesses(page);
  const byNumber = [pageGuess(page)];
  // Search engines page by `from` and `size`.
  const isSearch = page.listPath?.at(-1) === "hits" && page.body !== undefined;
  if (isSearch) {
    const from = ranges.filter(({ value }) => Object.values(value).includes("from"));
    return [from, byNumber, ranges.filter((each) => !from.includes(each)), keysets];
  }
  const [byOffset, ...others] = ranges.map((each) => [each]);
  const byRange = [byOffset ?? [], others.flat()];
  // An API without a total may not be able to count its records, so offsets are less likely.
  const hasTotal = totalRecords(page) !== undefined;
  return hasTotal || moreFlag(page) === undefined
    ? [byNumber, ...byRange, keysets]
    : [byNumber, keysets, ...byRange];
}

interface GroupResult {
  readonly finding?: Finding;
  readonly isOver: boolean;
}

/** How a group is searched. */
interface Search {
  readonly page: FirstPage;
  readonly ask: Ask;
  /** Whether the server rejects unknown parameters, so each one needs its own request. */
  readonly isStrict?: boolean;
  /** Whether one of the parameters is known to have an effect. */
  readonly hasEffect?: boolean;
}

/** Tries all parameters of a group in one request, and halves the group if one of them has an effect. */
async function searchGroup(group: readonly Candidate[], search: Search): Promise<GroupResult> {
  const { page, ask, isStrict = false, hasEffect = false } = search;
  const usable = group.filter((candidate) => prepareTrial(candidate, page)?.second);
  const [only, ...others] = usable;
  if (!only) return { isOver: false };
  if (others.length === 0) {
    const judgement = await judge(only, page, ask);
    const isOver = judgement?.isOver ?? false;
    if (isOver && hasEffect) return { finding: remaining(only), isOver };
    return { ...(judgement && { finding: judgement.finding }), isOver };
  }
  if (isStrict)
    return await searchParts(
      usable.map((candidate) => [candidate]),
      search,
    );
  if (!hasEffect) {
    const result = await ask(mergeRequests(usable, page));
    if (!result) return { isOver: true };
    if (!result.exchange) return await searchGroup(usable, { ...search, isStrict: true });
    if (comparePages(page.exchange, result.exchange) === "same") return { isOver: false };
  }
  const middle = Math.ceil(usable.length / 2);
  return await searchParts([usable.slice(0, middle), usable.slice(middle)], search);
}

async function searchParts(
  parts: readonly (readonly Candidate[])[],
  { page, ask, isStrict = false }: Search,
): Promise<GroupResult> {
  for (const [index, part] of parts.entries()) {
    // If the other half has no effect, this one must have it.
    const hasEffect = !isStrict && index > 0;
    const found = await searchGroup(part, { page, ask, isStrict, hasEffect });
    if (found.finding?.value !== undefined || found.isOver) return found;
  }
  return { isOver: false };
}

/** The finding for the only parameter that can have the effect of a group, if no request is left to confirm it. */
function remaining({ value, reasons }: Candidate): Finding {
  const why = "of all tested parameters, only this one can have selected other records";
  return found("paginator", shorten(value), { confidence: "likely", reasons: [...reasons, why] });
}

function mergeRequests(group: readonly Candidate[], page: FirstPage): PageRequest {
  const requests = group.flatMap((candidate) => prepareTrial(candidate, page)?.second?.request ?? []);
  return {
    query: Object.assign({}, ...requests.map(({ query }) => query)) as PageRequest["query"] & object,
    body: Object.assign({}, ...requests.map(({ body }) => body)) as PageRequest["body"] & object,
  };
}

/** Evaluates a first page without any sign of more pages. */
function concludeWithoutEvidence(page: FirstPage, tried: Finding | undefined, isOver: boolean): Finding {
  const { length } = page.exchange.records;
  const nothing = "nothing in the response identifies a next page";
  const empty = emptyNext(page);
  if (empty !== undefined) {
    const doubt = `${empty} is empty on this page; run detect again when there is more than one page`;
    return undecided("paginator", [doubt], [single]);
  }
  const seen = tried?.reasons.slice(-1) ?? [];
  if (isFullPage(page)) {
    const doubt = `${count(length, "record")} may be one full page of several`;
    return undecided("paginator", [nothing, doubt], [single]);
  }
  if (isOver || seen.length === 0)
    return undecided("paginator", [nothing, "only one page was seen"], [single]);
  return found("paginator", "single_page", { confidence: "likely", reasons: [nothing, ...seen] });
}

/** Returns the selector of an empty field for the next page. Its values on other pages are unknown. */
function emptyNext(page: FirstPage): string | undefined {
  const field = envelopeOf(page).find(
    ({ words, value }) => /^next( |$)/.test(words) && (value === null || value === ""),
  );
  return field && toSelector(field.path);
}
