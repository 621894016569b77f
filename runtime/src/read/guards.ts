import { PageError, ReadFailure } from "../errors.js";
import type { UnsignedRequest } from "../http/transport.js";
import { toJson } from "../exact-json.js";
import { keyOf, type JsonObject } from "../json.js";
import type { PageRequest, Paginator, Step } from "../paginators/paginator.js";

/** Detects paging that makes no progress. */
export interface Guards {
  /** Throws for a request that this read has already sent. */
  readonly request: (request: UnsignedRequest, page: PageRequest) => void;
  /**
   * Throws for a page beyond the limit, and for records that repeat at different positions. Returns a warning about a page
   * that equals the previous one and may be correct.
   */
  readonly records: (records: readonly unknown[], step: Step) => string | undefined;
  /** Returns the kept part of the records of the previous page. */
  readonly previous: () => readonly unknown[] | undefined;
}

/** The maximum number of pages of a read without `maxPages`. */
const pageLimit = 100_000;
/** The longest cycle of pages that is detected. */
const window = 256;
/** The maximum number of equal pages without keys if the response states no position. */
const patience = 9;

/**
 * Creates the guards of one read. If records have keys, they keep only the first record of a page, or the part that the
 * paginator needs.
 */
export function createGuards(
  primaryKey: readonly string[] = [],
  maxPages: number = pageLimit,
  needsPrevious?: Paginator["needsPrevious"],
): Guards {
  const seen = createNumberSet();
  /** Signatures of earlier pages, the latest first: of their first and last records, and of all records once these repeat. */
  const ends: number[] = [];
  const wholes: number[] = [];
  /** For each distance: the number of consecutive pages that equal the page at that distance before them. */
  let runs: number[] = [];
  let previous: readonly unknown[] | undefined;
  let pages = 0;
  return {
    previous: () => previous,
    request: ({ method, url, body }, { headers, replace }) => {
      const request = hash(JSON.stringify([method, url, body, headers]));
      // With `replace`, the server may keep the position itself: every page of a scroll can have the same id.
      if (!seen.add(request) && !replace)
        throw new ReadFailure(
          PageError,
          "PAGINATION_LOOP",
          "the request is the same as an earlier one: check the paginator and its `end_path`",
        );
    },
    records: (records, { progress, next }) => {
      const sides = [records[0], records.at(-1)];
      const keys = sides.map((record) => keyOf(record, primaryKey));
      const isKeyed = !records.length || keys[0] !== undefined;
      const end = hash(toJson([records.length, isKeyed ? keys : sides]));
      const whole = (given: readonly unknown[]): number => hash(toJson(given));
      // Compares all records only once the ends are equal, because that takes time.
      if (!isKeyed && end === ends[0]) wholes[0] ||= whole(previous ?? []);
      const signature = isKeyed ? end : ends.includes(end) ? whole(records) : 0;
      // Most pages differ from all others.
      if (signature && wholes.includes(signature))
        wholes.forEach((old, index) => {
          runs[index] = old === signature ? (runs[index] ?? 0) + 1 : 0;
        });
      else runs = [];
      if (ends.unshift(end) > window) ends.pop();
      if (wholes.unshift(signature) > window) wholes.pop();
      previous =
        !isKeyed || needsPrevious === undefined
          ? records
          : needsPrevious
            ? records.map((record) => keysOf(record, primaryKey))
            : records.slice(0, 1);
      if (++pages > maxPages)
        throw new ReadFailure(PageError, "TOO_MANY_PAGES", `the read has no end after ${maxPages} pages`);
      if (!records.length) return undefined;
      const period =
        1 +
        runs.findIndex((run, index) => {
          // Pages with the same keys are never correct. Other equal pages may be, if the response states its position.
          if (isKeyed || progress === "stated") return isKeyed && run > index;
          return run >= (progress && !index ? (next ? 2 : 1) : Math.max(patience, 2 * index + 2));
        });
      if (period) {
        const what =
          period > 1
            ? `the records repeat every ${period} pages`
            : "the page has the same records as the one before";
        throw new ReadFailure(PageError, "PAGE_PARAM_IGNORED", what);
      }
      return runs[0] === 1
        ? "the page has the same records as the one before: the API may ignore the position"
        : undefined;
    },
  };
}

/** Returns the key fields of a record. A page of them takes a tenth of the memory. */
function keysOf(record: unknown, names: readonly string[]): object {
  const keys: Record<string, unknown> = {};
  for (const name of names) keys[name] = (Object(record) as JsonObject)[name];
  return keys;
}

/**
 * A set of numbers above 0; `add` returns whether a number is new. It is a hash table in a typed array, because a `Set`
 * takes six times the memory.
 */
export function createNumberSet(): { readonly add: (value: number) => boolean } {
  let slots = new Float64Array(16);
  let size = 0;
  const find = (value: number): number => {
    let at = value % slots.length;
    while (slots[at] && slots[at] !== value) at = (at + 1) % slots.length;
    return at;
  };
  return {
    add: (value) => {
      const at = find(value);
      if (slots[at]) return false;
      slots[at] = value;
      if (++size * 4 > slots.length * 3) {
        const before = slots;
        slots = new Float64Array(2 * before.length);
        for (const old of before) if (old) slots[find(old)] = old;
      }
      return true;
    },
  };
}

/** Returns a hash of 53 bits, made of two with 32 bits, so a million pages need no million URLs in memory. */
export function hash(text: string): number {
  let high = 1;
  let low = 2;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x01000193);
    // Mixes the upper bits into the lower ones, because a multiplication moves bits only upwards.
    low ^= high >>> 15;
    high ^= low >>> 13;
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
