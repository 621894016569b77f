import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SyncReport, SyncState } from "@connector-gen/sync";
import { loadSources } from "../../generator/load-sources.js";
import type { Mock } from "../../generator/mock/mock.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { runCommand, type Ended } from "../support/command.js";
import { root } from "../support/paths.js";
import { reuseDuckDb } from "./support/database.js";

reuseDuckDb();

const spec = join(root, "specs/analytics.json");
const key = { ANALYTICS_API_KEY: "canary-8d3f" };
let mock: Mock;
let folder = "";

beforeAll(async () => {
  const { sources } = await loadSources([spec]);
  mock = await startMock(
    sources.map(({ source }) => source),
    { records: 300, secrets: { api_key: key.ANALYTICS_API_KEY } },
  );
});
afterAll(() => mock.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, "data.duckdb");

function sync(...args: readonly string[]): Promise<Ended> {
  const all = ["sync", spec, "--base-url", mock.url, ...args];
  return runCommand(all, { cwd: folder, env: key });
}

describe("connector-gen sync", () => {
  it("loads the resources and prints a summary; state shows them", async () => {
    const { code, stdout, stderr } = await sync("--to", `duckdb:${file()}`, "--select", "courses", "users");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain("courses: started\n");
    expect(stderr).toContain("courses: complete: 2 pages, 300 records, ");
    expect(stdout).toMatch(/^resource {2}pages {2}records {2}inserted/);
    expect(stdout).toMatch(/^courses +2 +300 +300 /m);
    expect(stdout).toMatch(/^total +4 +600 +600 /m);
    const state = await runCommand(["state", `duckdb:${file()}`], { cwd: folder });
    expect(state).toMatchObject({ code: 0, stderr: "" });
    expect(state.stdout).toMatch(/^courses +complete /m);
    expect(state.stdout).not.toMatch(/^categories /m);
  });

  it("writes to a file named after the source by default", async () => {
    expect((await sync("--select", "courses")).code).toBe(0);
    expect(existsSync(join(folder, "analytics.duckdb"))).toBe(true);
  });

  it("fails before it reads if the file of --events cannot be written", async () => {
    for (const events of [join(folder, "missing/events.ndjson"), folder]) {
      const { code, stderr } = await sync("--events", events);
      expect({ code, stderr }).toMatchObject({ code: 2 });
      expect(stderr).toBe(
        `connector-gen: cannot write ${events}: its folder does not exist, or you may not write there: choose another file with --events\n`,
      );
    }
  });

  it.runIf(existsSync("/dev/full"))(
    "loads all records if the disk of --events is full, and reports it",
    async () => {
      const { code, stdout, stderr } = await sync("--quiet", "--events", "/dev/full", "--select", "courses");
      expect(code).toBe(2);
      expect(stdout).toMatch(/^courses /m);
      expect(stderr).toMatch(
        /^connector-gen: cannot write \/dev\/full: ENOSPC.*: the file lacks events, but not the destination$/m,
      );
    },
  );

  it("prints only the report, as JSON, and appends events to a file; neither contains the key", async () => {
    const events = join(folder, "events.ndjson");
    const run = await sync("--json", "--events", events, "--exclude", "courses", "users");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const report = JSON.parse(run.stdout) as SyncReport;
    expect(Object.keys(report.resources)).toHaveLength(9);
    expect(report).toMatchObject({ source: "analytics", status: "complete", rejected: 0 });
    const lines = readFileSync(events, "utf8").trimEnd().split("\n");
    const types = lines.map((line) => (JSON.parse(line) as { readonly type: string }).type);
    expect(types.filter((type) => type === "complete")).toHaveLength(9);
    expect(run.stdout + lines.join("")).not.toContain(key.ANALYTICS_API_KEY);
  });

  it("names a resource that fails, continues with the others, and exits with 1", async () => {
    const text = readFileSync(spec, "utf8").replace('"/v1/courses"', '"/v1/nothing"');
    const broken = join(folder, "analytics.json");
    writeFileSync(broken, text);
    const args = ["sync", broken, "--base-url", mock.url, "--select", "courses", "users"];
    const { code, stdout, stderr } = await runCommand(args, { cwd: folder, env: key });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^courses failed: analytics\.courses page 1: 404 /m);
    expect(stderr).toContain("Run the same command again");
    expect(stdout).toMatch(/^users +2 +300 /m);
  });

  it("commits whole pages after Ctrl-C, exits with 130, and continues in the next run", async () => {
    const { sources } = await loadSources([spec]);
    const slow = await startMock(
      sources.map(({ source }) => source),
      { records: 2500, latency: 5, faults: [{ kind: "status", status: 500, times: 1, page: "middle" }] },
    );
    const args = ["sync", spec, "--base-url", slow.url, "--select", "courses", "--to", `duckdb:${file()}`];
    const start = { cwd: folder, env: key };
    try {
      const first = await runCommand(args, {
        ...start,
        interruptWhen: (output) => output.includes("retry in"),
      });
      expect(first.code).toBe(130);
      expect(first.stderr).toContain("Run the same command again to continue");
      const state = await runCommand(["state", `duckdb:${file()}`], start);
      expect(state.stdout).toMatch(/^courses +unfinished /m);
      const second = await runCommand([...args, "--json"], start);
      expect(second.code).toBe(0);
      const { courses } = (JSON.parse(second.stdout) as SyncReport).resources;
      expect(courses).toMatchObject({ resumed: true, rows: { inserted: 2500 } });
      expect(courses?.pages).toBeLessThan(10);
    } finally {
      await slow.close();
    }
  });

  it("hides the password of the destination in a dry run, wherever it is", async () => {
    const to = "postgres://x:a:secret@host/db?password=secret";
    const { code, stdout, stderr } = await sync("--dry-run", "--select", "courses", "--to", to);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("analytics → postgres://x@host/db?password=…: a dry run");
    expect(stdout).not.toContain("secret");
  });

  it("shows the plan in a dry run, without a request or a file", async () => {
    const before = JSON.stringify(mock.stats());
    const { code, stdout } = await sync("--dry-run", "--select", "courses", "--to", `duckdb:${file()}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^courses: merge \(delete-insert\) by id$/m);
    expect(stdout).toMatch(/^ {2}GET http:\S+\/v1\/courses\?page=1&limit=250$/m);
    expect(stdout).toMatch(
      /^ {2}courses: id bigint, name text, .*, price__amount bigint, .*created_at timestamp/m,
    );
    expect(stdout).toMatch(/^ {2}courses__tags: value text$/m);
    expect(JSON.stringify(mock.stats())).toBe(before);
    expect(existsSync(file())).toBe(false);
  });

  it("starts at the value of --since, independently of earlier runs, and continues from there", async () => {
    const rows = [1, 2, 3, 4, 5].map((id) => ({ id, at: `2026-01-0${id}` }));
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const since = new URL(request.url ?? "", "http://x").searchParams.get("since") ?? "";
      asked.push(since);
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ items: rows.filter(({ at }) => at >= since) }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const incremental = { start_param: "since", cursor_path: "at", initial_value: "2026-01-02" };
    const path = join(folder, "log.json");
    writeFileSync(
      path,
      JSON.stringify({
        name: "log",
        client: { base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
        resources: [
          {
            name: "entries",
            primary_key: "id",
            write_disposition: "merge",
            endpoint: { path: "/e", data_selector: "items", paginator: "single_page", incremental },
          },
        ],
      }),
    );
    const run = async (...args: readonly string[]): Promise<SyncReport> => {
      const { stdout } = await runCommand(["sync", path, "--json", ...args], { cwd: folder });
      return JSON.parse(stdout) as SyncReport;
    };
    try {
      expect((await run()).resources["entries"]?.rows.inserted).toBe(4);
      expect((await run()).resources["entries"]?.rows).toMatchObject({ inserted: 0, updated: 0 });
      expect((await run("--since", "2026-01-01")).resources["entries"]?.rows.inserted).toBe(1);
      await run();
      expect(asked).toEqual(["2026-01-02", "2026-01-05", "2026-01-01", "2026-01-05"]);
    } finally {
      server.close();
    }
  });

  it.each([
    { args: ["--select", "course"], message: "unknown resource `course`", code: 2 },
    ...[
      { to: "mysql://x:secret@host/db", shown: "mysql://x@host/db" },
      { to: "mysql://x:a:secret/2@host/db?password=secret", shown: "mysql://x@host/db?password=…" },
      { to: "postgresql+psycopg2://x:secret@host/db", shown: "postgresql+psycopg2://x@host/db" },
      { to: "POSTGRES://x:secret@host/db", shown: "POSTGRES://x@host/db" },
      { to: "x:secret@host/db", shown: "x@host/db" },
      { to: "mysql://x@host:1/db", shown: "mysql://x@host:1/db" },
    ].map(({ to, shown }) => ({
      args: ["--to", to],
      message: `unknown destination \`${shown}\`: use`,
      code: 2,
    })),
    {
      args: ["--to", "postgres"],
      message: "DATABASE_URL, which is not set: set it, or pass the URL",
      code: 2,
    },
    { args: ["--config", "x"], message: "argument 'x' is invalid. Expected name=value.", code: 2 },
    { args: ["--limit", "0"], message: "Expected a number above 0", code: 2 },
  ])("explains wrong usage: $args", async ({ args, message, code }) => {
    const run = await runCommand(["sync", spec, ...args], { cwd: folder, env: { ...key, DATABASE_URL: "" } });
    expect(run).toMatchObject({ code });
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain("secret");
  });

  it("names the variable of a missing secret", async () => {
    const args = ["sync", spec, "--base-url", mock.url, "--select", "users"];
    const { code, stderr } = await runCommand(args, { cwd: folder, env: { ANALYTICS_API_KEY: "" } });
    expect(code).not.toBe(0);
    expect(stderr).toContain("ANALYTICS_API_KEY");
  });

  it("reads secrets from a file of variables", async () => {
    const path = join(folder, "keys.env");
    writeFileSync(path, `ANALYTICS_API_KEY=${key.ANALYTICS_API_KEY}\n`);
    const args = ["sync", spec, "--base-url", mock.url, "--select", "users", "--env-file", path];
    expect((await runCommand(args, { cwd: folder, env: {} })).code).toBe(0);
  });
});

describe("connector-gen state", () => {
  it("prints JSON, and forgets the cursor of a resource", async () => {
    const to = `duckdb:${file()}`;
    await sync("--to", to, "--select", "courses");
    const { stdout } = await runCommand(["state", to, "--json"], { cwd: folder });
    expect((JSON.parse(stdout) as SyncState).resources).toMatchObject([
      { source: "analytics", resource: "courses", phase: "complete" },
    ]);
    const reset = await runCommand(["state", to, "--reset", "courses"], { cwd: folder });
    expect(reset).toMatchObject({ code: 0 });
    expect(reset.stderr).toContain("the next run reads the resource from the start");
    const again = await runCommand(["state", to, "--reset", "courses"], { cwd: folder });
    expect(again).toMatchObject({ code: 1 });
    expect(again.stderr).toContain("no state of courses");
  });

  it.each([
    ["duckdb:data.duckdb", "data.duckdb"],
    ["jsonl:data", "data/_cg_state.duckdb"],
    ["parquet:data", "data/_cg_state.duckdb"],
  ])("names the file that does not exist, and creates nothing: %s", async (url, name) => {
    const { code, stderr } = await runCommand(["state", url], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toBe(
      `connector-gen: cannot open ${url}: ${join(realpathSync(folder), name)} does not exist: check the path; the first sync creates the file\n`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
