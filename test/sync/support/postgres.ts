import postgres from "postgres";
import { toDestination } from "../../../sync/src/destinations/open.js";
import { readTables, type RunNames, type TestDatabase } from "./tables.js";
import type { ExpectedTables } from "./vector.js";

/** Idle connections by URL. To connect takes as long as ten statements, so databases in this map keep theirs for a while. */
const idle = new Map<string, postgres.Sql[]>();

/** Lets `usePostgres` keep its connections to a database. */
export function keepConnections(url: string): void {
  idle.set(url, []);
}

/** Runs queries on a database. */
export async function usePostgres<T>(
  url: string,
  work: (query: TestDatabase["query"]) => Promise<T>,
): Promise<T> {
  const kept = idle.get(url);
  const sql = kept?.pop() ?? postgres(url, { max: 1, idle_timeout: 5, onnotice: () => undefined });
  try {
    const result = await work(async (text) => await sql.unsafe(text));
    if (!kept) return result;
    // The next user starts with the settings of a new connection.
    await sql.unsafe("discard all");
    kept.push(sql);
    return result;
  } finally {
    if (!kept?.includes(sql)) await sql.end();
  }
}

/** Reads the tables of a schema. */
export async function readPostgres(
  { url, schema = "public" }: { readonly url: string; readonly schema?: string },
  prefix: "_cg_" | "_dlt_",
  runs?: RunNames,
): Promise<ExpectedTables> {
  const { typeNamed } = toDestination(url).dialect;
  return usePostgres(url, (query) => readTables({ query, typeNamed, schema }, prefix, runs));
}
