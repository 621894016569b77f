import type { Checkpoint } from "../read/checkpoint.js";
import type { JsonObject } from "../json.js";
import type { Position } from "../paginators/paginator.js";
import type { ReadState, Slot } from "./plan.js";
import type { Run } from "../read/session.js";
import type { PlannedPosition } from "./planned-read.js";

/** Makes the checkpoints of a planned read. */
export interface Places {
  /** Takes down what a sequence leaves to the next run. */
  readonly commit: (slot: Slot) => void;
  /** A checkpoint inside the read. */
  readonly at: (page: number, position: PlannedPosition) => Checkpoint;
  /** The checkpoint of a read that is complete. */
  readonly end: (page: number, parent: Checkpoint | undefined) => Checkpoint;
}

/**
 * The checkpoints of a read. Each sees what was committed before it; the state is put together only when it is looked
 * at, because with a hundred thousand parents there are as many states in it.
 */
export function createPlaces(run: Run, before: ReadState): Places {
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
    return Object.defineProperty({ ...run.read, page, position }, "state", { enumerable: true, get: state });
  };

  return {
    commit: ({ key, outcome }) => {
      if (outcome) log.push([JSON.stringify(key), outcome()]);
    },
    at: (page, position) => checkpoint(page, position as Position, before.parent),
    end: (page, parent) => checkpoint(page, null, parent ?? before.parent),
  };
}
