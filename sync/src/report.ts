/** The write dispositions, with the strategies of `merge`. */
export type Disposition = "append" | "replace" | "skip" | "delete-insert" | "upsert" | "insert-only" | "scd2";

/** The rows of one resource's root table that a run changed. */
export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  /** Rows that were deleted; with scd2, rows that were retired. */
  readonly deleted: number;
  /** Rows that were read again without a change. */
  readonly unchanged: number;
}

/** The result of a sync for one resource. */
export interface ResourceReport {
  readonly status: "complete" | "failed" | "interrupted";
  readonly disposition: Disposition;
  /** The tables of its records, root table first. */
  readonly tables: readonly string[];
  /** Pages and records that this run read. */
  readonly pages: number;
  readonly records: number;
  readonly rows: RowCounts;
  /** Rows that the database refused during the whole run. They are in the table of rejected rows. */
  readonly rejected: number;
  /** Records and values that the schema contract discarded. */
  readonly discarded: number;
  readonly retries: number;
  /** Milliseconds spent waiting between attempts. */
  readonly waitedMs: number;
  readonly commits: number;
  readonly durationMs: number;
  /** Whether it continued a run that had ended early. */
  readonly resumed: boolean;
  /** Why it failed. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** The result of a sync. Plain JSON. */
export interface SyncReport {
  readonly source: string;
  /** The URL without its password. */
  readonly destination: string;
  /** Identifies the run in the tables. */
  readonly runId: string;
  readonly status: "complete" | "failed" | "interrupted";
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly resources: Readonly<Record<string, ResourceReport>>;
  /** Rejected rows of all resources. A command exits with 1 if there are any. */
  readonly rejected: number;
}

/** The progress of one resource since the sync began. Emitted after every page, retry and commit. */
export interface SyncEvent {
  readonly type:
    "start" | "page" | "retry" | "commit" | "merge" | "notice" | "complete" | "failed" | "interrupted";
  /** ISO 8601. */
  readonly time: string;
  readonly resource: string;
  readonly pages: number;
  readonly records: number;
  readonly retries: number;
  /** Milliseconds spent waiting between attempts. */
  readonly waitedMs: number;
  /** Rows in committed transactions, including child tables. */
  readonly rowsWritten: number;
  readonly commits: number;
  readonly rejected: number;
  /** For `retry` and `failed`: the reason. For `notice`: information that does not end the run. */
  readonly message?: string | undefined;
}
