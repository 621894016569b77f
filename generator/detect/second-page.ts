import type { JsonObject } from "@connector-gen/runtime";
import type { Exchange, PageRequest, Paginator, Position } from "@connector-gen/runtime/plugin";
import { createPaginator, type Candidate, type FirstPage } from "./candidate.js";

/** Result of a request for another page. */
export interface SecondResult {
  readonly exchange?: Exchange;
  /** Status of an error response. */
  readonly status?: number;
  /** Why the response cannot be used, redacted. */
  readonly failure?: string;
}

/** Sends a request for another page. Resolves to `undefined` if no more requests are allowed. */
export type Ask = (request: PageRequest) => Promise<SecondResult | undefined>;

/** A candidate and the request that tests it. */
export interface Trial {
  readonly candidate: Candidate;
  readonly paginator: Paginator;
  /** The request and its position; absent if there is no second page. */
  readonly second?: { readonly request: PageRequest; readonly position: Position };
  /** The request in words, without values that may be secrets: `?page=2`. */
  readonly what: string;
}

/** Prepares the next request of a candidate. Returns `undefined` if its paginator rejects the first page. */
export function prepareTrial(candidate: Candidate, page: FirstPage): Trial | undefined {
  try {
    const paginator = createPaginator(candidate.value);
    const position = positionOf(candidate, paginator, page);
    if (position === undefined) return { candidate, paginator, what: "" };
    const request = paginator.request(position);
    return { candidate, paginator, second: { request, position }, what: describeRequest(request) };
  } catch {
    return undefined;
  }
}

/** Returns the position of the next request, or `undefined` if there is none. */
function positionOf(
  { test, last, value }: Candidate,
  paginator: Paginator,
  { exchange }: FirstPage,
): Position | undefined {
  if (test === "next") return paginator.next(paginator.start, exchange).next;
  return startAt(value, test === "number" ? 2 : (last?.page ?? 1));
}

function startAt(value: JsonObject, page: number): Position {
  return createPaginator({ ...value, base_page: 1, page }).start;
}

/** Prepares the request for a page by its number. */
export function requestNumber(value: JsonObject, page: number): Pick<Trial, "second" | "what"> {
  const paginator = createPaginator(value);
  const position = startAt(value, page);
  const request = paginator.request(position);
  return { second: { request, position }, what: describeRequest(request) };
}

/** Describes a request: `?page=2`, `?cursor=…`. Shows numbers only, because any other value may be a secret. */
function describeRequest({ query = {}, body = {}, headers = {}, url }: PageRequest): string {
  if (url !== undefined) return "the link";
  const show = (value: unknown): string => (typeof value === "number" ? String(value) : "…");
  const params = Object.entries(query).map(([name, value]) => `${name}=${show(value)}`);
  const fields = Object.entries(body).map(([name, value]) => `${name}: ${show(value)}`);
  const text = params.length > 0 ? `?${params.join("&")}` : fields.join(", ");
  return text || Object.keys(headers).join(", ");
}

/** Result of comparing the second page with the first. */
export type Comparison = "other" | "same" | "overlap" | "empty";

/** Compares the records of two pages. */
export function comparePages(first: Exchange, second: Exchange): Comparison {
  if (second.records.length === 0) return "empty";
  const seen = new Set(first.records.map((record) => JSON.stringify(record)));
  const known = second.records.filter((record) => seen.has(JSON.stringify(record))).length;
  if (known === 0) return "other";
  return known === second.records.length ? "same" : "overlap";
}

/**
 * Removes the total and the flag from a paginator if the second page lacks them. Returns `undefined` if the paginator
 * still rejects the second page.
 */
export function withoutMissing(value: JsonObject, trial: Trial, second: Exchange): JsonObject | undefined {
  const { total_path: total, has_more_path: _flag, end_path: _end, ...rest } = value;
  const attempts: readonly JsonObject[] = [
    value,
    { ...rest, ...(total !== undefined && { total_path: null }) },
  ];
  return attempts.find((attempt) => {
    try {
      createPaginator(attempt).next(trial.second?.position ?? trial.paginator.start, second);
      return true;
    } catch {
      return false;
    }
  });
}
