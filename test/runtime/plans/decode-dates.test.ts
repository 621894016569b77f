import { describe, expect, it } from "vitest";
import {
  add,
  createReader,
  decodeDates,
  hook,
  incremental,
  lastRecord,
  pageNumber,
  parents,
  plan,
  staticRecords,
  type ClientOptions,
  type DateFields,
  type Page,
  type ReadEvent,
  type ReadOptions,
  type Resource,
} from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch } from "../fixtures.js";

type Shape = Partial<ResourceShape>;

const z = "2024-03-01T10:20:30Z";
const date = new Date(z);

/** Reads one page of rows, of type `Row`, whose date-times are where `dates` says. */
async function readRows(
  rows: readonly unknown[],
  dates: DateFields,
  given: { readonly shape?: Shape; readonly options?: object; readonly read?: ReadOptions } = {},
): Promise<readonly unknown[]> {
  const { fetch } = fakeFetch(() => ({ body: { items: rows } }));
  const resource = resourceOf({ paginator: pageNumber({ totalPath: ["none"] }), ...given.shape });
  const source = { name: "shop", baseUrl: "https://shop.test", resources: { rows: resource } };
  const options = { fetch, retry: { maxRetries: 0 }, ...given.options };
  const reader = createReader({ ...source, optionNames: ["hooks"] }, options);
  const shape = {
    ...resource,
    paginator: { ...resource.paginator, next: () => ({ stop: "single_page" as const }) },
  };
  return reader.read(dated(shape, dates), {}, given.read).toArray();
}

type Row = Readonly<Record<string, unknown>>;

/** A resource whose records are of type `Row`, with `Date`s. */
function dated(resource: ResourceShape, dates: DateFields): Resource<Row> {
  return decodeDates(resource as unknown as Resource<Row>, dates, "Row");
}

function resourceOf(shape: Shape = {}): ResourceShape {
  return { name: "rows", path: "/rows", select: ["items"], paginator: pageNumber({}), ...shape };
}

const at: DateFields = { Row: { fields: { at: "date-time" } } };

describe("texts of date-times", () => {
  it.each([
    { name: "UTC", text: "2024-03-01T10:20:30Z", want: "2024-03-01T10:20:30.000Z" },
    { name: "milliseconds", text: "2024-03-01T10:20:30.045Z", want: "2024-03-01T10:20:30.045Z" },
    { name: "tenths", text: "2024-03-01T10:20:30.5Z", want: "2024-03-01T10:20:30.500Z" },
    {
      name: "zeros beyond milliseconds",
      text: "2024-03-01T10:20:30.123000Z",
      want: "2024-03-01T10:20:30.123Z",
    },
    { name: "an offset", text: "2024-03-01T10:20:30+02:00", want: "2024-03-01T08:20:30.000Z" },
    { name: "an offset without a colon", text: "2024-03-01T10:20:30-0530", want: "2024-03-01T15:50:30.000Z" },
    { name: "no offset, which is UTC", text: "2024-03-01T10:20:30", want: "2024-03-01T10:20:30.000Z" },
    { name: "a space", text: "2024-03-01 10:20:30", want: "2024-03-01T10:20:30.000Z" },
    { name: "small letters", text: "2024-03-01t10:20:30z", want: "2024-03-01T10:20:30.000Z" },
    { name: "an RFC 2822 date", text: "Fri, 01 Mar 2024 10:20:30 GMT", want: "2024-03-01T10:20:30.000Z" },
    { name: "a date alone", text: "2024-03-01", want: "2024-03-01T00:00:00.000Z" },
    { name: "the time before 1970", text: "1969-12-31T23:59:59.250Z", want: "1969-12-31T23:59:59.250Z" },
    { name: "the first year", text: "0001-01-01T00:00:00Z", want: "0001-01-01T00:00:00.000Z" },
    { name: "the last hour as 24:00", text: "2024-02-28T24:00:00Z", want: "2024-02-29T00:00:00.000Z" },
  ])("reads $name without a warning", async ({ text, want }) => {
    const events: ReadEvent[] = [];
    const [row] = await readRows([{ at: text }], at, { read: { onEvent: (event) => events.push(event) } });
    const found = (row as { readonly at: Date }).at;
    expect(found).toBeInstanceOf(Date);
    expect(found.toISOString()).toBe(want);
    expect(events.filter(({ type }) => type === "warning")).toEqual([]);
  });

  it.each(["Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"])(
    "takes a time without an offset as UTC where the local time is that of %s",
    async (zone) => {
      const before = process.env["TZ"];
      process.env["TZ"] = zone;
      try {
        // Summer and winter, and the hour that does not exist in Berlin.
        const texts = ["2024-07-01T12:00:00", "2024-01-01 12:00:00", "2024-03-31T02:30:00", "2024-07-01"];
        expect(new Date(texts[0] ?? "").toISOString()).not.toBe("2024-07-01T12:00:00.000Z");
        const rows = await readRows(
          texts.map((text) => ({ at: text })),
          at,
        );
        expect(rows.map((row) => (row as { at: Date }).at.toISOString())).toEqual([
          "2024-07-01T12:00:00.000Z",
          "2024-01-01T12:00:00.000Z",
          "2024-03-31T02:30:00.000Z",
          "2024-07-01T00:00:00.000Z",
        ]);
      } finally {
        if (before === undefined) delete process.env["TZ"];
        else process.env["TZ"] = before;
      }
    },
  );

  it.each([
    { name: "microseconds", text: "2024-03-01T10:20:30.123456Z", want: "2024-03-01T10:20:30.123Z" },
    { name: "nanoseconds", text: "2024-03-01T10:20:30.999999999Z", want: "2024-03-01T10:20:30.999Z" },
    { name: "a leap second", text: "2016-12-31T23:59:60Z", want: "2017-01-01T00:00:00.000Z" },
  ])("says once per field that a Date cannot hold $name", async ({ text, want }) => {
    const warnings: string[] = [];
    const logger = { warn: (line: string) => warnings.push(line), error: () => undefined };
    const places: DateFields = { Row: { fields: { at: "date-time", list: { items: "date-time" } } } };
    const rows = await readRows([{ at: text }, { at: text, list: [z, text, text] }], places, {
      options: { logger },
    });
    expect(rows[1]).toEqual({ at: new Date(want), list: [date, new Date(want), new Date(want)] });
    expect(warnings).toEqual([
      expect.stringContaining("`at` has times that a Date cannot hold"),
      expect.stringContaining("`list` has times that a Date cannot hold"),
    ]);
  });

  it.each([
    { name: "a word", value: "tomorrow", received: "text of 8 characters" },
    { name: "the empty text", value: "", received: "text of 0 characters" },
    { name: "a day that does not exist", value: "2023-02-29T00:00:00Z", received: "text of 20 characters" },
    { name: "month 13", value: "2024-13-01T00:00:00Z", received: "text of 20 characters" },
    { name: "25 o'clock", value: "2024-01-01T25:00:00Z", received: "text of 20 characters" },
    { name: "24:30", value: "2024-01-01T24:30:00Z", received: "text of 20 characters" },
    { name: "an offset of 99 hours", value: "2024-01-01T00:00:00+99:00", received: "text of 25 characters" },
    { name: "zeros", value: "0000-00-00 00:00:00", received: "text of 19 characters" },
    { name: "seconds since 1970 as text", value: "1709288430", received: "text of 10 characters" },
    { name: "a number", value: 1_709_288_430, received: "a number" },
    { name: "a boolean", value: false, received: "a boolean" },
    { name: "a list", value: [z], received: "a list" },
    { name: "an object", value: { date: z }, received: "an object" },
  ])("refuses $name with the record and the field", async ({ value, received }) => {
    const places: DateFields = {
      Row: { fields: { lines: { items: "Line" } } },
      Line: { fields: { at: "date-time" } },
    };
    const error = await errorOf(readRows([{}, { lines: [{ at: z }, { at: value }] }], places));
    expect(error).toMatchObject({ name: "ValidationError", code: "INVALID_RECORD", page: 1 });
    expect(error.message).toContain(
      `record 2 does not match its schema (lines.1.at: expected a date-time, received ${received})`,
    );
    expect(error.message).toContain('"dates"');
    if (typeof value === "string" && value !== "") expect(error.message).not.toContain(value);
  });
});

describe("places of date-times", () => {
  const stamp = { fields: { at: "date-time" } } as const;

  it.each<{ name: string; places: DateFields; given: unknown; want: unknown }>([
    {
      name: "null and missing fields",
      places: at,
      given: [{ at: null }, { b: 1 }],
      want: [{ at: null }, { b: 1 }],
    },
    {
      name: "a record that is one",
      places: { Row: "date-time" },
      given: [z, null],
      want: [date, null],
    },
    {
      name: "nested objects",
      places: { Row: { fields: { a: { fields: { b: "date-time" } }, s: "Stamp" } }, Stamp: stamp },
      given: [{ a: { b: z, c: z }, s: { at: z }, at: z }],
      want: [{ a: { b: date, c: z }, s: { at: date }, at: z }],
    },
    {
      name: "lists of lists",
      places: { Row: { fields: { a: { items: { items: "date-time" } } } } },
      given: [{ a: [[z], [], [null, z]] }],
      want: [{ a: [[date], [], [null, date]] }],
    },
    {
      name: "tuples with a rest",
      places: { Row: { fields: { a: { first: [null, "date-time"], items: "Stamp" } } }, Stamp: stamp },
      given: [{ a: [z, z, { at: z }] }, { a: [z] }],
      want: [{ a: [z, date, { at: date }] }, { a: [z] }],
    },
    {
      name: "maps, also with the keys of objects",
      places: { Row: { fields: { a: { others: "date-time" } } } },
      given: [JSON.parse(`{"a":{"__proto__":"${z}","constructor":"${z}","x":null}}`)],
      want: [
        {
          a: Object.fromEntries([
            ["__proto__", date],
            ["constructor", date],
            ["x", null],
          ]),
        },
      ],
    },
    {
      name: "other fields beside those without date-times",
      places: { Row: { fields: { name: null, s: "Stamp" }, others: "date-time" }, Stamp: stamp },
      given: [{ name: z, s: { at: z }, x: z }],
      want: [{ name: z, s: { at: date }, x: date }],
    },
    {
      name: "unions with other types and fixed texts",
      places: {
        Row: { fields: { a: { unless: ["never"], items: "date-time", fields: { at: "date-time" } } } },
      },
      given: [{ a: "never" }, { a: z }, { a: 5 }, { a: true }, { a: [z] }, { a: { at: z } }, { a: null }],
      want: [
        { a: "never" },
        { a: date },
        { a: 5 },
        { a: true },
        { a: [date] },
        { a: { at: date } },
        { a: null },
      ],
    },
    {
      name: "unions told apart by a field",
      places: {
        Row: { by: "kind", cases: { card: "Stamp", 7: { fields: { on: "date-time" } } } },
        Stamp: stamp,
      },
      given: [
        { kind: "card", at: z },
        { kind: "cash", at: z },
        { kind: 7, on: z },
        { at: z },
        { kind: "toString" },
      ],
      want: [
        { kind: "card", at: date },
        { kind: "cash", at: z },
        { kind: 7, on: date },
        { at: z },
        { kind: "toString" },
      ],
    },
    {
      name: "types that contain themselves",
      places: { Row: { fields: { at: "date-time", next: "Row", all: { items: "Row" } } } },
      given: [{ at: z, next: { at: z, all: [{ at: z }] } }],
      want: [{ at: date, next: { at: date, all: [{ at: date }] } }],
    },
    {
      name: "values of other types than declared",
      places: { Row: { fields: { a: { items: "date-time" }, s: "Stamp" } }, Stamp: stamp },
      given: [{ a: z, s: z }, { a: { at: z }, s: [z] }, { a: 1, s: null }, "text", null],
      want: [{ a: z, s: z }, { a: { at: z }, s: [z] }, { a: 1, s: null }, "text", null],
    },
  ])("finds $name", async ({ places, given, want }) => {
    expect(await readRows(given as readonly unknown[], places)).toEqual(want);
  });

  it("leaves the received records unchanged", async () => {
    const shared = { at: z };
    const record = { id: 1, s: shared };
    const places: DateFields = { Row: { fields: { s: "Stamp" } }, Stamp: stamp };
    const source = { name: "shop", baseUrl: "https://shop.test", resources: {} };
    const given = resourceOf({ plan: plan(staticRecords([record, { id: 2, s: shared }] as never)) });
    const rows = await createReader(source, {}).read(dated(given, places)).toArray();
    expect(rows).toEqual([
      { id: 1, s: { at: date } },
      { id: 2, s: { at: date } },
    ]);
    expect(record).toEqual({ id: 1, s: { at: z } });
  });
});

/** An API of rows with micro­seconds, two a page, after the last time. */
const times = ["01.000001", "02.000002", "03.000003", "04.000004", "05.000005"].map((rest, index) => ({
  id: index + 1,
  at: `2024-03-01T10:20:${rest}Z`,
}));

function keysetApi(): { readonly fetch: ClientOptions["fetch"]; readonly seen: readonly string[] } {
  const seen: string[] = [];
  const { fetch } = fakeFetch(({ url }) => {
    const after = new URL(url).searchParams.get("after") ?? "";
    seen.push(after);
    return { body: { items: times.filter((row) => row.at > after).slice(0, 2) } };
  });
  return { fetch, seen };
}

describe("what uses the texts of the API", () => {
  const keyset = lastRecord({ param: "after", path: ["at"] });

  it("pages, keys and guards", async () => {
    const { fetch, seen } = keysetApi();
    const resource = resourceOf({ paginator: keyset, primaryKey: ["at"] });
    const reader = createReader({ name: "shop", baseUrl: "https://shop.test", resources: {} }, { fetch });
    const rows = await reader.read(dated(resource, at)).toArray();
    expect(rows.map(({ at: time }) => (time as Date).getUTCSeconds())).toEqual([1, 2, 3, 4, 5]);
    expect(seen.filter(Boolean).slice(0, 2)).toEqual([times[1]?.at, times[3]?.at]);
  });

  it("incremental reads and checkpoints, which are those of a read without dates", async () => {
    const incrementally = plan(
      incremental({ cursor: ["at"], initial: "2024-03-01T10:20:01.5Z", serverFilter: false }),
    );
    for (const part of [incrementally, undefined]) {
      const resource = resourceOf({ paginator: keyset, primaryKey: ["id"], ...(part && { plan: part }) });
      const pagesOf = async (given: ResourceShape, from?: unknown): Promise<readonly Page<unknown>[]> => {
        const { fetch } = keysetApi();
        const reader = createReader(
          { name: "shop", baseUrl: "https://shop.test", resources: { rows: resource } },
          { fetch },
        );
        const pages: Page<unknown>[] = [];
        const options = from === undefined ? {} : { from: from as never };
        for await (const page of reader.read(given as Resource<unknown, object>, {}, options).pages())
          pages.push(page);
        return pages;
      };
      const decodedRows = dated(resource, at);
      const plain = await pagesOf(resource);
      const decoded = await pagesOf(decodedRows);
      const checkpoints = (pages: readonly Page<unknown>[]): unknown =>
        JSON.parse(JSON.stringify(pages.map(({ checkpoint }) => checkpoint)));
      expect(checkpoints(decoded)).toEqual(checkpoints(plain));
      const ids = (pages: readonly Page<unknown>[]): unknown =>
        pages.flatMap(({ records }) => records.map((record) => (record as { id: number }).id));
      expect(ids(decoded)).toEqual(part ? [2, 3, 4, 5] : [1, 2, 3, 4, 5]);
      for (const page of decoded)
        for (const row of page.records) expect(row).toHaveProperty("at", expect.any(Date));
      // Either read continues the other one.
      const [first] = JSON.parse(JSON.stringify(plain)) as readonly Page<unknown>[];
      expect(ids(await pagesOf(decodedRows, first?.checkpoint))).toEqual(ids(plain.slice(1)));
      const [own] = JSON.parse(JSON.stringify(decoded)) as readonly Page<unknown>[];
      expect(ids(await pagesOf(resource, own?.checkpoint))).toEqual(ids(decoded.slice(1)));
    }
  });

  it("children, in requests, in their fields and in `add`", async () => {
    const paths: string[] = [];
    const { fetch } = fakeFetch(({ url }) => {
      const { pathname, searchParams } = new URL(url);
      if (searchParams.get("page") !== "0") return { body: { items: [] } };
      paths.push(decodeURIComponent(pathname));
      return { body: { items: pathname === "/posts" ? [{ at: z }] : [{ id: 1 }] } };
    });
    const posts = resourceOf({ name: "posts", path: "/posts" });
    const comments = resourceOf({
      name: "comments",
      path: "/posts/{resources.posts.at}/comments",
      plan: plan(parents({ parent: "posts", values: { "resources.posts.at": ["at"] } })),
      shape: [add({ posted: "{resources.posts.at}", text: "at {resources.posts.at}" })],
    });
    const source = { name: "blog", baseUrl: "https://blog.test", resources: { posts, comments } };
    const places: DateFields = { Row: { fields: { posted: "date-time" } } };
    const rows = await createReader(source, { fetch }).read(dated(comments, places)).toArray();
    expect(paths).toEqual(["/posts", `/posts/${z}/comments`]);
    expect(rows).toEqual([{ id: 1, posted: date, text: `at ${z}` }]);
  });

  it("hooks, and the records that a filter keeps are decoded", async () => {
    const given: unknown[] = [];
    const hooks = { rows: { filter: (row: { at: string }) => given.push(row.at) > 1 } };
    const rows = await readRows([{ at: "wrong" }, { at: z }], at, {
      shape: { shape: [hook("filter")] },
      options: { hooks },
    });
    expect(given).toEqual(["wrong", z]);
    expect(rows).toEqual([{ at: date }]);
  });
});

describe("validation", () => {
  it("sees the records as they are returned, once", async () => {
    const seen: unknown[] = [];
    const rows = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value: unknown) => ({ value, ...(seen.push(value) && {}) }),
      },
    } as const;
    const found = await readRows([{ at: z }], at, {
      options: { schemas: { rows } },
      read: { validate: "error" },
    });
    expect(seen).toEqual([{ at: date }]);
    expect(found[0]).toBe(seen[0]);
  });
});
