import type { JsonObject } from "@connector-gen/runtime";
import { isObject } from "../spec/values.js";
import type { Candidate, FirstPage } from "./candidate.js";
import { envelopeOf } from "./envelope.js";
import { pageGuess } from "./paging-ranges.js";
import { isFullPage, stopOptions, totalRecords } from "./paging-totals.js";
import { toSelector } from "./selectors.js";

/** Recognises APIs whose responses do not name their paging parameters. Finds nothing if the page is complete. */
export function knownCandidates(page: FirstPage): readonly Candidate[] {
  const total = totalRecords(page);
  const mayContinue = isFullPage(page) || (total !== undefined && total > page.exchange.records.length);
  return mayContinue ? [...openData(page), ...jsonApiPages(page), ...newestFirst(page)] : [];
}

/** Recognises CKAN and Socrata, which many open-data portals run. */
function openData(page: FirstPage): readonly Candidate[] {
  const { body, url, records } = page.exchange;
  const offset = (names: JsonObject, reason: string): Candidate => ({
    value: { type: "offset", limit: records.length, ...names, ...stopOptions(page, "records") },
    reasons: [reason],
    isConclusive: false,
    test: "next",
  });
  const isCkan = isObject(body) && typeof body["help"] === "string" && typeof body["success"] === "boolean";
  if (isCkan)
    return [offset({ offset_param: "start", limit_param: "rows" }, "the body has the form of CKAN")];
  const isSocrata = /\/resource\/\w{4}-\w{4}(\.json)?(\?|$)/.test(url);
  return isSocrata
    ? [offset({ offset_param: "$offset", limit_param: "$limit" }, "the path has the form of Socrata")]
    : [];
}

/** Finds `page[number]`, as JSON:API recommends, by its content type or by an object `page` beside the records. */
function jsonApiPages(page: FirstPage): readonly Candidate[] {
  const isJsonApi = /vnd\.api\+json/i.test(page.exchange.headers.get("content-type") ?? "");
  const hasContainer = envelopeOf(page).some(({ path }) => path.at(-2) === "page");
  if (!isJsonApi && !hasContainer) return [];
  const guess = pageGuess(page);
  const reason = isJsonApi ? "the body is JSON:API" : "an object `page` describes the pages";
  return [
    {
      ...guess,
      value: { ...guess.value, page_param: "page[number]" },
      reasons: [...guess.reasons, reason],
    },
  ];
}

/** Recognises the responses to a form of Typeform, the newest first: `before` takes the token of the oldest one. */
export function formResponses({ exchange }: FirstPage): readonly Candidate[] {
  const { body, records } = exchange;
  const isForm = isObject(body) && typeof body["page_count"] === "number" && records.length > 0;
  const haveTokens = records.every(
    (record) =>
      isObject(record) && typeof record["token"] === "string" && typeof record["landing_id"] === "string",
  );
  if (!isForm || !haveTokens) return [];
  const reasons = ["the body has the form of Typeform"];
  const value = { type: "last_record", path: "token", param: "before" };
  return [{ value, reasons, isConclusive: false, test: "next" }];
}

/** Recognises records with 64-bit ids made from times, the newest first, as in a chat: `before` takes the oldest id. */
function newestFirst({ exchange, key }: FirstPage): readonly Candidate[] {
  const path = key === undefined ? undefined : toSelector([key]);
  if (key === undefined || path === undefined || exchange.records.length < 2) return [];
  const ids = exchange.records.map((record) => (isObject(record) ? String(record[key]) : ""));
  if (!ids.every((id) => /^\d{15,20}$/.test(id))) return [];
  const isDescending = ids.every((id, at) => at === 0 || BigInt(id) < BigInt(ids[at - 1] ?? 0));
  if (!isDescending) return [];
  const reasons = ["the newest record comes first, so before takes the id of the last one"];
  return [
    { value: { type: "last_record", path, param: "before" }, reasons, isConclusive: false, test: "next" },
  ];
}

/**
 * Lets an empty page end the read if the first page has a link to a previous page. Such an API writes all links into
 * every page, even into the page after the last one.
 */
export function withEmptyPageEnd(page: FirstPage, candidate: Candidate): Candidate {
  const link = /;\s*rel\s*=\s*"?prev(ious)?\b/i.test(page.exchange.headers.get("link") ?? "");
  const named = envelopeOf(page).some(
    ({ words, value }) => /^prev(ious)?( |$)/.test(words) && typeof value === "string" && value !== "",
  );
  const isAlways = candidate.value["type"] === "header_link" ? link : named;
  return isAlways ? { ...candidate, value: { ...candidate.value, stop_after_empty_page: true } } : candidate;
}
