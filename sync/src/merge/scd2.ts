import type { RowCounts } from "../report.js";
import { columnList, quoteName, tableRef } from "../sql.js";
import { insertRows, keysMatch, type MergeTables, type Session } from "./statements.js";

/** How versions of rows are kept. */
export interface Scd2Rules {
  readonly validFrom: string;
  readonly validTo: string;
  /** The column that tells versions apart. */
  readonly version: string;
  /** Columns. Absent rows are retired only if their merge key came again. */
  readonly mergeKey: readonly string[];
  /** The time at which old versions end and new ones begin, as an SQL literal. */
  readonly boundary: string;
  /** The end of versions that are valid: `null` or an SQL literal. */
  readonly activeEnd: string;
  /** Whether rows that did not come are retired: only after a complete read. */
  readonly retires: boolean;
}

/** Ends the versions that did not come again, and begins those that are new. */
export async function mergeVersions(
  session: Session,
  tables: MergeTables,
  rules: Scd2Rules,
): Promise<RowCounts> {
  const { connection, temporary } = session;
  const { root, id, rootId } = tables;
  const target = tableRef(root.target);
  const staging = tableRef(root.staging);
  const version = quoteName(rules.version);
  const validTo = `t.${quoteName(rules.validTo)}`;
  const isActive = rules.activeEnd === "null" ? `${validTo} is null` : `${validTo} = ${rules.activeEnd}`;
  const isKnown = `exists (select 1 from ${target} t where t.${version} = s.${version} and ${isActive})`;
  const fresh = await temporary(
    "kept",
    `select s.${quoteName(id)} as id from ${staging} s where not ${isKnown}`,
  );
  const same = await temporary("same", `select s.${quoteName(id)} as id from ${staging} s where ${isKnown}`);
  const isAbsent = `not exists (select 1 from ${staging} s where s.${version} = t.${version})`;
  const isMeant = rules.mergeKey.length
    ? ` and exists (select 1 from ${staging} s where ${keysMatch(rules.mergeKey, "s", "t")})`
    : "";
  const retire = `update ${target} as t set ${quoteName(rules.validTo)} = ${rules.boundary} where ${isActive} and ${isAbsent}${isMeant}`;
  const deleted = rules.retires ? (await connection.run(retire)).changed : 0;
  const columns = root.columns.filter((name) => name !== rules.validFrom && name !== rules.validTo);
  const list = columnList([...columns, rules.validFrom, rules.validTo]);
  const isFresh = (column: string): string => `s.${quoteName(column)} in (select id from ${fresh.name})`;
  const { changed } = await connection.run(`insert into ${target} (${list})
    select ${columnList(columns, "s")}, ${rules.boundary}, ${rules.activeEnd} from ${staging} s where ${isFresh(id)}`);
  for (const child of tables.children) {
    // Versions that are equal have the same child rows in dlt's tables.
    const isNew = `not exists (select 1 from ${tableRef(child.target)} t where t.${quoteName(id)} = s.${quoteName(id)})`;
    await insertRows(session, child, `${isFresh(rootId)} and ${isNew}`);
  }
  return { inserted: changed, updated: 0, deleted, unchanged: same.count };
}
