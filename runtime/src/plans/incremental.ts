import { expandValue } from "../client/template.js";
import { ConnectorError, ReadFailure, foreign } from "../errors.js";
import { toText, type JsonObject, type JsonValue } from "../json.js";
import { currentValueLike, shiftBound, sliceRange } from "./cursor-arithmetic.js";
import { formatBound } from "./cursor-format.js";
import {
  compareValues,
  createCursorTracker,
  type CursorState,
  type CursorTrackerOptions,
} from "./cursor-tracker.js";
import type { Partition, SplitContext, Splitter } from "./plan.js";

/** How a read is incremental: the next run requests only new records. */
export interface IncrementalOptions extends CursorTrackerOptions {
  /** The first lower bound. Texts are templates. */
  readonly initial?: JsonValue | undefined;
  /** An upper bound. With it, the read covers a fixed range and keeps no state for a next run. */
  readonly end?: JsonValue | undefined;
  /** How bounds are written in requests: `iso`, `date`, `epoch`, `epoch_ms`, or a format with `%Y` and the like. */
  readonly format?: string | undefined;
  /** The length of the range of one request (ISO 8601: `P1M`). */
  readonly window?: string | undefined;
  /** `false`: no request names a bound. Every run reads everything and leaves out old records. */
  readonly serverFilter?: boolean | undefined;
}

/** Reads new records: `{incremental.start_value}` and its siblings are the bounds, and older records are left out. */
export function incremental(options: IncrementalOptions): Splitter {
  return { type: "incremental", options, split: (context) => splitByWindows(options, context) };
}

async function* splitByWindows(
  options: IncrementalOptions,
  context: SplitContext,
): AsyncGenerator<Partition, void, undefined> {
  const { partition, resume, primaryKey, lookup: lookupOuter } = context;
  const lookup = async (name: string): Promise<JsonValue> =>
    partition.values[name] ?? (await lookupOuter(name));
  const initial = await expandValue(options.initial ?? null, lookup);
  const end = await expandValue(options.end ?? null, lookup);
  // A fixed range needs no state.
  const entry = end === null ? entryOf(options, context) : undefined;
  const state: CursorState =
    (resume?.["cursor"] as CursorState | undefined) ?? begin(options, initial, entry);
  const last = entry?.last ?? initial;
  const { start } = state;
  const until =
    resume?.["until"] ?? end ?? (options.window && start !== null ? currentValueLike(start) : null);
  const windows =
    options.window && start !== null && until !== null
      ? sliceRange({ start, end: until }, options.window)
      : [{ start, end }];
  const tracker = createCursorTracker(options, { state, primaryKey });
  for (let index = Number(resume?.["at"] ?? 0); index < windows.length; index++) {
    const isLast = index === windows.length - 1;
    const window = windows[index] ?? { start, end };
    // Records that appear during the read belong to the last window.
    const range = isLast ? { ...window, end } : window;
    const position: JsonObject = { at: index, ...(options.window && { until }) };
    yield {
      values: {
        "incremental.start_value": formatBound(window.start, options.format),
        "incremental.initial_value": formatBound(initial, options.format),
        "incremental.last_value": formatBound(last, options.format),
        "incremental.end_value": formatBound(window.end, options.format),
      },
      key: [],
      resume: position,
      accept: (records) => tracker.accept(records, range),
      snapshot: () => ({ ...position, cursor: tracker.state() as unknown as JsonObject }),
      ...(isLast && end === null && { outcome: () => toEntry(options, tracker.state()) }),
    };
  }
}

/** What a run leaves for the next one, per sequence. */
interface Entry {
  readonly last: JsonValue;
  readonly hashes: readonly string[];
}

function toEntry({ cursor }: IncrementalOptions, { last, hashes }: CursorState): JsonObject {
  return { cursor: cursor.join("."), last, hashes };
}

function entryOf({ cursor }: IncrementalOptions, { before, partition }: SplitContext): Entry | undefined {
  const entry = before.sequences?.[JSON.stringify(partition.key)];
  if (!entry || entry["cursor"] === cursor.join(".")) return entry as Entry | undefined;
  const message =
    `the checkpoint holds values of \`${foreign(toText(entry["cursor"] ?? null))}\`, but the cursor is \`${cursor.join(".")}\`; ` +
    "read without `from` to start again at the initial value";
  throw new ReadFailure(ConnectorError, "CHECKPOINT_MISMATCH", message);
}

/** The state at the start of a run: the last value of the previous run minus the lag, but never before the initial value. */
function begin(options: IncrementalOptions, initial: JsonValue, entry: Entry | undefined): CursorState {
  const { lag, lastValue = "max" } = options;
  const { last, hashes } = entry ?? { last: initial, hashes: [] };
  const sign = lastValue === "max" ? -1 : 1;
  // Shifted even without an entry: an invalid bound is reported by the first run.
  const lagged = lag === undefined || last === null ? null : shiftBound(last, lag, sign);
  if (!entry || lagged === null) return { start: last, seen: hashes, last, hashes };
  const isBefore = initial !== null && compareValues(lagged, initial) * sign > 0;
  return { start: isBefore ? initial : lagged, seen: [], last, hashes: [] };
}
