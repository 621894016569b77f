import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { Exchange } from "@connector-gen/runtime/plugin";
import type { Candidate, FirstPage } from "./candidate.js";
import { count, found, undecided, type Alternative, type Finding } from "./finding.js";
import { cursorCandidates } from "./paging-cursors.js";
import { linkCandidates } from "./paging-links.js";
import { guesses, moreFlag, rangeCandidates, totalRecords } from "./paging-ranges.js";
import { comparePages, prepareTrial, withoutMissing, type Trial } from "./second-page.js";

/** Result of the second request. */
export interface SecondResult {
  readonly exchange?: Exchange;
  /** Status of an error response. */
  readonly status?: number;
  /** Why there is no usable response, redacted. */
  readonly failure?: string;
}

/** Chooses the likeliest paginator for a first page and prepares the second request. Returns `undefined` without records. */
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

/** The candidate when nothing suggests more pages: requests page 2, which exists if the API numbers its pages. */
const pageTwo: Candidate = {
  value: { type: "page_number", base_page: 1 },
  reasons: [],
  isConclusive: false,
  test: "last",
  last: { page: 2, records: 0 },
};

/** Creates the finding for a response that is one record. */
export function singleRecord(): Finding {
  return found("paginator", "single_page", {
    confidence: "sure",
    reasons: ["the response is a single record"],
  });
}

/** Evaluates a trial by the second page, or by the first page alone if there is no second response. */
export function concludePaging(
  page: FirstPage,
  trial: Trial | undefined,
  second: SecondResult | undefined,
): Finding {
  if (!trial)
    return undecided("paginator", ["the response has no records; run detect again when it has some"]);
  if (trial.candidate === pageTwo) return concludeSilence(page, second);
  const { candidate } = trial;
  if (!second || second.failure !== undefined) return unconfirmed(trial, second?.failure);
  if (second.status !== undefined) return concludeError(trial, second.status);
  if (!second.exchange) return unconfirmed(trial, undefined);
  const comparison = comparePages(page.exchange, second.exchange);
  if (candidate.test === "base") return concludeBase(trial, comparison);
  if (candidate.test === "last") return concludeLast(trial, comparison, second.exchange);
  const { length } = second.exchange.records;
  if (comparison === "same") return refuted(trial, `${trial.what} returns the same records again`);
  if (comparison === "empty") return concludeEmpty(trial, `${trial.what} returns an empty page`);
  const value = withoutMissing(candidate.value, trial, second.exchange);
  if (!value) return refuted(trial, `the response to ${trial.what} does not identify the next page`);
  const isDisjoint = comparison === "other";
  const reason = isDisjoint
    ? `${trial.what} returns ${count(length, "new record")}`
    : `${trial.what} returns new records and some from the first page`;
  return accept(trial, { value, confidence: isDisjoint ? "sure" : "likely", reason });
}

/** Evaluates `page=1`: if it differs from the page without a number, pages are numbered from 0. */
function concludeBase(trial: Trial, comparison: ReturnType<typeof comparePages>): Finding {
  const { value, isConclusive } = trial.candidate;
  if (comparison === "other" || comparison === "overlap" || (comparison === "empty" && isConclusive)) {
    const seen = comparison === "empty" ? "is empty" : "differs from the first page";
    const reason = `${trial.what} ${seen}, so pages are numbered from 0`;
    return accept(trial, { value: withBase(value, 0), confidence: "sure", reason });
  }
  if (!isConclusive)
    return refuted(
      trial,
      `${trial.what} returns ${comparison === "empty" ? "no records" : "the same records"}`,
    );
  const reason = `${trial.what} returns the first page, so pages are numbered from 1 (an API that ignores the parameter responds the same way; a read then ends with an error)`;
  return accept(trial, { value: withBase(value, 1), confidence: "likely", reason });
}

/** Evaluates the last page by the total: it has the remaining records if pages are numbered from 1, none if from 0. */
function concludeLast(trial: Trial, comparison: ReturnType<typeof comparePages>, second: Exchange): Finding {
  const { value, last } = trial.candidate;
  if (comparison === "empty") {
    const reason = `${trial.what} is past the last page, so pages are numbered from 0`;
    return accept(trial, { value: withBase(value, 0), confidence: "likely", reason });
  }
  if (comparison === "other" && second.records.length === last?.records) {
    const reason = `${trial.what} returns the last ${count(second.records.length, "record")}`;
    return accept(trial, { value, confidence: "sure", reason });
  }
  return refuted(
    trial,
    `${trial.what} returns ${comparison === "same" ? "the same records" : "an unexpected number of records"}`,
  );
}

/** Evaluates an error response: the request for the second page is wrong, or the page does not exist. */
function concludeError(trial: Trial, status: number): Finding {
  const { candidate, what } = trial;
  const isMissing = status === 404 || status === 416 || status === 400 || status === 422;
  if (candidate.test === "last" && status === 404) {
    const reason = `${what} returns 404 and is past the last page, so pages are numbered from 0`;
    return accept(trial, { value: withBase(candidate.value, 0), confidence: "likely", reason });
  }
  if (isMissing) return refuted(trial, `${what} returns ${status}`);
  return unconfirmed(trial, `${what} returned ${status}`);
}

/** Evaluates a first page without any sign of more pages. */
function concludeSilence(page: FirstPage, second: SecondResult | undefined): Finding {
  const { length } = page.exchange.records;
  const single: Alternative = { value: "single_page", reason: "if there is only one page" };
  const paged = (base: number): Alternative => {
    return { value: { type: "page_number", base_page: base }, reason: `if pages are numbered from ${base}` };
  };
  const nothing = "nothing in the response identifies a next page";
  if (second?.exchange) {
    const comparison = comparePages(page.exchange, second.exchange);
    if (comparison !== "same") {
      const seen = comparison === "empty" ? "is empty" : "returns other records";
      return undecided("paginator", [nothing, `but ?page=2 ${seen}`], [paged(1), paged(0)]);
    }
  }
  const total = totalRecords(page);
  if (total === length) {
    const reasons = [
      `all ${count(total, "record")} are on this page; run detect again when there is more than one page`,
    ];
    return undecided("paginator", reasons, [single]);
  }
  if (moreFlag(page) === false) {
    const reasons = ["the response says that no more pages follow, but not how to request them"];
    return undecided("paginator", reasons, [single, paged(1)]);
  }
  const isRound = length >= 10 && length % 5 === 0;
  if (isRound || !second?.exchange) {
    const doubt = isRound
      ? `${count(length, "record")} may be one full page of several`
      : "only one page was seen";
    return undecided("paginator", [nothing, doubt], [single]);
  }
  const reasons = [nothing, `?page=2 returns the same ${count(length, "record")}`];
  return found("paginator", "single_page", { confidence: "likely", reasons });
}

/** Evaluates a candidate by the first page alone: accepts a conclusive candidate, but no guess. */
function unconfirmed(trial: Trial, failure: string | undefined): Finding {
  const { candidate, stop } = trial;
  const why = failure ?? (stop === undefined ? undefined : "there is no second page to confirm it");
  const reasons = [...candidate.reasons, ...(why === undefined ? [] : [why])];
  // A wrong number for the first page would skip or repeat records, so it must not be guessed.
  if (candidate.test === "base" && candidate.isConclusive) {
    const bases = [1, 0].map((base) => {
      return { value: withBase(candidate.value, base), reason: `if pages are numbered from ${base}` };
    });
    return undecided("paginator", [...reasons, "the number of the first page is unknown"], bases);
  }
  if (!candidate.isConclusive) return undecided("paginator", reasons, rivalsOf(candidate));
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

/** Evaluates an empty second page: a link or a cursor may end with one, but a wrong page number may skip records. */
function concludeEmpty(trial: Trial, reason: string): Finding {
  const { value, isConclusive } = trial.candidate;
  const { type } = value;
  const isToken = type !== "page_number" && type !== "offset";
  return isToken && isConclusive
    ? accept(trial, { value, confidence: "likely", reason })
    : refuted(trial, reason);
}

function rivalsOf({ value, rivals = [] }: Candidate): readonly Alternative[] {
  return [value, ...rivals].map((each) => {
    return { value: shorten(each), reason: describeDifference(each) };
  });
}

/** Describes how a paginator differs from its rivals. */
function describeDifference(value: JsonObject): string {
  const param = Object.entries(value).find(([key]) =>
    /^(cursor|page|offset|limit)?_?(param|body_path)$/.test(key),
  );
  if (typeof param?.[1] === "string") return `if the parameter is ${param[1]}`;
  return value["type"] === "offset" ? "if the API pages by offset" : "if the API pages by page number";
}

function withBase(value: JsonObject, base: number): JsonObject {
  const { type = "page_number", base_page: _guessed, ...rest } = value;
  return { type, base_page: base, ...rest };
}

/** Shortens a paginator without options to its type. */
function shorten(value: JsonObject): JsonValue {
  const { type, ...options } = value;
  return Object.keys(options).length === 0 && type !== undefined ? type : value;
}
