import { ConnectorError, Fault } from "../errors.js";
import type { JsonObject, JsonValue } from "../json.js";
import type { Part, Slot, SplitContext } from "./plan.js";
import type { Selector } from "../select/path.js";
import { expandValue, toText } from "../client/template.js";
import { formatBound } from "./cursor-format.js";
import { nowLike, shiftBound, sliceRange } from "./cursor-arithmetic.js";
import { compareValues, createSieve, type Kept } from "./cursor-tracker.js";

/** What makes a read incremental: the next run asks only for what is new. */
export interface IncrementalOptions {
  /** Where a row says when it changed. */
  readonly cursor: Selector;
  /** The first lower bound; texts are templates. */
  readonly initial?: JsonValue;
  /** An upper bound: what is between the bounds is read, and nothing kept for a next run. */
  readonly end?: JsonValue;
  /** Default `max`. */
  readonly lastValue?: "max" | "min";
  /** How far behind the last value the next run starts: days of dates, seconds of times, units of numbers; or ISO 8601. */
  readonly lag?: number | string;
  /** What a row without a value means. Default `raise`. */
  readonly onMissing?: "raise" | "include" | "exclude";
  /** The order in which the API sends rows: the read ends where they leave the range. */
  readonly rowOrder?: "asc" | "desc";
  /** `open` leaves out rows at the lower bound. Default `closed`. */
  readonly rangeStart?: "closed" | "open";
  /** `closed` keeps rows at the upper bound. Default `open`. */
  readonly rangeEnd?: "open" | "closed";
  /** What tells rows at the lower bound apart; none are left out when empty. Default: the primary key, else the row. */
  readonly key?: readonly string[];
  /** How bounds are written in requests: `iso`, `date`, `epoch`, `epoch_ms`, or with `%Y` and the like. */
  readonly format?: string;
  /** Requests ask for slices of this length (ISO 8601: `P1M`). */
  readonly window?: string;
  /** `false`: no request names a bound, every run reads everything and leaves out what is old. */
  readonly serverFilter?: boolean;
}

/** Reads what is new: `{incremental.start_value}` and its siblings are the bounds, older rows are left out. */
export function incremental(options: IncrementalOptions): Part {
  return { type: "incremental", options, split: (context) => splitByWindows(options, context) };
}

async function* splitByWindows(
  options: IncrementalOptions,
  context: SplitContext,
): AsyncGenerator<Slot, void, undefined> {
  const { run, slot, resume } = context;
  const lookup = async (name: string): Promise<JsonValue> =>
    slot.values[name] ?? run.params[name] ?? (await run.client.lookup(name));
  const initial = await expandValue(options.initial ?? null, lookup);
  const end = await expandValue(options.end ?? null, lookup);
  // What is between two bounds stays the same: there is nothing to remember.
  const before = end === null ? entryOf(options, context) : undefined;
  const kept: Kept = (resume?.["kept"] as Kept | undefined) ?? begin(options, initial, before);
  const last = before?.last ?? initial;
  const { start } = kept;
  const until = resume?.["until"] ?? end ?? (options.window && start !== null ? nowLike(start) : null);
  const windows =
    options.window && start !== null && until !== null
      ? sliceRange({ start, end: until }, options.window)
      : [{ start, end }];
  const sieve = createSieve(options, { kept, primaryKey: run.resource.primaryKey ?? [] });
  for (let at = Number(resume?.["at"] ?? 0); at < windows.length; at++) {
    const isLast = at === windows.length - 1;
    const window = windows[at] ?? { start, end };
    // Rows that came up since the read began belong to the last window.
    const range = isLast ? { ...window, end } : window;
    const place: JsonObject = { at, ...(options.window && { until }) };
    yield {
      values: {
        "incremental.start_value": formatBound(window.start, options.format),
        "incremental.initial_value": formatBound(initial, options.format),
        "incremental.last_value": formatBound(last, options.format),
        "incremental.end_value": formatBound(window.end, options.format),
      },
      key: [],
      place,
      sift: (records) => sieve.sift(records, range),
      mark: () => ({ ...place, kept: sieve.kept() as unknown as JsonObject }),
      ...(isLast && end === null && { outcome: () => toEntry(options, sieve.kept()) }),
    };
  }
}

/** What one run leaves to the next for a sequence. */
interface Entry {
  readonly last: JsonValue;
  readonly marks: readonly string[];
}

function toEntry({ cursor }: IncrementalOptions, { last, marks }: Kept): JsonObject {
  return { cursor: cursor.join("."), last, marks };
}

function entryOf({ cursor }: IncrementalOptions, { before, slot }: SplitContext): Entry | undefined {
  const entry = before.sequences?.[JSON.stringify(slot.key)];
  if (!entry || entry["cursor"] === cursor.join(".")) return entry as Entry | undefined;
  const message = `the checkpoint counts by \`${toText(entry["cursor"] ?? null)}\`, the spec by \`${cursor.join(".")}\``;
  throw new Fault(ConnectorError, "CHECKPOINT_MISMATCH", message);
}

/** Where a run starts: at the last value of the one before, less the lag, but never before the initial value. */
function begin(options: IncrementalOptions, initial: JsonValue, before: Entry | undefined): Kept {
  const { lag, lastValue = "max" } = options;
  const { last, marks } = before ?? { last: initial, marks: [] };
  const sign = lastValue === "max" ? -1 : 1;
  // Also where there is nothing to lag behind yet: a bound that cannot be shifted is told in the first run.
  const lagged = lag === undefined || last === null ? null : shiftBound(last, lag, sign);
  if (!before || lagged === null) return { start: last, seen: marks, last, marks };
  const isBefore = initial !== null && compareValues(lagged, initial) * sign > 0;
  return { start: isBefore ? initial : lagged, seen: [], last, marks: [] };
}
