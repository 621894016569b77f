import { describe, expect, it } from "vitest";
import {
  cursor,
  partitions,
  plan,
  type ClientOptions,
  type ReadEvent,
  type ReadOptions,
} from "../../../runtime/src/index.js";
import {
  errorOf,
  idsOf,
  open,
  pagesOf,
  paginatorOf,
  rows,
  span,
  styles,
  type Row,
  type Style,
} from "../fixtures.js";
import { answerJson, serve } from "../server.js";

const size = 10;

/** A table that changes before one of its pages is served; pages show its state at that time. */
interface Change {
  readonly name: string;
  readonly change: (table: readonly Row[]) => readonly Row[];
  /** Whether the API states the number of records or pages. */
  readonly isTotalStated?: boolean;
  readonly primaryKey?: readonly string[];
  /** The expected `page.drift` event of page 2, by style. */
  readonly drift: Readonly<Record<Style, object | undefined>>;
}

const row = (id: number): Row => ({ id, name: `row ${id}` });
const both = (drift: object | undefined): Change["drift"] => ({ offset: drift, page_number: drift });

const changes: readonly Change[] = [
  {
    name: "one record inserted at the start",
    change: (table) => [row(99), ...table],
    drift: both({ repeated: 1 }),
  },
  {
    name: "three records inserted at the start",
    change: (table) => [row(97), row(98), row(99), ...table],
    drift: both({ repeated: 3 }),
  },
  {
    name: "a record inserted, and the total grows",
    change: (table) => [row(99), ...table],
    isTotalStated: true,
    drift: { offset: { repeated: 1, earlierTotal: 35, total: 36 }, page_number: { repeated: 1 } },
  },
  {
    name: "a record deleted, and the total shrinks",
    change: (table) => table.slice(1),
    isTotalStated: true,
    drift: { offset: { repeated: 0, earlierTotal: 35, total: 34 }, page_number: undefined },
  },
  {
    name: "a whole page deleted, and the total shrinks",
    change: (table) => table.slice(6),
    isTotalStated: true,
    drift: {
      offset: { repeated: 0, earlierTotal: 35, total: 29 },
      page_number: { repeated: 0, earlierTotal: 4, total: 3 },
    },
  },
  {
    name: "so many records deleted that the page is empty",
    change: (table) => table.slice(0, size),
    isTotalStated: true,
    drift: {
      offset: { repeated: 0, earlierTotal: 35, total: 10 },
      page_number: { repeated: 0, earlierTotal: 4, total: 1 },
    },
  },
  { name: "a record appended", change: (table) => [...table, row(99)], drift: both(undefined) },
  // A change that no client can detect.
  { name: "a record deleted without a total", change: (table) => table.slice(1), drift: both(undefined) },
  {
    name: "a record inserted without a key or a total",
    change: (table) => [row(99), ...table],
    primaryKey: [],
    drift: both(undefined),
  },
  {
    name: "a record replaced by another one",
    change: (table) => [row(99), ...table.slice(0, 3), ...table.slice(4)],
    primaryKey: [],
    isTotalStated: true,
    drift: both(undefined),
  },
];

interface Reading {
  readonly read: ReturnType<typeof open>;
  readonly events: ReadEvent[];
  readonly lines: string[];
}

async function openTable(style: Style, change: Change, options: ClientOptions = {}): Promise<Reading> {
  let table: readonly Row[] = rows(35);
  let pages = 0;
  const server = await serve(({ query }, response) => {
    if (++pages === 2) table = change.change(table);
    const start = query.has("offset") ? Number(query.get("offset")) : (Number(query.get("page")) - 1) * size;
    const total = style === "offset" ? table.length : Math.ceil(table.length / size);
    answerJson(response, { items: table.slice(start, start + size), ...(change.isTotalStated && { total }) });
  });
  const events: ReadEvent[] = [];
  const lines: string[] = [];
  const read = open({
    url: server.url,
    resource: { paginator: paginatorOf(style, size), primaryKey: change.primaryKey ?? ["id"] },
    options: {
      readAhead: false,
      ...options,
      onEvent: (event: ReadEvent) => events.push(event),
      logger: { warn: (line) => lines.push(line), error: () => undefined },
    },
  });
  return { read, events, lines };
}

describe.each(styles)("drift by %s", (style) => {
  it.each(changes)("$name", async (change) => {
    const { read, events, lines } = await openTable(style, change);
    await read().toArray();
    const drifts = events.filter(({ type }) => type === "page.drift");
    const want = change.drift[style];
    expect(drifts).toMatchObject(want ? [{ type: "page.drift", resource: "rows", page: 2, ...want }] : []);
    expect(lines).toEqual(
      want ? [expect.stringContaining("page 2: the data changed while it was read: ") as string] : [],
    );
  });

  it("states the change, only with its own properties", async () => {
    const { read, events } = await openTable(style, changes[0] as Change);
    await read().toArray();
    expect(events.find(({ type }) => type === "page.drift")).toEqual({
      type: "page.drift",
      source: "shop",
      resource: "rows",
      page: 2,
      repeated: 1,
      message:
        "the data changed while it was read: the page begins with 1 records of the page before; records may be missing or repeated",
    });
  });

  const settings: readonly { name: string; client: ClientOptions; read: ReadOptions; isError: boolean }[] = [
    { name: "the client", client: { onDrift: "error" }, read: {}, isError: true },
    { name: "the read", client: {}, read: { onDrift: "error" }, isError: true },
    {
      name: "the read, over the client",
      client: { onDrift: "error" },
      read: { onDrift: "event" },
      isError: false,
    },
    { name: "nobody", client: {}, read: {}, isError: false },
  ];
  it.each(settings)(
    "is an error if $name asks for it: $isError",
    async ({ client, read: options, isError }) => {
      const { read, events } = await openTable(style, changes[0] as Change, client);
      if (!isError) {
        expect(await read(options).toArray()).toHaveLength(36);
        return;
      }
      const error = await errorOf(read(options).toArray());
      expect(error).toMatchObject({ name: "PageError", code: "PAGE_DRIFT", page: 2 });
      expect(events.map(({ type }) => type)).not.toContain("page.drift");
    },
  );
});

describe("totals that are also the number of records of their page", () => {
  type Page = readonly [records: number, total: number];
  const cases: readonly { name: string; pages: readonly Page[]; drift?: object }[] = [
    {
      name: "changed, as an empty page shows at the end",
      pages: [
        [3, 3],
        [2, 2],
        [0, 2],
      ],
      drift: { page: 3, earlierTotal: 3, total: 2 },
    },
    {
      name: "changed, as a later page shows",
      pages: [
        [3, 4],
        [3, 3],
        [2, 3],
        [0, 3],
      ],
      drift: { page: 2, earlierTotal: 4, total: 3 },
    },
    {
      name: "changed twice before a page shows it",
      pages: [
        [4, 4],
        [3, 3],
        [1, 3],
        [0, 3],
      ],
      drift: { page: 3, earlierTotal: 4, total: 3 },
    },
    {
      name: "count the records of their page",
      pages: [
        [3, 3],
        [2, 2],
        [0, 0],
      ],
    },
    {
      name: "count pages, and stay",
      pages: [
        [3, 3],
        [3, 3],
        [1, 3],
      ],
    },
    {
      name: "count all records, which are on one page",
      pages: [
        [3, 3],
        [0, 3],
      ],
    },
  ];
  it.each(cases)("$name", async ({ pages, drift }) => {
    const server = await serve(({ query }, response) => {
      const [records, total] = pages[Number(query.get("page")) - 1] ?? [0, 0];
      const first = 10 * Number(query.get("page"));
      answerJson(response, {
        items: Array.from({ length: records }, (_, index) => row(first + index)),
        total,
      });
    });
    const events: ReadEvent[] = [];
    const read = open({
      url: server.url,
      resource: { paginator: paginatorOf("page_number", 3), primaryKey: ["id"] },
      options: { readAhead: false, onEvent: (event: ReadEvent) => events.push(event) },
    });
    await read().toArray();
    expect(events.filter(({ type }) => type === "page.drift")).toMatchObject(drift ? [drift] : []);
  });
});

it("does not take the repeated records of a cursor for drift", async () => {
  const server = await serve(({ query }, response) => {
    const start = Number(query.get("cursor") ?? 0);
    const next = start < 20 ? start + 8 : null;
    answerJson(response, { items: rows(35).slice(start, start + 10), cursors: { next } });
  });
  const events: ReadEvent[] = [];
  const resource = { paginator: cursor() };
  const read = open({
    url: server.url,
    resource,
    options: { onEvent: (event: ReadEvent) => events.push(event) },
  });
  await read({ onDrift: "error" }).toArray();
  expect(events.map(({ type }) => type)).not.toContain("page.drift");
});

it("compares the total, but not the records, after a resumption", async () => {
  const change = changes[2] as Change;
  const { read, events } = await openTable("offset", change);
  const [first] = await pagesOf(read({ maxPages: 1 }));
  const rest = await read({ from: first?.checkpoint }).toArray();
  expect(idsOf(rest)[0]).toBe(10);
  expect(events.filter(({ type }) => type === "page.drift")).toMatchObject([
    { page: 2, repeated: 0, earlierTotal: 35, total: 36 },
  ]);
});

it("notices drift in the sequences of a plan, too", async () => {
  const asked: Record<string, number> = {};
  const server = await serve(({ query }, response) => {
    const part = query.get("part") ?? "";
    asked[part] = (asked[part] ?? 0) + 1;
    const table = asked[part] > 1 ? [row(99), ...rows(15)] : rows(15);
    const start = (Number(query.get("page")) - 1) * size;
    answerJson(response, { items: table.slice(start, start + size) });
  });
  const events: ReadEvent[] = [];
  const read = open({
    url: server.url,
    resource: { query: { part: "{partitions.part}" }, plan: plan(partitions({ part: ["a", "b"] })) },
    options: { onEvent: (event: ReadEvent) => events.push(event) },
  });
  expect(idsOf(await read().toArray())).toEqual([
    ...span(1, 10),
    ...span(10, 15),
    ...span(1, 10),
    ...span(10, 15),
  ]);
  expect(events.filter(({ type }) => type === "page.drift")).toMatchObject([
    { page: 2, repeated: 1 },
    { page: 2, repeated: 1 },
  ]);
});
