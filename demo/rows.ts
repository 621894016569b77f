import type { ReadEvent } from "@connector-gen/runtime";

/** How far the read of one resource is. */
export interface Row {
  readonly resource: string;
  readonly pages: number;
  readonly records: number;
  readonly retries: number;
  /** Milliseconds on the clock of the events: of the first event, and of the end. */
  readonly started?: number;
  readonly ended?: number;
  readonly state: RowState;
}

/** What a read is doing; a wait ends at a time on the same clock. */
export type RowState =
  | { readonly is: "idle" | "reading" | "done" | "stopped" }
  | { readonly is: "waiting"; readonly until: number }
  | { readonly is: "failed"; readonly reason: string };

/** The row of a read that has not begun. */
export function createRow(resource: string): Row {
  return { resource, pages: 0, records: 0, retries: 0, state: { is: "idle" } };
}

/** The row after an event. */
export function applyEvent(before: Row, event: ReadEvent, now: number): Row {
  const row: Row = { ...before, started: before.started ?? now };
  switch (event.type) {
    case "request":
      return { ...row, state: { is: "reading" } };
    case "page":
      return { ...row, pages: row.pages + 1, records: row.records + event.records, state: { is: "reading" } };
    case "retry":
      return { ...row, retries: row.retries + 1, state: { is: "waiting", until: now + event.delayMs } };
    case "complete":
      return { ...row, ended: now, state: { is: "done" } };
    case "error":
      return { ...row, ended: now, state: { is: "failed", reason: event.error.code } };
    case "response":
    case "foreign_origin":
    case "pages.discarded":
    case "page.drift":
    case "warning":
      return row;
  }
}

/** The row when nothing more comes: a read that has not ended was stopped. */
export function stopRow(row: Row, now: number): Row {
  return row.ended === undefined ? { ...row, ended: now, state: { is: "stopped" } } : row;
}

/** Seconds from the first event to the end, or to now. */
export function secondsOf({ started, ended }: Row, now: number): number {
  return started === undefined ? 0 : ((ended ?? now) - started) / 1000;
}

/** Records per second; 0 before there are any. */
export function rateOf(row: Row, now: number): number {
  const seconds = secondsOf(row, now);
  return seconds > 0 ? row.records / seconds : 0;
}
