import type { ReadEvent } from "@connector-gen/runtime";
import type { Disposition, ResourceReport, RowCounts, SyncEvent } from "./report.js";

/** Counts the events of one resource, and reports its progress. */
export interface Progress {
  readonly onRead: (event: ReadEvent) => void;
  /** Reports that the connection to the database was lost. */
  readonly reconnect: (message: string) => void;
  readonly page: (records: number) => void;
  readonly commit: (rows: number) => void;
  readonly merge: (rows: RowCounts) => void;
  readonly reject: (rows: number) => void;
  readonly tell: (type: SyncEvent["type"], message?: string) => void;
  readonly counts: () => Readonly<Record<"pages" | "records" | "rejected", number>>;
  readonly report: (end: ReportEnd) => ResourceReport;
}

/** The part of a report that the end of a resource determines. */
export type ReportEnd = Pick<ResourceReport, "status" | "tables" | "discarded" | "resumed" | "error">;

/** No rows. */
export const noRows: RowCounts = { inserted: 0, updated: 0, deleted: 0, unchanged: 0 };

/** Returns the report of a resource before anything has been read. */
export function emptyReport(disposition: Disposition): Omit<ResourceReport, "status"> {
  const counts = {
    pages: 0,
    records: 0,
    rejected: 0,
    discarded: 0,
    retries: 0,
    waitedMs: 0,
    commits: 0,
    durationMs: 0,
  };
  return { disposition, tables: [], rows: noRows, resumed: false, ...counts };
}

/**
 * Creates the progress of a resource. `rejected` is the number of rows that the run had rejected before it was continued.
 */
export function createProgress(
  {
    resource,
    disposition,
    rejected: before,
  }: { readonly resource: string; readonly disposition: Disposition; readonly rejected: number },
  onEvent: ((event: SyncEvent) => void) | undefined,
): Progress {
  const started = performance.now();
  const sum = { pages: 0, records: 0, retries: 0, waitedMs: 0, rowsWritten: 0, commits: 0, rejected: before };
  let rows = noRows;
  const tell: Progress["tell"] = (type, message) => {
    onEvent?.({
      type,
      time: new Date().toISOString(),
      resource,
      ...sum,
      ...(message !== undefined && { message }),
    });
  };
  return {
    onRead: (event) => {
      // Reads of parents also emit events, but of their own resource.
      if (event.type !== "retry") return;
      sum.retries++;
      sum.waitedMs += event.delayMs;
      tell("retry", event.message);
    },
    reconnect: (message) => {
      sum.retries++;
      tell("retry", message);
    },
    page: (records) => {
      sum.pages++;
      sum.records += records;
      tell("page");
    },
    commit: (count) => {
      sum.commits++;
      sum.rowsWritten += count;
      tell("commit");
    },
    merge: (changed) => {
      rows = {
        inserted: rows.inserted + changed.inserted,
        updated: rows.updated + changed.updated,
        deleted: rows.deleted + changed.deleted,
        unchanged: rows.unchanged + changed.unchanged,
      };
    },
    reject: (count) => {
      sum.rejected += count;
    },
    tell,
    counts: () => sum,
    report: (end) => {
      const { pages, records, retries, waitedMs, commits, rejected } = sum;
      const durationMs = Math.round(performance.now() - started);
      return { disposition, pages, records, rows, rejected, retries, waitedMs, commits, durationMs, ...end };
    },
  };
}
