import { describe, expect, it } from "vitest";
import {
  cursor,
  headerCursor,
  headerLink,
  incremental,
  jsonLink,
  lastRecord,
  offset,
  pageNumber,
  parents,
  partitions,
  plan,
  auto,
  createReader,
  type Checkpoint,
  type ReadOptions,
  type RecordStream,
  type Resource,
} from "../../../runtime/src/index.js";
import type { Paginator, ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch, pagesOf, type Asked, type Reply } from "../fixtures.js";

const perPage = 2;

/** Five records, in pages, for every paginator; the same at every path. */
function respond({ query, url, headers }: Asked): Reply {
  const asked = query.get("offset") ?? headers["x-cursor"] ?? query.get("cursor");
  const after = query.get("after");
  const at =
    after !== null
      ? Number(after)
      : asked !== null
        ? Number(asked)
        : (Number(query.get("page") ?? 1) - 1) * perPage;
  const items = [1, 2, 3, 4, 5].slice(at, at + perPage).map((id) => ({ id, day: `2024-01-0${id}` }));
  const next = at + perPage < 5 ? at + perPage : null;
  const link = new URL(url);
  link.searchParams.set("cursor", String(next));
  return {
    headers: next === null ? {} : { "x-next": String(next), link: `<${link.href}>; rel="next"` },
    body: {
      items,
      total: 5,
      next: next === null ? null : String(next),
      link: next === null ? null : link.href,
    },
  };
}

const paginators: Readonly<Record<string, Paginator>> = {
  offset: offset({ limit: perPage, totalPath: ["total"] }),
  page_number: pageNumber({ limit: perPage, basePage: 1, totalPath: null, stopAfterEmptyPage: true }),
  cursor: cursor({ cursorPath: ["next"], cursorParam: "cursor" }),
  header_cursor: headerCursor({ cursorKey: "x-next", cursorParam: "cursor" }),
  json_link: jsonLink({ nextUrlPath: ["link"] }),
  header_link: headerLink(),
  last_record: lastRecord({ path: ["id"], param: "after" }),
  auto: auto(),
};

const daily = incremental({ cursor: ["day"], initial: "2024-01-01" });
const byPage = { paginator: paginators["page_number"] as Paginator };
const plans: Readonly<Record<string, Partial<ResourceShape>>> = {
  incremental: { ...byPage, plan: plan(daily) },
  windows: {
    ...byPage,
    plan: plan(incremental({ cursor: ["day"], initial: "2024-01-01", end: "2024-01-06", window: "P2D" })),
  },
  partitions: { ...byPage, plan: plan(partitions({ region: ["eu", "us"] })) },
  parents: { ...byPage, plan: plan(parents({ parent: "roots", values: { "resources.roots.id": ["id"] } })) },
  all: {
    ...byPage,
    plan: plan(
      parents({ parent: "roots", values: { "resources.roots.id": ["id"] } }),
      partitions({ region: ["eu", "us"] }),
      daily,
    ),
  },
};

const cases: readonly (readonly [string, Partial<ResourceShape>])[] = [
  ...Object.entries(paginators).map(([name, paginator]) => [name, { paginator }] as const),
  ...Object.entries(plans),
];

function openRows(given: Partial<ResourceShape>) {
  const shape = (name: string, rest: Partial<ResourceShape>): ResourceShape => ({
    name,
    path: `/${name}`,
    select: ["items"],
    paginator: paginators["page_number"] as Paginator,
    primaryKey: ["id"],
    ...rest,
  });
  const resources = { rows: shape("rows", given), roots: shape("roots", {}) };
  const { fetch, seen } = fakeFetch(respond);
  const reader = createReader({ name: "shop", baseUrl: "http://api.test", resources }, { fetch });
  const read = (options?: ReadOptions): RecordStream<unknown> =>
    reader.read(resources.rows as Resource<unknown, object>, {}, options);
  return { read, seen };
}

type Json = Readonly<Record<string, unknown>>;

/** Values of every type, with their texts. */
const junk = [
  ...["null", "0", "-1", "1e+300", '""', '"x"', "true", "[]", "{}", "[null]", '{"a":{"b":[1]}}'],
  `${"[".repeat(2000)}${"]".repeat(2000)}`,
].map((text) => ({ text, value: JSON.parse(text) as unknown }));

/** All copies of a value in which one property, at any depth, is replaced or removed. */
function* edits(value: unknown): Generator {
  if (typeof value !== "object" || value === null) return;
  const put = (key: string, item: unknown): unknown =>
    Array.isArray(value)
      ? value.map((old: unknown, index) => (String(index) === key ? item : old))
      : { ...value, [key]: item };
  for (const [key, item] of Object.entries(value)) {
    const text = JSON.stringify(item);
    for (const other of junk) if (other.text !== text) yield put(key, other.value);
    for (const inner of edits(item)) yield put(key, inner);
    const rest = Object.entries(value).filter(([name]) => name !== key);
    yield Array.isArray(value) ? rest.map(([, each]) => each as unknown) : Object.fromEntries(rest);
  }
  if (!Array.isArray(value)) yield { ...value, ...(JSON.parse('{"__proto__":{"page":1}}') as object) };
}

async function checkpointsOf(read: (options?: ReadOptions) => RecordStream<unknown>): Promise<Checkpoint[]> {
  const pages = await pagesOf(read());
  return pages.map(({ checkpoint }) => JSON.parse(JSON.stringify(checkpoint)) as Checkpoint);
}

describe.each(cases)("an edited checkpoint of %s", (_, given) => {
  it("is refused before any request, or continues the same read", async () => {
    const { read } = openRows(given);
    const all = await checkpointsOf(read);
    expect(all.length).toBeGreaterThan(2);
    let refused = 0;
    for (const [index, checkpoint] of all.entries()) {
      if (index > 1 && index < all.length - 1) continue;
      const want = await read({ from: checkpoint }).toArray();
      for (const edited of edits(checkpoint)) {
        const { read: again, seen } = openRows(given);
        const from = edited as Checkpoint;
        const reading = again({ from }).toArray();
        const outcome = await reading.then(
          (records) => ({ records }),
          (error: unknown) => ({ error }),
        );
        if ("records" in outcome) {
          // Without its digest, or with an unknown key.
          const { digest: _digest, ...rest } = checkpoint;
          const { digest: _other, ["__proto__"]: _proto, ...same } = edited as Checkpoint & Json;
          expect(JSON.parse(JSON.stringify(same))).toEqual(rest);
          expect(outcome.records).toEqual(want);
        } else {
          const error = await errorOf(reading);
          expect(error.code).toMatch(/^CHECKPOINT_(INVALID|MISMATCH)$/);
          expect(seen).toHaveLength(0);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe("what is not a checkpoint", () => {
  const cyclic: Record<string, unknown> = { source: "shop", resource: "rows", page: 1, position: null };
  cyclic["state"] = { parent: cyclic };
  const valid = { source: "shop", resource: "rows", page: 1, position: {} };
  const rows = [
    { what: "an empty object", from: {} },
    { what: "a whole page", from: { records: [], number: 1, isLast: true, checkpoint: valid } },
    { what: "a list of null", from: [null] },
    { what: "a page of text", from: { ...valid, page: "1" } },
    { what: "a fraction of a page", from: { ...valid, page: 1.5 } },
    { what: "a position of text", from: { ...valid, position: "2" } },
    { what: "a list of positions", from: { ...valid, position: [1] } },
    { what: "a state of text", from: { ...valid, state: "x" } },
    { what: "parameters that are null", from: { ...valid, page: null, params: null } },
    { what: "a fingerprint that is a number", from: { ...valid, fingerprint: 7 } },
    { what: "a fingerprint without a digest", from: { ...valid, fingerprint: "x" } },
    { what: "hashes that are no list", from: { ...valid, state: { sequences: { "[]": { hashes: true } } } } },
    { what: "sequences that are a list", from: { ...valid, state: { sequences: [1] } } },
    { what: "another digest", from: { ...valid, digest: "x" } },
    { what: "itself inside", from: { ...cyclic, digest: "x" } },
  ];
  it.each(rows)("is refused: $what", async ({ from }) => {
    const { read, seen } = openRows({});
    const error = await errorOf(read({ from: from as unknown as Checkpoint }).toArray());
    expect(error.code).toBe("CHECKPOINT_INVALID");
    expect(seen).toHaveLength(0);
  });
});
