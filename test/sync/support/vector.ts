import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { GeneratedClient } from "@connector-gen/runtime";
import { root } from "../../support/paths.js";
import { clientOf } from "./client.js";

type Row = Readonly<Record<string, unknown>>;

/** A table as a vector expects it. */
export interface ExpectedTable {
  readonly parent: string | null;
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}

export type ExpectedTables = Readonly<Record<string, ExpectedTable>>;

interface VectorRun {
  readonly exchanges: readonly {
    readonly request: { readonly path: string };
    readonly response: { readonly json?: unknown; readonly text?: string };
  }[];
  readonly error: object | null;
  readonly expected_tables?: ExpectedTables;
}

/** A recording of dlt: a config, runs, and the tables afterwards. */
export interface SyncVector {
  readonly name: string;
  readonly about: string;
  readonly config: object;
  readonly runs: readonly VectorRun[];
  readonly expected_tables: ExpectedTables;
  readonly deviation: null | {
    readonly id: string;
    readonly better: {
      readonly expected_tables: ExpectedTables;
      readonly errors: readonly (object | null)[];
    };
  };
}

/** Reads all vectors. */
export function readVectors(): readonly SyncVector[] {
  const folder = process.env["SYNC_VECTORS"] ?? join(root, "test/sync/vectors");
  return readdirSync(folder).map((file) => ({
    ...(JSON.parse(readFileSync(join(folder, file), "utf8")) as SyncVector),
    name: basename(file, ".json"),
  }));
}

/** Creates the client of one run of a vector: each request gets its recorded response. */
export async function clientOfRun(vector: SyncVector, number: number): Promise<GeneratedClient> {
  const fetch = (url: string): Promise<Response> => {
    const { pathname } = new URL(url);
    const found = vector.runs[number]?.exchanges.find(({ request }) => request.path === pathname);
    if (!found) return Promise.reject(new Error(`nothing was recorded for ${url}`));
    const { json, text } = found.response;
    return Promise.resolve(
      new Response(text ?? JSON.stringify(json), { headers: { "content-type": "application/json" } }),
    );
  };
  return await clientOf({ name: "source", ...vector.config }, { fetch });
}

/** Root rows with the rows of their lists, as sorted texts: equal for equal content, independent of identities. */
export function toTrees(tables: ExpectedTables): Readonly<Record<string, readonly string[]>> {
  const childrenOf = (parent: string, index: number): object => {
    const lists = Object.entries(tables).filter(([, table]) => table.parent === parent);
    return Object.fromEntries(
      lists.flatMap(([name, table]) => {
        const rows = table.rows.flatMap((row, place) =>
          row["_parent_row"] === index ? [describe(name, row, place)] : [],
        );
        return rows.length > 0 ? [[name, rows.sort()]] : [];
      }),
    );
  };
  const describe = (name: string, row: Row, index: number): string => {
    const own = Object.entries(row).filter(([key, value]) => key !== "_parent_row" && value !== null);
    return JSON.stringify([Object.fromEntries(own.sort()), childrenOf(name, index)]);
  };
  const roots = Object.entries(tables).filter(([, { parent }]) => parent === null);
  const orphans = Object.entries(tables)
    .filter(([, { parent, rows }]) => parent !== null && rows.some((row) => row["_parent_row"] === -1))
    .map(([name]) => [`orphans of ${name}`, ["rows without their parent row"]] as const);
  const trees = Object.fromEntries(
    roots.map(([name, { rows }]) => [name, rows.map((row, index) => describe(name, row, index)).sort()]),
  );
  return { ...trees, ...Object.fromEntries(orphans) };
}
