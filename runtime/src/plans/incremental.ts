import { expandValue } from "../client/template.js";
import { ConnectorError, ReadFailure, foreign } from "../errors.js";
import { toText, type JsonObject, type JsonValue } from "../json.js";
import { defineKind, type Kind, type KindOptions, type Option, type OptionProblem } from "../kind.js";
import { currentValueLike, shiftBound, sliceRange } from "./cursor-arithmetic.js";
import { formatBound } from "./cursor-format.js";
import { compareValues, isBigInteger } from "./cursor-order.js";
import { createCursorTracker, type CursorState, type CursorTrackerOptions } from "./cursor-tracker.js";
import type { Partition, SplitContext, Splitter } from "./plan.js";

/** The options of an incremental read, whose next run requests only new records. */
export interface IncrementalOptions extends CursorTrackerOptions {
  /** The first lower bound. Texts are templates. */
  readonly initial?: JsonValue | undefined;
  /** An upper bound. With it, the read covers a fixed range and keeps no state for the next run. */
  readonly end?: JsonValue | undefined;
  /** The format of bounds in requests: `iso`, `date`, `epoch`, `epoch_ms`, or a pattern such as `%Y-%m-%d`. */
  readonly format?: string | undefined;
  /** The time zone in which `format` writes times: an IANA name, or a template. Default UTC. */
  readonly timeZone?: string | undefined;
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
  const { format } = options;
  const timeZone = options.timeZone && toText(await expandValue(options.timeZone, lookup));
  const write = (bound: JsonValue): JsonValue => {
    // The state contains integers beyond 2^53 as text. In a JSON body, they are numbers again, like the initial value.
    if (typeof initial === "number" && format === undefined && isBigInteger(bound))
      return BigInt(bound) as never;
    return formatBound(bound, { format, timeZone });
  };
  // A fixed range needs no state.
  const entry = end === null ? entryOf(options, context) : undefined;
  const state: CursorState = {
    ...begin(options, initial, entry),
    ...(resume?.["cursor"] as CursorState | undefined),
  };
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
        "incremental.start_value": write(window.start),
        "incremental.initial_value": write(initial),
        "incremental.last_value": write(last),
        "incremental.end_value": write(window.end),
      },
      key: [],
      resume: position,
      accept: (records) => tracker.accept(records, range),
      snapshot: () => ({ ...position, cursor: tracker.state() as unknown as JsonObject }),
      ...(isLast &&
        end === null && {
          outcome: () => Object.assign(tracker.outcome(), { cursor: options.cursor.join(".") }),
        }),
    };
  }
}

/** The state of one sequence that a run passes to the next. */
interface Entry {
  readonly last: JsonValue;
  readonly hashes: readonly string[];
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
  // Shifted even without an entry, so that the first run reports an invalid bound.
  const lagged = lag === undefined || last === null ? null : shiftBound(last, lag, sign);
  if (!entry || lagged === null) return { start: last, seen: hashes, last, hashes: [] };
  const isBefore = initial !== null && compareValues(lagged, initial, options.format) * sign > 0;
  return { start: isBefore ? initial : lagged, seen: [], last, hashes: [] };
}

/** The spec's `incremental`. */
export const incrementalKind: Kind = /* @__PURE__ */ defineKind<IncrementalOptions>(() => ({
  family: "plan",
  type: "incremental",
  key: "incremental",
  factory: "incremental",
  summary: "Reads only new records in later runs.",
  options: describeOptions(),
  check: ({ initial, end, lag, lastValue, window, format, timeZone }) => [
    ...(timeZone !== undefined && (format === undefined || (format as string).startsWith("epoch"))
      ? [{ option: "timeZone", message: "time_zone needs a format that writes the time of a clock" }]
      : []),
    ...(isZone(timeZone)
      ? []
      : [{ option: "timeZone", message: `unknown time zone ${JSON.stringify(timeZone)}` }]),
    ...checkRange({ initial, end, format }, lastValue === "min"),
    ...checkShift(initial, window ?? lag),
    ...(window !== undefined && initial === undefined
      ? [{ option: "window", message: "window needs initial_value: the first window starts there" }]
      : []),
    ...(window !== undefined && lastValue === "min"
      ? [
          {
            option: "window",
            message: "window cannot be used with last_value_func min: windows go from older to newer",
          },
        ]
      : []),
  ],
  phrase: () => "",
  note: describe,
  examples: [
    { cursor_path: "updated_at", initial_value: "2024-01-01T00:00:00Z" },
    {
      cursor_path: "updated_at",
      initial_value: "2024-01-01",
      end_value: "2025-01-01",
      window: "P1M",
      format: "date",
      time_zone: "Europe/Berlin",
      lag: "P1D",
      row_order: "asc",
      on_cursor_value_missing: "exclude",
      range_start: "open",
      range_end: "closed",
      primary_key: "id",
    },
  ],
}));

function describeOptions(): { readonly [K in keyof Required<IncrementalOptions>]: Option } {
  return {
    cursor: {
      type: "selector",
      key: "cursor_path",
      required: true,
      description: "The field whose value tells which records are new: a name or a selector.",
      examples: ["updated_at", "meta.version"],
    },
    initial: {
      type: "bound",
      key: "initial_value",
      description: "The start of the first run. May contain `{config.name}`.",
      examples: ["2024-01-01T00:00:00Z", 0],
    },
    end: {
      type: "bound",
      key: "end_value",
      description: "The end of the range: a backfill, which keeps no state. May contain `{config.name}`.",
    },
    lag: {
      type: "distance",
      description:
        "How far before the last value the next run starts: a duration, or a number (days for dates, seconds for times).",
      examples: ["PT1H", 3],
    },
    lastValue: {
      ...choice(["max", "min"], "Whether the greatest or the smallest value is the start of the next run."),
      key: "last_value_func",
    },
    onMissing: {
      ...choice(
        ["raise", "include", "exclude"],
        "What happens to records without the field, or with `null` or an empty text there.",
      ),
      key: "on_cursor_value_missing",
    },
    rowOrder: {
      type: "choice",
      choices: ["asc", "desc"],
      description:
        "The order in which the API sends records. With it, the read ends as soon as nothing new can follow.",
    },
    rangeStart: choice(["closed", "open"], "Whether records at the start belong to the range."),
    rangeEnd: choice(["open", "closed"], "Whether records at the end belong to the range."),
    key: {
      type: "names",
      key: "primary_key",
      description:
        "The fields that identify a record at the last value. Empty: records there are read again. Default: the resource's `primary_key`, else the whole record.",
    },
    format: {
      type: "timeFormat",
      description:
        "How times are written into requests: `iso`, `date`, `epoch`, `epoch_ms`, or a pattern such as `%Y-%m-%d`.",
      examples: ["epoch", "%Y%m%d"],
    },
    timeZone: {
      type: "text",
      scopes: ["config"],
      description:
        "The time zone in which `format` writes times: an IANA name. May contain `{config.name}`. Default: UTC.",
    },
    window: {
      type: "period",
      description:
        "The length of the range of one request. The request must name the start and the end of the range.",
      examples: ["P1M"],
    },
    serverFilter: {
      type: "flag",
      isDerived: true,
      default: true,
      description: "Whether the request names the range. If not, older records are left out by the client.",
    },
  };
}

/** Describes a choice whose first value is the default. */
function choice(choices: readonly string[], description: string): Option {
  const [byDefault = ""] = choices;
  return { type: "choice", choices, default: byDefault, description };
}

function describe({ cursor, initial, end, window, serverFilter }: KindOptions): string {
  const isGiven = (bound: unknown): boolean => bound !== undefined && bound !== null;
  const toCode = (bound: unknown): string =>
    `\`${typeof bound === "string" ? bound : JSON.stringify(bound)}\``;
  const range = [isGiven(initial) && `from ${toCode(initial)}`, isGiven(end) && `to ${toCode(end)}`];
  const parts = [
    `Incremental by \`${String(cursor).replace(/^\$\.?/, "")}\``,
    range.filter(Boolean).join(" "),
    typeof window === "string" && `in windows of \`${window}\``,
  ];
  const sentences = [
    `${parts.filter(Boolean).join(", ")}.`,
    serverFilter === false && "The client filters: every read requests all records.",
    serverFilter !== false &&
      !isGiven(end) &&
      "A read that starts `from` a checkpoint requests only new records.",
  ];
  return sentences.filter(Boolean).join(" ");
}

/** Reports a range that is empty, or whose bounds cannot be compared. */
function checkRange({ initial, end, format }: KindOptions, isDescending: boolean): readonly OptionProblem[] {
  const problem = (message: string): readonly OptionProblem[] => [{ option: "end", message }];
  if (end === undefined) return [];
  if (initial === undefined) return problem("end_value needs initial_value: a range needs a start");
  if (!isFixed(initial) || !isFixed(end)) return [];
  const order = orderOf(initial, end, format as string | undefined);
  if (order === undefined)
    return problem(
      "initial_value and end_value cannot be compared: write both as text or both as numbers, or both as times",
    );
  if (order * (isDescending ? -1 : 1) <= 0) return [];
  const place = isDescending ? "before (last_value_func is min)" : "after";
  const [start, stop] = [JSON.stringify(initial), JSON.stringify(end)];
  return problem(`initial_value ${start} is ${place} end_value ${stop}: the range is empty`);
}

/** Reports a start from which no window and no lag can be computed. */
function checkShift(initial: unknown, amount: unknown): readonly OptionProblem[] {
  if (amount === undefined || !isFixed(initial)) return [];
  try {
    // An invalid amount has a diagnostic of its own.
    shiftBound(initial, 1, 1);
    return [];
  } catch {
    const message = `initial_value ${JSON.stringify(initial)} is neither a number nor a date or time: window and lag need one`;
    return [{ option: "initial", message }];
  }
}

/** Returns the order of two bounds, or `undefined` if they have none. */
function orderOf(initial: JsonValue, end: JsonValue, format: string | undefined): number | undefined {
  try {
    return compareValues(initial, end, format);
  } catch {
    return undefined;
  }
}

/** Whether a value is an IANA name, or text with placeholders. */
function isZone(timeZone: unknown): boolean {
  if (!isFixed(timeZone)) return true;
  try {
    return Boolean(new Intl.DateTimeFormat("en-US", { timeZone: String(timeZone) }));
  } catch {
    return false;
  }
}

/** Whether a bound is a number, or text without placeholders. */
function isFixed(bound: unknown): bound is string | number {
  return typeof bound === "number" || (typeof bound === "string" && /^(?:[^{}]|\{\{|\}\})*$/.test(bound));
}
