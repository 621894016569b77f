import type { Checkpoint } from "@connector-gen/runtime";
import type { CursorState } from "./vector.js";

/** What of a checkpoint's incremental state can be held against a vector. */
interface ComparableState {
  readonly lastValue: unknown;
  /** How many rows at the last value are remembered. */
  readonly boundaryCount: number;
}

/**
 * Holds the state in a checkpoint against what dlt keeps: the last value, and how many rows stand at it.
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
