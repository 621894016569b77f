import type { PageRequest } from "@connector-gen/runtime/plugin";
import type { Candidate, FirstPage } from "./candidate.js";
import { count, found, undecided, type Alternative, type Finding } from "./finding.js";
import { judge, shorten } from "./judge-trial.js";
import { cursorCandidates } from "./paging-cursors.js";
import { keysetCandidates, keysetGuesses } from "./paging-keyset.js";
import { endingWhereEmpty, knownCandidates } from "./paging-known.js";
import { linkCandidates } from "./paging-links.js";
import { pageGuess, rangeCandidates, rangeGuesses } from "./paging-ranges.js";
import { isFullPage, isWeakTotal, moreFlag, totalRecords } from "./paging-totals.js";
import { comparePages, prepareTrial, type Ask } from "./second-page.js";

/** Creates the finding for a response that is one record. */
export function singleRecord(): Finding {
  return found("paginator", "single_page", {
    confidence: "sure",
    reasons: ["the response is a single record"],
  });
}

/**
 * Finds the paginator of a first page. Tries by request what the response shows, the likeliest first; if that is nothing,
 * and there may be more records, tries the parameters that other APIs have.
 */
export async function findPaginator(page: FirstPage, ask: Ask): Promise<Finding> {
  let first: Finding | undefined;
  for (const candidate of shownCandidates(page)) {
    const judgement = await judge(candidate, page, ask);
    if (!judgement) continue;
    if (judgement.finding.value !== undefined) return judgement.finding;
    first ??= judgement.finding;
    if (judgement.isOver) return first;
  }
  if (page.exchange.records.length === 0)
    return (
      first ?? undecided("paginator", ["the response has no records; run detect again when it has some"])
    );
  return await guess(page, ask, first);
}

/** Lists what the response and the spec show. Each parameter of a candidate is one of its own. */
function shownCandidates(page: FirstPage): readonly Candidate[] {
  const shown = [
    ...linkCandidates(page).map((candidate) => endingWhereEmpty(page, candidate)),
    ...cursorCandidates(page),
    ...keysetCandidates(page),
    ...rangeCandidates(page),
    ...inherited(page),
    ...knownCandidates(page),
  ];
  const all = shown.flatMap((candidate) => {
    const { rivals = [], ...rest } = candidate;
    return [candidate, ...rivals.map((value) => ({ ...rest, value, isConclusive: false }))];
  });
  // Several rules may find the same cursor; the first one has the best reasons.
  const requests = all.map(({ value: { has_more_path: _, ...value } }) => JSON.stringify(value));
  return all.filter((_, index) => requests.indexOf(requests[index] ?? "") === index);
}

function inherited({ parent }: FirstPage): readonly Candidate[] {
  if (!parent) return [];
  const reasons = ["the paginator of its parents"];
  return [{ value: parent, reasons, isConclusive: true, isInherited: true, test: "next" }];
}

/** What a first page says about further records. */
export interface Need {
  /** Why there are more records, if there are. */
  readonly more?: string;
  /** Why there are none, if so. */
  readonly complete?: string;
}

/** Returns what a first page says about further records. */
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
    const result = await searchGroup(group, page, ask);
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
  return concludeSilence(page, results[0], isOver);
}

/** Lists guesses in groups, the likeliest first. The parameters of a group are tried in one request. */
function guessGroups(page: FirstPage): readonly (readonly Candidate[])[] {
  const ranges = rangeGuesses(page);
  const keysets = keysetGuesses(page);
  const byNumber = [pageGuess(page)];
  // Search engines page by `from` and `size`.
  const isSearch = page.at?.at(-1) === "hits" && page.body !== undefined;
  if (isSearch) {
    const from = ranges.filter(({ value }) => Object.values(value).includes("from"));
    return [from, byNumber, ranges.filter((each) => !from.includes(each)), keysets];
  }
  const [byOffset, ...others] = ranges.map((each) => [each]);
  const byRange = [byOffset ?? [], others.flat()];
  // Without a total, the API can hardly count its records, so that offsets are rarer.
  const hasTotal = totalRecords(page) !== undefined;
  return hasTotal || moreFlag(page) === undefined
    ? [byNumber, ...byRange, keysets]
    : [byNumber, keysets, ...byRange];
}

interface GroupResult {
  readonly finding?: Finding;
  readonly isOver: boolean;
}

/** Tries all parameters of a group in one request, and halves the group if one of them has an effect. */
async function searchGroup(group: readonly Candidate[], page: FirstPage, ask: Ask): Promise<GroupResult> {
  const [only, ...others] = group;
  if (!only) return { isOver: false };
  if (others.length === 0) {
    const judgement = await judge(only, page, ask);
    return { ...(judgement && { finding: judgement.finding }), isOver: judgement?.isOver ?? false };
  }
  const result = await ask(mergeRequests(group, page));
  if (!result) return { isOver: true };
  const { exchange } = result;
  if (exchange && comparePages(page.exchange, exchange) === "same") return { isOver: false };
  const middle = Math.ceil(group.length / 2);
  // A strict server rejects the whole request, so that each parameter needs its own.
  const parts = exchange
    ? [group.slice(0, middle), group.slice(middle)]
    : group.map((candidate) => [candidate]);
  for (const part of parts) {
    const found = await searchGroup(part, page, ask);
    if (found.finding?.value !== undefined || found.isOver) return found;
  }
  return { isOver: false };
}

function mergeRequests(group: readonly Candidate[], page: FirstPage): PageRequest {
  const requests = group.flatMap((candidate) => prepareTrial(candidate, page)?.second?.request ?? []);
  return {
    query: Object.assign({}, ...requests.map(({ query }) => query)) as PageRequest["query"] & object,
    body: Object.assign({}, ...requests.map(({ body }) => body)) as PageRequest["body"] & object,
  };
}

/** Evaluates a first page without any sign of more pages. */
function concludeSilence(page: FirstPage, tried: Finding | undefined, isOver: boolean): Finding {
  const { length } = page.exchange.records;
  const nothing = "nothing in the response identifies a next page";
  const seen = tried?.reasons.slice(-1) ?? [];
  if (isFullPage(page)) {
    const doubt = `${count(length, "record")} may be one full page of several`;
    return undecided("paginator", [nothing, doubt], [single]);
  }
  if (isOver || seen.length === 0)
    return undecided("paginator", [nothing, "only one page was seen"], [single]);
  return found("paginator", "single_page", { confidence: "likely", reasons: [nothing, ...seen] });
}
