import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readState, sync } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { temporaryFolder, useDuckDb } from "./support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

const resources = [
  {
    name: "items",
    write_disposition: "merge",
    primary_key: "id",
    endpoint: { path: "items", data_selector: "items" },
  },
];

/** Syncs twice: the second run changes one record, and adds one. */
async function syncTwice(to: string): Promise<void> {
  const first = [
    { id: 1, name: "a", tags: ["x"] },
    { id: 2, name: "b" },
  ];
  const second = [
    { id: 2, name: "c" },
    { id: 3, name: "d", tags: ["y", "z"] },
  ];
  for (const items of [first, second]) {
    const report = await sync(await createClient(resources, { "/items": { items } }), { to });
    expect(report.status).toBe("complete");
  }
}

describe("files", () => {
  it("are JSON lines, one file per table, with the merged rows", async () => {
    const path = join(folder.path, "lines");
    await syncTwice(`jsonl:${path}`);
    expect(
      readdirSync(path)
        .filter((name) => name.endsWith(".jsonl"))
        .sort(),
    ).toEqual(["items.jsonl", "items__tags.jsonl"]);
    const lines = readFileSync(join(path, "items.jsonl"), "utf8").trim().split("\n");
    const rows = lines.map((line) => JSON.parse(line) as { id: number; name: string });
    expect(rows.map(({ id, name }) => `${id} ${name}`).sort()).toEqual(["1 a", "2 c", "3 d"]);
    expect((await readState(`jsonl:${path}`)).destination).toBe(`jsonl:${path}`);
  });

  it("have times in one form, whatever the time zone of the machine", async () => {
    const path = join(folder.path, "times");
    const at = "2024-03-01T10:20:30.25+02:00";
    const columns = {
      zoned: { data_type: "timestamp" },
      ...Object.fromEntries(
        [0, 3, 6, 9].map((precision) => [
          `local${precision}`,
          { data_type: "timestamp", timezone: false, precision },
        ]),
      ),
      day: { data_type: "date" },
    };
    const item = {
      id: 1,
      zoned: at,
      local0: at,
      local3: at,
      local6: at,
      local9: at,
      day: "2024-03-01",
      none: null,
    };
    const given = [
      { ...resources[0], name: "items", columns: { ...columns, none: { data_type: "timestamp" } } },
    ];
    const report = await sync(await createClient(given, { "/items": { items: [item, { id: 2 }] } }), {
      to: `jsonl:${path}`,
    });
    expect(report.status).toBe("complete");
    const [line = "", empty = ""] = readFileSync(join(path, "items.jsonl"), "utf8").split("\n");
    expect(JSON.parse(line)).toMatchObject({
      zoned: "2024-03-01T08:20:30.250000Z",
      local0: "2024-03-01T08:20:30",
      local3: "2024-03-01T08:20:30.250",
      local6: "2024-03-01T08:20:30.250000",
      local9: "2024-03-01T08:20:30.250000000",
      day: "2024-03-01",
    });
    expect(JSON.parse(empty)).toMatchObject({ id: 2, zoned: null, local6: null });
  });

  it("have JSON in which halves of characters are replaced, as in texts", async () => {
    const path = join(folder.path, "halves");
    const items = [{ id: 1, name: "half \ud83d", data: { "\ud800": ["😀", "\ude00", "\\ud800", "\u0000"] } }];
    const client = await createClient(resources, { "/items": { items } });
    // The files are written again by each run.
    for (const _ of [1, 2])
      expect(await sync(client, { to: `jsonl:${path}`, nested: "json" })).toMatchObject({
        status: "complete",
      });
    expect(JSON.parse(readFileSync(join(path, "items.jsonl"), "utf8"))).toMatchObject({
      name: "half \ufffd",
      data: { "\ufffd": ["😀", "\ufffd", "\\ud800", "\u0000"] },
    });
  });

  it("are Parquet, with the types of the columns", async () => {
    const path = join(folder.path, "parquet");
    await syncTwice(`parquet:${path}`);
    const found = await useDuckDb(":memory:", async (query) => [
      await query(`select id, name from '${join(path, "items.parquet")}' order by id`),
      await query(`select value from '${join(path, "items__tags.parquet")}' order by value`),
    ]);
    expect(found).toEqual([
      [
        { id: "1", name: "a" },
        { id: "2", name: "c" },
        { id: "3", name: "d" },
      ],
      [{ value: "x" }, { value: "y" }, { value: "z" }],
    ]);
  });
});
