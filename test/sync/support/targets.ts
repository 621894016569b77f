import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { temporaryFolder, useDuckDb } from "./database.js";
import { joinServer, noPostgres } from "./postgres-server.js";
import { keepConnections, usePostgres } from "./postgres.js";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** An empty database, or an empty schema of one, for one test. */
export interface TestTarget {
  /** The options of a sync to this target. */
  readonly options: { readonly to: string; readonly schema?: string };
  /** Runs statements, and returns the rows of the last one. Integers are texts. */
  readonly query: (...statements: readonly string[]) => Promise<Rows>;
}

/** Describes the same tests for DuckDB and, where it is installed, for PostgreSQL. */
export function describeTargets(
  about: string,
  tests: (targetOf: (name: string) => TestTarget, database: "DuckDB" | "PostgreSQL") => void,
): void {
  describe(`${about} in DuckDB`, () => {
    const folder = temporaryFolder();
    afterAll(folder.remove);
    tests((name) => {
      const file = join(folder.path, `${name}.duckdb`);
      const query: TestTarget["query"] = (...statements) =>
        useDuckDb(file, async (run) => {
          let rows: Rows = [];
          for (const statement of statements) rows = await run(statement);
          return rows;
        });
      return { options: { to: `duckdb:${file}` }, query };
    }, "DuckDB");
  });
  describePostgres(about, tests);
}

/** Describes tests for PostgreSQL. They are skipped if it is not installed. */
export function describePostgres(
  about: string,
  tests: (targetOf: (name: string) => TestTarget, database: "DuckDB" | "PostgreSQL") => void,
): void {
  describe.skipIf(noPostgres)(`${about} in PostgreSQL`, () => {
    let url = "";
    beforeAll(async () => {
      url = await createDatabase();
    });
    tests((schema) => {
      const query: TestTarget["query"] = (...statements) =>
        usePostgres(url, async (run) => {
          await run(`create schema if not exists "${schema}"`);
          await run(`set search_path to "${schema}"`);
          let rows: Rows = [];
          for (const statement of statements) rows = [...(await run(statement))];
          return rows;
        });
      return {
        options: {
          get to() {
            return url;
          },
          schema,
        },
        query,
      };
    }, "PostgreSQL");
  });
}

/**
 * Creates an empty database and returns its URL. All test files share its server, because one takes a second to start. Roles belong
 * to the server, so no two files may create the same one.
 */
export async function createDatabase(): Promise<string> {
  const url = await joinServer(inject("postgresFolder"));
  const name = `test_${randomBytes(8).toString("hex")}`;
  await usePostgres(url, async (query) => {
    const [row] = await query("select current_setting('server_version_num')::int >= 150000 as is_new");
    // Since version 15, the default writes the template to the log, which takes twice the time.
    await query(`create database "${name}"${row?.["is_new"] ? " strategy file_copy" : ""}`);
  });
  const created = url.replace(/postgres$/, name);
  keepConnections(created);
  return created;
}
