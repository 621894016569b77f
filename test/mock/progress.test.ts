import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConnectorError, ReadEvent } from "@connector-gen/runtime";
import type { EventBody } from "../../runtime/src/client/options.js";
import { createProgress, type Progress } from "../../demo/progress.js";
import { createRow, type Row } from "../../demo/rows.js";
import { summaryTable } from "../../demo/summary.js";

interface Screen extends Writable {
  readonly text: () => string;
}

function createScreen(properties: object = {}): Screen {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  return Object.assign(stream, properties, { text: () => chunks.join("") });
}

const page: EventBody = { type: "page", page: 1, url: "/", records: 250 };
const request: EventBody = { type: "request", page: 1, method: "GET", url: "/", requestId: 1, attempt: 1 };
const retry: EventBody = {
  type: "retry",
  page: 1,
  requestId: 1,
  attempt: 1,
  delayMs: 12_000,
  code: "HTTP_STATUS",
  message: "429 Too Many Requests",
};
const complete: EventBody = { type: "complete", page: 1, reason: "total_reached", records: 250 };
const failure: EventBody = {
  type: "error",
  page: 1,
  error: { code: "HTTP_STATUS", message: "502 Bad Gateway" } as unknown as ConnectorError,
};

function at(resource: string, body: EventBody): ReadEvent {
  return { source: "shop", resource, ...body };
}

let clock = 0;
const now = (): number => clock;

beforeEach(() => {
  clock = 0;
  vi.useFakeTimers();
  vi.stubEnv("FORCE_COLOR", undefined);
  vi.stubEnv("NO_COLOR", undefined);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Plays events, the clock 1 s further on with each. */
function play(progress: Progress, events: readonly (readonly [string, EventBody])[]): void {
  for (const [resource, body] of events) {
    progress.onEvent(at(resource, body));
    clock += 1000;
  }
}

describe("off a terminal", () => {
  it("prints a line for start, retry and end", () => {
    const screen = createScreen();
    const progress = createProgress(["courses", "users"], { stream: screen, now });
    play(progress, [
      ["courses", request],
      ["users", request],
      ["courses", page],
      ["courses", retry],
      ["courses", page],
      ["courses", complete],
      ["users", failure],
    ]);
    progress.stop();
    expect(screen.text().split("\n")).toEqual([
      "courses: started",
      "users: started",
      "courses: 429 Too Many Requests; retry in 12 s",
      "courses: done: 2 pages, 500 records in 5.0 s",
      "users: failed after 0 pages: 502 Bad Gateway",
      "",
    ]);
  });

  it("prints lines where a terminal has no room for the rows, too", () => {
    const screen = createScreen({ isTTY: true, columns: 80, rows: 2 });
    createProgress(["a", "b"], { stream: screen, now }).stop();
    expect(screen.text()).toBe("");
  });
});

describe("on a terminal", () => {
  const terminal = { isTTY: true, columns: 80, rows: 24, getColorDepth: () => 1 };
  const strip = (text: string): string => text.replace(/\x1b\[[?0-9;]*[A-Za-z]|\r/g, "");

  it("redraws in place, ten times a second, and gives the cursor back", () => {
    const screen = createScreen(terminal);
    const listeners = process.listenerCount("exit");
    const progress = createProgress(["courses", "users"], { stream: screen, now });
    play(progress, [
      ["courses", page],
      ["users", request],
      ["users", retry],
    ]);
    for (let count = 0; count < 500; count++) progress.onEvent(at("courses", page));
    vi.advanceTimersByTime(1000);
    progress.onEvent(at("courses", complete));
    progress.stop();
    vi.advanceTimersByTime(1000);

    const frames = screen.text().split("\x1b[2A\r");
    expect(frames).toHaveLength(12);
    expect(frames[0]).toMatch(/^\x1b\[\?25l/);
    expect(frames.at(-1)).toMatch(/\n\x1b\[\?25h$/);
    expect(process.listenerCount("exit")).toBe(listeners);
    expect(strip(frames[1] ?? "").split("\n")).toEqual([
      "⠙ courses   501 pages    125,250 records   41,750/s              reading",
      "⠙ users       0 pages          0 records        0/s     1 retry  waiting 11 s",
      "",
    ]);
    expect(strip(frames.at(-1) ?? "").split("\n")).toEqual([
      "✓ courses   501 pages    125,250 records   41,750/s              done",
      "✗ users       0 pages          0 records        0/s     1 retry  stopped",
      "",
    ]);
  });

  it("shows failures and says which", () => {
    const screen = createScreen(terminal);
    const progress = createProgress(["courses"], { stream: screen, now });
    play(progress, [["courses", failure]]);
    progress.stop();
    expect(strip(screen.text())).toMatch(/✗ courses .* HTTP_STATUS\n$/);
  });

  it("is never wider than the terminal", () => {
    const screen = createScreen({ ...terminal, columns: 30 });
    const progress = createProgress(["a_resource_of_some_length"], { stream: screen, now });
    play(progress, [["a_resource_of_some_length", retry]]);
    progress.stop();
    const widths = strip(screen.text())
      .split("\n")
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThan(30);
  });

  const colours = [
    { name: "colours", stream: { ...terminal, getColorDepth: () => 8 }, want: true },
    { name: "no colours on a terminal without any", stream: terminal, want: false },
  ];
  it.each(colours)("$name", ({ stream, want }) => {
    const screen = createScreen(stream);
    createProgress(["courses"], { stream: screen, now }).stop();
    expect(screen.text().includes("\x1b[33m")).toBe(want);
  });
});

describe("summaryTable", () => {
  it("aligns columns and adds up reads that ran at the same time", () => {
    const rows: readonly Row[] = [
      {
        resource: "courses",
        pages: 8,
        records: 2000,
        retries: 3,
        started: 0,
        ended: 2000,
        state: { is: "done" },
      },
      {
        resource: "users",
        pages: 12,
        records: 12_000,
        retries: 0,
        started: 1000,
        ended: 4000,
        state: { is: "done" },
      },
      createRow("idle"),
    ];
    expect(summaryTable(rows, 4000).split("\n")).toEqual([
      "resource  pages  records  retries  seconds  records/s",
      "─────────────────────────────────────────────────────",
      "courses       8    2,000        3      2.0      1,000",
      "users        12   12,000        0      3.0      4,000",
      "idle          0        0        0      0.0          0",
      "─────────────────────────────────────────────────────",
      "total        20   14,000        3      4.0      3,500",
      "",
    ]);
  });
});
