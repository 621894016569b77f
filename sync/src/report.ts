/** The write dispositions, with the strategies of `merge`. */
export type Disposition = "append" | "replace" | "skip" | "delete-insert" | "upsert" | "insert-only" | "scd2";

/** The rows of one resource's root table that a run changed. */
export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  /** Rows that were deleted, and with scd2 those that were retired. */
  readonly deleted: number;
  /** Rows that came again as they are. */
  readonly unchanged: number;
}

/** What a sync did to one resource. */
export interface ResourceReport {
  readonly status: "complete" | "failed" | "interrupted";
  readonly disposition: Disposition;
  /** The tables of its records, root table first. */
  readonly tables: readonly string[];
  /** Pages and records that this run read. */
  readonly pages: number;
  readonly records: number;
  readonly rows: RowCounts;
  /** Rows that the database refused, in the whole run; they are in the table of rejected rows. */
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

/** What a sync did. Plain JSON. */
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
  /** Rows in committed transactions, child tables included. */
  readonly rowsWritten: number;
  readonly commits: number;
  readonly rejected: number;
  /** For `retry` and `failed`: why. For `notice`: what the run could not do, although it goes on. */
  readonly message?: string | undefined;
}
