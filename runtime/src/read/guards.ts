import { PageError, ReadFailure } from "../errors.js";
import type { UnsignedRequest } from "../http/transport.js";
import type { PageRequest } from "../paginators/paginator.js";

/** Detects paging that makes no progress. */
export interface Guards {
  /** Refuses a request that this read has sent before. */
  readonly request: (request: UnsignedRequest, page: PageRequest) => void;
  /** Refuses a page beyond the limit, and records that repeat under different page numbers. */
  readonly records: (records: readonly unknown[]) => void;
}

/** A read without `maxPages` that gets this far makes no progress. */
const pageLimit = 100_000;

/** Creates the guards of one read. Without a primary key, equal pages may be legitimate; a fourth one in a row is not. */
export function createGuards(primaryKey: readonly string[] = [], maxPages: number = pageLimit): Guards {
  const seen = new Set<number>();
  let previous: readonly unknown[] = [];
  let ends = "";
  let repeats = 0;
  let pages = 0;
  return {
    request: ({ method, url, body }, { headers }) => {
      const request = hash(JSON.stringify([method, url, body, headers]));
      if (seen.has(request))
        throw new ReadFailure(PageError, "PAGINATION_LOOP", "the next request is the same as an earlier one");
      seen.add(request);
    },
    records: (records) => {
      const isKeyed = primaryKey.length > 0 && JSON.stringify(records[0], primaryKey as string[]) !== "{}";
      // Compares the keys of the first and the last record or, without keys, everything.
      const text = (value: unknown): string =>
        JSON.stringify(value, isKeyed ? (primaryKey as string[]) : null);
      const last = ends;
      ends = text([records.length, records[0], records.at(-1)]);
      const isRepeated = records.length > 0 && ends === last && (isKeyed || text(records) === text(previous));
      repeats = isRepeated ? repeats + 1 : 0;
      previous = records;
      if (repeats > (isKeyed ? 0 : 2)) {
        throw new ReadFailure(
          PageError,
          "PAGE_PARAM_IGNORED",
          "the page has the same records as the one before",
        );
      }
      if (++pages > maxPages)
        throw new ReadFailure(PageError, "TOO_MANY_PAGES", `the read has no end after ${maxPages} pages`);
    },
  };
}

/** A polynomial hash below 2^47, exact in doubles: a million pages need no million URLs in memory. */
export function hash(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) % 140_737_488_355_213;
  return value;
}
