import { Fault, PageError } from "../errors.js";
import type { PageRequest } from "../paginators/paginator.js";
import type { Draft } from "../http/request.js";

/** Watches one read for paging that leads nowhere. */
export interface Guards {
  /** Refuses a request that was made before in this read. */
  readonly request: (draft: Draft, page: PageRequest) => void;
  /** Refuses a page too many, and records that keep coming back under new page numbers. */
  readonly records: (records: readonly unknown[]) => void;
}

/** A read that was not told how many pages to read and gets this far is going nowhere. */
const pageLimit = 100_000;

/** Guards for one read. Without a primary key, equal pages may be honest: a fourth one in a row is not. */
export function createGuards(primaryKey: readonly string[] = [], maxPages: number = pageLimit): Guards {
  const seen = new Set<number>();
  let previous: readonly unknown[] = [];
  let ends = "";
  let repeats = 0;
  let pages = 0;
  return {
    request: ({ method, url, body }, { headers }) => {
      const fingerprint = hash(JSON.stringify([method, url, body, headers]));
      if (seen.has(fingerprint)) throw new Fault(PageError, "PAGINATION_LOOP", "the same request again");
      seen.add(fingerprint);
    },
    records: (records) => {
      const isKeyed = primaryKey.length > 0 && JSON.stringify(records[0], primaryKey as string[]) !== "{}";
      // By the keys of the first and the last record or, without keys, by everything.
      const text = (value: unknown): string =>
        JSON.stringify(value, isKeyed ? (primaryKey as string[]) : null);
      const last = ends;
      ends = text([records.length, records[0], records.at(-1)]);
      const isRepeated = records.length > 0 && ends === last && (isKeyed || text(records) === text(previous));
      repeats = isRepeated ? repeats + 1 : 0;
      previous = records;
      if (repeats > (isKeyed ? 0 : 2)) {
        throw new Fault(PageError, "PAGE_PARAM_IGNORED", "the same records again");
      }
      if (++pages > maxPages) throw new Fault(PageError, "TOO_MANY_PAGES", `no end after ${maxPages} pages`);
    },
  };
}

/** A polynomial hash below 2^47, exact in doubles: a read of a million pages needs no million URLs in memory. */
function hash(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) % 140_737_488_355_213;
  return value;
}
