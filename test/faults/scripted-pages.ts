import { parallelOffset, parallelPageNumber } from "../../runtime/src/index.js";
import type { FetchLike, Paginator } from "../../runtime/src/plugin.js";

/** The totals that a response can state. */
export const totals = ["records", "pages", "none", "small", "large", "own", "changing", "text"] as const;

/** The responses beyond the last page. */
export const beyonds = ["empty", "clamp", "404", "500"] as const;

/** The faults of a response. */
export const words = ["500", "503", "429", "404", "reset", "cut", "html", "empty", "error200"] as const;

/** A paged API without a network. The same script gives the same response to the n-th request of a page. */
export interface PagesScript {
  readonly style: "offset" | "page_number";
  readonly count: number;
  /** Records per page. */
  readonly size: number;
  /** The limit that the client sends; the API serves `size` all the same. */
  readonly limit: number;
  readonly total: (typeof totals)[number];
  /** Whether the spec names the total. */
  readonly isNamed: boolean;
  readonly hasMore: boolean;
  /** For offsets: whether they grow by the records received. */
  readonly isReceived: boolean;
  readonly beyond: (typeof beyonds)[number];
  /** The faults of each page in turn, by index from 0. */
  readonly faults: Readonly<Record<string, readonly (typeof words)[number][]>>;
  /** Requests in flight beyond which the API responds 429; absent: it has no such limit. */
  readonly capacity?: number;
  /** Milliseconds of the n-th response are the n-th of these, round and round. */
  readonly delays: readonly number[];
}

/** The paginator of a script's spec. */
export function paginatorOf(script: PagesScript): Paginator {
  const { style, limit, total, isNamed, hasMore, isReceived } = script;
  const inPages = total === "pages";
  const stops = {
    totalPath: isNamed ? ["total"] : undefined,
    ...(isNamed && { totalOf: inPages ? ("pages" as const) : ("records" as const) }),
    ...(hasMore && { hasMorePath: ["has_more"] }),
  };
  return style === "offset"
    ? parallelOffset({ limit, ...stops, ...(isReceived && { step: "received" as const }) })
    : parallelPageNumber({ limit, basePage: 1, ...stops });
}

/** A running script. */
export interface ScriptedPages {
  readonly fetch: FetchLike;
  readonly requests: () => number;
  /** The maximum number of requests in flight. */
  readonly mostInFlight: () => number;
}

/** Starts a script from its beginning. */
export function playPages(script: PagesScript): ScriptedPages {
  const left = new Map(Object.entries(script.faults).map(([page, list]) => [Number(page), [...list]]));
  // A 404 is permanent: a page that is requested twice, ahead and in its turn, must fail both times.
  const takeFault = (page: number): (typeof words)[number] | undefined =>
    left.get(page)?.[0] === "404" ? "404" : left.get(page)?.shift();
  let requests = 0;
  let inFlight = 0;
  let most = 0;
  const fetch: FetchLike = async (url, { signal }) => {
    const n = requests++;
    most = Math.max(most, ++inFlight);
    const isTooMany = inFlight > (script.capacity ?? Infinity);
    try {
      await pause(script.delays[n % script.delays.length] ?? 0, signal);
      const start = startOf(script, new URL(url).searchParams);
      return isTooMany ? respond(429) : answer(script, start, takeFault(start / script.size));
    } finally {
      inFlight--;
    }
  };
  return { fetch, requests: () => requests, mostInFlight: () => most };
}

function startOf({ style, size }: PagesScript, query: URLSearchParams): number {
  return style === "offset" ? Number(query.get("offset")) : (Number(query.get("page")) - 1) * size;
}

/** Waits, unless the request is aborted. */
function pause(milliseconds: number, given: unknown): Promise<void> {
  const signal = given as AbortSignal;
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    // A timer of 0 takes a millisecond.
    if (milliseconds === 0) return void setImmediate(resolve);
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

function answer(script: PagesScript, start: number, word?: (typeof words)[number]): Response {
  const { count, size, beyond, hasMore } = script;
  const isBeyond = start >= count && start > 0;
  if (isBeyond && beyond !== "empty" && beyond !== "clamp") return respond(Number(beyond));
  const from = isBeyond && beyond === "clamp" ? Math.max(0, count - size) : start;
  const length = Math.max(0, Math.min(size, count - from));
  const items = Array.from({ length }, (_, index) => ({ id: from + index + 1, name: `row ${from + index}` }));
  const body = JSON.stringify({
    items,
    ...totalAt(script, start, length),
    ...(hasMore && { has_more: start + size < count }),
  });
  return spoil(body, word);
}

function totalAt({ total, count, size }: PagesScript, start: number, length: number): object {
  const pages = Math.ceil(count / size);
  switch (total) {
    case "none":
      return {};
    case "records":
      return { total: count };
    case "text":
      return { total: `${count}` };
    case "pages":
      return { total: pages };
    case "small":
      return { total: Math.floor(count / 2) };
    case "large":
      return { total: count + 3 * size };
    case "own":
      return { total: length };
    case "changing":
      return { total: count + (start >= 3 * size ? 1 : 0) };
  }
}

function spoil(body: string, word: (typeof words)[number] | undefined): Response {
  switch (word) {
    case undefined:
      return respond(200, body);
    case "reset":
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
      });
    case "cut":
      return respond(200, body.slice(0, -2));
    case "html":
      return respond(200, "<html>");
    case "empty":
      return respond(200);
    case "error200":
      return respond(200, '{"error":"busy"}');
    case "429":
      return respond(429, "", { "retry-after": "0" });
    case "404":
    case "500":
    case "503":
      return respond(Number(word));
  }
}

function respond(status: number, body = "", headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, { status, headers: { ...headers } });
}
