import type { Checkpoint } from "@connector-gen/runtime";
import type { Column, Connection, Dialect, TableName } from "./destination.js";
import type { SeenRecords } from "./dlt-state.js";
import { SyncError } from "./errors.js";
import type { Added } from "./merge/merge.js";
import type { Disposition } from "./report.js";
import { columnList, createTableSql, tableRef } from "./sql.js";
import type { Catalog } from "./tables/catalog.js";
import type { KeyOrder } from "./tables/key-order.js";

/** The state of a resource: a row of `_cg_state`. */
export interface StoredState {
  /** The run that is being loaded, or the last complete one. */
  readonly runId: string;
  /** The run that began to load it, and which its rows name. It is an earlier run if that ended with an error. */
  readonly loadId: string;
  readonly phase: "loading" | "complete";
  readonly disposition: Disposition;
  /** Whether the run replaces all rows, whatever the disposition. */
  readonly isRefresh: boolean;
  /** After the last committed page. */
  readonly checkpoint: Checkpoint | null;
  /** Where the run begins. */
  readonly base: Checkpoint | null;
  /** Before the run. It differs from `base` if the run begins at the start, whatever the cursor. */
  readonly previous?: Checkpoint | null | undefined;
  /** Names of the tables of the resource. */
  readonly tables: readonly string[];
  /** Committed pages and records of the run. */
  readonly pages: number;
  readonly records: number;
  /** Rows of the run that the database refused. */
  readonly rejected?: number | undefined;
  /** The number of root rows in the staging table; `undefined` if it must be counted. */
  readonly staged?: number | undefined;
  /** The order of the keys of the run's records; `null` if they have none. */
  readonly keyOrder?: KeyOrder | null | undefined;
  /** What the run has added to the tables before a merge that did not succeed. */
  readonly added?: readonly Added[] | undefined;
  /** Records that dlt has loaded, while the resource begins at dlt's cursor. */
  readonly seen?: SeenRecords | undefined;
}

/** The names of the tables that hold state. */
export const stateTables = { state: "_cg_state", runs: "_cg_runs", rejected: "_cg_rejected" } as const;

const text = (name: string): Column => ({ name, type: "text" });
const columnsOf: Readonly<Record<keyof typeof stateTables, readonly Column[]>> = {
  state: ["source", "resource", "run_id", "phase", "state", "updated_at"].map(text),
  runs: ["run_id", "source", "resource", "status", "started_at", "finished_at", "report"].map(text),
  rejected: [
    ...["run_id", "source", "resource", "table_name", "page", "request", "reason", "row", "rejected_at"].map(
      text,
    ),
  ],
};

/** Reads and writes the state of the resources of one source. */
export interface Store {
  /** Returns the state that a batch saved. */
  readonly load: (resource: string) => Promise<StoredState>;
  readonly save: (resource: string, state: StoredState) => Promise<void>;
  /** Adds or replaces a row of `_cg_runs`. */
  readonly saveRun: (resource: string, run: RunRow) => Promise<void>;
  /** Marks a resource's part of a continued run as complete, if its end was not recorded. */
  readonly closeRun: (resource: string, runId: string) => Promise<void>;
  readonly reject: (resource: string, row: RejectedInput) => Promise<void>;
  /** Throws if another run has written the state of a resource since this run began. */
  readonly verify: () => Promise<void>;
}

/** A row of `_cg_runs`. */
export interface RunRow {
  readonly runId: string;
  readonly status: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly report: unknown;
}

/** A row of `_cg_rejected`. */
export interface RejectedInput {
  readonly runId: string;
  readonly table: string;
  readonly page: string;
  readonly request: string;
  readonly reason: string;
  readonly row: string;
}

/** Creates the tables of the state unless they exist. */
export async function createStateTables(
  connection: Connection,
  {
    schema,
    dialect,
    existing,
  }: {
    readonly schema: string | undefined;
    readonly dialect: Dialect;
    readonly existing: ReadonlySet<string>;
  },
): Promise<void> {
  for (const key of Object.keys(stateTables) as (keyof typeof stateTables)[]) {
    const name = stateTables[key];
    if (!existing.has(name)) await connection.run(createTableSql({ schema, name }, columnsOf[key], dialect));
  }
}

/** Creates the store of one source. Its tables exist. */
export async function createStore(
  connection: Connection,
  schema: string | undefined,
  source: string,
): Promise<Store> {
  const state = tableRef({ schema, name: stateTables.state });
  const readTimes = async (): Promise<ReadonlyMap<string, string>> => {
    const { rows } = await connection.run(`select resource, updated_at from ${state} where source = $1`, [
      source,
    ]);
    return new Map(rows.map(({ resource, updated_at }) => [String(resource), String(updated_at)]));
  };
  // The times of all states that this run has read or written, committed or not.
  const times = new Map([...(await readTimes())].map(([resource, time]) => [resource, new Set([time])]));
  const runs = tableRef({ schema, name: stateTables.runs });
  const toText = (json: string): string => (connection.hasUnicode?.() === false ? escapeUnicode(json) : json);
  const remove = async (resource: string): Promise<void> => {
    await connection.run(`delete from ${state} where source = $1 and resource = $2`, [source, resource]);
  };
  return {
    load: async (resource) => {
      const found = (await readStates(connection, schema, source)).get(resource);
      if (!found)
        throw new SyncError("DATABASE", `the state of ${resource} is missing: another program removed it`);
      return found;
    },
    save: async (resource, { runId, phase, ...rest }) => {
      await remove(resource);
      const time = new Date().toISOString();
      times.set(resource, (times.get(resource) ?? new Set()).add(time));
      const values = [source, resource, runId, phase, toText(JSON.stringify(rest)), time];
      await insert(connection, { schema, name: stateTables.state }, { columns: columnsOf.state, values });
    },
    verify: async () => {
      for (const [resource, time] of await readTimes()) {
        if (times.get(resource)?.has(time)) continue;
        const message = `another run continued ${source}.${resource} while the connection was lost: this run ends`;
        throw new SyncError("LOCKED", message);
      }
    },
    saveRun: async (resource, { runId, status, startedAt, finishedAt, report }) => {
      await connection.run(`delete from ${runs} where run_id = $1 and source = $2 and resource = $3`, [
        runId,
        source,
        resource,
      ]);
      const finished = finishedAt?.toISOString() ?? null;
      const which = [runId, source, resource, status];
      const values = [...which, startedAt.toISOString(), finished, toText(JSON.stringify(report))];
      await insert(connection, { schema, name: stateTables.runs }, { columns: columnsOf.runs, values });
    },
    closeRun: async (resource, runId) => {
      const sql = `update ${runs} set status = 'complete', finished_at = $1
        where run_id = $2 and source = $3 and resource = $4 and status <> 'complete'`;
      await connection.run(sql, [new Date().toISOString(), runId, source, resource]);
    },
    reject: async (resource, { runId, table, page, request, reason, row }) => {
      const origin = [runId, source, resource, table, page, request, reason];
      const values = [...origin, toText(row), new Date().toISOString()];
      await insert(
        connection,
        { schema, name: stateTables.rejected },
        { columns: columnsOf.rejected, values },
      );
    },
  };
}

/** Writes all characters beyond ASCII as escapes of JSON. */
function escapeUnicode(json: string): string {
  return json.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

async function insert(
  connection: Connection,
  table: TableName,
  { columns, values }: { readonly columns: readonly Column[]; readonly values: readonly (string | null)[] },
): Promise<void> {
  const names = columnList(columns.map(({ name }) => name));
  const parameters = columns.map((_, index) => `$${index + 1}`).join(", ");
  await connection.run(`insert into ${tableRef(table)} (${names}) values (${parameters})`, values);
}

/** Reads the state of all resources of a source. */
export async function readStates(
  connection: Connection,
  schema: string | undefined,
  source: string,
): Promise<ReadonlyMap<string, StoredState>> {
  const sql = `select resource, run_id, phase, state from ${tableRef({ schema, name: stateTables.state })} where source = $1`;
  const { rows } = await connection.run(sql, [source]);
  return new Map(
    rows.map(({ resource, run_id, phase, state }) => [
      String(resource),
      { ...(JSON.parse(String(state)) as object), runId: String(run_id), phase } as StoredState,
    ]),
  );
}

/** A resource whose run is unfinished. */
export interface UnfinishedResource {
  readonly source: string;
  readonly resource: string;
  readonly tables: readonly string[];
}

/** Reads the unfinished resources of all sources. */
export async function readUnfinished(
  connection: Connection,
  schema: string | undefined,
): Promise<readonly UnfinishedResource[]> {
  const table = tableRef({ schema, name: stateTables.state });
  const { rows } = await connection.run(
    `select source, resource, state from ${table} where phase = 'loading'`,
  );
  return rows.map(({ source, resource, state }) => {
    const { tables } = JSON.parse(String(state)) as StoredState;
    return { source: String(source), resource: String(resource), tables };
  });
}

/** A run that was killed or interrupted before all its resources ended. */
export interface UnfinishedRun {
  readonly runId: string;
  readonly startedAt: Date;
}

/** Finds the last run of a source, if it is unfinished. */
export async function findUnfinishedRun(
  connection: Connection,
  schema: string | undefined,
  source: string,
): Promise<UnfinishedRun | undefined> {
  const runs = tableRef({ schema, name: stateTables.runs });
  const sql = `select run_id, status, started_at from ${runs} where source = $1
    and started_at = (select max(started_at) from ${runs} where source = $1)`;
  const { rows } = await connection.run(sql, [source]);
  const open = rows.find(({ status }) => status === "running" || status === "interrupted");
  return open && { runId: String(open["run_id"]), startedAt: new Date(String(open["started_at"])) };
}

/** Adds a row to dlt's table of loads, which marks the run as complete. */
export async function addDltLoad(
  connection: Connection,
  catalog: Catalog,
  load: { readonly loadId: string; readonly source: string },
): Promise<void> {
  const name = "_dlt_loads";
  const columns: readonly Column[] = [
    ...["load_id", "schema_name", "schema_version_hash"].map(text),
    { name: "status", type: "bigint" },
    { name: "inserted_at", type: "timestamp" },
  ];
  if (!catalog.tables.has(name)) await catalog.ensure(name, columns);
  const table = tableRef(catalog.ref(name));
  await connection.run(`delete from ${table} where load_id = $1`, [load.loadId]);
  // Status 0 means complete. The row has no schema hash, because dlt hashes its own schema, and the tables may have grown
  // since.
  await connection.run(
    `insert into ${table} (load_id, schema_name, status, inserted_at) values ($1, $2, 0, current_timestamp)`,
    [load.loadId, load.source],
  );
}
