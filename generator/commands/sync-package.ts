import type * as syncPackage from "@connector-gen/sync";

/** The package that loads records into databases. */
export type SyncPackage = typeof syncPackage;

/** Loads the package. If it is missing, throws an error that says how to install it. */
export async function loadSyncPackage(): Promise<SyncPackage> {
  try {
    return await import("@connector-gen/sync");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    const message =
      "this command needs the package @connector-gen/sync: run npm install @connector-gen/sync, and @duckdb/node-api for DuckDB or postgres for PostgreSQL";
    throw new Error(message, { cause });
  }
}

/** Returns the URL of a destination. `postgres` means the URL in `DATABASE_URL`; throws if that variable is not set. */
export function resolveUrl(url: string): string {
  if (url !== "postgres") return url;
  const { DATABASE_URL: given = "" } = process.env;
  if (given !== "") return given;
  throw new Error(
    "`postgres` takes the URL from the environment variable DATABASE_URL, which is not set: set it, or pass the URL",
  );
}
