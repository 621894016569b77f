import type { Exchange } from "@connector-gen/runtime/plugin";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import type { Candidate, FirstPage } from "./candidate.js";
import { found, undecided, type Alternative, type Finding } from "./finding.js";
import { cursorCandidates } from "./paging-cursors.js";
import { linkCandidates } from "./paging-links.js";
import { guesses, moreFlag, rangeCandidates, totalRecords } from "./paging-ranges.js";
import { comparePages, prepareTrial, withoutMissing, type Trial } from "./second-page.js";
import { count } from "./words.js";

/** How the second request ended. */
export interface Second {
  readonly exchange?: Exchange;
  /** The status of an answer that counts as an error. */
  readonly status?: number;
  /** Why there is no answer to judge by, redacted. */
  readonly failure?: string;
}

/** The likeliest paginator of a first page, ready for the second request; nothing where there is no sign of any. */
export function planPaging(page: FirstPage): Trial | undefined {
  const candidates = [
    ...linkCandidates(page),
    ...cursorCandidates(page),
    ...rangeCandidates(page),
    ...guesses(page),
  ];
  for (const candidate of candidates) {
    const trial = prepareTrial(candidate, page);
    if (trial) return trial;
  }
  return page.exchange.records.length === 0 ? undefined : prepareTrial(pageTwo, page);
}

/** What is asked for where nothing shows that there is more: an API that pages by number would tell. */
const pageTwo: Candidate = {
  value: { type: "page_number", base_page: 1 },
  reasons: [],
  isPlain: false,
  test: "last",
  last: { page: 2, records: 0 },
};

/** The paginator of a resource whose body is one record. */
export function singleRecord(): Finding {
  return found("paginator", "single_page", { confidence: "sure", reasons: ["the response is one record"] });
}

/** Judges a trial by the second page. Without a second answer, the first page has to do. */
export function concludePaging(
  page: FirstPage,
  trial: Trial | undefined,
  second: Second | undefined,
): Finding {
  if (!trial) return undecided("paginator", ["there are no records here: ask again where there are some"]);
  if (trial.candidate === pageTwo) return concludeSilence(page, second);
  const { candidate } = trial;
  if (!second || second.failure !== undefined) return unconfirmed(trial, second?.failure);
  if (second.status !== undefined) return concludeError(trial, second.status);
  if (!second.exchange) return unconfirmed(trial, undefined);
  const comparison = comparePages(page.exchange, second.exchange);
  if (candidate.test === "base") return concludeBase(trial, comparison);
  if (candidate.test === "last") return concludeLast(trial, comparison, second.exchange);
  const { length } = second.exchange.records;
  if (comparison === "same") return refuted(trial, `${trial.what} gives the same records again`);
  if (comparison === "empty") return refutedUnless(trial, `${trial.what} gives an empty page`);
  const value = withoutMissing(candidate.value, trial, second.exchange);
  if (!value) return refuted(trial, `the page behind ${trial.what} does not say how to go on`);
  const isWhole = comparison === "other";
  const what = isWhole
    ? `${trial.what} gives ${count(length, "other record")}`
    : `${trial.what} gives other records, and some that were on the first page`;
  return accept(trial, { value, confidence: isWhole ? "sure" : "likely", reason: what });
}

/** `page=1`: other records than without it mean that pages are counted from 0. */
function concludeBase(trial: Trial, comparison: ReturnType<typeof comparePages>): Finding {
  const { value, isPlain } = trial.candidate;
  if (comparison === "other" || comparison === "overlap" || (comparison === "empty" && isPlain)) {
    const seen = comparison === "empty" ? "is empty" : "gives other records than the first page";
    const reason = `${trial.what} ${seen}: pages are counted from 0`;
    return accept(trial, { value: withBase(value, 0), confidence: "sure", reason });
  }
  if (!isPlain)
    return refuted(trial, `${trial.what} gives ${comparison === "empty" ? "nothing" : "the same records"}`);
  const reason = `${trial.what} gives the first page: pages are counted from 1 (an API without this parameter would answer the same; then the read ends with an error)`;
  return accept(trial, { value: withBase(value, 1), confidence: "likely", reason });
}

/** The last page by the total: it has what is left where pages are counted from 1, and nothing where from 0. */
function concludeLast(trial: Trial, comparison: ReturnType<typeof comparePages>, second: Exchange): Finding {
  const { value, last } = trial.candidate;
  if (comparison === "empty") {
    const reason = `${trial.what} is behind the last page: pages are counted from 0`;
    return accept(trial, { value: withBase(value, 0), confidence: "likely", reason });
  }
  if (comparison === "other" && second.records.length === last?.records) {
    const reason = `${trial.what} gives the last ${count(second.records.length, "record")}`;
    return accept(trial, { value, confidence: "sure", reason });
  }
  return refuted(
    trial,
    `${trial.what} gives ${comparison === "same" ? "the same records" : "records that do not add up"}`,
  );
}

/** An error for a second page says that it is asked for in the wrong way, or that there is none. */
function concludeError(trial: Trial, status: number): Finding {
  const { candidate, what } = trial;
  const isMissing = status === 404 || status === 416 || status === 400 || status === 422;
  if (candidate.test === "last" && status === 404) {
    const reason = `${what} is answered with 404, behind the last page: pages are counted from 0`;
    return accept(trial, { value: withBase(candidate.value, 0), confidence: "likely", reason });
  }
  if (isMissing) return refuted(trial, `${what} is answered with ${status}`);
  return unconfirmed(trial, `${what} was answered with ${status}`);
}

/** Nothing shows that there is more. */
function concludeSilence(page: FirstPage, second: Second | undefined): Finding {
  const { length } = page.exchange.records;
  const single: Alternative = { value: "single_page", reason: "if this is all there is" };
  const paged = (base: number): Alternative => {
    return { value: { type: "page_number", base_page: base }, reason: `if pages are counted from ${base}` };
  };
  const nothing = "nothing in the response leads to a next page";
  if (second?.exchange) {
    const comparison = comparePages(page.exchange, second.exchange);
    if (comparison !== "same") {
      const seen = comparison === "empty" ? "is empty" : "gives other records";
      return undecided("paginator", [nothing, `but ?page=2 ${seen}`], [paged(1), paged(0)]);
    }
  }
  const total = totalRecords(page);
  if (total === length) {
    const reasons = [
      `all ${count(total, "record")} are on this page: ask again where there are more than one page holds`,
    ];
    return undecided("paginator", reasons, [single]);
  }
  if (moreFlag(page) === false) {
    const reasons = ["the response says that there is no more, but not how one would ask for it"];
    return undecided("paginator", reasons, [single, paged(1)]);
  }
  const isRound = length >= 10 && length % 5 === 0;
  if (isRound || !second?.exchange) {
    const doubt = isRound
      ? `${count(length, "record")} may be one full page of more`
      : "only one page was seen";
    return undecided("paginator", [nothing, doubt], [single]);
  }
  const reasons = [nothing, `?page=2 gives the same ${count(length, "record")}`];
  return found("paginator", "single_page", { confidence: "likely", reasons });
}

/** Only the first page is known: known shapes are written, guesses are not. */
function unconfirmed(trial: Trial, failure: string | undefined): Finding {
  const { candidate, stop } = trial;
  const why = failure ?? (stop === undefined ? undefined : "there is no second page to try it on");
  const reasons = [...candidate.reasons, ...(why === undefined ? [] : [why])];
  // Which number the first page has decides what is read: that is not to be guessed.
  if (candidate.test === "base" && candidate.isPlain) {
    const bases = [1, 0].map((base) => {
      return { value: withBase(candidate.value, base), reason: `if pages are counted from ${base}` };
    });
    return undecided("paginator", [...reasons, "the number of the first page is not known"], bases);
  }
  if (!candidate.isPlain) return undecided("paginator", reasons, rivalsOf(candidate));
  return found("paginator", shorten(candidate.value), { confidence: "likely", reasons });
}

function accept(
  { candidate }: Trial,
  { value, confidence, reason }: { value: JsonObject; confidence: "sure" | "likely"; reason: string },
): Finding {
  return found("paginator", shorten(value), { confidence, reasons: [...candidate.reasons, reason] });
}

function refuted({ candidate }: Trial, reason: string): Finding {
  return undecided("paginator", [...candidate.reasons, reason], rivalsOf(candidate));
}

/** An empty page behind a link or a cursor is an odd end, but an end; a number may have skipped what is there. */
function refutedUnless(trial: Trial, reason: string): Finding {
  const { value, isPlain } = trial.candidate;
  const { type } = value;
  const isToken = type !== "page_number" && type !== "offset";
  return isToken && isPlain ? accept(trial, { value, confidence: "likely", reason }) : refuted(trial, reason);
}

function rivalsOf({ value, rivals = [] }: Candidate): readonly Alternative[] {
  return [value, ...rivals].map((each) => {
    return { value: shorten(each), reason: describePlace(each) };
  });
}

/** What tells a paginator from its rivals. */
function describePlace(value: JsonObject): string {
  const param = Object.entries(value).find(([key]) =>
    /^(cursor|page|offset|limit)?_?(param|body_path)$/.test(key),
  );
  if (typeof param?.[1] === "string") return `if ${param[1]} takes it`;
  return value["type"] === "offset" ? "if the API pages by offset" : "if the API pages by page number";
}

function withBase(value: JsonObject, base: number): JsonObject {
  const { type = "page_number", base_page: _guessed, ...rest } = value;
  return { type, base_page: base, ...rest };
}

/** A paginator that needs no options is one word. */
function shorten(value: JsonObject): JsonValue {
  const { type, ...options } = value;
  return Object.keys(options).length === 0 && type !== undefined ? type : value;
}
