import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sync } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { buildSource } from "../../generator/ir/build.js";
import { startMock } from "../../generator/mock/start-mock.js";
import {
  createReader,
  readerKey,
  type ClientOptions,
  type GeneratedClient,
  type ReadOptions,
  type RecordStream,
  type Schemas,
} from "../../runtime/src/index.js";
import { toLiveSource } from "../../generator/live/live-source.js";
import { fakeFetch } from "../runtime/fixtures.js";
import { specOf } from "../spec/parse-text.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";
import { temporaryFolder } from "../sync/support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

const schemasFile = join(root, "test/cases/dates/out.schemas.ts");
const spec = JSON.parse(readFileSync(join(root, "test/cases/dates/spec.json"), "utf8")) as object;
const z = "2024-03-01T10:20:30Z";
const date = new Date(z);

const order = {
  ...{ id: 1, created_at: z, updated_at: z, day: "2024-03-01", closed_at: null, stamp: { at: z, by: z } },
  ...{ lines: [{ sku: z, shipped_at: z }], history: { open: z }, payment: { kind: "card", at: z } },
  ...{ expires: z, note: z, span: [z, z, null], marks: { name: z, seen: z }, unknown: z },
};
const comment = { at: z, answers: [{ at: z, answers: [] }] };

const bodies: Readonly<Record<string, unknown>> = {
  "/orders": { data: [order, { ...order, id: 2, expires: "never", payment: { kind: "cash", at: z } }] },
  "/comments": [comment],
  [`/comments/${z}/replies`]: [{ text: z }],
  "/payouts": [{ paid_at: z, day: "2024-03-01" }],
  "/mapped": [comment],
  "/dates": [{ name: z }],
};

/** The exports of the case's module; `test/types` checks its types. */
type Method = (params?: object, options?: ReadOptions) => RecordStream<{ readonly created_at?: unknown }>;
type Names = "orders" | "comments" | "replies" | "payouts" | "mapped" | "dates";
type Create = (options: object) => GeneratedClient & Readonly<Record<Names, Method>>;

const { createDated } = (await loadModule(join(root, "test/cases/dates/out.ts"))) as unknown as {
  readonly createDated: Create;
};

const filtered: { readonly created_at: string }[] = [];
const hooks = {
  orders: { filter: (record: { readonly created_at: string }) => filtered.push(record) > 0 },
  mapped: { map: (record: object) => record },
};

function open(edit: (text: string) => string = (text) => text): Pick<ClientOptions, "fetch"> {
  const { fetch } = fakeFetch(({ url }) => ({
    body: JSON.parse(
      edit(JSON.stringify(bodies[decodeURIComponent(new URL(url).pathname)] ?? null)),
    ) as unknown,
  }));
  return { fetch };
}

describe("the module of a spec with dates", () => {
  it("returns dates where its types say so", async () => {
    const client = createDated({ ...open(), hooks });
    const [first, second] = await client.orders().toArray();
    const dated = {
      ...{ ...order, created_at: date, updated_at: date, stamp: { at: date, by: z } },
      ...{
        lines: [{ sku: z, shipped_at: date }],
        history: { open: date },
        payment: { kind: "card", at: date },
      },
      ...{ expires: date, span: [z, date, null], marks: { name: z, seen: date } },
    };
    expect(first).toEqual(dated);
    expect(second).toEqual({ ...dated, id: 2, expires: "never", payment: { kind: "cash", at: z } });
    expect(filtered.map(({ created_at }) => created_at)).toEqual([z, z]);
    expect(await client.comments().toArray()).toEqual([{ at: date, answers: [{ at: date, answers: [] }] }]);
    expect(await client.replies().toArray()).toEqual([{ text: z, commented_at: date }]);
    expect(await client.replies({ comment_at: z }).toArray()).toEqual([{ text: z, commented_at: date }]);
    expect(await client.payouts().toArray()).toEqual([{ paid_at: date, day: "2024-03-01" }]);
    expect(await client.mapped().toArray()).toEqual([comment]);
    expect(await client.dates().toArray()).toEqual([{ name: z }]);
  });

  it("has schemas that accept its records, and reject texts instead of dates", async () => {
    const { datedSchemas } = await loadModule(schemasFile);
    const schemas = datedSchemas as Schemas;
    const client = createDated({ ...open(), hooks, schemas });
    const read = { validate: "error" } as const;
    for (const stream of [
      client.orders({}, read),
      client.comments(read),
      client.replies({}, read),
      client.payouts(read),
    ])
      expect((await stream.toArray()).length).toBeGreaterThan(0);
    const result = await schemas["orders"]?.["~standard"].validate(order);
    expect(result?.issues?.map(({ path }) => path?.[0])).toContain("created_at");
  });

  it("syncs the API's texts, with all digits, as a client without dates does", async () => {
    const precise = (text: string): string => text.replaceAll("10:20:30Z", "10:20:30.123456+02:00");
    const fetch = open(precise).fetch;
    const plain = createReader(toLiveSource(buildSource(await specOf({ ...spec, output: {} }))), {
      fetch,
      hooks,
    } as never);
    const clients = { dated: createDated({ fetch, hooks }), plain: { [readerKey]: plain } };
    const tables: Record<string, unknown> = {};
    for (const [name, client] of Object.entries(clients)) {
      const path = join(folder.path, name);
      expect(
        await sync(client, { to: `jsonl:${path}`, select: ["orders", "payouts", "comments"] }),
      ).toMatchObject({ status: "complete" });
      tables[name] = readTables(path);
    }
    expect(tables["dated"]).toEqual(tables["plain"]);
    expect(JSON.stringify(tables["dated"])).toContain("08:20:30.123456");
  });

  it("reads all records of its mock server, and they match its schemas", async () => {
    const { datedSchemas } = await loadModule(schemasFile);
    const mock = await startMock([buildSource(await specOf(spec))], { records: 60 });
    try {
      const client = createDated({ baseUrl: mock.url, hooks, schemas: datedSchemas as Schemas });
      const orders = await client.orders({}, { validate: "error" }).toArray();
      expect(orders.length).toBeGreaterThan(0);
      for (const { created_at } of orders) expect(created_at).toBeInstanceOf(Date);
      expect((await client.comments({ validate: "error" }).toArray()).length).toBe(60);
    } finally {
      await mock.close();
    }
  });
});

/** The rows of all tables in a folder, without the identities of the run. */
function readTables(path: string): unknown {
  const files = readdirSync(path).filter((name) => name.endsWith(".jsonl") && !name.startsWith("_"));
  return files.sort().map((name) => {
    const lines = readFileSync(join(path, name), "utf8").trim().split("\n");
    const rows = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    return [name, rows.map((row) => Object.entries(row).filter(([column]) => !column.startsWith("_cg_")))];
  });
}
