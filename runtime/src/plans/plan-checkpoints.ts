import type { Checkpoint, Position, ReadState } from "../checkpoint.js";
import type { JsonObject } from "../json.js";
import { digestOf, type ReadIdentity } from "../read/resume.js";
import type { Partition } from "./plan.js";

/** The position of a planned read: that of every splitter, and that in the sequence; `null` after its last page. */
export interface PlannedPosition {
  readonly place?: Readonly<Record<string, JsonObject>>;
  readonly position?: Position | null;
}

/** Creates the checkpoints of a planned read. */
export interface PlanCheckpoints {
  /** Records what a complete partition leaves for the next run. */
  readonly commit: (partition: Partition) => void;
  /** Returns a checkpoint inside the read. */
  readonly at: (page: number, position: PlannedPosition) => Checkpoint;
  /** Returns the checkpoint of a complete read. */
  readonly end: (page: number, parent: Checkpoint | undefined) => Checkpoint;
}

/**
 * Creates the checkpoints of a read. Each holds what was committed before it. Its `state` is built lazily, because it
 * has one entry per parent.
 */
export function createPlanCheckpoints(identity: ReadIdentity, before: ReadState): PlanCheckpoints {
  const log: (readonly [key: string, outcome: JsonObject])[] = [];

  const checkpoint = (
    page: number,
    position: Position | null,
    parent: Checkpoint | undefined,
  ): Checkpoint => {
    const length = log.length;
    const state = (): ReadState => ({
      ...((before.sequences ?? length > 0) && {
        sequences: { ...before.sequences, ...Object.fromEntries(log.slice(0, length)) },
      }),
      ...(parent && { parent }),
    });
    const content = { ...identity, page, position };
    Object.defineProperty(content, "state", { enumerable: true, get: state });
    return Object.defineProperties(
      { ...identity, page, position },
      {
        state: { enumerable: true, get: state },
        digest: { enumerable: true, get: () => digestOf(content) },
      },
    );
  };

  return {
    commit: ({ key, outcome }) => {
      if (outcome) log.push([JSON.stringify(key), outcome()]);
    },
    at: (page, position) => checkpoint(page, position as Position, before.parent),
    end: (page, parent) => checkpoint(page, null, parent ?? before.parent),
  };
}
