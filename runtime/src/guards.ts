import { Fault } from "./errors.js";
import type { Draft } from "./request.js";

/** Watches one read for paging that leads nowhere. */
export interface Guards {
  /** Refuses a request that was made before in this read. */
  readonly request: (draft: Draft) => void;
  /** Refuses records that keep coming back under new page numbers. */
  readonly records: (records: readonly unknown[]) => void;
}

/** Guards for one read. Without a primary key, equal pages may be honest: a third one in a row is not. */
export function createGuards(primaryKey: readonly string[] = []): Guards {
  const seen = new Set<number>();
  let previous: readonly unknown[] = [];
  let repeats = 0;
  return {
    request: ({ method, url }) => {
      const fingerprint = hash(`${method} ${url}`);
      if (seen.has(fingerprint)) {
        throw new Fault("PageError", "PAGINATION_LOOP", "the next page is one that was read before");
      }
      seen.add(fingerprint);
    },
    records: (records) => {
      const isKeyed = primaryKey.length > 0 && hasKey(records[0], primaryKey);
      repeats = isRepeated(previous, records, isKeyed ? primaryKey : undefined) ? repeats + 1 : 0;
      previous = records;
      if (repeats < (isKeyed ? 1 : 2)) return;
      const message = "the server sends the same records again: it seems to ignore the page's parameters";
      throw new Fault("PageError", "PAGE_PARAM_IGNORED", message);
    },
  };
}

function hasKey(record: unknown, key: readonly string[]): boolean {
  return typeof record === "object" && record !== null && key.every((name) => Object.hasOwn(record, name));
}

/** By the keys of the first and the last record or, without keys, by everything. */
function isRepeated(
  a: readonly unknown[],
  b: readonly unknown[],
  key: readonly string[] | undefined,
): boolean {
  if (b.length === 0 || a.length !== b.length) return false;
  const text = (value: unknown): string => JSON.stringify(value, key?.slice());
  const haveEqualEnds = text(a[0]) === text(b[0]) && text(a.at(-1)) === text(b.at(-1));
  return haveEqualEnds && (key !== undefined || JSON.stringify(a) === JSON.stringify(b));
}

/** 53 bits in two FNV-1a lanes: a read of a million pages needs no million URLs in memory. */
function hash(text: string): number {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
  }
  return ((high ^ (high >>> 15)) & 0x1fffff) * 2 ** 32 + ((low ^ (low >>> 13)) >>> 0);
}
