import { Fault, IncrementalError } from "../errors.js";
import type { JsonValue } from "../json.js";
import type { Sifted } from "./plan.js";
import { select } from "../select/path.js";
import type { IncrementalOptions } from "./incremental.js";

/** What a run remembers of a sequence: plain JSON. */
export interface Kept {
  /** The lower bound of this run. */
  readonly start: JsonValue;
  /** Marks of the rows at `start` that were read before. */
  readonly seen: readonly string[];
  /** The furthest value so far, and marks of the rows that have it. */
  readonly last: JsonValue;
  readonly marks: readonly string[];
}

/** Bounds; `null` where there is none. */
export interface Range {
  readonly start: JsonValue;
  readonly end: JsonValue;
}

/** Leaves out rows outside a range, and those at the lower bound that were read before. */
export interface Sieve {
  readonly sift: (records: readonly unknown[], range: Range) => Sifted;
  readonly kept: () => Kept;
}

/** A sieve that goes on from what is kept. */
export function createSieve(
  options: IncrementalOptions,
  { kept, primaryKey }: { readonly kept: Kept; readonly primaryKey: readonly string[] },
): Sieve {
  const { lastValue = "max", rangeStart = "closed", rangeEnd = "open", rowOrder, lag } = options;
  const sign = lastValue === "max" ? 1 : -1;
  const hasMarks = rangeStart === "closed" && lag === undefined && options.key?.length !== 0;
  const key = options.key ?? primaryKey;
  const seen = new Set(kept.seen);
  let { last } = kept;
  let marks = new Set(kept.marks);

  const isWithin = (row: unknown, value: JsonValue, place: { below: boolean; past: boolean }): boolean => {
    if (place.below || place.past) return false;
    if (kept.start === null || compareValues(value, kept.start) !== 0) return true;
    return rangeStart === "closed" && !(hasMarks && seen.has(markOf(row, key)));
  };

  return {
    kept: () => ({ ...kept, last, marks: [...marks] }),
    sift: (records, { start, end }) => {
      const left: unknown[] = [];
      let isBelow = false;
      let isPast = false;
      for (const row of records) {
        const value = select(options.cursor, row)?.[0] as JsonValue | undefined;
        if (value == null) {
          if (keepsWithout(row, value, options)) left.push(row);
          continue;
        }
        const below = start !== null && compareValues(value, start) * sign < 0;
        const behind = end === null ? -1 : compareValues(value, end) * sign;
        const past = behind > 0 || (behind === 0 && rangeEnd === "open");
        isBelow ||= below;
        isPast ||= past;
        if (!isWithin(row, value, { below, past })) continue;
        left.push(row);
        const order = last === null ? 1 : compareValues(value, last) * sign;
        if (order > 0) {
          last = value;
          marks = new Set();
        }
        if (order >= 0 && hasMarks) marks.add(markOf(row, key));
      }
      const isOver = (rowOrder === "asc") === sign > 0 ? isPast : isBelow;
      return { records: left, ...(rowOrder && isOver && { stop: "out_of_range" }) };
    },
  };
}

function keepsWithout(
  row: unknown,
  value: null | undefined,
  { cursor, onMissing }: IncrementalOptions,
): boolean {
  if (onMissing) {
    if (onMissing !== "raise") return onMissing === "include";
  }
  const has = Object.keys(Object(row) as object)
    .slice(0, 8)
    .join(", ");
  const what = value === null ? "is null" : `is missing (there are: ${has})`;
  const mend = "`on_cursor_value_missing` can include or exclude such rows";
  throw new Fault(IncrementalError, "CURSOR_MISSING", `\`${cursor.join(".")}\` of a row ${what}; ${mend}`);
}

/** Numbers by size, texts by their characters; there is no order between the two. */
export function compareValues(a: JsonValue, b: JsonValue): number {
  const isOrdered = typeof a === typeof b && (typeof a === "number" || typeof a === "string");
  if (!isOrdered) {
    const message = `values of the cursor cannot be compared: ${kindOf(a)} with ${kindOf(b)}`;
    throw new Fault(IncrementalError, "CURSOR_INVALID", message);
  }
  return Number((a as string) > (b as string)) - Number((a as string) < (b as string));
}

function kindOf(value: JsonValue): string {
  if (typeof value === "object")
    return value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}

/** Tells a row from others at the same bound: by its key, or by all that is in it, whatever the order of its fields. */
function markOf(row: unknown, key: readonly string[]): string {
  if (key.length === 0) return digest(JSON.stringify(row, sorted));
  const fields = Object(row) as Readonly<Record<string, unknown>>;
  const missing = key.find((name) => fields[name] === undefined);
  if (missing !== undefined) {
    throw new Fault(
      IncrementalError,
      "CURSOR_MISSING",
      `a row has no \`${missing}\`, which tells it from others`,
    );
  }
  return digest(
    JSON.stringify(
      key.map((name) => fields[name]),
      sorted,
    ),
  );
}

function sorted(_: string, value: unknown): unknown {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

/** Two polynomial hashes below 2^47 each: no two rows of an API's lifetime are taken for one. */
function digest(text: string): string {
  let a = 7;
  let b = 11;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = (a * 31 + unit) % 140_737_488_355_213;
    b = (b * 37 + unit) % 140_737_488_355_327;
  }
  return `${a.toString(36)}-${b.toString(36)}`;
}
