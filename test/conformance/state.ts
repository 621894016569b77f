import type { Checkpoint } from "@connector-gen/runtime";
import type { CursorState } from "./vector.js";

/** The part of a checkpoint's incremental state that is compared with a vector. */
interface ComparableState {
  readonly lastValue: unknown;
  /** The number of remembered rows with the last value. */
  readonly boundaryCount: number;
}

/**
 * Compares the state in a checkpoint with dlt's: the last value, and the number of rows with this value.
 *
 * A checkpoint in which no such state can be found is not compared.
 */
export function compareState(
  checkpoint: Checkpoint | undefined,
  expected: Readonly<Record<string, CursorState>>,
): readonly string[] {
  return Object.entries(expected).flatMap(
    ([cursorPath, { last_value: lastValue, boundary_hashes: hashes }]) => {
      const state = stateOf(checkpoint, cursorPath);
      if (!state) return [];
      const found = JSON.stringify([state.lastValue, state.boundaryCount]);
      const wanted = JSON.stringify([lastValue, hashes.length]);
      return found === wanted ? [] : [`state of ${cursorPath} is ${found}; expected ${wanted}`];
    },
  );
}

/** The state of a read that is not split by parents; one of several sequences has no counterpart in dlt. */
function stateOf(checkpoint: Checkpoint | undefined, cursorPath: string): ComparableState | undefined {
  const entry = checkpoint?.state?.sequences?.["[]"];
  if (entry?.["cursor"] !== cursorPath) return undefined;
  const { last, hashes } = entry;
  return { lastValue: last, boundaryCount: Array.isArray(hashes) ? hashes.length : 0 };
}
