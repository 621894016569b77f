import type { Sampler } from "./sampler.js";

const beginning = Date.UTC(2022, 0, 1);
const minute = 60_000;
const day = 24 * 60 * minute;
/** Approximate time between the creation of two records, in milliseconds. */
const step = 7 * minute;

const creations = /creat|register|joined|signed_up|added|inserted/;
const endings =
  /updat|modif|chang|complet|finish|end|expir|last|clos|delet|cancel|archiv|paid|due|until|valid_to|to_date/;
const births = /birth|dob/;

/**
 * Chooses a plausible time for a field of a record, in milliseconds. Creation times increase with the index. Times of an
 * end or a change are ten to forty days after creation; other times are in between.
 */
export function chooseTime(sampler: Sampler, field: string, index: number): number {
  const created = createdAt(index);
  if (creations.test(field)) return created;
  if (births.test(field)) return Date.UTC(1950, 0, 1) + sampler.whole(0, 55 * 365) * day;
  const seconds = sampler.whole(0, 10 * 86_400) * 1000;
  return endings.test(field) ? created + 10 * day + 3 * seconds : created + seconds;
}

/** Returns the creation time of a record in milliseconds. It strictly increases with the index. */
export function createdAt(index: number): number {
  // The golden ratio spreads the seconds within a step without a random number.
  const seconds = Math.floor(((index * 0.618_033_988_749_894_9) % 1) * (step / 1000));
  return beginning + index * step + seconds * 1000;
}

/** Formats a time in RFC 3339 with seconds: `2024-05-01T10:00:00Z`. */
export function toTimestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Formats a date: `2024-05-01`. */
export function toDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
