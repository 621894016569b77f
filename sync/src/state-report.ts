import type { JsonObject } from "@connector-gen/runtime";
import type { RowCounts } from "./report.js";

/** The state of one resource in the destination. */
export interface ResourceState {
  readonly source: string;
  readonly resource: string;
  /** `loading`: a run ended early, and the next one continues it. */
  readonly phase: "loading" | "complete";
  readonly runId: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** Pages read so far in this run. */
  readonly pages: number;
  /** The cursors of an incremental resource, one per sequence of pages (partition, parent): `{ "[]": { … } }`. */
  readonly cursors: Readonly<Record<string, JsonObject>>;
}

/** A resource's part in a finished or unfinished run. */
export interface RunState {
  readonly runId: string;
  readonly source: string;
  readonly resource: string;
  readonly status: "complete" | "failed" | "interrupted" | "running";
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; `null` while it runs, and for a run that was killed. */
  readonly finishedAt: string | null;
  readonly pages: number;
  readonly records: number;
  readonly rows: RowCounts;
  readonly rejected: number;
  readonly message: string | null;
}

/** A row that the database refused. */
export interface RejectedRow {
  readonly runId: string;
  readonly resource: string;
  readonly table: string;
  readonly page: number;
  /** The redacted request of the page. */
  readonly request: string;
  readonly reason: string;
  /** The row as JSON. */
  readonly row: string;
}

/** The state of a destination. Plain JSON. */
export interface SyncState {
  /** The URL without its password. */
  readonly destination: string;
  readonly resources: readonly ResourceState[];
  /** The last 20 runs of each resource, newest first. */
  readonly runs: readonly RunState[];
  /** The last 100 rejected rows, newest first. */
  readonly rejected: readonly RejectedRow[];
}
