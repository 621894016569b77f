import type { JsonObject } from "@connector-gen/runtime";
import type { Exchange, PageRequest, Paginator, Position } from "@connector-gen/runtime/plugin";
import { createPaginator, type Candidate, type FirstPage } from "./candidate.js";

/** A candidate with its second request. */
export interface Trial {
  readonly candidate: Candidate;
  readonly paginator: Paginator;
  /** The second request and its position; absent if there is no second page. */
  readonly second?: { readonly request: PageRequest; readonly position: Position };
  /** The second request in words, without values that may be secrets: `?page=2`. */
  readonly what: string;
  /** Why there is no second page. */
  readonly stop?: string;
}

/** Prepares the second request of a candidate. Returns `undefined` if its paginator rejects the first page. */
export function prepareTrial(candidate: Candidate, page: FirstPage): Trial | undefined {
  try {
    const paginator = createPaginator(candidate.value);
    const position = positionOf(candidate, paginator, page);
    if (typeof position === "string") return { candidate, paginator, what: "", stop: position };
    const request = paginator.request(position);
    return { candidate, paginator, second: { request, position }, what: describeRequest(request) };
  } catch {
    return undefined;
  }
}

/** Returns the position of the second request, or why there is none. */
function positionOf(
  { test, last, value }: Candidate,
  paginator: Paginator,
  { exchange }: FirstPage,
): Position | string {
  if (test === "next") {
    const { next, stop } = paginator.next(paginator.start, exchange);
    return next ?? stop ?? "no_next";
  }
  const page = test === "base" ? 1 : (last?.page ?? 1);
  return createPaginator({ ...value, base_page: Math.min(page, 1), page }).start;
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
  const { total_path: total, has_more_path: _flag, ...rest } = value;
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
