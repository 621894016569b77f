import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { sync, type SyncEvent, type SyncOptions, type SyncReport } from "@connector-gen/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toDestination } from "../../sync/src/destinations/open.js";
import { root } from "../support/paths.js";
import { createClient } from "./support/client.js";
import { reuseDuckDb, temporaryFolder, useDuckDb } from "./support/database.js";
import { importDataset } from "./support/dlt-fixture.js";
import { readTables } from "./support/tables.js";
import { toTrees } from "./support/vector.js";

reuseDuckDb();

/** Made by the real dlt: `bench/sync/dlt-cursors.py`. */
const fixture = join(root, "test/sync/dlt-cursors");
const schema = "shop_data";

interface Recording {
  readonly resources: readonly (object & { readonly name: string; readonly endpoint: object })[];
  readonly runs: readonly Readonly<Record<string, readonly object[]>>[];
  readonly asked: readonly (readonly [run: number, resource: string, since: string])[];
}

const { resources, runs, asked } = JSON.parse(
  readFileSync(join(fixture, "requests.json"), "utf8"),
) as Recording;

const folder = temporaryFolder();
afterAll(folder.remove);
const afterFirst = join(folder.path, "run1.duckdb");
const afterSecond = join(folder.path, "run2.duckdb");
beforeAll(async () => {
  await importDataset(join(fixture, "run1"), afterFirst);
  await importDataset(join(fixture, "run2"), afterSecond);
});

let copies = 0;
function copyFirst(): string {
  const file = join(folder.path, `copy${copies++}.duckdb`);
  copyFileSync(afterFirst, file);
  return file;
}

interface Ended {
  readonly report: SyncReport;
  /** The value of `since` by resource. */
  readonly since: Readonly<Record<string, string>>;
  readonly notices: Readonly<Record<string, string>>;
}

/** Reads the API of dlt's second run. */
async function run(
  file: string,
  options: Partial<SyncOptions> = {},
  spec: readonly object[] = resources,
): Promise<Ended> {
  const since: Record<string, string> = {};
  const notices: Record<string, string> = {};
  const answer =
    (name: string) =>
    (query: URLSearchParams): unknown => {
      since[name] ??= query.get("since") ?? "";
      return { items: runs[1]?.[name] };
    };
  const client = await createClient(
    spec,
    Object.fromEntries(resources.map(({ name }) => [`/${name}`, answer(name)])),
  );
  const onEvent = ({ type, resource, message = "" }: SyncEvent): void => {
    if (type === "notice") notices[resource] = message;
  };
  const report = await sync(client, { to: `duckdb:${file}`, schema, naming: "dlt", onEvent, ...options });
  return { report, since, notices };
}

async function treesOf(file: string): Promise<object> {
  const { typeNamed } = toDestination(`duckdb:${file}`).dialect;
  return useDuckDb(file, async (query) => {
    const loads = await query(
      `select load_id from ${schema}._dlt_loads where status = 0 order by inserted_at`,
    );
    const names = new Map(loads.map(({ load_id }, index) => [load_id ?? "", `run${index + 1}`] as const));
    return toTrees(await readTables({ query, typeNamed, schema }, "_dlt_", names));
  });
}

/** Changes the JSON of dlt's state. */
async function editState(file: string, edit: (json: string) => string): Promise<void> {
  await useDuckDb(file, async (query) => {
    const [row] = await query(`select state from ${schema}._dlt_pipeline_state`);
    const json = inflateSync(Buffer.from(row?.["state"] ?? "", "base64")).toString("utf8");
    const state = deflateSync(Buffer.from(edit(json))).toString("base64");
    await query(`update ${schema}._dlt_pipeline_state set state = '${state}'`);
  });
}

describe("the cursors of a dataset that dlt made", () => {
  it("are where the first run begins: same requests and tables as if dlt had gone on", async () => {
    const file = copyFirst();
    const { report, since, notices } = await run(file);
    expect(report, JSON.stringify(report)).toMatchObject({ status: "complete" });
    const expected = asked.filter(([number]) => number === 1).map(([, name, value]) => [name, value]);
    expect(since).toEqual(Object.fromEntries(expected));
    expect(notices).toEqual({
      events: `goes on from dlt's cursor: at = "2024-01-02T10:00:00Z"`,
      orders: "goes on from dlt's cursor: version = 7",
      visits: `goes on from dlt's cursor: meta.day = "2024-01-03"`,
    });
    expect(await treesOf(file)).toEqual(await treesOf(afterSecond));
  });

  it("are read once: the second run continues from its own state", async () => {
    const file = copyFirst();
    await run(file);
    const { since, notices } = await run(file);
    expect(notices).toEqual({});
    expect(since).toEqual({ events: "2024-01-04T10:00:00Z", orders: "8", visits: "2024-01-03" });
    expect(await treesOf(file)).toEqual(await treesOf(afterSecond));
  });

  it("apply to a run that crashes, and to the next one", async () => {
    const file = copyFirst();
    const failpoint = (name: string): void => {
      if (name === "batch.before_commit") throw new Error("crash");
    };
    await run(file, { failpoint });
    const { since } = await run(file);
    expect(since).toEqual({ events: "2024-01-02T10:00:00Z", orders: "7", visits: "2024-01-03" });
    const { events } = (await treesOf(file)) as Readonly<Record<string, readonly string[]>>;
    expect(events).toHaveLength(5);
  });

  it.each([
    { name: "default naming", options: { naming: "default" as const }, notice: undefined },
    { name: "a full refresh", options: { fullRefresh: true }, notice: undefined },
    { name: "another start", options: { restart: true }, notice: undefined },
  ])("do not count with $name", async ({ options, notice }) => {
    const { since, notices } = await run(copyFirst(), { ...options, select: ["orders"] });
    expect({ since, notice: notices["orders"] }).toEqual({ since: { orders: "1" }, notice });
  });

  const orders = resources.find(({ name }) => name === "orders");
  it.each([
    {
      name: "has another path",
      edit: (json: string) =>
        json.replace('"version": {', '"changed": {').replace('"version":{', '"changed":{'),
      notice: "dlt's cursor is changed, not version: the run starts at the initial value",
    },
    {
      name: "is not exact",
      edit: (json: string) => json.replace(/"last_value": ?7/, '"last_value": 12345678901234567890'),
      notice: /^dlt's cursor has the value 12345678901234567000, which cannot be used here: the run starts/,
    },
    {
      name: "is in several sources",
      edit: (json: string) => {
        const state = JSON.parse(json) as { sources: Record<string, unknown> };
        return JSON.stringify({ ...state, sources: { a: state.sources["shop"], b: state.sources["shop"] } });
      },
      notice: /^several sources of dlt have a cursor of this resource: the run starts/,
    },
    {
      name: "is for all partitions",
      edit: (json: string) => json,
      spec: [
        {
          ...orders,
          partitions: { region: ["eu"] },
          endpoint: { ...orders?.endpoint, params: { region: "{partitions.region}" } },
        },
      ],
      notice: /^dlt has one cursor for all parents and partitions: the run starts/,
    },
  ])("are said to be of no use where one $name", async ({ edit, notice, spec }) => {
    const file = copyFirst();
    await editState(file, edit);
    const { since, notices } = await run(file, { select: ["orders"] }, spec ?? resources);
    expect(since).toEqual({ orders: "1" });
    if (typeof notice === "string") expect(notices["orders"]).toBe(notice);
    else expect(notices["orders"]).toMatch(notice);
  });

  it("are found under another name of the source, and dlt's marks of types are left out", async () => {
    const file = copyFirst();
    await editState(file, (json) =>
      json
        .replace(/"shop": ?{(?="resources"|\s*"resources")/, '"other": {')
        .replace(/"last_value": ?"2024-01-02T10:00:00Z"/, '"last_value": "\uf0272024-01-02T10:00:00+00:00"'),
    );
    const { since, notices } = await run(file, { select: ["events"] });
    expect(notices["events"]).toBe(`goes on from dlt's cursor: at = "2024-01-02T10:00:00+00:00"`);
    expect(since).toEqual({ events: "2024-01-02T10:00:00+00:00" });
  });

  it("are said to be unreadable if the state is damaged", async () => {
    const file = copyFirst();
    await useDuckDb(file, (query) => query(`update ${schema}._dlt_pipeline_state set state = 'damaged'`));
    const { since, notices } = await run(file, { select: ["orders"] });
    expect(since).toEqual({ orders: "1" });
    expect(notices["orders"]).toContain("cannot be read: the run starts at the initial value");
  });
});
