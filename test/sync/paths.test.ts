import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readState, resetState, sync } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { temporaryFolder } from "./support/database.js";

const folder = temporaryFolder();
afterAll(folder.remove);

const resources = [{ name: "items", endpoint: { path: "items", data_selector: "items" } }];

async function messageOf(to: string): Promise<string> {
  const client = await createClient(resources, { "/items": { items: [{ id: 1 }] } });
  const error = await sync(client, { to }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "SyncError", code: "UNREACHABLE" });
  return (error as Error).message;
}

/** Returns a path in the folder of this test file. */
function at(...names: readonly string[]): string {
  return join(folder.path, ...names);
}

writeFileSync(at("file"), "This is not a database. ".repeat(1000));
mkdirSync(at("state/_cg_state.duckdb"), { recursive: true });
for (const name of ["items.jsonl", "items.jsonl.tmp"])
  mkdirSync(at(`with ${name}`, name, "x"), { recursive: true });

describe("a destination that cannot be written is an error that says what to do", () => {
  const long = "n".repeat(300);
  it.each([
    {
      to: `jsonl:${at("file")}`,
      why: `create the folder of jsonl:${at("file")}: ${at("file")} is a file: choose another folder`,
    },
    {
      to: `parquet:${at("file/a/b")}`,
      why: `create the folder of parquet:${at("file/a/b")}: ${at("file")} is a file: choose a path outside it`,
    },
    {
      to: `parquet:${at(long)}`,
      why: `create the folder of parquet:${at(long)}: ${at(long)}: the name is too long: choose another path`,
    },
    {
      to: `jsonl:${at("state")}`,
      why: `open jsonl:${at("state")}: ${at("state/_cg_state.duckdb")} is a folder: name a file in it, or remove it`,
    },
    {
      to: `jsonl:${at("with items.jsonl")}`,
      why: `write ${at("with items.jsonl/items.jsonl")}: ${at("with items.jsonl/items.jsonl")} is a folder: name a file in it, or remove it`,
    },
    {
      to: `jsonl:${at("with items.jsonl.tmp")}`,
      why: `write ${at("with items.jsonl.tmp/items.jsonl.tmp")}: ${at("with items.jsonl.tmp/items.jsonl.tmp")} is a folder: name a file in it, or remove it`,
    },
    {
      to: `duckdb:${folder.path}`,
      why: `open duckdb:${folder.path}: ${folder.path} is a folder: name a file in it, or remove it`,
    },
    {
      to: `duckdb:${at("missing/a.duckdb")}`,
      why: `open duckdb:${at("missing/a.duckdb")}: the folder ${at("missing")} does not exist: create it first`,
    },
    {
      to: `duckdb:${at("file/a.duckdb")}`,
      why: `open duckdb:${at("file/a.duckdb")}: ${at("file")} is a file: choose a path outside it`,
    },
  ])("$to", async ({ to, why }) => {
    expect(await messageOf(to)).toBe(`cannot ${why}`);
  });

  it("a file that is not a database", async () => {
    const message = await messageOf(`duckdb:${at("file")}`);
    expect(message).toMatch(
      /^cannot open duckdb:\S+: \S+: it is not a DuckDB database: choose another path$/,
    );
  });

  it("a file of SQLite, without the download of an extension", async () => {
    writeFileSync(at("lite.db"), `SQLite format 3\0${"\0".repeat(8192)}`);
    expect(await messageOf(`duckdb:${at("lite.db")}`)).toContain("it is not a DuckDB database");
  });

  it("a damaged file", async () => {
    const file = at("damaged.duckdb");
    await sync(await createClient(resources, { "/items": { items: [{ id: 1 }] } }), { to: `duckdb:${file}` });
    writeFileSync(file, readFileSync(file).fill(255, 0, 16));
    expect(await messageOf(`duckdb:${file}`)).toMatch(/it (is not a DuckDB database|is damaged)/);
    writeFileSync(file, readFileSync(file).fill(255, 4096, 8192));
    expect(await messageOf(`duckdb:${file}`)).toMatch(/it (is not a DuckDB database|is damaged)/);
  });

  // In `/proc`, the system creates nothing.
  it.runIf(existsSync("/proc/self")).each([
    {
      to: "parquet:/proc/x",
      why: "create the folder of parquet:/proc/x: /proc accepts no new folders: choose another folder",
    },
    {
      to: "jsonl:/proc/x/y",
      why: "create the folder of jsonl:/proc/x/y: /proc accepts no new folders: choose another folder",
    },
    { to: "jsonl:/proc", why: "open jsonl:/proc: /proc/_cg_state.duckdb: IO Error: " },
    { to: "duckdb:/proc/x.duckdb", why: "open duckdb:/proc/x.duckdb: /proc/x.duckdb: IO Error: " },
  ])("$to", async ({ to, why }) => {
    expect(await messageOf(to)).toContain(`cannot ${why}`);
  });
});

it("removes no file of another program", async () => {
  mkdirSync(at("shared"));
  writeFileSync(at("shared/notes.jsonl.tmp"), "mine");
  writeFileSync(at("shared/items.jsonl.tmp"), "left by a killed run");
  const client = await createClient(resources, { "/items": { items: [{ id: 1 }] } });
  await sync(client, { to: `jsonl:${at("shared")}` });
  expect(readdirSync(at("shared")).sort()).toEqual(["_cg_state.duckdb", "items.jsonl", "notes.jsonl.tmp"]);
});

it("creates nothing to remove a state that does not exist", async () => {
  for (const name of ["none.duckdb", "none"]) {
    const to = name === "none" ? `jsonl:${at(name)}` : `duckdb:${at(name)}`;
    await expect(resetState(to, "items")).rejects.toMatchObject({ code: "UNREACHABLE" });
    expect(existsSync(at(name))).toBe(false);
  }
  await expect(readState(`duckdb:${at("none.duckdb")}`)).rejects.toMatchObject({
    message: `cannot open duckdb:${at("none.duckdb")}: ${at("none.duckdb")} does not exist: check the path; the first sync creates the file`,
  });
});

it("creates the folder of files with its parents", async () => {
  const client = await createClient(resources, { "/items": { items: [{ id: 1 }] } });
  await sync(client, { to: `jsonl:${at("a/b/c")}` });
  expect(existsSync(at("a/b/c/items.jsonl"))).toBe(true);
});
