import type { Cell, Column, ColumnType, NormalizedRows } from "../destination.js";
import { SyncError } from "../errors.js";
import { joinNames } from "./names.js";

/** A column with the values of the rows that wait for the next transaction. */
export interface ColumnState {
  readonly column: Column;
  values: (Cell | undefined)[];
  /**
   * Whether this run needs it. A record that is discarded adds no column, and a column of the user keeps its default value.
   */
  isUsed: boolean;
  /** Whether sync itself fills it. */
  isTechnical?: boolean;
}

/** A table with the rows that wait for the next transaction. */
export interface TableState {
  readonly name: string;
  /** The path of the list from which its rows come: `lines[]`. Empty for a root table. */
  readonly path: string;
  readonly parent: TableState | undefined;
  /** Whether it was in the database before the run. */
  readonly isKnown: boolean;
  /** Whether the contract applies to further columns. */
  hasColumns: boolean;
  /** By name. */
  readonly columns: Map<string, ColumnState>;
  /** The path of the field that owns a column, by name of the column. */
  readonly owners: Map<string, string>;
  /** The column of the hashes of rows. */
  hash?: ColumnState | undefined;
  /** Number of waiting rows. */
  count: number;
  /** Number of characters and bytes of their cells. Numbers do not count. */
  size: number;
  /** The page of each waiting row. */
  pages: number[];
}

/** Creates a table with the columns that the database already has. */
export function createTable(
  { name, path, parent }: Pick<TableState, "name" | "path" | "parent">,
  existing: { readonly columns: readonly Column[]; readonly isKnown: boolean } | undefined,
): TableState {
  const columns = (existing?.columns ?? []).map((column): [string, ColumnState] => [
    column.name,
    { column, values: [], isUsed: false },
  ]);
  return {
    ...{ name, path, parent },
    isKnown: existing?.isKnown === true,
    // As with dlt, all rows of the run may add columns to a new root table, but only the first row to the table of a list.
    hasColumns: existing !== undefined && (existing.isKnown || parent !== undefined),
    columns: new Map(columns),
    owners: new Map(),
    count: 0,
    size: 0,
    pages: [],
  };
}

/** Adds a column unless the table has it. The type in the database has precedence. */
export function addColumn(table: TableState, column: Column): ColumnState {
  const known = table.columns.get(column.name);
  if (known) return known;
  const added: ColumnState = { column, values: [], isUsed: false };
  table.columns.set(column.name, added);
  return added;
}

/** Adds a column that the table has even without values, unless the table has it already. */
export function declareColumn(table: TableState, column: Column): ColumnState {
  const state = addColumn(table, column);
  state.isUsed = true;
  return state;
}

/** Assigns a column to a field. Throws if another field has the same column. */
export function claimColumn(table: Pick<TableState, "name" | "owners">, name: string, owner: string): void {
  const other = table.owners.get(name);
  if (other !== undefined && other !== owner) {
    const message = `the fields \`${other}\` and \`${owner}\` of \`${table.name}\` both become the column \`${name}\`: rename one of them in "processing_steps"`;
    throw new SyncError("NAME_COLLISION", message);
  }
  table.owners.set(name, owner);
}

/** Writes a cell into the current row. */
export function putCell(table: TableState, { values }: ColumnState, cell: Cell): void {
  values[table.count] = cell;
  if (typeof cell === "string") table.size += cell.length;
  else if (cell instanceof Uint8Array) table.size += cell.length;
}

/** Returns the columns that this run needs. */
export function usedColumns({ columns }: TableState): readonly Column[] {
  return [...columns.values()].filter(({ isUsed }) => isUsed).map(({ column }) => column);
}

/** Returns the waiting rows with the page of each row, and removes them. */
export function takeRows(table: TableState): {
  readonly rows: NormalizedRows;
  readonly pages: readonly number[];
} {
  const { hash, pages, count } = table;
  const states = [...table.columns.values()].filter((state) => state.values.length > 0 || state === hash);
  const technical = states.filter((state) => state.isTechnical && state !== hash);
  const data = states.filter(({ isTechnical }) => !isTechnical);
  const ordered = [...technical, ...(hash ? [hash] : []), ...data];
  const rows = {
    columns: ordered.map(({ column }) => column),
    values: ordered.map(({ values }) => values),
    count,
    technical: ordered.length - data.length,
    hasHashes: hash !== undefined,
  };
  for (const state of states) {
    state.values = [];
    state.isUsed = true;
  }
  table.count = table.size = 0;
  table.pages = [];
  return { rows, pages };
}

/**
 * Returns the name of the column for values that do not fit the type of another column, as dlt names it:
 * `price__v_text`. The type is that of the JSON value: a text is `text`, even if its column is a timestamp.
 */
export function variantName(name: string, type: ColumnType, maxLength: number): string {
  return joinNames([name, `v_${type}`], maxLength);
}
