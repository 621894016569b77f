import type { ReadOptions } from "@connector-gen/runtime";
import type { Destination } from "./destination.js";
import type { SyncEvent } from "./report.js";

/** The treatment of records that do not match the tables: a new column or table, or a value of another type. */
export type ContractMode = "evolve" | "freeze" | "discard_row" | "discard_value";

/** The rules for new tables, new columns, and values of another type. */
export interface SchemaContract {
  readonly tables?: ContractMode | undefined;
  readonly columns?: ContractMode | undefined;
  readonly data_type?: ContractMode | undefined;
}

/** A contract with a rule for everything. */
export type FullContract = Readonly<Record<keyof SchemaContract, ContractMode>>;

/** The options of a sync. */
export interface SyncOptions {
  /** `duckdb:FILE`, `postgres://…`, `jsonl:FOLDER`, `parquet:FOLDER`, or a destination of your own. */
  readonly to: string | Destination;
  /** The schema of the tables. Default `main` in DuckDB, `public` in PostgreSQL. */
  readonly schema?: string | undefined;
  /** Loads only these resources. Default: all that the spec does not deselect. */
  readonly select?: readonly string[] | undefined;
  /** Leaves out these resources. */
  readonly exclude?: readonly string[] | undefined;
  /** Drops cursors and tables of the resources, and reads everything again. Default false. */
  readonly fullRefresh?: boolean | undefined;
  /** Reads the resources from the start, whatever their cursors say. The tables stay. Default false. */
  readonly restart?: boolean | undefined;
  /**
   * Ends each resource after the page that reaches this number of records. Such a run moves no cursor, retires no rows,
   * and replaces no table that has rows.
   */
  readonly limit?: number | undefined;
  /** Number of resources that are read at the same time. Default 4. */
  readonly concurrency?: number | undefined;
  /** `dlt` names the technical columns as dlt does, and continues datasets that dlt made. Default `default`. */
  readonly naming?: "default" | "dlt" | undefined;
  /** `json` keeps lists and objects as JSON columns. Default `tables`. */
  readonly nested?: "tables" | "json" | undefined;
  /** The rules for records that do not match the tables. Rules of a resource override them. Default `evolve`. */
  readonly contract?: ContractMode | SchemaContract | undefined;
  /** Maximum number of rows per transaction; at least one page. Fewer if rows are large. Default 50,000. */
  readonly batchRows?: number | undefined;
  /** How long to wait for another run that holds the lock, in milliseconds. Then the sync rejects with `LOCKED`. Default 0. */
  readonly lockTimeoutMs?: number | undefined;
  /** How long to try to reconnect after the connection to the database was lost, in milliseconds. Default 30,000. */
  readonly reconnectTimeoutMs?: number | undefined;
  /** Ends the sync when it aborts. Complete pages are committed first. */
  readonly signal?: ReadOptions["signal"];
  /** Called with the progress of every resource. */
  readonly onEvent?: ((event: SyncEvent) => void) | undefined;
  /**
   * Called at the points where a run can end, for tests: `before_commit`, `after_commit`, … An error that it throws ends
   * the run like a crash.
   */
  readonly failpoint?: ((name: string) => void | Promise<void>) | undefined;
}
