import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { temporaryFolder, useDuckDb } from "./database.js";
import { noPostgres, startPostgres, usePostgres, type PostgresServer } from "./postgres.js";

type Rows = readonly Readonly<Record<string, unknown>>[];

/** An empty database, or an empty schema of one, for one test. */
export interface TestTarget {
  /** The options that lead a sync there. */
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

/** Describes tests for PostgreSQL. They are skipped where it is not installed. */
export function describePostgres(
  about: string,
  tests: (targetOf: (name: string) => TestTarget, database: "DuckDB" | "PostgreSQL") => void,
): void {
  describe.skipIf(noPostgres)(`${about} in PostgreSQL`, () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    tests((schema) => {
      const query: TestTarget["query"] = (...statements) =>
        usePostgres(server.url, async (run) => {
          await run(`create schema if not exists "${schema}"`);
          await run(`set search_path to "${schema}"`);
          let rows: Rows = [];
          for (const statement of statements) rows = [...(await run(statement))];
          return rows;
        });
      return {
        options: {
          get to() {
            return server.url;
          },
          schema,
        },
        query,
      };
    }, "PostgreSQL");
  });
}
