import { expandValue } from "../client/template.js";
import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { formatOf, shiftBound } from "./cursor-arithmetic.js";
import { formatBound } from "./cursor-format.js";
import type { Partition, SplitContext, Splitter } from "./plan.js";

/** The options of a read that requests the changes since the start of the previous read. */
export interface RunStartOptions {
  /** The lower bound of the first run. Texts are templates. Default: none. */
  readonly initial?: JsonValue | undefined;
  /** The distance from the start of the previous run back to the lower bound of the next run. */
  readonly lag?: number | string | undefined;
  /**
   * The format of bounds in requests: `iso`, `date`, `epoch`, `epoch_ms`, or a pattern such as `%Y-%m-%d`. Default: the
   * format of `initial`.
   */
  readonly format?: string | undefined;
}

/**
 * Reads the changes since the start of the previous run: `{incremental.start_value}` is that time, by the clock of the
 * client. For APIs whose records contain no time of change.
 */
export function runStart(options: RunStartOptions): Splitter {
  return { type: "run_start", options, split: (context) => splitByRun(options, context) };
}

async function* splitByRun(
  options: RunStartOptions,
  { partition, resume, before, lookup: lookUpOuter }: SplitContext,
): AsyncGenerator<Partition, void, undefined> {
  const lookup = async (name: string): Promise<JsonValue> =>
    partition.values[name] ?? (await lookUpOuter(name));
  const initial = await expandValue(options.initial ?? null, lookup);
  const { run = null } = (before.sequences?.[JSON.stringify(partition.key)] ?? {}) as { run?: string };
  // Determined before the first request: changes during the run belong to the next run.
  const now = resume?.["now"] ?? new Date().toISOString();
  const last = resume?.["last"] ?? run ?? initial;
  const start = run === null || options.lag === undefined ? last : shiftBound(run, options.lag, -1);
  const { format = formatOf(initial) } = options;
  yield {
    values: {
      "incremental.start_value": formatBound(start, { format }),
      "incremental.initial_value": formatBound(initial, { format }),
      "incremental.last_value": formatBound(last, { format }),
      "incremental.end_value": formatBound(now, { format }),
    },
    key: [],
    resume: { now, last },
    outcome: () => ({ run: now }),
  };
}

/** The spec's `incremental` with `"state": "run_start"`. */
export const runStartKind: Kind = /* @__PURE__ */ defineKind<RunStartOptions>(() => ({
  family: "plan",
  type: "run_start",
  key: "incremental",
  factory: "runStart",
  summary: "Reads what has changed since the start of the previous run, by the clock of the client.",
  options: {
    initial: { type: "bound", key: "initial_value", description: "The start of the first run." },
    lag: {
      type: "distance",
      description: "How far before the start of the previous run the next one starts.",
    },
    format: {
      type: "timeFormat",
      description: "How times are written into requests. Default: like `initial_value`, else `iso`.",
    },
  },
  phrase: () => "",
  note: ({ initial }) =>
    [
      "Incremental by the start of the previous run",
      typeof initial === "string" || typeof initial === "number" ? `, from \`${initial}\`` : "",
      ". A read that starts `from` a checkpoint requests only what has changed since.",
    ].join(""),
  examples: [{ state: "run_start", initial_value: "2024-01-01T00:00:00Z", lag: "PT5M", format: "iso" }],
}));
