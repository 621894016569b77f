import type { Checkpoint } from "../read/checkpoint.js";
import type { JsonObject } from "../json.js";
import { ConnectorError } from "../errors.js";
import { createGuards } from "../read/guards.js";
import { limitedSteps } from "../limit/limits.js";
import type { Page } from "../read/pages.js";
import { readSequence } from "../read/sequence.js";
import type { Position } from "../paginators/paginator.js";
import type { Part, Plan, ReadState, Slot, SplitContext } from "./plan.js";
import type { Run } from "../read/session.js";
import { toError } from "../read/to-error.js";
import { steps } from "../read/steps.js";
import { inTurn } from "./ordered-merge.js";
import { createPlaces } from "./plan-checkpoints.js";
import { seats } from "../limit/semaphore.js";

/** Where a planned read stands: the parts' places, and the position in the sequence; `null` when that one is read. */
export interface PlannedPosition {
  readonly place?: Readonly<Record<string, JsonObject>>;
  readonly position?: Position | null;
}

/** A plan of parts, outermost first. Up to `concurrency` sequences are read at a time and handed on in order. */
export function plan(...parts: readonly Part[]): Plan {
  return { parts, [steps]: { pages: (run) => readPlanned(parts, run) } };
}

async function* readPlanned(
  parts: readonly Part[],
  run: Run,
): AsyncGenerator<Page<unknown>, void, undefined> {
  // Nothing is asked ahead of its turn unless the caller says so: what follows may never be wanted.
  const { from, maxPages = Infinity, concurrency: width = run.client.options.concurrency ?? 1 } = run.options;
  const { place, position }: PlannedPosition = from?.position ?? {};
  const before: ReadState = from?.state ?? {};
  const ends: SplitContext["ends"] = {};
  const places = createPlaces(run, before);
  const shared: Run = {
    ...run,
    options: { ...run.options, concurrency: width },
    // A read of parents is part of the read of their children, and sits on its seats.
    ...limitedSteps,
    seats: run.seats ?? seats(width),
  };
  const slots = split({ parts, run: shared, before, ends }, { slot: start, resume: place });
  // The sequence that the last page ended is over; one that it did not end goes on behind that page.
  if (position === null) await slots.next();
  let resumed = position ?? undefined;
  const sequences = inTurn(slots, {
    width,
    start: (slot) => {
      const at = resumed;
      resumed = undefined;
      return readSlot(shared, slot, at);
    },
  });
  let records = 0;
  let count = from?.position ? from.page : 0;
  const last = count + maxPages;
  let checkpoint: Checkpoint | undefined;
  try {
    for await (const { slot, page, isLast } of sequences) {
      const { position: inner, state } = page.checkpoint as Checkpoint & { readonly state?: JsonObject };
      if (inner === null) places.commit(slot);
      checkpoint = isLast
        ? places.end(++count, ends.parent)
        : places.at(++count, { place: (state ?? slot.place) as never, position: inner });
      records += page.records.length;
      yield { ...page, number: count, checkpoint };
      if (count >= last) break;
    }
    if (!checkpoint) {
      checkpoint = places.end(count, ends.parent);
      // Whoever keeps checkpoints must hear that this run is over, even if there was nothing to read.
      yield { records: [], number: count, url: "", checkpoint };
    }
    const reason = checkpoint.position ? "max_pages" : "all_read";
    run.emit({ type: "complete", page: count, reason, records });
  } catch (thrown) {
    const error = toError(run, thrown, {});
    // The checkpoint of a sequence, or of a parent, means nothing to who reads this resource.
    if (error instanceof ConnectorError) {
      Object.assign(error, { checkpoint: checkpoint ?? from ?? places.at(0, {}) });
    }
    throw error;
  } finally {
    // Does not wait for what is under way: the signal aborts it.
    void slots.return(undefined).catch(() => undefined);
  }
}

/** The whole read as one sequence. */
const start: Slot = { values: {}, key: [], place: {} };

interface Splitting extends Pick<SplitContext, "run" | "before" | "ends"> {
  readonly parts: readonly Part[];
}

/** Splits a slot by one part after the other; only what comes first goes on from where the last read stood. */
async function* split(
  { parts, ...splitting }: Splitting,
  { slot, resume }: { slot: Slot; resume: PlannedPosition["place"] },
): AsyncGenerator<Slot, void, undefined> {
  const [part, ...rest] = parts;
  if (!part) {
    yield slot;
    return;
  }
  let first = resume;
  for await (const next of part.split({ ...splitting, slot, resume: first?.[part.type] })) {
    const { mark = () => next.place } = next;
    const merged: Slot = {
      ...slot,
      ...next,
      values: { ...slot.values, ...next.values },
      key: [...slot.key, ...next.key],
      place: { ...slot.place, [part.type]: next.place },
      mark: () => ({ ...(slot.mark?.() ?? slot.place), [part.type]: mark() }),
    };
    yield* split({ parts: rest, ...splitting }, { slot: merged, resume: first });
    first = undefined;
  }
}

/** Reads the pages of one sequence; the checkpoint of each says where the sequence stands. */
function readSlot(
  run: Run,
  slot: Slot,
  position: Position | undefined,
): AsyncGenerator<Page<unknown>, void, undefined> {
  const { maxPages: _all, from: _whole, ...options } = run.options;
  const inner: Run = {
    ...run,
    options,
    params: { ...run.params, ...slot.values },
    guards: createGuards(run.resource.primaryKey),
    finish: async (inner, fetched) => {
      const { records, step } = await run.finish(inner, fetched);
      const { stop, records: left } = slot.sift?.(records) ?? { records };
      return { records: left, step: stop ? { stop } : step };
    },
    checkpointAt: (_, page, at) => ({ ...run.read, page, position: at, state: slot.mark?.() ?? {} }),
    // The end of a sequence is not the end of the read.
    emit: (event, warning) => {
      if (event.type !== "complete") run.emit(event, warning);
    },
  };
  return readSequence(inner, position && { ...run.read, page: 0, position });
}
