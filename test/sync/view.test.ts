import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyncEvent } from "@connector-gen/sync";
import { createSyncView } from "../../generator/commands/sync-view.js";

const start: SyncEvent = {
  ...{ type: "start", time: "2026-01-01T00:00:00.000Z", resource: "orders" },
  ...{ pages: 0, records: 0, retries: 0, waitedMs: 0, rowsWritten: 0, commits: 0, rejected: 0 },
};
const event = (changes: Partial<SyncEvent>): SyncEvent => ({ ...start, ...changes });

/** A stream that keeps what is written. */
function open(terminal: object = {}): { readonly stream: never; readonly text: () => string } {
  let text = "";
  const stream = { write: (chunk: string) => void (text += chunk), ...terminal };
  return { stream: stream as never, text: () => text };
}

describe("the view of a sync, off a terminal,", () => {
  it("prints a line for the start, each retry, and the end", () => {
    const { stream, text } = open();
    const view = createSyncView(["orders"], { stream, color: false, now: () => 0 });
    view.onEvent(start);
    view.onEvent(event({ type: "page", pages: 1, records: 1 }));
    view.onEvent(event({ type: "retry", retries: 1, waitedMs: 1500, message: "429 Too Many Requests" }));
    view.onEvent(event({ type: "retry", retries: 2, waitedMs: 1700, message: "reset\u001b[2J\nforged" }));
    view.onEvent(event({ type: "complete", pages: 2, records: 1200, rowsWritten: 3000 }));
    view.stop();
    expect(text().split("\n")).toEqual([
      "orders: started",
      "orders: 429 Too Many Requests; retry in 1.5 s",
      expect.stringMatching(/^orders: reset\S+\[2J\S+forged; retry in 0\.2 s$/),
      "orders: complete: 2 pages, 1,200 records, 3,000 rows written",
      "",
    ]);
  });
});

describe("the view of a sync, on a terminal,", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** The rows after the last redraw, without control sequences. */
  const rowsOf = (text: string): readonly string[] =>
    (text.split(/\u001b\[\d+A\r/).at(-1) ?? "")
      .replace(/\u001b\[[?\d]*[a-zA-Z]/g, "")
      .trimEnd()
      .split("\n");

  it("redraws a row per resource, no wider than the terminal", () => {
    const { stream, text } = open({ isTTY: true, columns: 100, rows: 40 });
    let now = 0;
    const view = createSyncView(["orders", "users"], { stream, color: false, now: () => now });
    view.onEvent(start);
    view.onEvent(event({ type: "page", pages: 3, records: 3000, rowsWritten: 0 }));
    now = 2000;
    view.onEvent(
      event({ type: "retry", pages: 3, records: 3000, retries: 1, waitedMs: 900, message: "reset" }),
    );
    vi.advanceTimersByTime(100);
    expect(rowsOf(text())).toEqual([
      expect.stringMatching(
        /^⠙ orders +3 pages +3,000 records +1,500\/s +0 rows written +1 retry retry in 0\.9 s$/,
      ),
      expect.stringMatching(/^· users +0 pages/),
    ]);
    view.onEvent(event({ type: "failed", pages: 3, records: 3000, message: "x".repeat(500) }));
    view.stop();
    const rows = rowsOf(text());
    expect(rows[0]).toMatch(/^✗ orders .* x+$/);
    for (const row of rows) expect(row.length).toBeLessThan(100);
    // The cursor is visible again.
    expect(text().endsWith("\u001b[?25h")).toBe(true);
  });

  it("prints lines where the rows have no room", () => {
    const { stream, text } = open({ isTTY: true, columns: 100, rows: 2 });
    createSyncView(["orders", "users"], { stream, color: false }).onEvent(start);
    expect(text()).toBe("orders: started\n");
  });
});
