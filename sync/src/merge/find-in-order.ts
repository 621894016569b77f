import { halve, type Range } from "../halve.js";
import type { PreparedMerge } from "./merge.js";
import { belowRoots, idsBelow, inRange, isOneOf, type Query, type RefusedRow } from "./staged-rows.js";

/** A step of a transaction that can be rolled back alone. */
export interface Step {
  /**
   * Runs `work`. If the database refuses it, rolls back this work alone and resolves to the reason. Otherwise keeps its
   * effects.
   */
  readonly attempt: (work: () => Promise<unknown>) => Promise<string | undefined>;
  readonly query: Query;
}

interface OrderedTrial {
  readonly merge: PreparedMerge;
  readonly step: Step;
}

/**
 * Finds the staged rows that make the database refuse a merge, by inserting them in order. Accepted rows stay, so rows
 * that conflict with an earlier row are found as well, and no row is inserted twice.
 */
export async function findInOrder(trial: OrderedTrial, range: Range): Promise<readonly RefusedRow[]> {
  const { merge, step } = trial;
  const found: RefusedRow[] = [];
  await merge.steps.clear();
  await halve(range, {
    refusal: (each) => step.attempt(() => insertRange(merge, each)),
    found: async (sequence, reason) => void found.push(...(await findInTree(trial, sequence, reason))),
  });
  return found;
}

async function insertRange({ tables, steps }: PreparedMerge, range: Range): Promise<void> {
  const roots = inRange(tables, range);
  await steps.insertRoot(roots);
  for (const child of tables.children) await steps.insertChild(child, belowRoots(tables, roots));
}

/** Finds the refused rows of a tree: the root row, or rows below it. */
async function findInTree(
  { merge, step }: OrderedTrial,
  sequence: number,
  reason: string,
): Promise<readonly RefusedRow[]> {
  const { tables, steps } = merge;
  const root = inRange(tables, { from: sequence, to: sequence });
  const own = await step.attempt(() => steps.insertRoot(root));
  if (own !== undefined) return [{ table: tables.root, sequence, reason: own }];
  const found: RefusedRow[] = [];
  const lost: string[] = [];
  for (const table of tables.children) {
    const ids = await idsBelow({ query: step.query, merge }, table, { root, lost });
    await halve(
      { from: 0, to: ids.length - 1 },
      {
        refusal: ({ from, to }) =>
          step.attempt(() => steps.insertChild(table, isOneOf(tables.id, ids.slice(from, to + 1)))),
        found: (place, why) => {
          const id = ids[place] ?? "";
          lost.push(id);
          found.push({ table, sequence, id, reason: why });
        },
      },
    );
  }
  // The rows are refused only together, and nothing shows which of them is the cause.
  return found.length > 0 ? found : [{ table: tables.root, sequence, reason }];
}
