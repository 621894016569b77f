import type { Connection, Destination } from "./destination.js";
import { toDestination } from "./destinations/open.js";
import { messageOf, SyncError } from "./errors.js";
import type { RejectedRow, ResourceState, RunState, SyncState } from "./state-report.js";
import { stateTables, type StoredState } from "./store.js";
import { tableRef } from "./sql.js";
import { noRows } from "./progress.js";
import type { ResourceReport } from "./report.js";

/** The location of the state. */
export interface StateOptions {
  /** The schema of the tables. Default `main` in DuckDB, `public` in PostgreSQL. */
  readonly schema?: string | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads cursors, runs and rejected rows of a destination. A destination without tables has an empty state. Rejects with a
 * `SyncError` if the destination cannot be opened or read.
 */
export async function readState(to: string | Destination, options: StateOptions = {}): Promise<SyncState> {
  const destination = toDestination(to);
  return withConnection(destination, { ...options, readOnly: true }, async (connection, schema) => {
    const existing = new Set((await connection.columns(schema)).map(({ table }) => table));
    const read = async (table: string, order: string): Promise<readonly Row[]> => {
      if (!existing.has(table)) return [];
      return (await connection.run(`select * from ${tableRef({ schema, name: table })} order by ${order}`))
        .rows;
    };
    const resources = await read(stateTables.state, "source, resource");
    const runs = await read(stateTables.runs, "started_at desc");
    const rejected = await read(stateTables.rejected, "rejected_at desc limit 100");
    return {
      destination: destination.label,
      resources: resources.map(toResourceState),
      runs: lastOfEach(runs.map(toRunState), 20),
      rejected: rejected.map(toRejectedRow),
    };
  });
}

/**
 * Removes the cursor and the unfinished run of a resource, so the next run reads it from the start. Does not change its
 * tables. Resolves to whether there was a state. Rejects with a `SyncError` if the destination cannot be opened or changed.
 */
export async function resetState(
  to: string | Destination,
  resource: string,
  options: StateOptions & { readonly source?: string | undefined } = {},
): Promise<boolean> {
  const destination = toDestination(to);
  const hasState = async (connection: Connection, schema: string | undefined): Promise<boolean> =>
    (await connection.columns(schema)).some(({ table }) => table === stateTables.state);
  // A connection that writes would create a missing file, folder or schema.
  if (!(await withConnection(destination, { ...options, readOnly: true }, hasState))) return false;
  return withConnection(destination, options, async (connection, schema) => {
    const source = options.source ?? null;
    const condition = source === null ? "resource = $1" : "resource = $1 and source = $2";
    const values = source === null ? [resource] : [resource, source];
    const table = tableRef({ schema, name: stateTables.state });
    const { changed } = await connection.run(`delete from ${table} where ${condition}`, values);
    return changed > 0;
  });
}

async function withConnection<T>(
  destination: Destination,
  { schema = destination.defaultSchema, readOnly }: StateOptions & { readonly readOnly?: boolean },
  work: (connection: Connection, schema: string | undefined) => Promise<T>,
): Promise<T> {
  const holder = `process ${process.pid}, state`;
  const connection = await destination.connect({ schema, readOnly, holder });
  try {
    return await work(connection, schema);
  } catch (error) {
    if (error instanceof SyncError) throw error;
    const message = `cannot read the state of ${destination.label}: ${messageOf(error)}`;
    throw new SyncError("DATABASE", message, { cause: error });
  } finally {
    await connection.close();
  }
}

function toResourceState(row: Row): ResourceState {
  const { checkpoint, pages } = JSON.parse(String(row["state"])) as StoredState;
  return {
    source: String(row["source"]),
    resource: String(row["resource"]),
    phase: row["phase"] as ResourceState["phase"],
    runId: String(row["run_id"]),
    updatedAt: String(row["updated_at"]),
    pages,
    cursors: checkpoint?.state?.sequences ?? {},
  };
}

function toRunState(row: Row): RunState {
  const report = JSON.parse(String(row["report"])) as Partial<ResourceReport> | null;
  return {
    runId: String(row["run_id"]),
    source: String(row["source"]),
    resource: String(row["resource"]),
    status: row["status"] as RunState["status"],
    startedAt: String(row["started_at"]),
    finishedAt: row["finished_at"] as string | null,
    pages: report?.pages ?? 0,
    records: report?.records ?? 0,
    rows: report?.rows ?? noRows,
    rejected: report?.rejected ?? 0,
    message: report?.error?.message ?? null,
  };
}

function toRejectedRow(row: Row): RejectedRow {
  return {
    runId: String(row["run_id"]),
    resource: String(row["resource"]),
    table: String(row["table_name"]),
    page: Number(row["page"]),
    request: String(row["request"]),
    reason: String(row["reason"]),
    row: String(row["row"]),
  };
}

function lastOfEach(runs: readonly RunState[], count: number): readonly RunState[] {
  const seen = new Map<string, number>();
  return runs.filter(({ source, resource }) => {
    const key = `${source}.${resource}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return (seen.get(key) ?? 0) <= count;
  });
}
