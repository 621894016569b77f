import type { Dice } from "./dice.js";

const beginning = Date.UTC(2022, 0, 1);
const minute = 60_000;
const day = 24 * 60 * minute;
/** Records come into being seven minutes apart, more or less. */
const step = 7 * minute;

const creations = /creat|register|joined|signed_up|added|inserted/;
const endings =
  /updat|modif|chang|complet|finish|end|expir|last|clos|delet|cancel|archiv|paid|due|until|valid_to|to_date/;
const births = /birth|dob/;

/**
 * Chooses a plausible time for a field of a record, in milliseconds: creation times grow from record to record, and
 * whatever ends a thing lies ten to forty days after its creation, everything else in between.
 */
export function chooseMoment(dice: Dice, field: string, index: number): number {
  const created = createdAt(index);
  if (creations.test(field)) return created;
  if (births.test(field)) return Date.UTC(1950, 0, 1) + dice.whole(0, 55 * 365) * day;
  const seconds = dice.whole(0, 10 * 86_400) * 1000;
  return endings.test(field) ? created + 10 * day + 3 * seconds : created + seconds;
}

/** When a record was created, in milliseconds; strictly growing. */
export function createdAt(index: number): number {
  // The golden ratio spreads the seconds within a step without drawing from the dice.
  const seconds = Math.floor(((index * 0.618_033_988_749_894_9) % 1) * (step / 1000));
  return beginning + index * step + seconds * 1000;
}

/** RFC 3339 to the second: `2024-05-01T10:00:00Z`. */
export function toTimestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** `2024-05-01`. */
export function toDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
