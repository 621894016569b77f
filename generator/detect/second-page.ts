import type { Exchange, PageRequest, Paginator, Position } from "@connector-gen/runtime/plugin";
import type { JsonObject } from "@connector-gen/runtime";

import { makePaginator, type Candidate, type FirstPage } from "./candidate.js";

/** A candidate made ready for a second request. */
export interface Trial {
  readonly candidate: Candidate;
  readonly paginator: Paginator;
  /** What is asked for, and the position that it stands at; absent where there is nothing to ask for. */
  readonly ask?: { readonly request: PageRequest; readonly position: Position };
  /** In words, without values that may be secrets: `?page=2`. */
  readonly what: string;
  /** Why there is no second page. */
  readonly stop?: string;
}

/** Finds out what a candidate would ask for next; nothing for one that cannot go on from the first page. */
export function prepareTrial(candidate: Candidate, page: FirstPage): Trial | undefined {
  try {
    const paginator = makePaginator(candidate.value);
    const position = positionOf(candidate, paginator, page);
    if (typeof position === "string") return { candidate, paginator, what: "", stop: position };
    const request = paginator.request(position);
    return { candidate, paginator, ask: { request, position }, what: describeRequest(request) };
  } catch {
    return undefined;
  }
}

/** The position to ask for, or why there is none. */
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
  return makePaginator({ ...value, base_page: Math.min(page, 1), page }).start;
}

/** `?page=2`, `?cursor=…`: numbers as they are, anything else may be a secret of the API's. */
function describeRequest({ query = {}, body = {}, headers = {}, url }: PageRequest): string {
  if (url !== undefined) return "the link";
  const show = (value: unknown): string => (typeof value === "number" ? String(value) : "…");
  const params = Object.entries(query).map(([name, value]) => `${name}=${show(value)}`);
  const fields = Object.entries(body).map(([name, value]) => `${name}: ${show(value)}`);
  const text = params.length > 0 ? `?${params.join("&")}` : fields.join(", ");
  return text || Object.keys(headers).join(", ");
}

/** How the second page compares with the first. */
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
 * The candidate without what the second page lacks: a total that only the first page tells, or a flag. Nothing where the
 * paginator cannot go on at all.
 */
export function withoutMissing(value: JsonObject, trial: Trial, second: Exchange): JsonObject | undefined {
  const { total_path: total, has_more_path: _flag, ...rest } = value;
  const attempts: readonly JsonObject[] = [
    value,
    { ...rest, ...(total !== undefined && { total_path: null }) },
  ];
  return attempts.find((attempt) => {
    try {
      makePaginator(attempt).next(trial.ask?.position ?? trial.paginator.start, second);
      return true;
    } catch {
      return false;
    }
  });
}
