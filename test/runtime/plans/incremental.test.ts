import { describe, expect, it } from "vitest";
import {
  incremental,
  parallelPageNumber,
  parents,
  plan,
  singlePage,
  type Checkpoint,
  type JsonObject,
} from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { formatBound } from "../../../runtime/src/plans/cursor-format.js";
import { readDuration, shiftBound, sliceRange } from "../../../runtime/src/plans/cursor-arithmetic.js";
import { errorOf } from "../fixtures.js";
import { pagesOf } from "../fixtures.js";
import { idsOf, reader } from "./planned.js";
import { answerJson, serve, type Handler } from "../server.js";

const companies: ResourceShape = {
  name: "companies",
  path: "/companies",
  select: ["items"],
  paginator: singlePage(),
};

describe("incremental", () => {
  const tasks: ResourceShape = {
    name: "tasks",
    path: "/companies/{resources.companies.id}/tasks",
    query: { since: "{incremental.start_value}" },
    select: ["items"],
    paginator: singlePage(),
    primaryKey: ["id"],
    plan: plan(
      parents({ parent: "companies", values: { "resources.companies.id": ["id"] } }),
      incremental({ cursor: ["updated"], initial: 10 }),
    ),
  };

  /** Companies 1 to 3; each has tasks updated at 10 + its id … `upTo`. */
  function tasksUpTo(upTo: Readonly<Record<string, number>>): Handler {
    return ({ path, query }, response) => {
      const id = /^\/companies\/(\d)\/tasks$/.exec(path)?.[1];
      if (id === undefined) {
        answerJson(response, { items: ["1", "2", "3"].map((each) => ({ id: each })), pages: 1 });
        return;
      }
      const from = Math.max(Number(query.get("since")), 10 + Number(id));
      const count = Math.max(0, (upTo[id] ?? 0) - from + 1);
      const items = Array.from({ length: count }, (_, index) => ({
        id: `${id}.${from + index}`,
        updated: from + index,
      }));
      answerJson(response, { items });
    };
  }

  it.each([1, 3])("keeps a state for every parent; concurrency %d", async (concurrency) => {
    const resources = [companies, tasks];
    let upTo: Readonly<Record<string, number>> = { 1: 12, 2: 20, 3: 13 };
    const server = await serve((request, response) => tasksUpTo(upTo)(request, response));
    const open = reader(server, resources, { concurrency });
    const first = await pagesOf(open("tasks"));
    expect(idsOf(first)).toHaveLength(2 + 9 + 1);
    upTo = { 1: 14, 2: 20, 3: 15 };
    const before = server.seen.length;
    const from = JSON.parse(JSON.stringify(first.at(-1)?.checkpoint)) as Checkpoint;
    const second = await pagesOf(open("tasks", { from }));
    expect(idsOf(second)).toEqual(["1.13", "1.14", "3.14", "3.15"]);
    expect(
      server.seen
        .slice(before)
        .flatMap(({ query }) => query.get("since") ?? [])
        .sort(),
    ).toEqual(["12", "13", "20"]);
    const third = await pagesOf(open("tasks", { from: second.at(-1)?.checkpoint as Checkpoint }));
    expect(idsOf(third)).toEqual([]);
  });

  it("continues inside a run with the bounds from the start of the run", async () => {
    const rows: ResourceShape = {
      name: "rows",
      path: "/rows",
      query: { since: "{incremental.start_value}" },
      select: ["items"],
      paginator: parallelPageNumber({ basePage: 1, totalPath: ["pages"] }),
      plan: plan(incremental({ cursor: ["updated"], initial: 0 })),
    };
    const server = await serve(({ query }, response) => {
      const page = Number(query.get("page"));
      const base = Number(query.get("since")) + page * 10;
      answerJson(response, { items: [{ id: `${base}`, updated: base }], pages: 3 });
    });
    const open = reader(server, [rows]);
    const whole = await pagesOf(open("rows"));
    expect(idsOf(whole)).toEqual(["10", "20", "30"]);
    for (const [index, { checkpoint }] of whole.slice(0, 2).entries()) {
      const rest = await pagesOf(
        open("rows", { from: JSON.parse(JSON.stringify(checkpoint)) as Checkpoint }),
      );
      expect(idsOf(rest)).toEqual(["10", "20", "30"].slice(index + 1));
      expect(rest.at(-1)?.checkpoint).toEqual(whole.at(-1)?.checkpoint);
    }
    expect(server.seen.every(({ query }) => query.get("since") === "0")).toBe(true);
    const next = await pagesOf(open("rows", { from: whole.at(-1)?.checkpoint as Checkpoint }));
    expect(idsOf(next)).toEqual(["40", "50", "60"]);
  });

  it("cuts the range into windows and remembers the furthest row", async () => {
    const rows: ResourceShape = {
      name: "rows",
      path: "/rows",
      query: { from: "{incremental.start_value}", to: "{incremental.end_value}" },
      select: ["items"],
      paginator: singlePage(),
      plan: plan(incremental({ cursor: ["day"], initial: "2024-01-31", end: "2024-04-10", window: "P1M" })),
    };
    const server = await serve(({ query }, response) => {
      const items = [query.get("from"), query.get("to")].map((day) => ({ id: day, day }));
      answerJson(response, { items });
    });
    const records = await reader(server, [rows])("rows").toArray();
    // The API includes both bounds; each row is returned once.
    expect(records.map(({ id }) => id)).toEqual(["2024-01-31", "2024-02-29", "2024-03-31"]);
    expect(server.seen.map(({ query }) => [query.get("from"), query.get("to")])).toEqual([
      ["2024-01-31", "2024-02-29"],
      ["2024-02-29", "2024-03-31"],
      ["2024-03-31", "2024-04-10"],
    ]);
  });

  it.each([
    { form: "seconds", initial: Math.floor(Date.now() / 1000) - 150 },
    { form: "milliseconds", initial: Date.now() - 150_000 },
    { form: "seconds as text", initial: String(Math.floor(Date.now() / 1000) - 150) },
    { form: "milliseconds as text", initial: String(Date.now() - 150_000) },
  ])("cuts an open range of $form into windows up to now", async ({ initial }) => {
    const rows: ResourceShape = {
      name: "rows",
      path: "/rows",
      query: { from: "{incremental.start_value}", to: "{incremental.end_value}" },
      select: ["items"],
      paginator: singlePage(),
      plan: plan(incremental({ cursor: ["at"], initial, window: "PT1M" })),
    };
    const server = await serve(({ query }, response) => {
      const at = query.get("from");
      answerJson(response, { items: [{ id: at, at: typeof initial === "number" ? Number(at) : at }] });
    });
    const minute = Number(initial) > 1e11 ? 60_000 : 60;
    expect((await reader(server, [rows])("rows").toArray()).map(({ id }) => Number(id))).toEqual(
      [0, 1, 2].map((n) => Number(initial) + n * minute),
    );
  });

  it("cuts an open range into windows up to now", async () => {
    const rows: ResourceShape = {
      name: "rows",
      path: "/rows",
      query: { from: "{incremental.start_value}", to: "{incremental.end_value}" },
      select: ["items"],
      paginator: singlePage(),
      plan: plan(
        incremental({
          cursor: ["at"],
          initial: new Date(Date.now() - 150_000).toISOString(),
          window: "PT1M",
        }),
      ),
    };
    const server = await serve(({ query }, response) =>
      answerJson(response, { items: [{ id: query.get("from"), at: query.get("from") }] }),
    );
    const pages = await pagesOf(reader(server, [rows])("rows"));
    expect(pages).toHaveLength(3);
    const { state } = pages.at(-1)?.checkpoint ?? {};
    expect(state?.sequences?.["[]"]).toMatchObject({
      last: server.seen.at(-1)?.query.get("from"),
    } as JsonObject);
  });
});

describe("bounds", () => {
  it.each([
    { value: 100, lag: 5, want: 95 },
    { value: "2024-03-01", lag: 1, want: "2024-02-29" },
    { value: "2024-01-02T00:00:00Z", lag: 3600, want: "2024-01-01T23:00:00Z" },
    { value: "2024-01-02 00:00:00.123456+02:00", lag: 1, want: "2024-01-01 23:59:59.123456+02:00" },
    { value: "2024-01-02T00:30", lag: "PT1H", want: "2024-01-01T23:30" },
    { value: "2024-03-31", lag: "P1M", want: "2024-02-29" },
    { value: 1_700_000_000, lag: "P1D", want: 1_699_913_600 },
    { value: 1_700_000_000_000, lag: "P1D", want: 1_699_913_600_000 },
  ])("shifts $value back by $lag", ({ value, lag, want }) => {
    expect(shiftBound(value, lag, -1)).toBe(want);
  });

  it("reports in the first run that a bound cannot be shifted", async () => {
    const rows: ResourceShape = {
      name: "rows",
      path: "/rows",
      select: ["items"],
      paginator: singlePage(),
      plan: plan(incremental({ cursor: ["u"], initial: "a", lag: 1 })),
    };
    const server = await serve((_, response) => answerJson(response, { items: [] }));
    expect(await errorOf(reader(server, [rows])("rows").toArray())).toMatchObject({
      name: "IncrementalError",
    });
    expect(server.seen).toHaveLength(0);
  });

  it.each(["tomorrow", true, null])("refuses to shift %j", (value) => {
    expect(() => shiftBound(value, 1, -1)).toThrow("not a number, date or time");
  });

  it.each(["P", "PT", "1D", "P1H", "P-1D", ""])("takes %j for no duration", (text) => {
    expect(() => readDuration(text)).toThrow("invalid duration");
  });

  it("does not slice by nothing, nor without end", () => {
    expect(() => sliceRange({ start: "2024-01-01", end: "2024-02-01" }, "PT1H")).toThrow("does not advance");
    expect(() => sliceRange({ start: 0, end: 1e9 }, "PT1S")).toThrow("too many");
  });

  it.each([
    { format: undefined, want: "2024-02-03T04:05:06.789Z" },
    { format: "iso", want: "2024-02-03T04:05:06.789Z" },
    { format: "date", want: "2024-02-03" },
    { format: "epoch", want: 1_706_933_106 },
    { format: "epoch_ms", want: 1_706_933_106_789 },
    {
      format: "%Y%m%d %H:%M:%S.%f %y %j %z %Z %s %% %q",
      want: "20240203 04:05:06.789000 24 034 +0000 UTC 1706933106 % %q",
    },
  ])("writes a time as $format", ({ format, want }) => {
    expect(formatBound("2024-02-03T04:05:06.789Z", { format })).toBe(want);
  });

  it("reads numbers, dates, and times without an offset as UTC", () => {
    expect(formatBound(0, { format: "iso" })).toBe("1970-01-01T00:00:00Z");
    expect(formatBound("2024-01-01", { format: "epoch" })).toBe(1_704_067_200);
    expect(formatBound("2024-01-01 01:00:00", { format: "epoch" })).toBe(1_704_070_800);
    expect(formatBound(null, { format: "epoch" })).toBeNull();
    expect(() => formatBound("soon", { format: "date" })).toThrow("not a date or time");
  });
});

describe("rows", () => {
  /** Reads rows in runs, each from the checkpoint of the previous one. */
  async function runs(
    options: Parameters<typeof incremental>[0],
    ...answers: readonly (readonly object[])[]
  ): Promise<unknown[][]> {
    const rows: ResourceShape = {
      name: "rows",
      path: "/rows",
      select: ["items"],
      paginator: singlePage(),
      primaryKey: ["id"],
      plan: plan(incremental(options)),
    };
    let items: readonly object[] = [];
    const server = await serve((_, response) => answerJson(response, { items }));
    const open = reader(server, [rows]);
    const out: unknown[][] = [];
    let from: Checkpoint | undefined;
    for (items of answers) {
      const pages = await pagesOf(open("rows", { ...(from && { from }) }));
      from = JSON.parse(JSON.stringify(pages.at(-1)?.checkpoint)) as Checkpoint;
      out.push(idsOf(pages));
    }
    return out;
  }
  const row = (id: string, u?: unknown): object => ({ id, u });
  const cursor = ["u"];

  it.each([
    {
      name: "at the bound are distinguished by their key",
      options: { cursor },
      answers: [
        [row("a", 1), row("b", 2)],
        [row("b", 2), row("c", 2)],
        [row("b", 2), row("c", 2), row("d", 3)],
      ],
      want: [["a", "b"], ["c"], ["d"]],
    },
    {
      name: "are read again behind a lag",
      options: { cursor, lag: 1 },
      answers: [
        [row("a", 1), row("b", 2)],
        [row("a", 1), row("b", 2), row("c", 0)],
      ],
      want: [
        ["a", "b"],
        ["a", "b"],
      ],
    },
    {
      name: "at an open bound are left out",
      options: { cursor, initial: 1, rangeStart: "open" as const },
      answers: [
        [row("a", 1), row("b", 2)],
        [row("c", 2), row("d", 3)],
      ],
      want: [["b"], ["d"]],
    },
    {
      name: "at a closed end stay",
      options: { cursor, initial: 1, end: 3, rangeEnd: "closed" as const },
      answers: [[row("a", 1), row("b", 3), row("c", 4)], [row("a", 1)]],
      want: [["a", "b"], ["a"]],
    },
    {
      name: "are the smallest with min",
      options: { cursor, lastValue: "min" as const },
      answers: [
        [row("a", 5), row("b", 4)],
        [row("a", 5), row("b", 4), row("c", 3)],
      ],
      want: [["a", "b"], ["c"]],
    },
    {
      name: "without a value are kept or left out",
      options: { cursor, onMissing: "include" as const },
      answers: [[row("a"), row("b", null), row("c", 1)]],
      want: [["a", "b", "c"]],
    },
  ])("$name", async ({ options, answers, want }) => {
    expect(await runs(options, ...answers)).toEqual(want);
  });

  it.each([
    { given: row("a"), code: "CURSOR_MISSING", says: "`u` of a record is missing (its fields: id)" },
    { given: row("a", null), code: "CURSOR_MISSING", says: "`u` of a record is null" },
    { given: row("a", "x"), code: "CURSOR_INVALID", says: "text with a number" },
    { given: row("a", [1]), code: "CURSOR_INVALID", says: "a list with a number" },
    { given: { u: 1 }, code: "CURSOR_MISSING", says: "a record has no `id`" },
  ])("cannot be placed: $says", async ({ given, code, says }) => {
    const error = await errorOf(runs({ cursor, initial: 1 }, [given]));
    expect(error).toMatchObject({
      name: "IncrementalError",
      code,
      message: expect.stringContaining(says) as string,
    });
  });
});
