import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { Exchange } from "@connector-gen/runtime/plugin";
import type { Candidate, FirstPage } from "./candidate.js";
import { count, found, undecided, type Alternative, type Finding } from "./finding.js";
import {
  comparePages,
  prepareTrial,
  requestNumber,
  withoutMissing,
  type Ask,
  type Comparison,
  type SecondResult,
  type Trial,
} from "./second-page.js";

/** The finding for a candidate. */
export interface Judgement {
  readonly finding: Finding;
  /** Whether no more requests are allowed. */
  readonly isOver?: true;
  /** Whether the server rejected the request, as it may do with each unknown parameter. */
  readonly isRejected?: true;
}

/** A candidate under test. */
interface Test {
  readonly trial: Trial;
  readonly page: FirstPage;
  readonly ask: Ask;
}

/** Tests a candidate by sending its requests. Resolves to `undefined` if its paginator rejects the first page. */
export async function judge(candidate: Candidate, page: FirstPage, ask: Ask): Promise<Judgement | undefined> {
  const trial = prepareTrial(candidate, page);
  if (!trial) return undefined;
  if (!trial.second) return { finding: unconfirmed(trial, "not confirmed: the response has no second page") };
  const second = await ask(trial.second.request);
  if (!second) return { finding: unconfirmed(trial, undefined), isOver: true };
  const test = { trial, page, ask };
  if (candidate.test === "number") return { finding: await judgeNumber(test, second) };
  if (candidate.test === "last") return { finding: await judgeLast(test, second) };
  return { finding: judgeNext(test, second), ...(isMissing(second.status) && { isRejected: true }) };
}

function judgeNext({ trial, page }: Test, { exchange, status, failure }: SecondResult): Finding {
  const { candidate, what } = trial;
  if (isMissing(status)) return refuted(trial, `${what} returns ${status ?? ""}`);
  if (!exchange) return unconfirmed(trial, failure ?? `${what} returned ${status ?? ""}`);
  const comparison = comparePages(page.exchange, exchange);
  if (comparison === "same") return refuted(trial, `${what} returns the same records again`);
  if (comparison === "empty") return judgeEmpty(trial, `${what} returns an empty page`);
  const value = withoutMissing(candidate.value, trial, exchange);
  if (!value) return refuted(trial, `the response to ${what} does not identify the next page`);
  const isDisjoint = comparison === "other";
  const reason = isDisjoint
    ? `${what} returns ${count(exchange.records.length, "new record")}`
    : `${what} returns new records and some from the first page`;
  return accept(trial, { value, confidence: isDisjoint ? "sure" : "likely", reason });
}

/** Whether a status says that the request is wrong or that the page does not exist. */
function isMissing(status: number | undefined): boolean {
  return status === 400 || status === 404 || status === 416 || status === 422;
}

/** Judges an empty second page: a link or a cursor may end with one, but a wrong page number may skip records. */
function judgeEmpty(trial: Trial, reason: string): Finding {
  const { value, isConclusive } = trial.candidate;
  const { type } = value;
  const isToken = type !== "page_number" && type !== "offset";
  return isConclusive && (isToken || trial.candidate.isInherited === true)
    ? accept(trial, { value, confidence: "likely", reason })
    : refuted(trial, reason);
}

/** Judges `page=2`. If the API knows the parameter, `page=1` shows whether page numbers start at 0 or 1. */
async function judgeNumber(
  { trial, page, ask }: Test,
  { exchange, status, failure }: SecondResult,
): Promise<Finding> {
  const { candidate, what } = trial;
  if (isMissing(status) && status !== 404) return refuted(trial, `${what} returns ${status ?? ""}`);
  if (!exchange && status !== 404) return unconfirmed(trial, failure ?? `${what} returned ${status ?? ""}`);
  const comparison = exchange ? comparePages(page.exchange, exchange) : "empty";
  if (comparison === "same") return refuted(trial, `${what} returns the same records again`);
  const one = requestNumber(candidate.value, 1);
  const first = one.second && (await ask(one.second.request));
  const isRepeated =
    first?.exchange === undefined ? undefined : comparePages(page.exchange, first.exchange) === "same";
  if (comparison === "empty" && exchange === undefined && !candidate.isConclusive && isRepeated !== false)
    return refuted(trial, `${what} returns 404`);
  if (isRepeated === undefined && first?.status === undefined) return undecidedBase(trial, []);
  const base = isRepeated ? 1 : 0;
  const seen = comparison === "empty" ? `${what} is empty` : `${what} returns other records`;
  const reason = `${seen} and ${one.what} ${isRepeated ? "the first page" : "does not return the first page"}, so pages are numbered from ${base}`;
  const value = withBase(candidate.value, base);
  return accept(trial, { value, confidence: comparison === "empty" ? "likely" : "sure", reason });
}

/** Judges the last page by the total: it has the remaining records if pages are numbered from 1, and none if from 0. */
async function judgeLast(test: Test, second: SecondResult): Promise<Finding> {
  const { trial, page, ask } = test;
  const { candidate, what } = trial;
  const { value, last } = candidate;
  const comparison: Comparison | undefined = second.exchange
    ? comparePages(page.exchange, second.exchange)
    : second.status === 404
      ? "empty"
      : undefined;
  if (comparison === "empty") {
    const reason = `${what} is past the last page, so pages are numbered from 0`;
    return accept(trial, { value: withBase(value, 0), confidence: "likely", reason });
  }
  if (comparison === "same") return refuted(trial, `${what} returns the same records again`);
  if (comparison === "other" && second.exchange?.records.length === last?.records) {
    const reason = `${what} returns the last ${count(last?.records ?? 0, "record")}`;
    return accept(trial, { value: keepTotal(value, trial, second.exchange), confidence: "sure", reason });
  }
  if (comparison === undefined) return refuted(trial, `${what} returns ${second.status ?? "no response"}`);
  const two = await judge({ ...candidate, test: "number" }, page, ask);
  return two?.finding ?? refuted(trial, `${what} returns an unexpected number of records`);
}

function keepTotal(value: JsonObject, trial: Trial, second: Exchange | undefined): JsonObject {
  return (second && withoutMissing(value, trial, second)) ?? value;
}

/** Judges a candidate by the first page alone: accepts a conclusive candidate, but not a guess. */
function unconfirmed(trial: Trial, failure: string | undefined): Finding {
  const { candidate } = trial;
  const reasons = [...candidate.reasons, ...(failure === undefined ? [] : [failure])];
  // A wrong number for the first page would skip or repeat records, so it must not be guessed.
  if (candidate.test === "number" && candidate.isConclusive) return undecidedBase(trial, reasons);
  if (!candidate.isConclusive) return undecided("paginator", reasons, rivalsOf(candidate));
  return found("paginator", shorten(candidate.value), { confidence: "likely", reasons });
}

function undecidedBase({ candidate }: Trial, reasons: readonly string[]): Finding {
  const bases = [1, 0].map((base) => {
    return { value: withBase(candidate.value, base), reason: `if pages are numbered from ${base}` };
  });
  return undecided("paginator", [...reasons, "the number of the first page is unknown"], bases);
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
export function shorten(value: JsonObject): JsonValue {
  const { type, ...options } = value;
  return Object.keys(options).length === 0 && type !== undefined ? type : value;
}
