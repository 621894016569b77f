import type { RowBatch } from "./destination.js";
import { halve } from "./halve.js";
import type { TechnicalNames } from "./tables/technical.js";
import type { TableBatch } from "./write-batch.js";

/** A row that the database refuses. */
export interface RefusedRow {
  readonly table: string;
  readonly page: number;
  readonly reason: string;
  /** The row as JSON. */
  readonly row: string;
}

/** The check that finds refused rows. */
export interface RefusalCheck {
  readonly technical: TechnicalNames;
  /** Resolves to the reason why the database refuses the rows of tables (parents first), or to `undefined`. */
  readonly tryRows: (tables: readonly TableBatch[]) => Promise<string | undefined>;
}

/** The reason for rejecting a row below a rejected row. */
export const aboveRejected = "the row above it was rejected";

/** Splits tables into the rows that the database accepts, and those that it refuses, with the rows below the latter. */
export async function separateRefused(
  tables: readonly TableBatch[],
  { technical, tryRows }: RefusalCheck,
): Promise<{ readonly tables: readonly TableBatch[]; readonly refused: readonly RefusedRow[] }> {
  const refused: RefusedRow[] = [];
  const refusedIds = new Set<unknown>();
  const kept: TableBatch[] = [];
  for (const table of tables) {
    const parents = valuesOf(table.rows, technical.parentId);
    const ids = valuesOf(table.rows, technical.id);
    const reasons = new Map<number, string>();
    parents.forEach((parent, row) => {
      if (refusedIds.has(parent)) reasons.set(row, aboveRejected);
    });
    const rows = [...table.pages.keys()].filter((row) => !reasons.has(row));
    const own = await findRefused(rows, {
      alone: (some) => tryRows([pickRows(table, some)]),
      withParents: (some) => tryRows([...kept, pickRows(table, some)]),
    });
    for (const [row, reason] of [...reasons, ...own]) {
      refusedIds.add(ids[row]);
      refused.push({ table: table.name, page: table.pages[row] ?? 0, reason, row: toJson(table.rows, row) });
    }
    const rest = rows.filter((row) => !own.has(row));
    if (rest.length > 0) kept.push(rest.length === table.rows.count ? table : pickRows(table, rest));
  }
  return { tables: kept, refused };
}

/** Finds the rows that are refused alone, and then those that conflict with an earlier row. */
async function findRefused(
  rows: readonly number[],
  {
    alone,
    withParents,
  }: Readonly<Record<"alone" | "withParents", (rows: readonly number[]) => Promise<string | undefined>>>,
): Promise<ReadonlyMap<number, string>> {
  const refused = new Map<number, string>();
  const range = { from: 0, to: rows.length - 1 };
  await halve(range, {
    refusal: ({ from, to }) => alone(rows.slice(from, to + 1)),
    found: async (place) => {
      const row = rows[place] ?? place;
      // The table may refer to the table of the parents.
      const reason = await withParents([row]);
      if (reason !== undefined) refused.set(row, reason);
    },
  });
  await halve(range, {
    refusal: ({ to }) => withParents(rows.slice(0, to + 1).filter((row) => !refused.has(row))),
    found: (place, reason) => void refused.set(rows[place] ?? place, reason),
  });
  return refused;
}

function valuesOf({ columns, values }: RowBatch, name: string): RowBatch["values"][number] {
  return values[columns.findIndex((column) => column.name === name)] ?? [];
}

function pickRows(table: TableBatch, rows: readonly number[]): TableBatch {
  const values = table.rows.values.map((column) => rows.map((row) => column[row]));
  const pages = rows.map((row) => table.pages[row] ?? 0);
  return { ...table, pages, rows: { ...table.rows, values, count: rows.length } };
}

function toJson({ columns, values }: RowBatch, row: number): string {
  const cells = columns.map(({ name }, index) => [name, values[index]?.[row] ?? null] as const);
  return JSON.stringify(Object.fromEntries(cells), (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  ).replaceAll("\\u0000", "\\\\u0000");
}
