import type { TableConstraint } from "../destination.js";
import { halve, type Range } from "../halve.js";
import { quoteName, tableRef } from "../sql.js";
import { findByConstraints } from "./find-by-constraints.js";
import { findInOrder, type Step } from "./find-in-order.js";
import type { PreparedMerge } from "./merge.js";
import { belowRoots, idsBelow, inRange, isOneOf, type Query, type RefusedRow } from "./staged-rows.js";
import type { MergeSteps, MergeTables, StagedTable } from "./statements.js";

/** Runs statements, and rolls them back. */
export interface Trial {
  readonly merge: PreparedMerge;
  /** Runs a query outside transactions. */
  readonly query: Query;
  /** Runs a query inside the transaction of `attempt`. */
  readonly queryInside: Query;
  /**
   * Runs `work` in a transaction and rolls it back. Resolves to the reason why the database refuses it, or to
   * `undefined`.
   */
  readonly attempt: (work: () => Promise<unknown>) => Promise<string | undefined>;
  /** The constraints of all tables. Absent: unknown. */
  readonly constraints?: readonly TableConstraint[] | undefined;
  /** Runs steps in a transaction and rolls all of them back. Absent: the database cannot roll back a single step. */
  readonly attemptSteps?: (<T>(work: (step: Step) => Promise<T>) => Promise<T>) | undefined;
}

/** Conditions that select a part of the staged rows, `s`. */
interface Part {
  readonly root: string;
  readonly child: (table: StagedTable) => string;
}

/**
 * Finds the staged rows that make the database refuse a merge. Looks first for rows that are refused alone, then for rows that
 * conflict with an earlier row. Empty if no single row is the cause.
 */
export async function findRefused(trial: Trial): Promise<readonly RefusedRow[]> {
  const { steps, tables } = trial.merge;
  const range = await sequenceRange(trial);
  const reason = await trial.attempt(() => steps.clear());
  if (reason !== undefined) return steps.clearsByRow ? findBlocked(trial, range) : [];
  const explained = await findExplained(trial);
  if (explained.length > 0) return explained;
  if (trial.attemptSteps)
    return trial.attemptSteps((step) => findInOrder({ merge: trial.merge, step }, range));
  const alone = await findRows(trial, range, () => nothing);
  if (alone.length > 0) return alone;
  return findRows(trial, range, ({ from }, found) => before(tables, from, found));
}

/** Finds the rows that violate constraints, if these are known. */
async function findExplained({
  merge,
  constraints = [],
  attempt,
  queryInside,
}: Trial): Promise<readonly RefusedRow[]> {
  if (constraints.length === 0) return [];
  let found: readonly RefusedRow[] = [];
  // An expression of a constraint may fail. Then the search goes on.
  const reason = await attempt(async () => {
    await merge.steps.clear();
    found = await findByConstraints({ merge, query: queryInside }, constraints);
  });
  return reason === undefined ? found : [];
}

async function sequenceRange({ merge: { tables }, query }: Trial): Promise<Range> {
  const sequence = quoteName(tables.sequence);
  const sql = `select min(${sequence}) as "from", max(${sequence}) as "to" from ${tableRef(tables.root.staging)}`;
  const [row] = await query(sql);
  return { from: Number(row?.["from"] ?? 0), to: Number(row?.["to"] ?? -1) };
}

/** Finds the root rows that would replace rows that the database does not delete, because other rows refer to them. */
async function findBlocked({ merge, attempt }: Trial, range: Range): Promise<readonly RefusedRow[]> {
  const { tables, steps } = merge;
  const found: RefusedRow[] = [];
  await halve(range, {
    refusal: (each) => attempt(() => steps.clear(inRange(tables, each))),
    found: (sequence, reason) => void found.push({ table: tables.root, sequence, reason }),
  });
  return found;
}

const nothing: Part = { root: "false", child: () => "false" };

/** Finds refused rows. Tries each range together with the rows that `accepted` returns. */
async function findRows(
  trial: Trial,
  range: Range,
  accepted: (range: Range, found: readonly RefusedRow[]) => Part,
): Promise<readonly RefusedRow[]> {
  const { tables } = trial.merge;
  const found: RefusedRow[] = [];
  await halve(range, {
    refusal: (each) =>
      trial.attempt(() =>
        runPart(trial.merge, either(accepted(each, found), partOf(tables, inRange(tables, each)))),
      ),
    found: async (sequence, reason) => {
      const base = accepted({ from: sequence, to: sequence }, found);
      found.push(...(await findInTree(trial, { sequence, base, reason })));
    },
  });
  return found;
}

/** Finds the refused rows of a tree: the root row, or rows below it. */
async function findInTree(
  trial: Trial,
  { sequence, base, reason }: { readonly sequence: number; readonly base: Part; readonly reason: string },
): Promise<readonly RefusedRow[]> {
  const { merge, attempt } = trial;
  const { tables } = merge;
  const root = inRange(tables, { from: sequence, to: sequence });
  const own = await attempt(() => runPart(merge, either(base, { root, child: () => "false" })));
  if (own !== undefined) return [{ table: tables.root, sequence, reason: own }];
  const found: RefusedRow[] = [];
  const chosen = new Map<StagedTable, readonly string[]>();
  for (const table of tables.children) {
    const ids = await idsBelow(trial, table, { root, lost: found.flatMap(({ id }) => id ?? []) });
    const refused = new Set<string>();
    await halve(
      { from: 0, to: ids.length - 1 },
      {
        refusal: ({ to }) => {
          const part = new Map([...chosen, [table, ids.slice(0, to + 1).filter((id) => !refused.has(id))]]);
          const child = (each: StagedTable): string => isOneOf(tables.id, part.get(each) ?? []);
          return attempt(() => runPart(merge, either(base, { root, child })));
        },
        found: (place, why) => {
          const id = ids[place] ?? "";
          refused.add(id);
          found.push({ table, sequence, id, reason: why });
        },
      },
    );
    chosen.set(
      table,
      ids.filter((id) => !refused.has(id)),
    );
  }
  // The rows are refused only together, and nothing shows which of them is the cause.
  return found.length > 0 ? found : [{ table: tables.root, sequence, reason }];
}

async function runPart(
  merge: { readonly tables: MergeTables; readonly steps: MergeSteps },
  part: Part,
): Promise<void> {
  const { tables, steps } = merge;
  await steps.clear();
  await steps.insertRoot(part.root);
  for (const child of tables.children) await steps.insertChild(child, part.child(child));
}

function either(a: Part, b: Part): Part {
  return {
    root: `((${a.root}) or (${b.root}))`,
    child: (table) => `((${a.child(table)}) or (${b.child(table)}))`,
  };
}

/** Selects root rows with all rows below them. */
function partOf(tables: MergeTables, root: string): Part {
  return { root, child: () => belowRoots(tables, root) };
}

/** Selects the rows before a sequence number that are not refused. */
function before(tables: MergeTables, place: number, found: readonly RefusedRow[]): Part {
  const roots = found.flatMap(({ id, sequence }) => (id === undefined ? sequence : []));
  const isLost = roots.length > 0 ? `s.${quoteName(tables.sequence)} in (${roots.join(", ")})` : "false";
  const root = `(s.${quoteName(tables.sequence)} < ${place} and not (${isLost}))`;
  return {
    root,
    child: (table) => {
      const lost = found.flatMap((row) => (row.table === table && row.id !== undefined ? row.id : []));
      return `(${belowRoots(tables, root)} and not (${isOneOf(tables.id, lost)}))`;
    },
  };
}
