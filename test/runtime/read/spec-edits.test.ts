import { describe, expect, it } from "vitest";
import {
  createReader,
  incremental,
  offset,
  pageNumber,
  parents,
  plan,
  where,
  type Checkpoint,
  type ReadEvent,
  type Resource,
  type Source,
} from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch } from "../fixtures.js";

interface Row {
  readonly id: number;
  readonly u: number;
}

const rows: ResourceShape = {
  name: "rows",
  path: "/rows",
  select: ["items"],
  paginator: pageNumber({ basePage: 1 }),
  plan: plan(incremental({ cursor: ["u"], initial: 0 })),
  query: { since: "{incremental.start_value}" },
  primaryKey: ["id"],
};
const others: ResourceShape = { name: "others", path: "/others", select: [], paginator: pageNumber({}) };
const before: Source = { name: "shop", baseUrl: "http://api.test", resources: { rows, others } };

/** Four rows on two pages; with `since`, the rows from that value. */
function api(): ReturnType<typeof fakeFetch> {
  return fakeFetch(({ query }) => {
    const page = Number(query.get("page") ?? query.get("p") ?? Number(query.get("offset") ?? 0) / 2 + 1);
    const ids = [2 * page - 1, 2 * page];
    return {
      body: { items: ids.map((id) => ({ id, u: id })), data: ids.map((id) => ({ id, u: id })), total: 2 },
    };
  });
}

async function read(source: Source, from?: Checkpoint, maxPages?: number) {
  const { fetch, seen } = api();
  const warnings: string[] = [];
  const onEvent = (event: ReadEvent): void => {
    if (event.type === "warning") warnings.push(event.message);
  };
  const reader = createReader(source, { fetch, onEvent });
  const resource = source.resources["rows"] as Resource<Row, object>;
  const ids: number[] = [];
  let checkpoint: Checkpoint | undefined;
  for await (const page of reader.read(resource, {}, { from, maxPages, readAhead: false }).pages()) {
    ids.push(...page.records.map(({ id }) => id));
    checkpoint = page.checkpoint;
  }
  return {
    ids,
    warnings,
    checkpoint: JSON.parse(JSON.stringify(checkpoint)) as Checkpoint,
    since: seen[0]?.query.get("since"),
  };
}

const edit = (change: Partial<ResourceShape>): Source => ({
  ...before,
  resources: { ...before.resources, rows: { ...rows, ...change } },
});

/** The outcome for a checkpoint in the middle, after page 1 of 2, and for one of a complete read. */
const edits: readonly {
  readonly name: string;
  readonly after: Source;
  readonly middle: "continues" | "starts again" | "fails";
  readonly finished: "continues" | "fails";
}[] = [
  { name: "no edit", after: before, middle: "continues", finished: "continues" },
  { name: "a header", after: edit({ headers: { "x-a": "1" } }), middle: "continues", finished: "continues" },
  {
    name: "a header of the source",
    after: { ...before, headers: { "x-a": "1" } },
    middle: "continues",
    finished: "continues",
  },
  { name: "credentials", after: edit({ auth: null }), middle: "continues", finished: "continues" },
  {
    name: "retries and a timeout",
    after: edit({ retry: { maxRetries: 9 }, timeoutMs: 5 * 60_000 }),
    middle: "continues",
    finished: "continues",
  },
  { name: "the primary key", after: edit({ primaryKey: ["u"] }), middle: "continues", finished: "continues" },
  {
    name: "a transformation",
    after: edit({ shape: [where([])] }),
    middle: "continues",
    finished: "continues",
  },
  {
    name: "the write disposition",
    after: edit({ writeDisposition: "merge" }),
    middle: "continues",
    finished: "continues",
  },
  {
    name: "another resource",
    after: { ...before, resources: { rows, others: { ...others, path: "/changed" } } },
    middle: "continues",
    finished: "continues",
  },
  {
    name: "a new resource",
    after: { ...before, resources: { ...before.resources, more: others } },
    middle: "continues",
    finished: "continues",
  },
  { name: "the path", after: edit({ path: "/v2/rows" }), middle: "starts again", finished: "continues" },
  {
    name: "the base URL",
    after: { ...before, baseUrl: "http://new.test" },
    middle: "starts again",
    finished: "continues",
  },
  {
    name: "a query parameter",
    after: edit({ query: { ...rows.query, status: "open" } }),
    middle: "starts again",
    finished: "continues",
  },
  { name: "the method", after: edit({ method: "POST" }), middle: "starts again", finished: "continues" },
  { name: "the selector", after: edit({ select: ["data"] }), middle: "starts again", finished: "continues" },
  {
    name: "the paginator",
    after: edit({ paginator: offset({ limit: 2, totalPath: null, maximumOffset: 4 }) }),
    middle: "starts again",
    finished: "continues",
  },
  {
    name: "an option of the paginator",
    after: edit({ paginator: pageNumber({ basePage: 1, pageParam: "p" }) }),
    middle: "starts again",
    finished: "continues",
  },
  {
    name: "the initial value",
    after: edit({ plan: plan(incremental({ cursor: ["u"], initial: 1 })) }),
    middle: "starts again",
    finished: "continues",
  },
  {
    name: "the cursor field",
    after: edit({ plan: plan(incremental({ cursor: ["id"], initial: 0 })) }),
    middle: "fails",
    finished: "fails",
  },
];

describe("a checkpoint after an edit of the spec", () => {
  it.each(edits)("$name, in the middle of the second run: $middle", async ({ after, middle }) => {
    const first = await read(before);
    // The second run begins at the last value, 4, and its rows 1 to 3 are old.
    const { checkpoint } = await read(before, first.checkpoint, 1);
    expect(checkpoint.position).not.toBeNull();
    const reading = read(after, checkpoint);
    if (middle === "fails") {
      const error = await errorOf(reading);
      expect(error).toMatchObject({ code: "CHECKPOINT_MISMATCH", resource: "rows" });
      expect(error.message).toContain(
        "the checkpoint holds values of `u`, but the cursor is `id`; read without `from`",
      );
      return;
    }
    const { warnings, since } = await reading;
    expect(since).toBe("4");
    expect(warnings).toEqual(
      middle === "continues"
        ? []
        : [expect.stringContaining("the resource has changed: the read starts again") as string],
    );
  });

  it.each(edits)("$name, after a complete run: $finished", async ({ after, finished }) => {
    const { checkpoint } = await read(before);
    expect(checkpoint.position).toBeNull();
    const reading = read(after, checkpoint);
    if (finished === "fails") {
      expect(await errorOf(reading)).toMatchObject({ code: "CHECKPOINT_MISMATCH" });
      return;
    }
    const { warnings, since } = await reading;
    expect({ warnings, since }).toEqual({ warnings: [], since: "4" });
  });

  it("continues with the next page, or with the first one, after every edit", async () => {
    const plain = { ...rows, plan: undefined as never };
    const { plan: _plan, ...unplanned } = plain;
    const source = { ...before, resources: { rows: { ...unplanned, query: {} } } };
    const { checkpoint } = await read(source, undefined, 1);
    expect((await read(source, checkpoint)).ids).toEqual([3, 4]);
    const moved = { ...source, resources: { rows: { ...unplanned, query: {}, path: "/v2/rows" } } };
    expect((await read(moved, checkpoint)).ids).toEqual([1, 2, 3, 4]);
  });

  it("is refused for another source, resource or other parameters", async () => {
    const { checkpoint } = await read(before);
    for (const change of [{ source: "x" }, { resource: "x" }, { params: { a: 1 } }])
      expect(await errorOf(read(before, { ...checkpoint, ...change }))).toMatchObject({
        code: "CHECKPOINT_MISMATCH",
      });
  });
});

describe("a checkpoint of a child", () => {
  const children: ResourceShape = {
    name: "rows",
    path: "/parents/{resources.owners.id}/rows",
    select: ["items"],
    paginator: pageNumber({ basePage: 1 }),
    plan: plan(parents({ parent: "owners", values: { "resources.owners.id": ["id"] } })),
  };
  const owners: ResourceShape = {
    name: "owners",
    path: "/owners",
    select: ["items"],
    paginator: pageNumber({ basePage: 1 }),
  };
  const family: Source = { ...before, resources: { rows: children, owners } };

  it.each([
    { name: "the parent's path", change: { path: "/v2/owners" } },
    { name: "the parent's transformations", change: { shape: [where([])] } },
    { name: "the parent's paginator", change: { paginator: pageNumber({ basePage: 1, pageParam: "p" }) } },
  ])("loses its position when $name changes", async ({ change }) => {
    const { checkpoint } = await read(family, undefined, 1);
    const after = { ...family, resources: { rows: children, owners: { ...owners, ...change } } };
    const again = await read(after, checkpoint);
    expect(again.warnings).toHaveLength(1);
    expect(again.ids).toHaveLength((await read(family)).ids.length);
  });

  it("keeps its position when the parent's headers change", async () => {
    const { checkpoint } = await read(family, undefined, 1);
    const after = { ...family, resources: { rows: children, owners: { ...owners, headers: { a: "1" } } } };
    const again = await read(after, checkpoint);
    expect(again.warnings).toEqual([]);
    expect(again.ids).toHaveLength((await read(family)).ids.length - 2);
  });
});
