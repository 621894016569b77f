import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sync, type SyncEvent } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { loadSources } from "../../generator/load-sources.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { runCommand } from "../support/command.js";
import { queryDuckDb, reuseDuckDb, temporaryFolder } from "./support/database.js";
import { describePostgres, describeTargets, type TestTarget } from "./support/targets.js";
import { createClient } from "./support/client.js";
import { readerKey } from "@connector-gen/runtime";

reuseDuckDb();

const folder = temporaryFolder();
afterAll(folder.remove);

type Descriptions = Readonly<Record<string, string>>;

const first: Descriptions = {
  "": "What customers buy.",
  id: "The number of the item.",
  price: 'In cents; "net", the customer\'s price.',
  "address.city": "Where it is.",
  lines: "The parts of the item.",
  "lines[].sku": "The part's number.",
  missing: "A field that no record has.",
};

const write = {
  append: {},
  replace: { write_disposition: "replace" },
  merge: { write_disposition: "merge", primary_key: "id" },
} as const;

async function load(
  { options }: Pick<TestTarget, "options">,
  kind: keyof typeof write,
  descriptions: Descriptions,
): Promise<readonly SyncEvent[]> {
  const resource = { name: "items", ...write[kind], endpoint: { path: "items", data_selector: "items" } };
  const items = [{ id: 1, price: 2, address: { city: "x" }, lines: [{ sku: "a", tags: ["t"] }] }];
  const client = await createClient([resource], { "/items": { items } });
  const reader = client[readerKey];
  const shape = reader.source.resources["items"];
  if (!shape) throw new Error("the resource is gone");
  const source = {
    ...reader.source,
    resources: { items: { ...shape, load: { ...shape.load, descriptions } } },
  };
  const events: SyncEvent[] = [];
  const report = await sync(
    { [readerKey]: { ...reader, source } },
    { ...options, onEvent: (event) => events.push(event) },
  );
  expect(report, JSON.stringify(report)).toMatchObject({ status: "complete" });
  return events;
}

const isDuckDb = ({ options }: TestTarget): boolean => options.to.startsWith("duckdb:");

/** `items`, `items.price` and the like, with their comments. */
async function commentsOf(target: TestTarget): Promise<Descriptions> {
  const sql = isDuckDb(target)
    ? `select table_name as t, null as c, comment as text from duckdb_tables() where comment is not null
       union all select table_name, column_name, comment from duckdb_columns() where comment is not null order by 1, 2`
    : `select c.relname as t, a.attname as c, d.description as text from pg_description d join pg_class c on c.oid = d.objoid
       left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
       where c.relnamespace = '${target.options.schema ?? ""}'::regnamespace order by 1, 2`;
  const rows = (await target.query(sql)) as readonly Readonly<Record<"t" | "c" | "text", string>>[];
  return Object.fromEntries(rows.map(({ t, c, text }) => [c ? `${t}.${c}` : t, text]));
}

const expected: Descriptions = {
  items: "What customers buy.",
  "items.id": "The number of the item.",
  "items.price": 'In cents; "net", the customer\'s price.',
  "items.address__city": "Where it is.",
  items__lines: "The parts of the item.",
  "items__lines.sku": "The part's number.",
};

describeTargets("comments of tables and columns", (targetOf) => {
  it.each(["append", "replace", "merge"] as const)(
    "are the descriptions of the spec, and follow their changes: %s",
    async (kind) => {
      const target = targetOf(`comments_${kind}`);
      await load(target, kind, first);
      expect(await commentsOf(target)).toEqual(expected);
      await load(target, kind, { ...first, price: "In euros." });
      expect(await commentsOf(target)).toEqual({ ...expected, "items.price": "In euros." });
    },
  );

  it("stay unchanged if the spec has no description", async () => {
    const target = targetOf("own_comments");
    await load(target, "merge", {});
    await target.query("comment on column items.price is 'mine'", "comment on table items is 'also mine'");
    await load(target, "merge", { id: "The number." });
    expect(await commentsOf(target)).toEqual({
      items: "also mine",
      "items.id": "The number.",
      "items.price": "mine",
    });
  });
});

describePostgres("comments that the role may not write", (targetOf) => {
  it("do not fail the run, and an event reports them", async () => {
    const target = targetOf("foreign");
    await load(target, "append", {});
    await target.query(
      "create role loader login",
      'grant all on schema "foreign" to loader',
      'grant all on all tables in schema "foreign" to loader',
    );
    const to = new URL(target.options.to);
    to.username = "loader";
    const options = { to: to.href, schema: "foreign" };
    const events = await load({ options }, "append", first);
    const notice = events.find(({ type }) => type === "notice");
    expect(notice).toMatchObject({
      resource: "items",
      message: expect.stringContaining("no comments were written: must be owner") as string,
    });
    expect(await target.query("select count(*)::int as n from items")).toEqual([{ n: 2 }]);
  });
});

describe("comments of a spec on the command line", () => {
  const spec = {
    name: "shop",
    client: { base_url: "http://127.0.0.1:1", paginator: "single_page" },
    resources: [
      {
        name: "items",
        description: "What customers buy.",
        primary_key: "id",
        write_disposition: "merge",
        endpoint: { path: "items", data_selector: "items" },
        schema: {
          type: "object",
          required: ["id", "lines"],
          properties: {
            id: { type: "integer", description: "The number of the item." },
            lines: {
              type: "array",
              description: "The parts of the item.",
              minItems: 1,
              items: {
                type: "object",
                required: ["sku"],
                properties: { sku: { type: "string", description: "The part's number." } },
              },
            },
          },
        },
      },
    ],
  };

  it("come from its schema; files have none", async () => {
    const path = join(folder.path, "shop.json");
    writeFileSync(path, JSON.stringify(spec));
    const { sources } = await loadSources([path]);
    const mock = await startMock(
      sources.map(({ source }) => source),
      { records: 5 },
    );
    const file = join(folder.path, "shop.duckdb");
    try {
      const args = ["sync", path, "--base-url", mock.url, "--to"];
      const run = await runCommand([...args, `duckdb:${file}`], { cwd: folder.path });
      expect(run).toMatchObject({ code: 0 });
      const lines = await runCommand([...args, `jsonl:${join(folder.path, "lines")}`], { cwd: folder.path });
      expect(lines).toMatchObject({ code: 0 });
    } finally {
      await mock.close();
    }
    const target = { options: { to: `duckdb:${file}` }, query: (sql: string) => queryDuckDb(file, sql) };
    expect(await commentsOf(target)).toEqual({
      items: "What customers buy.",
      "items.id": "The number of the item.",
      items__lines: "The parts of the item.",
      "items__lines.sku": "The part's number.",
    });
    expect(readdirSync(join(folder.path, "lines"))).toContain("items.jsonl");
    const inside = join(folder.path, "lines", "_cg_state.duckdb");
    expect(
      await commentsOf({
        options: { to: `duckdb:${inside}` },
        query: (sql: string) => queryDuckDb(inside, sql),
      }),
    ).toEqual({});
  });
});
