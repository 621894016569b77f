import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { answer, answerJson, jsonType, serve, type Handler } from "../runtime/server.js";
import { runCommand, type Ended } from "../support/command.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";
import { articles } from "./fixtures.js";

let folder = "";

beforeEach(() => {
  mkdirSync(join(root, ".scratch"), { recursive: true });
  folder = mkdtempSync(join(root, ".scratch/flags-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function run(...args: readonly string[]): Promise<Ended> {
  return runCommand(args, { cwd: folder });
}

interface Resource {
  readonly name: string;
  readonly endpoint: Readonly<Record<string, unknown>>;
  readonly schema?: unknown;
}

interface Spec {
  readonly client: Readonly<Record<string, unknown>>;
  readonly resources: readonly Resource[];
}

function spec(name = "api"): Spec {
  return JSON.parse(readFileSync(join(folder, `specs/${name}.json`), "utf8")) as Spec;
}

/** Serves lists in pages of two with a cursor, below any path. */
const pages: Handler = ({ query }, response) => {
  const at = Number((query.get("cursor") ?? "c0").slice(1));
  const next = at < 4 ? `c${at + 2}` : null;
  answerJson(response, { items: articles(at + 1, at + 2), next_cursor: next });
};

describe("--since", () => {
  it("writes the parameter for newer records, which later runs send", async () => {
    const day = (n: number): string => `2024-01-0${n}T00:00:00Z`;
    const { url, seen } = await serve(({ query }, response) => {
      const from = query.get("updated_since") ?? "";
      const all = [1, 2, 3].map((id) => ({ id, created: day(1), edited: day(id + 1) }));
      answerJson(response, { items: all.filter(({ edited }) => edited >= from) });
    });
    const ended = await run("init", `${url}/notes`, "--since", "updated_since", "--yes");
    expect(ended.stdout).toContain("incremental   edited, later runs send ?updated_since=…");
    expect(spec().resources[0]?.endpoint).toMatchObject({
      incremental: { cursor_path: "edited" },
      params: { updated_since: "{incremental.start_value}" },
    });
    const module = await loadModule(join(folder, "generated/api.ts"));
    const client = (
      module["createApi"] as () => {
        notes: (
          options?: object,
        ) => AsyncIterable<unknown> & { pages(): AsyncIterable<{ checkpoint: object }> };
      }
    )();
    let checkpoint: object | undefined;
    for await (const page of client.notes().pages()) ({ checkpoint } = page);
    for await (const _ of client.notes({ from: checkpoint }));
    expect(seen.at(-2)?.url).not.toContain("updated_since");
    expect(seen.at(-1)?.query.get("updated_since")).toBe(day(4));
  });

  it("is offered where a field holds the time of the last change", async () => {
    const { url } = await serve((_, response) =>
      answerJson(response, [{ id: 1, updated_at: "2024-01-01T00:00:00Z" }]),
    );
    const { stdout } = await run("init", `${url}/notes`);
    expect(stdout).toContain("incremental   updated_at, parameter unknown (--since PARAM to use it)");
    expect(stdout).toContain("200, 1 record at");
  });
});

describe("a paginator that all resources share", () => {
  it("is written once, into the client, by init", async () => {
    const { url } = await serve(pages);
    await run("init", `${url}/a`, "/b", "--yes");
    const { client, resources } = spec();
    const paginator = { type: "cursor", cursor_path: "next_cursor", cursor_param: "cursor" };
    expect(client["paginator"]).toEqual(paginator);
    expect(resources.map(({ endpoint }) => endpoint)).toEqual([
      { path: "/a", data_selector: "items" },
      { path: "/b", data_selector: "items" },
    ]);
  });

  it("is written once by detect, and shown per resource as soon as it is known", async () => {
    const { url } = await serve(pages);
    const file = join(folder, "shop.json");
    const resources = [{ name: "a", endpoint: "/a" }, "/b"];
    writeFileSync(file, JSON.stringify({ name: "shop", client: { base_url: url }, resources }, null, 2));
    const ended = await run("detect", file, "--write");
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain("All resources share the paginator");
    const written = JSON.parse(readFileSync(file, "utf8")) as Spec;
    expect(written.client["paginator"]).toMatchObject({ type: "cursor" });
    expect(JSON.stringify(written.resources)).not.toContain("paginator");
  });

  it("stays with the resources if one differs", async () => {
    const { url } = await serve((request, response) => {
      if (request.path === "/c") answerJson(response, { rows: articles(1, 3), total: 3 });
      else pages(request, response);
    });
    await run("init", `${url}/a`, "/b", "/c", "--yes");
    expect(spec().client).not.toHaveProperty("paginator");
  });
});

describe("add", () => {
  it("takes several paths, each of which may be the parent of the next", async () => {
    const { url } = await serve(pages);
    await run("init", `${url}/a`, "--yes");
    const ended = await run("add", "specs/api.json", "/authors", "/authors/{id}/books", "--yes");
    expect(ended.code).toBe(0);
    expect(spec().resources.map(({ name, endpoint }) => [name, endpoint["path"]])).toEqual([
      ["a", "/a"],
      ["authors", "/authors"],
      ["books", "/authors/{resources.authors.id}/books"],
    ]);
  });

  it("takes records as JSON lines, which say nothing of the response", async () => {
    const { url, seen } = await serve(pages);
    await run("init", `${url}/a`, "--yes");
    const before = seen.length;
    writeFileSync(join(folder, "r.jsonl"), '{"id":1,"name":"x"}\n{"id":2,"name":null}\n');
    const ended = await run("add", "specs/api.json", "/authors", "--from", "r.jsonl", "--yes");
    expect(ended.code).toBe(0);
    expect(seen).toHaveLength(before);
    expect(spec().resources[1]).toEqual({
      name: "authors",
      primary_key: "id",
      endpoint: { path: "/authors" },
      schema: {
        type: "object",
        required: ["id", "name"],
        properties: { id: { type: "integer" }, name: { type: ["string", "null"] } },
      },
    });
  });
});

describe("waiting", () => {
  it("waits when a 429 asks for it, and says so", async () => {
    let isRefused = false;
    const { url } = await serve((request, response) => {
      if (!isRefused) {
        isRefused = true;
        answer(response, 429, { headers: { ...jsonType, "retry-after": "0" } });
      } else pages(request, response);
    });
    const ended = await run("init", `${url}/a`, "--yes");
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain("429: waiting 1 s, as the API asks …");
  });
});

describe("detect corrects", () => {
  async function doubt(resource: object): Promise<{ readonly stdout: string; readonly written: Resource }> {
    const { url } = await serve(pages);
    const file = join(folder, "shop.json");
    writeFileSync(
      file,
      JSON.stringify({ name: "shop", client: { base_url: url }, resources: [resource] }, null, 2),
    );
    const { stdout } = await run("detect", file, "--write");
    const [written] = (JSON.parse(readFileSync(file, "utf8")) as Spec).resources;
    if (!written) throw new Error("no resource");
    return { stdout, written };
  }

  it("a selector, a paginator and a key that find nothing, and offers the right ones", async () => {
    const { stdout, written } = await doubt({
      name: "a",
      primary_key: "uuid",
      endpoint: { path: "/a", data_selector: "data", paginator: { type: "offset", limit: 2 } },
    });
    expect(stdout).toContain("the spec says data, but the response has no records there");
    expect(stdout).toContain("the paginator of the spec does not find the second page");
    expect(stdout).toContain('no record has the field "uuid" of the spec');
    expect(written).toMatchObject({
      primary_key: "id",
      endpoint: {
        data_selector: "items",
        paginator: { type: "cursor", cursor_path: "next_cursor", cursor_param: "cursor" },
      },
    });
  });

  it("nothing that works", async () => {
    const resource = {
      name: "a",
      endpoint: {
        path: "/a",
        data_selector: "items",
        paginator: { type: "cursor", cursor_path: "next_cursor", cursor_param: "cursor" },
      },
    };
    const { written } = await doubt(resource);
    expect(written).toEqual({ ...resource, primary_key: "id" });
  });
});
