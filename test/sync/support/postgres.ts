import postgres from "postgres";
import { toDestination } from "../../../sync/src/destinations/open.js";
import { readTables, type RunNames, type TestDatabase } from "./tables.js";
import type { ExpectedTables } from "./vector.js";

/** Runs queries on a database. */
export async function usePostgres<T>(
  url: string,
  work: (query: TestDatabase["query"]) => Promise<T>,
): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await work(async (text) => await sql.unsafe(text));
  } finally {
    await sql.end();
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
