import { IncrementalError, ReadFailure, foreign } from "../errors.js";
import { toPlain } from "../exact-json.js";
import type { JsonValue } from "../json.js";
import { printSelector, select, type Selector } from "../select/path.js";
import { compareValues, lastOf } from "./cursor-order.js";
import { withHashes } from "./hash-log.js";
import type { Accepted } from "./plan.js";

/** The rules that determine which records are new. */
export interface CursorTrackerOptions {
  /** The selector of a record's cursor value, for example, the time of its last change. */
  readonly cursor: Selector;
  /** The format of times that are neither ISO 8601 nor RFC 2822. */
  readonly format?: string | undefined;
  /** Which cursor value counts as the last one. Default `max`. */
  readonly lastValue?: "max" | "min" | undefined;
  /**
   * The distance from the last value back to the start of the next run: days for dates, seconds for times, units for
   * numbers, or an ISO 8601 duration.
   */
  readonly lag?: number | string | undefined;
  /** The treatment of a record without a cursor value. Default `raise`. */
  readonly onMissing?: "raise" | "include" | "exclude" | undefined;
  /** The order in which the API returns records. If set, the read ends when records leave the range. */
  readonly rowOrder?: "asc" | "desc" | undefined;
  /** `open` leaves out records at the lower bound. Default `closed`. */
  readonly rangeStart?: "closed" | "open" | undefined;
  /** `closed` keeps records at the upper bound. Default `open`. */
  readonly rangeEnd?: "open" | "closed" | undefined;
  /**
   * Fields that identify a record at the lower bound. Empty: keep all of them. Default: the primary key, otherwise the whole
   * record.
   */
  readonly key?: readonly string[] | undefined;
}

/** The cursor values of a sequence: plain JSON. */
export interface CursorState {
  /** The lower bound of this run. */
  readonly start: JsonValue;
  /** The last value so far. */
  readonly last: JsonValue;
  /** Hashes of the records with the last value that this run read. */
  readonly hashes: readonly string[];
  /** Hashes of the records at `start` that the previous run read. Absent in a checkpoint: its state has them. */
  readonly seen?: readonly string[];
}

/** Bounds; `null` means no bound. */
export interface Range {
  readonly start: JsonValue;
  readonly end: JsonValue;
}

/** Leaves out records outside a range, and records at the lower bound that the previous run read. */
export interface CursorTracker {
  readonly accept: (records: readonly unknown[], range: Range) => Accepted;
  readonly state: () => CursorState;
  /** Returns the last value, and the hashes of all records with that value. */
  readonly outcome: () => Pick<CursorState, "last" | "hashes">;
}

/** Creates a tracker that continues from a state. */
export function createCursorTracker(
  options: CursorTrackerOptions,
  { state, primaryKey }: { readonly state: CursorState; readonly primaryKey: readonly string[] },
): CursorTracker {
  const { lastValue = "max", rangeStart = "closed", rangeEnd = "open", rowOrder, lag } = options;
  const sign = lastValue === "max" ? 1 : -1;
  const hasHashes = rangeStart === "closed" && lag === undefined && options.key?.length !== 0;
  const key = options.key ?? primaryKey;
  const { start: first, seen: before = [] } = state;
  const seen = new Set(before);
  let { last } = state;
  let hashes = new Set(state.hashes);
  // The same hashes in order. It only grows, so a checkpoint needs no copy.
  let log = [...hashes];

  const order = (a: JsonValue, b: JsonValue): number => compareValues(a, b, options.format);
  /** Returns the largest of several matches, or the smallest. */
  const cursorOf = (record: unknown): JsonValue | undefined => {
    const found = (select(options.cursor, record) ?? []) as readonly JsonValue[];
    const values = found.map(toPlain);
    return (
      lastOf(
        values.filter((value) => value !== null && value !== ""),
        sign,
        options.format,
      ) ?? values[0]
    );
  };

  const isNew = (record: unknown, value: JsonValue): boolean => {
    if (state.start === null || order(value, state.start) !== 0) return true;
    return rangeStart === "closed" && !(hasHashes && seen.has(hashOf(record, key)));
  };

  return {
    state: () => withHashes({ start: first, last }, { log }),
    outcome: () => {
      const isSame = last !== null && first !== null && order(last, first) === 0;
      return withHashes({ last }, { log, base: isSame ? before : [] });
    },
    accept: (records, { start, end }) => {
      const accepted: unknown[] = [];
      let isBelow = false;
      let isPast = false;
      for (const record of records) {
        const value = cursorOf(record);
        if (value == null || value === "") {
          if (keepsWithout(record, value, options)) accepted.push(record);
          continue;
        }
        const below = start !== null && order(value, start) * sign < 0;
        const distance = end === null ? -1 : order(value, end) * sign;
        const past = distance > 0 || (distance === 0 && rangeEnd === "open");
        isBelow ||= below;
        isPast ||= past;
        if (below || past || !isNew(record, value)) continue;
        accepted.push(record);
        const advance = last === null ? 1 : order(value, last) * sign;
        if (advance > 0) {
          last = value;
          hashes = new Set();
          log = [];
        }
        if (advance < 0 || !hasHashes) continue;
        const hash = hashOf(record, key);
        if (hashes.has(hash)) continue;
        hashes.add(hash);
        log.push(hash);
      }
      const isOver = (rowOrder === "asc") === sign > 0 ? isPast : isBelow;
      return { records: accepted, ...(rowOrder && isOver && { stop: "out_of_range" }) };
    },
  };
}

function keepsWithout(
  record: unknown,
  value: null | undefined | "",
  { cursor, onMissing }: CursorTrackerOptions,
): boolean {
  if (onMissing) {
    if (onMissing !== "raise") return onMissing === "include";
  }
  const has = Object.keys(Object(record) as object)
    .slice(0, 8)
    .join(", ");
  const what =
    value === null ? "is null" : value === "" ? "is empty" : `is missing (its fields: ${foreign(has)})`;
  const fix = "set `on_cursor_value_missing` to include or exclude such records";
  throw new ReadFailure(
    IncrementalError,
    "CURSOR_MISSING",
    `the cursor field \`${printSelector(cursor)}\` of a record ${what}; ${fix}`,
  );
}

/** Identifies a record among others at the same bound by its key, or by all its fields in any order. */
function hashOf(record: unknown, key: readonly string[]): string {
  if (key.length === 0) return digest(JSON.stringify(record, sorted));
  const fields = Object(record) as Readonly<Record<string, unknown>>;
  const missing = key.find((name) => fields[name] === undefined);
  if (missing !== undefined) {
    throw new ReadFailure(
      IncrementalError,
      "CURSOR_MISSING",
      `a record has no \`${missing}\`, which identifies it`,
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
  if (typeof value === "bigint") return String(value);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}

/** Two polynomial hashes below 2^47 each: collisions within the lifetime of an API are practically impossible. */
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
