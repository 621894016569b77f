import { columnList, quoteName, tableRef } from "../sql.js";
import {
  deleteRows,
  insertRows,
  keysMatch,
  type MergeSteps,
  type MergeTables,
  type Session,
  type Temporary,
} from "./statements.js";

/** Rules for keeping versions of rows. */
export interface Scd2Rules {
  readonly validFrom: string;
  readonly validTo: string;
  /** The column that distinguishes versions. */
  readonly version: string;
  /** Columns. Absent rows are retired only if the run has rows with the same merge key. */
  readonly mergeKey: readonly string[];
  /** The time at which old versions end and new ones begin, as an SQL literal. */
  readonly boundary: string;
  /** The end of versions that are valid: `null` or an SQL literal. */
  readonly activeEnd: string;
  /** Whether absent rows are retired: only after a complete read that, as with dlt, has rows. */
  readonly retires: boolean;
  /** Whether all rows are replaced. */
  readonly isRefresh: boolean;
}

/** Prepares the statements that end absent versions and begin new ones. */
export async function prepareVersions(
  session: Session,
  tables: MergeTables,
  rules: Scd2Rules,
): Promise<MergeSteps> {
  const { temporary } = session;
  const { root, id, rootId } = tables;
  const target = tableRef(root.target);
  const version = quoteName(rules.version);
  const isKnown = rules.isRefresh
    ? "false"
    : `exists (select 1 from ${target} t where t.${version} = s.${version} and ${isActive(rules)})`;
  const staged = `select s.${quoteName(id)} as id from ${tableRef(root.staging)} s where`;
  const fresh = await temporary("kept", `${staged} not ${isKnown}`);
  const same = await temporary("same", `${staged} ${isKnown}`);
  const isFresh = (column: string): string => `s.${quoteName(column)} in (select id from ${fresh.name})`;
  // Versions that are equal have the same child rows in dlt's tables. There, no row has a hash.
  const known =
    tables.hash !== undefined || rules.isRefresh ? undefined : await findKnownChildren(session, tables);
  const inserted: MergeSteps["inserted"] = {
    root: isFresh(id),
    child: ({ target }) => {
      const found = known?.get(target.name);
      const isKnownChild = found && `exists (select 1 from ${found.name} k where k.id = s.${quoteName(id)})`;
      return isKnownChild ? `${isFresh(rootId)} and not ${isKnownChild}` : isFresh(rootId);
    },
  };
  return {
    clear: () => (rules.isRefresh ? clearAll(session, tables) : retireRows(session, tables, rules)),
    clearsByRow: false,
    inserted,
    insertRoot: (condition) =>
      insertVersions(session, tables, { rules, condition: `${inserted.root} and ${condition}` }),
    insertChild: (child, condition) =>
      insertRows(session, child, `${inserted.child(child)} and ${condition}`),
    count: ({ inserted, deleted }) => ({ inserted, updated: 0, deleted, unchanged: same.count }),
  };
}

/**
 * Finds the staged child rows that the tables have already. An `insert` that looked for them in its own table would read the rows that it
 * has added again and again.
 */
async function findKnownChildren(
  { temporary }: Session,
  { children, id }: MergeTables,
): Promise<ReadonlyMap<string, Temporary>> {
  const known = new Map<string, Temporary>();
  for (const [index, { target, staging }] of children.entries()) {
    const query = `select t.${quoteName(id)} as id from ${tableRef(target)} t
      where t.${quoteName(id)} in (select s.${quoteName(id)} from ${tableRef(staging)} s)`;
    known.set(target.name, await temporary(`known${index}`, query));
  }
  return known;
}

/** Returns the condition that a row of the table, `t`, is a valid version. */
function isActive({ validTo, activeEnd }: Scd2Rules): string {
  const column = `t.${quoteName(validTo)}`;
  return activeEnd === "null" ? `${column} is null` : `${column} = ${activeEnd}`;
}

async function clearAll(session: Session, { root, allChildren }: MergeTables): Promise<number> {
  for (const child of allChildren) await deleteRows(session, child, "true");
  await deleteRows(session, root.target, "true");
  return 0;
}

async function retireRows({ connection }: Session, { root }: MergeTables, rules: Scd2Rules): Promise<number> {
  if (!rules.retires) return 0;
  const staging = tableRef(root.staging);
  const version = quoteName(rules.version);
  const isAbsent = `not exists (select 1 from ${staging} s where s.${version} = t.${version})`;
  const isMeant = rules.mergeKey.length
    ? ` and exists (select 1 from ${staging} s where ${keysMatch(rules.mergeKey)})`
    : ` and exists (select 1 from ${staging})`;
  const retire = `update ${tableRef(root.target)} as t set ${quoteName(rules.validTo)} = ${rules.boundary}
    where ${isActive(rules)} and ${isAbsent}${isMeant}`;
  return (await connection.run(retire)).changed;
}

async function insertVersions(
  { connection }: Session,
  { root }: MergeTables,
  { rules, condition }: { readonly rules: Scd2Rules; readonly condition: string },
): Promise<number> {
  const { validFrom, validTo, boundary, activeEnd } = rules;
  const columns = root.columns.filter((name) => name !== validFrom && name !== validTo);
  const list = columnList([...columns, validFrom, validTo]);
  const { changed } = await connection.run(`insert into ${tableRef(root.target)} (${list})
    select ${columnList(columns, "s")}, ${boundary}, ${activeEnd} from ${tableRef(root.staging)} s where ${condition}`);
  return changed;
}
