import type { Checkpoint, Position, ReadState } from "../checkpoint.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import type { JsonObject } from "../json.js";
import { digestOf, type ReadIdentity } from "../read/resume.js";
import { hashesSince } from "./hash-log.js";
import type { Partition } from "./plan.js";

/**
 * The position of a planned read: the position of every splitter, and the position in the sequence, which is `null` after
 * its last page.
 */
export interface PlannedPosition {
  readonly place?: Readonly<Record<string, JsonObject>>;
  readonly position?: Position | null;
}

/** A complete checkpoint and its delta. */
export interface PlanCheckpoint {
  readonly complete: Checkpoint;
  /** The changes since the previous checkpoint. Absent for the first one. */
  readonly delta?: Checkpoint;
}

/** Creates the checkpoints of a planned read. */
export interface PlanCheckpoints {
  /** Records the state that a complete partition passes to the next run. */
  readonly commit: (partition: Partition) => void;
  /** Returns a checkpoint inside the read. */
  readonly at: (page: number, position: PlannedPosition) => PlanCheckpoint;
  /** Returns the checkpoint of a complete read. */
  readonly end: (page: number, parent: Checkpoint | undefined) => PlanCheckpoint;
}

type Content = Omit<Checkpoint, "state" | "digest">;

/**
 * Creates the checkpoints of a read. Each contains the partitions that were committed before it. Its `state` is built
 * lazily, because it has one entry per parent.
 */
export function createPlanCheckpoints(identity: ReadIdentity, before: ReadState): PlanCheckpoints {
  const log: (readonly [key: string, outcome: JsonObject])[] = [];
  let previous: { readonly page: number; readonly length: number; readonly cursor?: JsonObject } | undefined;

  const create = (
    page: number,
    planned: PlannedPosition | null,
    parent: Checkpoint | undefined,
  ): PlanCheckpoint => {
    const { length } = log;
    const position = planned as Position | null;
    const complete = withState({ ...identity, page, position }, () => ({
      ...((before.sequences ?? length > 0) && {
        sequences: { ...before.sequences, ...Object.fromEntries(log.slice(0, length)) },
      }),
      ...(parent && { parent }),
    }));
    const cursor = planned?.place?.["incremental"]?.["cursor"] as JsonObject | undefined;
    const since = previous;
    previous = { page, length, ...(cursor && { cursor }) };
    if (!since) return { complete };
    const trim = (state: JsonObject): JsonObject => hashesSince(state, since.cursor);
    const shorter = planned && cursor ? withCursor(planned, trim(cursor)) : position;
    const delta = withState({ ...identity, page, after: since.page, position: shorter }, () => ({
      sequences: Object.fromEntries(log.slice(since.length, length).map(([key, end]) => [key, trim(end)])),
      ...(!position && parent && { parent }),
    }));
    return { complete, delta };
  };

  return {
    commit: ({ key, outcome }) => {
      if (outcome) log.push([JSON.stringify(key), outcome()]);
    },
    at: (page, position) => create(page, position, before.parent),
    end: (page, parent) => create(page, null, parent ?? before.parent),
  };
}

/** Adds the state and the digest, which are built when they are read. */
function withState(content: Content, state: () => ReadState): Checkpoint {
  // A copy, because `content` gets the properties below.
  const rest = { ...content };
  const get = (): string => digestOf({ ...rest, state: state() });
  return Object.defineProperties(content, {
    state: { enumerable: true, get: state },
    digest: { enumerable: true, get },
  });
}

function withCursor(planned: PlannedPosition, cursor: JsonObject): Position {
  const place = { ...planned.place, incremental: { ...planned.place?.["incremental"], cursor } };
  return { ...planned, place };
}

/** Returns a complete checkpoint and its deltas as one. */
export function mergeCheckpoints([first, ...deltas]: readonly Checkpoint[]): Checkpoint | undefined {
  if (!first) return undefined;
  if (first.after !== undefined) throw missing(first);
  if (deltas.length === 0) return first;
  const sequences: Record<string, JsonObject> = { ...first.state?.sequences };
  let { page, position, state: { parent } = {} } = first;
  // Appended to in place: a copy per delta would take quadratic time.
  const own = [...hashesOf(cursorOf(position))];
  for (const delta of deltas) {
    if (delta.after !== page || delta.fingerprint !== first.fingerprint) throw missing(delta);
    for (const [key, entry] of Object.entries(delta.state?.sequences ?? {})) {
      const before = sequences[key];
      // If the last value is still the same, the hashes of earlier runs apply, too.
      const isSame = "adds" in entry && before?.["last"] === entry["last"];
      sequences[key] = complete(entry, [...(isSame ? hashesOf(before) : []), ...own.slice(0, addsOf(entry))]);
    }
    ({ page, position } = delta);
    parent = delta.state?.parent ?? parent;
    const cursor = cursorOf(position);
    own.length = Math.min(own.length, addsOf(cursor));
    for (const hash of hashesOf(cursor)) own.push(hash);
  }
  const cursor = cursorOf(position);
  if (cursor) position = withCursor(position as PlannedPosition, { ...complete(cursor, []), hashes: own });
  const { after: _after, digest: _digest, ...identity } = first;
  return { ...identity, page, position, state: { sequences, ...(parent && { parent }) } };
}

/** Replaces `adds`, the number of hashes that the delta omits, with these hashes of the previous checkpoint. */
function complete(state: JsonObject, before: readonly string[]): JsonObject {
  const { adds, ...rest } = state;
  return adds === undefined ? state : { ...rest, hashes: [...new Set([...before, ...hashesOf(state)])] };
}

function addsOf(state: JsonObject | undefined): number {
  return Number(state?.["adds"] ?? 0);
}

function cursorOf(position: Position | null): JsonObject | undefined {
  return (position as PlannedPosition | null)?.place?.["incremental"]?.["cursor"] as JsonObject | undefined;
}

function hashesOf(state: JsonObject | undefined): readonly string[] {
  return (state?.["hashes"] ?? []) as readonly string[];
}

function missing({ page, after }: Checkpoint): ReadFailure {
  const message = `the checkpoint of page ${page} continues that of page ${after}, which is not before it in \`from\``;
  return new ReadFailure(ConnectorError, "CHECKPOINT_INVALID", message);
}
