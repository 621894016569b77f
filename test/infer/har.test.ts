import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { runCommand, type Ended } from "../support/command.js";
import { articles, canary } from "./fixtures.js";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-har-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function init(...args: readonly string[]): Promise<Ended> {
  return runCommand(["init", ...args], { cwd: folder });
}

function entry(url: string, body: unknown, options: { status?: number; base64?: boolean } = {}): object {
  const { status = 200, base64 = false } = options;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    request: {
      method: "GET",
      url,
      headers: [
        { name: ":authority", value: "x" },
        { name: "Authorization", value: `Bearer ${canary}` },
        { name: "Cookie", value: `session=${canary}` },
        { name: "User-Agent", value: "Browser" },
      ],
    },
    response: {
      status,
      headers: [{ name: "content-type", value: "application/json" }],
      content: base64 ? { encoding: "base64", text: Buffer.from(text).toString("base64") } : { text },
    },
  };
}

const api = "https://api.shop.test/v1";

const recording = {
  log: {
    entries: [
      entry("https://cdn.test/app.js", "alert(1)"),
      entry("https://metrics.test/collect", { ok: true }),
      entry(`${api}/articles?page=1&limit=2`, { items: articles(1, 2), total: 9 }),
      entry(`${api}/articles?page=2&limit=2`, { items: articles(3, 4), total: 9 }),
      entry(`${api}/articles/3`, { id: 3 }),
      entry(`${api}/authors`, [{ uid: "a" }, { uid: "b" }], { base64: true }),
      entry(`${api}/denied`, {}, { status: 403 }),
    ],
  },
};

describe("init --from recording.har", () => {
  it("describes each list of the API, and keeps credentials out of files", async () => {
    writeFileSync(join(folder, "recording.har"), JSON.stringify(recording));
    const run = await init("--from", "recording.har", "--yes");
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toContain("Left out 4 requests: other hosts, other content, or single records.");
    const text = readFileSync(join(folder, "specs/shop.json"), "utf8");
    const spec = JSON.parse(text) as { client: object; resources: object[] };
    expect(spec.client).toEqual({
      base_url: "https://api.shop.test",
      headers: { Cookie: "{secrets.cookie}", "User-Agent": "Browser" },
      auth: { type: "bearer", token: "{secrets.token}" },
    });
    expect(spec.resources).toMatchObject([
      {
        name: "articles",
        primary_key: "id",
        endpoint: { path: "/v1/articles", params: { limit: 2 }, data_selector: "items" },
      },
      { name: "authors", endpoint: { path: "/v1/authors", data_selector: "$" } },
    ]);
    expect(
      text + run.stdout + run.stderr + readFileSync(join(folder, "generated/shop.ts"), "utf8"),
    ).not.toContain(canary);
  });

  it("takes only the URLs that are given", async () => {
    writeFileSync(join(folder, "recording.har"), JSON.stringify(recording));
    const run = await init(`${api}/authors`, "--from", "recording.har", "--yes");
    expect(run).toMatchObject({ code: 0 });
    const spec = JSON.parse(readFileSync(join(folder, "specs/shop.json"), "utf8")) as { resources: object[] };
    expect(spec.resources).toHaveLength(1);
    const none = await init(`${api}/nothing`, "--from", "recording.har");
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain("the recording has no JSON response with a list of records");
    writeFileSync(join(folder, "body.json"), "[]");
    const bare = await init("--from", "body.json");
    expect(bare.stderr).toContain("--from needs the URL of the response");
  });
});
