import type { RowBatch } from "./destination.js";
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

/** How refused rows are found. */
export interface RefusalCheck {
  readonly technical: TechnicalNames;
  /** Returns why the database refuses rows, or `undefined`. */
  readonly tryRows: (table: TableBatch) => Promise<string | undefined>;
}

/** Splits tables into the rows that the database takes, and those that it refuses; these with the rows below them. */
export async function separateRefused(
  tables: readonly TableBatch[],
  { technical, tryRows }: RefusalCheck,
): Promise<{ readonly tables: readonly TableBatch[]; readonly refused: readonly RefusedRow[] }> {
  const refused: RefusedRow[] = [];
  const refusedIds = new Set<unknown>();
  const kept: TableBatch[] = [];
  for (const table of tables) {
    const reasons = await findRefused(table, { start: 0, end: table.rows.count }, tryRows);
    const parents = valuesOf(table.rows, technical.parentId);
    const ids = valuesOf(table.rows, technical.id);
    parents.forEach((parent, row) => {
      if (refusedIds.has(parent)) reasons.set(row, "the row above it was rejected");
    });
    for (const [row, reason] of reasons) {
      refusedIds.add(ids[row]);
      refused.push({ table: table.name, page: table.pages[row] ?? 0, reason, row: toJson(table.rows, row) });
    }
    const rest = [...table.pages.keys()].filter((row) => !reasons.has(row));
    if (rest.length > 0) kept.push(pickRows(table, rest));
  }
  return { tables: kept, refused };
}

/** Halves the rows until the refused ones are alone. */
async function findRefused(
  table: TableBatch,
  { start, end }: { readonly start: number; readonly end: number },
  tryRows: RefusalCheck["tryRows"],
): Promise<Map<number, string>> {
  const rows = Array.from({ length: end - start }, (_, index) => start + index);
  const reason = await tryRows(pickRows(table, rows));
  if (reason === undefined) return new Map();
  if (rows.length === 1) return new Map([[start, reason]]);
  const middle = start + Math.ceil(rows.length / 2);
  const first = await findRefused(table, { start, end: middle }, tryRows);
  const second = await findRefused(table, { start: middle, end }, tryRows);
  return new Map([...first, ...second]);
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
