import type { Destination } from "./destination.js";
import type { SyncEvent } from "./report.js";

/** What happens to records that do not match the tables: a new column or table, or a value of another type. */
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
  /** Only these resources. Default: all that the spec does not deselect. */
  readonly select?: readonly string[] | undefined;
  /** Not these resources. */
  readonly exclude?: readonly string[] | undefined;
  /** Drops cursors and tables of the resources, and reads everything again. Default false. */
  readonly fullRefresh?: boolean | undefined;
  /** Reads the resources from the start, whatever their cursors say. The tables stay. Default false. */
  readonly restart?: boolean | undefined;
  /** Ends each resource after the page with this number of records. Such a run moves no cursor, retires no rows, and replaces no table that has rows. */
  readonly limit?: number | undefined;
  /** Number of resources that are read at the same time. Default 4. */
  readonly concurrency?: number | undefined;
  /** `dlt` names the technical columns as dlt does, and continues datasets that dlt made. Default `default`. */
  readonly naming?: "default" | "dlt" | undefined;
  /** `json` keeps lists and objects as JSON columns. Default `tables`. */
  readonly nested?: "tables" | "json" | undefined;
  /** The rules for records that do not match the tables. Default `evolve`; a resource's own come first. */
  readonly contract?: ContractMode | SchemaContract | undefined;
  /** Rows per transaction, at least one page. Large rows make it fewer. Default 50,000. */
  readonly batchRows?: number | undefined;
  /** Milliseconds to wait for another run that holds the lock. Default 0. */
  readonly lockTimeoutMs?: number | undefined;
  /** Milliseconds to try again to connect after the connection to the database was lost. Default 30,000. */
  readonly reconnectTimeoutMs?: number | undefined;
  /** Ends the sync when it aborts, after it has committed the pages that are complete. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the progress of every resource. */
  readonly onEvent?: ((event: SyncEvent) => void) | undefined;
  /**
   * Called at the points where a run can end, for tests: `before_commit`, `after_commit`, … What it throws ends the run as a
   * crash would.
   */
  readonly failpoint?: ((name: string) => void | Promise<void>) | undefined;
}
