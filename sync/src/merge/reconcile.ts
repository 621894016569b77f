import { quoteName, tableRef } from "../sql.js";
import {
  countUnique,
  deleteRows,
  insertRows,
  keysMatch,
  type MergeSteps,
  type MergeTables,
  type Session,
  type StagedTable,
  type Temporary,
} from "./statements.js";

/** Which rows of a table the staged rows replace. */
export interface ReconcileRules {
  /** The number of staged root rows, unless they must be counted. */
  readonly stagedCount: number | undefined;
  /** Columns. Of several staged rows with the same primary key, one is kept. */
  readonly primaryKey: readonly string[];
  /** The columns of the primary key, unless it is known that no two staged rows share it. */
  readonly sharedKey: readonly string[];
  readonly mergeKey: readonly string[];
  /** `all`: every row of the table is replaced. `matching`: rows with the key of a staged row. `none`: no row. */
  readonly replaces: "all" | "matching" | "none";
  /** Whether each key occurs at most once in a run. */
  readonly isDeduplicated: boolean;
  /** Which of several staged rows with the same key is kept. Default: the first. */
  readonly order: { readonly column?: string; readonly direction: "asc" | "desc" };
  /** The condition under which a staged row, `s`, deletes rows and is not inserted. */
  readonly deletes?: string | undefined;
}

/**
 * Prepares the statements that reconcile a table with the staged rows. They delete replaced rows with their child rows,
 * and insert the staged rows. If the table has hashes, unchanged rows stay untouched.
 */
export async function prepareReconcile(
  session: Session,
  tables: MergeTables,
  rules: ReconcileRules,
): Promise<MergeSteps> {
  const compared =
    (await compareUnique(session, tables, rules)) ?? (await compareAny(session, tables, rules));
  const { fresh, doomed, updated, unchanged, places } = compared;
  const isNew = (column: string): string => `s.${quoteName(column)} in (${fresh})`;
  const inserted = { root: isNew(tables.id), child: () => isNew(tables.rootId) };
  return {
    clear: (condition) =>
      condition === undefined && places
        ? clearPlaces(session, tables, { rules, compared, isDoomed: places.isDoomed })
        : clearRows(session, tables, {
            ...{ rules, compared, condition },
            doomed: doomedBy(tables, rules, { doomed, condition }),
          }),
    clearsByRow: rules.replaces === "matching",
    inserted,
    insertRoot: (condition) =>
      insertRows(
        session,
        tables.root,
        condition === "true" && places ? places.isFresh : `${inserted.root} and ${condition}`,
      ),
    insertChild: (child, condition) => insertRows(session, child, `${inserted.child()} and ${condition}`),
    count: ({ inserted, deleted }) => ({
      inserted: inserted - updated,
      updated,
      deleted: deleted - updated,
      unchanged,
    }),
  };
}

/** The difference between the staged rows and those of the table. */
interface Compared {
  /** The query of the ids, `id`, of the staged rows to insert. */
  readonly fresh: string;
  /** The query of the ids, `id`, of the rows of the table to delete. */
  readonly doomed: string;
  /** Whether some of the rows to delete have no id, because another program has written them. */
  readonly hasForeign: boolean;
  /** Number of rows to insert whose key the table already has. */
  readonly updated: number;
  /** Number of staged rows that equal a row of the table. */
  readonly unchanged: number;
  /** Conditions that find these rows by their places. Absent: the database has none, or there are too many rows. */
  readonly places?: { readonly isFresh: string; readonly isDoomed: string } | undefined;
}

/** The most rows that are found by their places: the database holds the places of all of them in memory. */
const maxPlaces = 1_000_000;

/** With it, PostgreSQL calculates the columns of a subquery once, and not for each use. It is greater than any number of rows. */
const once = "limit 9223372036854775807";

/**
 * Compares the rows in one pass. Resolves to `undefined` unless the primary key alone determines which rows belong
 * together, and each key occurs at most once on either side. Otherwise the rows must be ranked first.
 */
async function compareUnique(
  { connection, temporary }: Session,
  { root, id, hash, isWhole, rowPlace }: MergeTables,
  { stagedCount, primaryKey, sharedKey, mergeKey, replaces, deletes }: ReconcileRules,
): Promise<Compared | undefined> {
  const isKeyed = primaryKey.length > 0 && mergeKey.length === 0 && replaces === "matching" && !deletes;
  if (!hash || !isKeyed || isWhole !== undefined) return undefined;
  const staged = await countUnique(connection, root.staging, { keys: sharedKey, count: stagedCount });
  if (staged === undefined) return undefined;
  const values = {
    id: `s.${quoteName(id)}`,
    present: `t.${quoteName(id)}`,
    replaces: `t.${quoteName(primaryKey[0] ?? id)} is not null`,
    ...(rowPlace && { place: `s.${rowPlace}`, present_place: `t.${rowPlace}` }),
  };
  const names = Object.keys(values);
  const joined = Object.entries(values).map(([name, value]) => `${value} as ${name}`);
  // All equal rows share one row of the result, without an `id`.
  const pairs = await temporary(
    "pairs",
    `select ${names.map((name) => `case when same then null else ${name} end as ${name}`).join(", ")}, count(*) as pairs
    from (select t.${quoteName(hash)} = s.${quoteName(hash)} as same, ${joined.join(", ")}
      from ${tableRef(root.staging)} s left join ${tableRef(root.target)} t on ${keysMatch(primaryKey)} ${once}) p
    group by ${names.map((_, index) => index + 1).join(", ")}`,
  );
  const { rows } = await connection.run(
    `select count(id) as "fresh", count(present) as "known", sum(case when replaces then 1 else 0 end) as "updated",
      sum(case when id is null then pairs else 0 end) as "equal" from ${pairs.name}`,
  );
  const [fresh = 0, known = 0, updated = 0, equal = 0] = ["fresh", "known", "updated", "equal"].map((name) =>
    Number(rows[0]?.[name] ?? 0),
  );
  // A key that occurs more than once in the table makes more pairs than there are staged rows.
  if (fresh + equal !== staged) return undefined;
  const isAt = (column: string, place: string): string =>
    `${column} = any(array(select ${place} from ${pairs.name} where ${place} is not null))`;
  return {
    fresh: `select id from ${pairs.name} where id is not null`,
    doomed: `select present as id from ${pairs.name} where present is not null`,
    hasForeign: known < updated,
    updated,
    unchanged: equal,
    ...(rowPlace !== undefined &&
      fresh <= maxPlaces && {
        places: { isFresh: isAt(`s.${rowPlace}`, "place"), isDoomed: isAt(rowPlace, "present_place") },
      }),
  };
}

/** Compares the rows, whatever their keys. */
async function compareAny(session: Session, tables: MergeTables, rules: ReconcileRules): Promise<Compared> {
  const kept = await keepRows(session, tables, rules);
  const { same, fresh } = await findSame(session, tables, { rules, kept });
  const doomed = await doomRows(session, tables, { rules, same });
  const updated = await countUpdated(session, { rules, fresh, doomed });
  const { rows } = await session.connection.run(`select 1 from ${doomed} where id is null limit 1`);
  return {
    fresh: `select id from ${fresh}`,
    doomed: `select id from ${doomed}`,
    hasForeign: rows.length > 0,
    updated,
    unchanged: same.count,
  };
}

/** Returns the query of the ids of rows to delete. */
function doomedBy(
  { root, id }: MergeTables,
  rules: ReconcileRules,
  { doomed, condition }: { readonly doomed: string; readonly condition: string | undefined },
): string {
  if (condition === undefined) return doomed;
  const isMatched = matchesStaged(root, rules)
    .map((match) => match(condition))
    .join(" or ");
  return `select t.${quoteName(id)} from ${tableRef(root.target)} t join (${doomed}) d on d.id = t.${quoteName(id)} where ${isMatched}`;
}

/** Deletes the doomed rows by their places. */
async function clearPlaces(
  session: Session,
  tables: MergeTables,
  { rules, compared, isDoomed }: Clearing & { readonly isDoomed: string },
): Promise<number> {
  const { doomed, updated } = compared;
  await clearChildren(session, tables, { rules, doomed });
  const { root, id } = tables;
  // Another row may have come to a place meanwhile. `is true` lets the database look at the identity after the place.
  const isMeant = `(${quoteName(id)} in (${doomed})) is true`;
  const deleted = await deleteRows(session, root.target, `${isDoomed} and ${isMeant}`);
  if (deleted === updated) return deleted;
  const moved = await deleteRows(session, root.target, `${quoteName(id)} in (${doomed})`);
  return deleted + moved + (await clearForeign(session, tables, { rules, compared }));
}

/** What a merge deletes. With a condition on staged rows, `s`: only rows that such staged rows replace. */
interface Clearing {
  readonly rules: ReconcileRules;
  readonly compared: Compared;
  readonly condition?: string | undefined;
}

async function clearRows(
  session: Session,
  tables: MergeTables,
  clearing: Clearing & { readonly doomed: string },
): Promise<number> {
  const { rules, doomed } = clearing;
  await clearChildren(session, tables, { rules, doomed });
  const deleted = await deleteRows(session, tables.root.target, `${quoteName(tables.id)} in (${doomed})`);
  return deleted + (await clearForeign(session, tables, clearing));
}

/** Deletes the replaced rows without an id. */
async function clearForeign(
  { connection }: Session,
  { root, id }: MergeTables,
  { rules, compared, condition = "true" }: Clearing,
): Promise<number> {
  if (!compared.hasForeign) return 0;
  const isReplaced =
    rules.replaces === "all" ? ["true"] : matchesStaged(root, rules).map((match) => match(condition));
  const sql = `delete from ${tableRef(root.target)} as t where t.${quoteName(id)} is null and (${isReplaced.join(" or ")})`;
  return (await connection.run(sql)).changed;
}

async function clearChildren(
  session: Session,
  tables: MergeTables,
  { rules, doomed }: { readonly rules: ReconcileRules; readonly doomed: string },
): Promise<void> {
  const { root, id, rootId } = tables;
  for (const child of tables.allChildren) {
    // dlt's child tables name their root row only if a merge needs it.
    if (rules.replaces === "all" && !tables.hash) await deleteRows(session, child, "true");
    else await deleteRows(session, child, `${quoteName(rootId)} in (${doomed})`);
    if (rules.replaces !== "all" || !tables.hash) continue;
    // Another program may have deleted their root rows.
    const isBelow = `t.${quoteName(id)} = ${tableRef(child)}.${quoteName(rootId)}`;
    await deleteRows(
      session,
      child,
      `not exists (select 1 from ${tableRef(root.target)} t where ${isBelow})`,
    );
  }
}

/** Chooses the staged rows that stay, one per key. */
async function keepRows(
  { temporary }: Session,
  { root, id, hash, isWhole, sequence }: MergeTables,
  { primaryKey, isDeduplicated, order, deletes, replaces }: ReconcileRules,
): Promise<Temporary> {
  const columns = [
    `s.${quoteName(id)} as id, s.${quoteName(sequence)} as seq`,
    // A row without a hash equals no other.
    ...(hash ? [`case when ${isWhole ?? "true"} then s.${quoteName(hash)} end as hash`] : []),
    ...keyColumns(primaryKey, "s"),
  ].join(", ");
  const alive = deletes ? `not (${deletes})` : "true";
  const missing = `not exists (select 1 from ${tableRef(root.target)} t where ${keysMatch(primaryKey)})`;
  const isWanted = replaces === "none" ? `${alive} and ${missing}` : alive;
  if (primaryKey.length === 0 || isDeduplicated)
    return temporary("kept", `select ${columns} from ${tableRef(root.staging)} s where ${isWanted}`);
  const by = primaryKey.map((key) => quoteName(key)).join(", ");
  const sort = order.column
    ? `${quoteName(order.column)} ${order.direction} nulls last, ${quoteName(sequence)}`
    : `${quoteName(sequence)} ${order.direction}`;
  const ranked = `select *, row_number() over (partition by ${by} order by ${sort}) as _cg_rank from ${tableRef(root.staging)}`;
  return temporary("kept", `select ${columns} from (${ranked}) s where s._cg_rank = 1 and ${isWanted}`);
}

/** Returns the columns of a key in temporary tables: `s."shop" as k0`. */
function keyColumns(keys: readonly string[], alias: string): readonly string[] {
  return keys.map((key, index) => `${alias}.${quoteName(key)} as k${index}`);
}

/** Staged rows that equal a row of the table, each paired with that row, and the names of all others. */
interface SameRows {
  readonly same: Temporary;
  readonly fresh: string;
}

async function findSame(
  session: Session,
  tables: MergeTables,
  { rules, kept }: { readonly rules: ReconcileRules; readonly kept: Temporary },
): Promise<SameRows> {
  // Rows with different keys have different hashes.
  if (tables.hash && rules.primaryKey.length > 0 && !rules.isDeduplicated) {
    const same = await session.temporary("same", sameHash(tables, kept));
    const fresh = await session.temporary("fresh", unpaired(kept, same));
    // Otherwise the table has equal rows, and pairing them needs an order.
    if (same.count + fresh.count === kept.count) return { same, fresh: fresh.name };
  }
  const same = await session.temporary("paired", pairsOf(tables, kept));
  return { same, fresh: (await session.temporary("unpaired", unpaired(kept, same))).name };
}

function unpaired(kept: Temporary, same: Temporary): string {
  return `select k.* from ${kept.name} k where not exists (select 1 from ${same.name} x where x.id = k.id)`;
}

function sameHash({ root, id, hash = "" }: MergeTables, kept: Temporary): string {
  return `select k.id, t.${quoteName(id)} as present from ${kept.name} k
    join ${tableRef(root.target)} t on t.${quoteName(hash)} = k.hash`;
}

/** Returns the query that pairs staged rows with rows of the table that have the same hash. Each row occurs once. */
function pairsOf({ root, id, hash }: MergeTables, kept: Temporary): string {
  if (!hash) return `select id, id as present from ${kept.name} where false`;
  const staged = `select id, hash, row_number() over (partition by hash order by seq) as n from ${kept.name}`;
  const present = `select t.${quoteName(id)} as id, t.${quoteName(hash)} as hash,
    row_number() over (partition by t.${quoteName(hash)} order by t.${quoteName(id)}) as n
    from ${tableRef(root.target)} t where t.${quoteName(hash)} in (select hash from ${kept.name})`;
  return `select a.id, b.id as present from (${staged}) a join (${present}) b on a.hash = b.hash and a.n = b.n`;
}

/** Chooses the rows of the table to replace. */
async function doomRows(
  { temporary }: Session,
  { root, id }: MergeTables,
  { rules, same }: { readonly rules: ReconcileRules; readonly same: Temporary },
): Promise<string> {
  const columns = [`t.${quoteName(id)} as id`, ...keyColumns(rules.primaryKey, "t")];
  const present = `select ${columns.join(", ")} from ${tableRef(root.target)} t`;
  // Databases join this faster than `not in`.
  const isOther = `not exists (select 1 from ${same.name} x where x.present = t.${quoteName(id)})`;
  const matching = matchesStaged(root, rules).map((match) => match("true"));
  const conditions = { all: ["true"], matching, none: ["false"] }[rules.replaces];
  const parts = conditions.map((condition) => `${present} where ${isOther} and ${condition}`);
  return (await temporary("doomed", parts.join(" union "))).name;
}

/**
 * Returns the conditions, one per key, under which staged rows that meet a further condition replace a row of the table,
 * `t`.
 */
function matchesStaged(
  { staging }: StagedTable,
  { primaryKey, mergeKey }: ReconcileRules,
): readonly ((condition: string) => string)[] {
  return [primaryKey, mergeKey]
    .filter((keys) => keys.length > 0)
    .map(
      (keys) => (condition) =>
        `exists (select 1 from ${tableRef(staging)} s where ${keysMatch(keys)} and ${condition})`,
    );
}

/** Counts the rows to insert whose key the table already has. */
async function countUpdated(
  { connection }: Session,
  {
    rules,
    fresh,
    doomed,
  }: { readonly rules: ReconcileRules; readonly fresh: string; readonly doomed: string },
): Promise<number> {
  if (rules.primaryKey.length === 0 || rules.replaces === "none") return 0;
  const isSame = rules.primaryKey.map((_, index) => `d.k${index} = f.k${index}`).join(" and ");
  const sql = `select count(*) as "count" from ${fresh} f where exists (select 1 from ${doomed} d where ${isSame})`;
  return Number((await connection.run(sql)).rows[0]?.["count"]);
}
