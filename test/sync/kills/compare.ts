import { readDuckDb, useDuckDb } from "../support/database.js";
import { readPostgres, usePostgres } from "../support/postgres.js";
import { toTrees, type ExpectedTables } from "../support/vector.js";

/** A database that a run writes to. */
export interface KillTarget {
  readonly to: string;
  readonly schema?: string;
}

/** Rows by table, as sorted texts. */
export type Content = Readonly<Record<string, readonly unknown[]>>;

/** The content of all tables, the same for the same content: without identities, and with times by their order. */
export async function contentOf({ to, schema }: KillTarget): Promise<Content> {
  const tables = to.startsWith("duckdb:")
    ? await readDuckDb(to.slice("duckdb:".length), "_cg_")
    : await readPostgres({ url: to, ...(schema && { schema }) }, "_cg_");
  const staged = await stagingTables({ to, ...(schema && { schema }) });
  return { ...toTrees(withoutTimes(tables)), staged };
}

function withoutTimes(tables: ExpectedTables): ExpectedTables {
  const times = new Set<string>();
  const isTime = (key: string): boolean => key === "_dlt_valid_from" || key === "_dlt_valid_to";
  for (const { rows } of Object.values(tables))
    for (const row of rows)
      for (const [key, value] of Object.entries(row))
        if (isTime(key) && typeof value === "string") times.add(value);
  // `10:00:00.1Z` is before `10:00:00.12Z`. The text would come after it, because of the `Z`.
  const order = [...times].sort((a, b) => (a.slice(0, -1) < b.slice(0, -1) ? -1 : 1));
  return JSON.parse(JSON.stringify(tables), (key: string, value: unknown) => {
    if (key === "_dlt_load_id") return undefined;
    return isTime(key) && typeof value === "string" ? `time ${order.indexOf(value)}` : value;
  }) as ExpectedTables;
}

/** Returns staged rows that remain after a complete run. There should be none. */
async function stagingTables({ to, schema = "public" }: KillTarget): Promise<readonly unknown[]> {
  const sql = `select table_name from information_schema.tables where table_name like '\\_cg\\_staging%' escape '\\'`;
  return to.startsWith("duckdb:")
    ? useDuckDb(to.slice("duckdb:".length), (query) => query(sql))
    : usePostgres(to, (query) => query(`${sql} and table_schema = '${schema}'`));
}
