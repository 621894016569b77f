import { describe, expect, it } from "vitest";
import {
  createReader,
  incremental,
  pageNumber,
  parents,
  plan,
  type Checkpoint,
  type ReadOptions,
  type RecordStream,
  type Resource,
} from "../../../runtime/src/index.js";
import type { FetchLike, ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf } from "../fixtures.js";

interface Row {
  readonly id: number | string;
  readonly day: string;
}

/** Serves rows by page number, `size` a page. */
function fetchOf(rowsAt: (path: string) => readonly unknown[], size: number): FetchLike {
  return (url) => {
    const { pathname, searchParams } = new URL(url);
    const page = Number(searchParams.get("page"));
    const items = rowsAt(pathname).slice((page - 1) * size, page * size);
    return Promise.resolve(new Response(JSON.stringify({ items })));
  };
}

const paginator = pageNumber({ limit: 200, basePage: 1, totalPath: null, stopAfterEmptyPage: true });
const shape = { select: ["items"], paginator, primaryKey: ["id"] };
const daily = incremental({ cursor: ["day"], initial: "2024-01-01" });

function openRows(fetch: FetchLike, resources: readonly ResourceShape[]) {
  const source = {
    name: "shop",
    baseUrl: "http://api.test",
    resources: Object.fromEntries(resources.map((resource) => [resource.name, resource])),
  };
  const reader = createReader(source, { fetch });
  return (options: ReadOptions): RecordStream<Row> =>
    reader.read(source.resources["rows"] as Resource<Row, object>, {}, options);
}

interface Stored {
  readonly ids: (number | string)[];
  readonly checkpoint: Checkpoint;
  readonly bytes: number;
}

/** Reads pages, and stores them as JSON, like a database. */
async function store(stream: RecordStream<Row>): Promise<Stored[]> {
  const stored: Stored[] = [];
  for await (const { records, checkpoint } of stream.pages()) {
    const text = JSON.stringify(checkpoint);
    stored.push({
      ids: records.map(({ id }) => id),
      checkpoint: JSON.parse(text) as Checkpoint,
      bytes: text.length,
    });
  }
  return stored;
}

const idsOf = (pages: readonly Stored[]): (number | string)[] => pages.flatMap(({ ids }) => ids);
const limit = 64_000;

describe("deltas of checkpoints", () => {
  it("stay small with 40,000 rows of one day, and lose nothing", async () => {
    const rows = Array.from({ length: 40_000 }, (_, id): Row => ({ id: `row ${id}`, day: "2024-05-01" }));
    const data = [...rows];
    const fetch = fetchOf(() => data, 200);
    const read = openRows(fetch, [{ ...shape, name: "rows", path: "/rows", plan: plan(daily) }]);

    const first = await store(read({ checkpoints: "delta" }));
    expect(first).toHaveLength(201);
    for (const { bytes } of first) expect(bytes).toBeLessThan(limit);
    const deltas = first.map(({ checkpoint }) => checkpoint);

    // A read that is resumed after any page returns the other records, and the next run only new ones.
    for (const count of [100, 201]) {
      const from = deltas.slice(0, count);
      const rest = await store(read({ checkpoints: "delta", from }));
      expect([...idsOf(first.slice(0, count)), ...idsOf(rest)]).toEqual(rows.map(({ id }) => id));
      const all = count === 201 ? deltas : rest.map(({ checkpoint }) => checkpoint);
      data.push({ id: `new ${count}`, day: "2024-05-01" });
      const next = await store(read({ checkpoints: "delta", from: all }));
      expect(idsOf(next)).toEqual([`new ${count}`]);
      for (const { bytes } of next.slice(1)) expect(bytes).toBeLessThan(limit);
      expect(await read({ from: next.map(({ checkpoint }) => checkpoint) }).toArray()).toEqual([]);
      data.pop();
    }
  });

  it("stay small with many parents, and together contain the complete state", async () => {
    // The size of a delta does not depend on it.
    const count = 2_000;
    const teams = Array.from({ length: count }, (_, id) => ({ id }));
    const empty = JSON.stringify({ items: [] });
    let added: Row[] = [];
    const fetch: FetchLike = (url) => {
      const { pathname, searchParams } = new URL(url);
      const page = Number(searchParams.get("page"));
      const [, , id] = pathname.split("/");
      if (id === undefined)
        return Promise.resolve(
          new Response(JSON.stringify({ items: teams.slice((page - 1) * 1000, page * 1000) })),
        );
      const own = { id: Number(id), day: `2024-05-${String((Number(id) % 28) + 1).padStart(2, "0")}` };
      const items = [own, ...added.filter((row) => String(row.id).endsWith(`/${id}`))];
      return Promise.resolve(new Response(page === 1 ? JSON.stringify({ items }) : empty));
    };
    const single = pageNumber({
      limit: 200,
      basePage: 1,
      totalPath: null,
      maximumPage: 2,
      stopAfterEmptyPage: false,
    });
    const read = openRows(fetch, [
      { ...shape, name: "teams", path: "/teams" },
      {
        ...shape,
        name: "rows",
        path: "/teams/{resources.teams.id}/rows",
        paginator: single,
        plan: plan(parents({ parent: "teams", values: { "resources.teams.id": ["id"] } }), daily),
      },
    ]);
    const list: Checkpoint[] = [];
    let last = 0;
    for await (const { checkpoint } of read({ checkpoints: "delta" }).pages()) {
      const text = JSON.stringify(checkpoint);
      last = Math.max(last, text.length);
      list.push(JSON.parse(text) as Checkpoint);
    }
    expect(list).toHaveLength(count);
    // The next run knows every parent's last value and what was read there.
    added = [7, count / 2, count - 1].map((id) => ({ id: `new/${id}`, day: "2024-05-28" }));
    const next: (number | string)[] = [];
    let bytes = 0;
    let pages = 0;
    for await (const { records, checkpoint } of read({ checkpoints: "delta", from: list }).pages()) {
      next.push(...records.map(({ id }) => id));
      if (pages++ > 0) bytes = Math.max(bytes, JSON.stringify(checkpoint).length);
    }
    expect(next).toEqual(added.map(({ id }) => id));
    expect(Math.max(bytes, last)).toBeLessThan(2000);
  });

  it("are refused alone, in another order, with a gap, and with another read's", async () => {
    const rows = Array.from({ length: 1000 }, (_, id): Row => ({ id, day: "2024-05-01" }));
    const resource = { ...shape, name: "rows", path: "/rows", plan: plan(daily) };
    const read = openRows(
      fetchOf(() => rows, 200),
      [resource],
    );
    const [a, b, c, d] = (await store(read({ checkpoints: "delta" }))).map(({ checkpoint }) => checkpoint);
    if (!a || !b || !c || !d) throw new Error("too few pages");
    for (const from of [[b], [b, c], [a, c], [b, a], [a, b, d], [a, b, b], [a, { ...b, after: 7 }]]) {
      const error = await errorOf(read({ from }).toArray());
      expect(error.code).toBe("CHECKPOINT_INVALID");
    }
    expect((await errorOf(read({ from: b }).toArray())).message).toContain(
      "the checkpoint of page 2 continues that of page 1, which is not before it in `from`",
    );
    expect(await read({ from: [a, b, c] }).toArray()).toHaveLength(400);
    expect(await read({ from: [] }).toArray()).toHaveLength(1000);
  });
});

describe("complete checkpoints", () => {
  it("cost nothing until they are read", async () => {
    const rows = Array.from({ length: 20_000 }, (_, id): Row => ({ id, day: "2024-05-01" }));
    const resource = { ...shape, name: "rows", path: "/rows", plan: plan(daily) };
    const read = openRows(
      fetchOf(() => rows, 200),
      [resource],
    );
    const pages: Checkpoint[] = [];
    for await (const page of read({}).pages()) pages.push(page.checkpoint);
    // Each checkpoint belongs to its page, even if it is read later.
    for (const at of [0, 50, 99]) {
      const from = JSON.parse(JSON.stringify(pages[at])) as Checkpoint;
      expect(await read({ from }).toArray()).toHaveLength(20_000 - (at + 1) * 200);
    }
  });
});
