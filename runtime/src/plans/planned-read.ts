import type { Checkpoint, Position, ReadState } from "../checkpoint.js";
import { ConnectorError, ReadFailure, isConnectorError, type Clean } from "../errors.js";
import { toText, type JsonObject, type JsonValue } from "../json.js";
import type { Limiter } from "../limit/limiter.js";
import { createSemaphore } from "../limit/semaphore.js";
import { requestsInFlight } from "../paginators/parallel-pages.js";
import { createGuards } from "../read/guards.js";
import { createPageIterator, type Page, type PageIterator, type PageSource } from "../read/page.js";
import { readPages, readSequence } from "../read/pages.js";
import { lookupIn, toError, warn, type ReadSession } from "../read/session.js";
import { mergeInOrder } from "./ordered-merge.js";
import {
  createPlanCheckpoints,
  mergeCheckpoints,
  type PlanCheckpoint,
  type PlannedPosition,
} from "./plan-checkpoints.js";
import type { Partition, Plan, SplitContext, Splitter } from "./plan.js";

/**
 * Creates a plan from splitters, outermost first. It reads up to `concurrency` sequences of pages at a time and returns
 * their pages in order.
 */
export function plan(...parts: readonly Splitter[]): Plan {
  return {
    parts,
    merge: mergeCheckpoints,
    pages: (session, from) => readPlanned(parts, session as ReadSession, from),
  };
}

function readPlanned(
  parts: readonly Splitter[],
  session: ReadSession,
  from: Checkpoint | undefined,
): PageIterator {
  const { options, identity, concurrency, readAhead, emit } = session;
  const { place, position }: PlannedPosition = from?.position ?? {};
  const before: ReadState = from?.state ?? {};
  // The read of the parents is part of the read of their children and shares their limit.
  const semaphore = session.semaphore ?? createSemaphore(requestsInFlight(session));
  let parent: Checkpoint | undefined;
  const splitting = openSplitting(session, semaphore, {
    before,
    setParentCheckpoint: (checkpoint) => (parent = checkpoint),
  });
  const checkpoints = createPlanCheckpoints(identity, before);
  const partitions = split(splitting, { parts, partition: whole, resume: place });
  // If the position is `null`, the sequence is complete. Otherwise, it continues after the last page.
  let isAfterSequence = position === null;
  let resumed = position ?? undefined;
  const nextPage = mergeInOrder(partitions, {
    concurrency,
    readAhead,
    start: (partition) => {
      const start = resumed;
      resumed = undefined;
      return readPartition(() => toSequence(session, semaphore, partition), partition, start);
    },
  });
  let records = 0;
  let count = from?.position ? from.page : 0;
  const last = count + (options.maxPages ?? Infinity);
  let checkpoint: PlanCheckpoint | undefined;
  const shown = ({ complete, delta }: PlanCheckpoint): Checkpoint =>
    options.checkpoints === "delta" ? (delta ?? complete) : complete;
  const pull = async (): Promise<Page<unknown> | undefined> => {
    if (isAfterSequence) await partitions.next();
    isAfterSequence = false;
    const next = count < last ? await nextPage() : undefined;
    if (next) {
      const { partition, page, isLast } = next;
      const { position: inner, state } = page.checkpoint as Checkpoint & { readonly state?: JsonObject };
      if (inner === null) checkpoints.commit(partition);
      checkpoint = isLast
        ? checkpoints.end(++count, parent)
        : checkpoints.at(++count, { place: (state ?? partition.resume) as never, position: inner });
      records += page.records.length;
      return { ...page, number: count, isLast, checkpoint: shown(checkpoint) };
    }
    if (!checkpoint) {
      checkpoint = checkpoints.end(count, parent);
      // The consumer needs the final checkpoint even if there was nothing to read.
      return { records: [], number: count, isLast: true, url: "", checkpoint: shown(checkpoint) };
    }
    const reason = checkpoint.complete.position ? "max_pages" : "all_read";
    emit({ type: "complete", page: count, reason, records });
    return undefined;
  };
  return createPageIterator(
    async () => {
      try {
        return await pull();
      } catch (error) {
        const placed = toError(session, error, {});
        // The checkpoint of a sequence or a parent is not valid for the whole read.
        if (isConnectorError(placed))
          Object.assign(placed, {
            checkpoint: checkpoint?.complete ?? from ?? checkpoints.at(0, {}).complete,
          });
        throw placed;
      }
    },
    () => {
      // Does not wait for requests in flight: the signal aborts them.
      void partitions.return(undefined).catch(() => undefined);
    },
  );
}

/** The services that the splitters of a read use. */
function openSplitting(
  session: ReadSession,
  semaphore: Limiter,
  given: Pick<Splitting, "before" | "setParentCheckpoint">,
): Splitting {
  const { client, resource, params, lookup, clean } = session;
  return {
    ...given,
    params,
    lookup,
    primaryKey: resource.primaryKey ?? [],
    option: client.option,
    clean,
    readParent: (name, from) => readParent(session, semaphore, { name, from }),
    open: (partition) => toSequence(session, semaphore, partition),
  };
}

/** Reads the pages of one partition. Reads them again if the partition recovers from an error. */
function readPartition(
  open: () => ReadSession,
  partition: Partition,
  position: Position | undefined,
): PageIterator {
  let start = position;
  let session: ReadSession | undefined;
  let pages: PageSource | undefined;
  const pull = async (): Promise<Page<unknown> | undefined> => {
    session ??= open();
    pages ??= partition.read?.(session) ?? readSequence(session, start && { page: 0, position: start });
    try {
      return (await pages.next()).value as Page<unknown> | undefined;
    } catch (error) {
      const warning = partition.recover?.(error);
      if (warning === undefined) throw error;
      warn(session, 0, warning);
      start = session = pages = undefined;
      return pull();
    }
  };
  return createPageIterator(pull);
}

/** Returns the session of one sequence of pages. */
function toSequence(session: ReadSession, semaphore: Limiter, partition: Partition): ReadSession {
  const { client, resource, options, identity, limiters, emit } = session;
  const params = { ...session.params, ...partition.values };
  const paginator = partition.paginate?.(resource.paginator) ?? resource.paginator;
  return {
    ...session,
    resource: { ...resource, paginator },
    params,
    options: { ...options, maxPages: undefined },
    guards: createGuards(resource.primaryKey, undefined, paginator.needsPrevious),
    limiters: [...new Set([semaphore, ...limiters])],
    lookup: lookupIn(client, params),
    accept: acceptBoth(partition.accept, session.accept),
    checkpointAt: (page, position) => ({ ...identity, page, position, state: partition.snapshot?.() ?? {} }),
    // The end of a sequence is not the end of the read.
    emit: (event, warning) => {
      if (event.type !== "complete") emit(event, warning);
    },
  };
}

/** Applies the `accept` of a partition, then that of the whole read. */
function acceptBoth(own: Partition["accept"], whole: ReadSession["accept"]): ReadSession["accept"] {
  if (!own || !whole) return own ?? whole;
  return (given) => {
    const { records, stop } = own(given);
    return { ...whole(records), stop };
  };
}

function readParent(
  { client, options, readAhead, concurrency, signal }: ReadSession,
  semaphore: Limiter,
  { name, from }: { readonly name: string; readonly from: Checkpoint | undefined },
): PageIterator {
  const resource = client.source.resources[name];
  if (!resource) {
    const message = `the source has no resource \`${name}\``;
    throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
  }
  // The caller's `maxPages`, `validate` and `checkpoints` apply only to the children.
  const { maxPages: _pages, validate: _validate, checkpoints: _form, ...inherited } = options;
  // One request at a time: the children of a page are read before the next page of parents.
  const own = { ...inherited, readAhead: readAhead && concurrency > 1, signal, from };
  return readPages({ client, resource, params: {}, options: own, semaphore, isParent: true });
}

/** The whole read as one partition. */
const whole: Partition = { values: {}, key: [], resume: {} };

interface Splitting extends Omit<SplitContext, "partition" | "resume"> {
  readonly clean: Clean;
}

interface Remaining {
  readonly parts: readonly Splitter[];
  readonly partition: Partition;
  readonly resume: PlannedPosition["place"];
}

/** Redacts the keys of sequences, which checkpoints contain: the URL of a parent may repeat a secret. */
function hideSecrets(clean: Clean): (value: JsonValue) => JsonValue {
  return (value) => {
    const text = toText(value);
    const hidden = clean(text);
    return hidden === text ? value : hidden;
  };
}

/** Splits a partition by all splitters in turn. Only the first partitions continue from a checkpoint. */
async function* split(
  splitting: Splitting,
  { parts, partition, resume }: Remaining,
): AsyncGenerator<Partition, void, undefined> {
  const [part, ...rest] = parts;
  if (!part) {
    yield partition;
    return;
  }
  let first = resume;
  const hide = hideSecrets(splitting.clean);
  for await (const next of part.split({ ...splitting, partition, resume: first?.[part.type] })) {
    const { snapshot = () => next.resume } = next;
    const merged: Partition = {
      ...partition,
      ...next,
      values: { ...partition.values, ...next.values },
      key: [...partition.key, ...next.key.map(hide)],
      resume: { ...partition.resume, [part.type]: next.resume },
      snapshot: () => ({ ...(partition.snapshot?.() ?? partition.resume), [part.type]: snapshot() }),
    };
    yield* split(splitting, { parts: rest, partition: merged, resume: first });
    first = undefined;
  }
}
