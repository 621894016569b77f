import type { TableConstraint } from "../destination.js";
import { columnList, quoteName, tableRef } from "../sql.js";
import type { PreparedMerge } from "./merge.js";
import type { Query, RefusedRow } from "./staged-rows.js";
import { keysMatch, type StagedTable } from "./statements.js";

/** A merge whose replaced rows are deleted, in a transaction. */
interface ClearedMerge {
  readonly merge: PreparedMerge;
  readonly query: Query;
}

/** The constraints of one table that queries can check. */
interface CheckedTable {
  readonly table: StagedTable;
  readonly constraints: readonly TableConstraint[];
}

/**
 * Finds staged rows that violate constraints, by one query per constraint. Looks first for rows that are refused alone, then
 * for rows that conflict with an accepted earlier row. Empty if the constraints do not explain the refusal.
 */
export async function findByConstraints(
  trial: ClearedMerge,
  constraints: readonly TableConstraint[],
): Promise<readonly RefusedRow[]> {
  const { tables } = trial.merge;
  const staged = [tables.root, ...tables.children];
  const checked = staged.map((table) => ({
    table,
    constraints: constraints.filter(
      (each) => each.table === table.target.name && isChecked(each, table, staged),
    ),
  }));
  const alone: RefusedRow[] = [];
  for (const each of checked) alone.push(...(await findAlone(trial, each)));
  if (alone.length > 0) return withoutLost(alone);
  const names = new Set(staged.map(({ target }) => target.name));
  const count = checked.reduce((sum, each) => sum + each.constraints.length, 0);
  // A row that another constraint refuses excludes no later one.
  if (count < constraints.filter(({ table }) => names.has(table)).length) return [];
  for (const each of checked) {
    const found = await findConflicts(trial, each);
    // Rows of the next tables are accepted only with the rows above them.
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether a query over the staged rows can check a constraint. */
function isChecked(
  { kind, columns, target }: TableConstraint,
  table: StagedTable,
  staged: readonly StagedTable[],
): boolean {
  // The rows that a foreign key refers to must not be part of the merge.
  const isOutside = !staged.some((each) => each.target.name === target?.table);
  return kind !== "other" && isOutside && columns.every((column) => table.columns.includes(column));
}

/** Removes rows whose root row is refused as well. */
function withoutLost(found: readonly RefusedRow[]): readonly RefusedRow[] {
  const roots = new Set(found.flatMap(({ id, sequence }) => (id === undefined ? sequence : [])));
  return found.filter(({ id, sequence }) => id === undefined || !roots.has(sequence));
}

/** Finds the rows that a table refuses whatever the other rows are. */
async function findAlone(
  trial: ClearedMerge,
  { table, constraints }: CheckedTable,
): Promise<readonly RefusedRow[]> {
  const found = new Map<string, RefusedRow>();
  for (const constraint of constraints) {
    const sql = `select s._cg_place, s._cg_row from (${insertedRows(trial.merge, table)}) s where ${violation(constraint, table)}`;
    for (const row of await trial.query(sql)) {
      const refused = toRefused(trial.merge, row, { table, constraint });
      const key = refused.id ?? String(refused.sequence);
      if (!found.has(key)) found.set(key, refused);
    }
  }
  return [...found.values()];
}

/** The query of the rows that the merge inserts into a table, with their root row's place in the run and their identity. */
function insertedRows({ tables, steps }: PreparedMerge, table: StagedTable): string {
  const sequence = quoteName(tables.sequence);
  const isRoot = table === tables.root;
  const place = isRoot
    ? `s.${sequence}`
    : `(select min(r.${sequence}) from ${tableRef(tables.root.staging)} r where r.${quoteName(tables.id)} = s.${quoteName(tables.rootId)})`;
  return `select ${columnList(table.columns, "s")}, ${place} as _cg_place, s.${quoteName(tables.id)} as _cg_row
    from ${tableRef(table.staging)} s where ${isRoot ? steps.inserted.root : steps.inserted.child(table)}`;
}

/** The condition under which a row, `s`, violates a constraint alone. */
function violation({ kind, columns, expression, target }: TableConstraint, table: StagedTable): string {
  switch (kind) {
    case "not null":
      return columns.map((column) => `s.${quoteName(column)} is null`).join(" or ");
    case "check":
      return `not (${expression ?? "true"})`;
    case "unique":
      return `exists (select 1 from ${tableRef(table.target)} t where ${keysMatch(columns)})`;
    case "foreign key": {
      const { schema } = table.target;
      const parent = tableRef({ schema, name: target?.table ?? "" });
      return `${areSet(columns)} and not exists (select 1 from ${parent} t where ${keysMatch(columns, target?.columns ?? [])})`;
    }
    default:
      return "false";
  }
}

function areSet(columns: readonly string[]): string {
  return columns.map((column) => `s.${quoteName(column)} is not null`).join(" and ");
}

/** Finds the rows that conflict with an earlier row of the run, which conflicts with no earlier one itself. */
async function findConflicts(
  trial: ClearedMerge,
  { table, constraints }: CheckedTable,
): Promise<readonly RefusedRow[]> {
  const unique = constraints.filter(({ kind }) => kind === "unique");
  if (unique.length === 0) return [];
  const firsts = unique.map(({ columns }, index) => {
    const order = "order by s._cg_place, s._cg_row";
    const first = `first_value(s._cg_row) over (partition by ${columnList(columns, "s")} ${order})`;
    return `case when ${areSet(columns)} then ${first} else s._cg_row end as first_${index}`;
  });
  const isLater = unique.map((_, index) => `first_${index} <> _cg_row`);
  const isRefused = isLater.map(
    (later, index) => `${later} and first_${index} not in (select _cg_row from later)`,
  );
  const which = isRefused.map((condition, index) => `when ${condition} then ${index}`).join(" ");
  const sql = `with ranked as (select s._cg_place, s._cg_row, ${firsts.join(", ")} from (${insertedRows(trial.merge, table)}) s),
    later as (select _cg_row from ranked where ${isLater.join(" or ")})
    select _cg_place, _cg_row, case ${which} end as which from ranked where ${isRefused.map((each) => `(${each})`).join(" or ")}
    order by _cg_place, _cg_row`;
  return (await trial.query(sql)).flatMap((row) => {
    const constraint = unique[Number(row["which"])];
    return constraint ? toRefused(trial.merge, row, { table, constraint }) : [];
  });
}

function toRefused(
  { tables }: PreparedMerge,
  row: Readonly<Record<string, unknown>>,
  { table, constraint }: { readonly table: StagedTable; readonly constraint: TableConstraint },
): RefusedRow {
  const { kind, text, columns } = constraint;
  const column = kind === "not null" ? `.${columns.join()}` : "";
  const other = kind === "unique" ? ": another row has the same values" : "";
  return {
    table,
    sequence: Number(row["_cg_place"]),
    ...(table !== tables.root && { id: String(row["_cg_row"]) }),
    reason: `violates the constraint ${text} of ${table.target.name}${column}${other}`,
  };
}
