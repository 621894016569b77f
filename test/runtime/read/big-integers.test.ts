import { describe, expect, it } from "vitest";
import {
  createReader,
  cursor,
  hook,
  include,
  incremental,
  integerFields,
  jsonBody,
  jsonLines,
  lastRecord,
  pageNumber,
  parents,
  plan,
  singlePage,
  type Checkpoint,
  type Page,
  type ReadOptions,
  type RecordStream,
  type Resource,
} from "../../../runtime/src/index.js";
import type { FetchLike, ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf } from "../fixtures.js";

const big = "1945044589271781376";
const bigger = "1945044589271781377";

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** Creates a client whose API responds with the given texts of JSON. */
function openAll(
  resources: Readonly<Record<string, Partial<ResourceShape>>>,
  respond: (asked: Asked) => string,
  source: object = {},
) {
  const seen: string[] = [];
  const fetch: FetchLike = (url, { body = "" }) => {
    const { pathname, search, searchParams } = new URL(url);
    seen.push(pathname + search + body);
    return Promise.resolve(new Response(respond({ path: pathname, query: searchParams, body })));
  };
  const shapes = Object.fromEntries(
    Object.entries(resources).map(([name, given]): [string, ResourceShape] => [
      name,
      { name, path: `/${name}`, select: ["items"], paginator: singlePage(), primaryKey: ["id"], ...given },
    ]),
  );
  const reader = createReader(
    { name: "shop", baseUrl: "http://api.test", resources: shapes, ...source },
    { fetch },
  );
  const read = (name: string, options?: ReadOptions): RecordStream<unknown> =>
    reader.read(shapes[name] as Resource<unknown, object>, {}, options);
  return { read, seen };
}

const items = (...ids: readonly string[]): string => `{"items":[${ids.map((id) => `{"id":${id}}`).join()}]}`;

describe("an integer beyond 2^53 in a record", () => {
  const record = `{"items":[{"id":1,"user":{"id":${big},"ids":[1,-${big}]},"text":"${big}"}]}`;

  it.each([
    { what: "a field", body: `{"items":[{"id":${big}}]}`, field: "the field `id` has" },
    { what: "a nested field", body: `{"items":[{"a":{"b c":${big}}}]}`, field: "the field `a.b c` has" },
    { what: "a list", body: `{"items":[{"a":[[1,${big}]]}]}`, field: "the field `a` has" },
    { what: "a record itself", body: `{"items":[${big}]}`, field: "a record is" },
  ])("is an error that names $what, its value and the setting", async ({ body, field }) => {
    const { read, seen } = openAll({ rows: { primaryKey: [] } }, () => body);
    const error = await errorOf(read("rows").toArray());
    expect(error).toMatchObject({ name: "DecodeError", code: "BIG_INTEGER", page: 1 });
    expect(error.message).toContain(
      `${field} the integer ${big}, which a number would round; set "big_integers" of the client, the endpoint or the field to "string" or "bigint"`,
    );
    expect(seen).toHaveLength(1);
  });

  const text = { id: 1, user: { id: big, ids: [1, `-${big}`] }, text: big };
  const exact = { id: 1, user: { id: BigInt(big), ids: [1, -BigInt(big)] }, text: big };
  it.each([
    { what: "text by the source", source: { bigIntegers: "string" }, resource: {}, want: text },
    { what: "text by the resource", source: {}, resource: { bigIntegers: "string" }, want: text },
    { what: "a bigint by the source", source: { bigIntegers: "bigint" }, resource: {}, want: exact },
    {
      what: "what the resource says",
      source: { bigIntegers: "string" },
      resource: { bigIntegers: "bigint" },
      want: exact,
    },
    {
      what: "what each field says, small integers, too",
      source: {},
      resource: {
        bigIntegerFields: integerFields({
          fields: { user: { fields: { id: "string", ids: "bigint" } }, id: "bigint" },
        }),
      },
      want: { id: 1n, user: { id: big, ids: [1n, -BigInt(big)] }, text: big },
    },
  ] as const)("is $what", async ({ source, resource, want }) => {
    const { read } = openAll({ rows: resource }, () => record, source);
    expect(await read("rows").toArray()).toEqual([want]);
    // Without a key, whole records are compared.
    const { read: keyless } = openAll({ rows: { ...resource, primaryKey: [] } }, () => record, source);
    expect(await keyless("rows").toArray()).toEqual([want]);
  });

  it("is treated alike in JSON lines, and before hooks", async () => {
    const lines = `{"id":1}\n{"id":${big}}\n{"id":2}\n`;
    const rows = { decode: jsonLines(), select: [], bigIntegers: "string" as const };
    const seen: unknown[] = [];
    const shape = [
      { ...hook("map"), shape: (records: readonly unknown[]) => (seen.push(...records), records) },
    ];
    const { read } = openAll({ rows: { ...rows, shape } }, () => lines);
    expect(await read("rows").toArray()).toEqual([{ id: 1 }, { id: big }, { id: 2 }]);
    expect(seen).toEqual([{ id: 1 }, { id: big }, { id: 2 }]);
    const { read: strict } = openAll({ rows: { decode: jsonLines(), select: [] } }, () => lines);
    expect((await errorOf(strict("rows").toArray())).code).toBe("BIG_INTEGER");
  });
});

/** Reads in two parts: the second from the checkpoint of the first page, as JSON. */
async function readResumed(read: (options?: ReadOptions) => RecordStream<unknown>): Promise<void> {
  let first: Page<unknown> | undefined;
  for await (const page of read({ maxPages: 1 }).pages()) first = page;
  await read({ from: JSON.parse(JSON.stringify(first?.checkpoint)) as Checkpoint }).toArray();
}

describe("an integer beyond 2^53 in paging", () => {
  const next = ({ query, body }: Asked): string =>
    (query.get("cursor") ?? query.get("after") ?? body.includes(big))
      ? '{"items":[]}'
      : `{"items":[{"id":1}],"next":${big}}`;

  it("is exact as a cursor in the query", async () => {
    const { read, seen } = openAll({ rows: { paginator: cursor({ cursorPath: ["next"] }) } }, next);
    await read("rows").toArray();
    await readResumed((options) => read("rows", options));
    expect(new Set(seen)).toEqual(new Set(["/rows", `/rows?cursor=${big}`]));
    expect(seen).toHaveLength(4);
  });

  it("is exact as a number in a JSON body", async () => {
    const rows = {
      method: "POST",
      body: jsonBody({ q: "x" }),
      paginator: cursor({ cursorPath: ["next"], cursorBodyPath: "page.after" }),
    };
    const { read, seen } = openAll({ rows }, next);
    await read("rows").toArray();
    await readResumed((options) => read("rows", options));
    expect(seen.slice(0, 2)).toEqual(['/rows{"q":"x"}', `/rows{"q":"x","page":{"after":${big}}}`]);
    expect(seen.slice(2)).toEqual(seen.slice(0, 2));
  });

  it.each(["string", "bigint"] as const)(
    "is exact as the key of the last record, as a %s",
    async (bigIntegers) => {
      const rows = { bigIntegers, paginator: lastRecord({ path: ["id"], param: "after" }) };
      const { read, seen } = openAll({ rows }, ({ query }) =>
        items(...(query.get("after") ? [] : ["1", big])),
      );
      await read("rows").toArray();
      await readResumed((options) => read("rows", options));
      expect(seen).toEqual(["/rows", `/rows?after=${big}`, "/rows", `/rows?after=${big}`]);
    },
  );
});

describe("an integer beyond 2^53 of a parent", () => {
  const byTeam = plan(parents({ parent: "teams", values: { "resources.teams.id": ["id"] } }));
  const respond = ({ path }: Asked): string =>
    path === "/teams" ? items("7", big, bigger) : items(path.length < 12 ? "1" : "2");

  it("is exact in the path of the children, although it would be an error in a record", async () => {
    const { read, seen } = openAll(
      { teams: {}, rows: { path: "/teams/{resources.teams.id}/rows", plan: byTeam } },
      respond,
    );
    expect(await read("rows").toArray()).toHaveLength(3);
    expect(seen).toEqual(["/teams", "/teams/7/rows", `/teams/${big}/rows`, `/teams/${bigger}/rows`]);
    expect((await errorOf(read("teams").toArray())).code).toBe("BIG_INTEGER");
  });

  it("is exact in the body and the query of the children", async () => {
    const rows = {
      method: "POST",
      query: { team: "{resources.teams.id}" },
      body: jsonBody({ team: "{resources.teams.id}" }),
      plan: byTeam,
    };
    const { read, seen } = openAll({ teams: {}, rows }, respond);
    await read("rows").toArray();
    expect(seen.slice(1)).toEqual(["7", big, bigger].map((id) => `/rows?team=${id}{"team":${id}}`));
  });

  it("is joined exactly", async () => {
    const joined = plan(
      parents({ parent: "teams", values: { "resources.teams.id": ["id"] }, batch: { size: 3, join: "," } }),
    );
    const { read, seen } = openAll(
      { teams: {}, rows: { query: { teams: "{resources.teams.id}" }, plan: joined } },
      respond,
    );
    await read("rows").toArray();
    expect(seen[1]).toBe(`/rows?teams=7%2C${big}%2C${bigger}`);
  });

  it.each([
    { mode: undefined, want: "error" },
    { mode: "string", want: [7, big, bigger] },
    { mode: "bigint", want: [7, BigInt(big), BigInt(bigger)] },
  ] as const)("is in the child's record what the child says: $mode", async ({ mode, want }) => {
    const rows = {
      path: "/teams/{resources.teams.id}/rows",
      plan: byTeam,
      shape: [include({ team: "resources.teams.id" })],
      ...(mode && { bigIntegers: mode }),
    };
    const { read } = openAll({ teams: {}, rows }, respond);
    const reading = read("rows").toArray();
    if (want === "error")
      expect((await errorOf(reading)).message).toContain(`the field \`team\` has the integer ${big}`);
    else expect((await reading).map((record) => (record as { team: unknown }).team)).toEqual(want);
  });

  it("keeps the state of its children apart", async () => {
    const daily = incremental({ cursor: ["day"], initial: "2024-01-01" });
    const rows = {
      path: "/teams/{resources.teams.id}/rows",
      query: { since: "{incremental.start_value}" },
      plan: plan(parents({ parent: "teams", values: { "resources.teams.id": ["id"] } }), daily),
    };
    const { read, seen } = openAll({ teams: {}, rows }, ({ path }) =>
      path === "/teams"
        ? items(big, bigger)
        : `{"items":[{"id":1,"day":"2024-01-0${path.includes(big) ? 2 : 3}"}]}`,
    );
    let last: Checkpoint | undefined;
    for await (const { checkpoint } of read("rows").pages()) last = checkpoint;
    expect(last?.state?.sequences).toMatchObject({
      [`["${big}"]`]: { last: "2024-01-02" },
      [`["${bigger}"]`]: { last: "2024-01-03" },
    });
    seen.length = 0;
    expect(await read("rows", { from: JSON.parse(JSON.stringify(last)) as Checkpoint }).toArray()).toEqual(
      [],
    );
    expect(seen.slice(1)).toEqual([
      `/teams/${big}/rows?since=2024-01-02`,
      `/teams/${bigger}/rows?since=2024-01-03`,
    ]);
  });
});

describe("an integer beyond 2^53 as a cursor value", () => {
  it.each(["string", "bigint"] as const)(
    "orders, deduplicates and is sent exactly, as a %s",
    async (bigIntegers) => {
      const rows = {
        bigIntegers,
        query: { since: "{incremental.start_value}" },
        paginator: pageNumber({ basePage: 1, limit: 10, totalPath: null, stopAfterEmptyPage: true }),
        plan: plan(incremental({ cursor: ["seq"], initial: 5 })),
      };
      const ids = ["9007199254740991", "9007199254740993", "9007199254740994", "9007199254740992"];
      let count = 4;
      const { read, seen } = openAll({ rows }, ({ query }) => {
        const page = query.get("page") === "1" ? ids.slice(0, count) : [];
        return `{"items":[${page.map((seq, at) => `{"id":${at},"seq":${seq}}`).join()}]}`;
      });
      let last: Checkpoint | undefined;
      for await (const { checkpoint } of read("rows").pages()) last = checkpoint;
      expect(last?.state?.sequences?.["[]"]).toMatchObject({ last: "9007199254740994" });
      ids.push("9007199254740995", "9007199254740994");
      count = 6;
      seen.length = 0;
      const rest = await read("rows", { from: JSON.parse(JSON.stringify(last)) as Checkpoint }).toArray();
      expect(rest.map((record) => (record as { id: number }).id)).toEqual([4, 5]);
      expect(seen[0]).toContain("since=9007199254740994");
    },
  );
});
