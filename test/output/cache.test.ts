import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generate, type GenerateOptions, type GenerateResult } from "../../generator/generate.js";
import { cacheFolder } from "../../generator/output/cache.js";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
  for (const name of ["shop", "blog"]) writeSpec(name);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function specPath(name: string): string {
  return join(folder, `${name}.json`);
}

function modulePath(name: string): string {
  return join(folder, "out", `${name}.ts`);
}

function writeSpec(name: string, resource = "items"): void {
  const spec = {
    name,
    client: { base_url: "https://api.example.com" },
    resources: [
      {
        name: resource,
        primary_key: "id",
        endpoint: { path: `/${resource}`, data_selector: "data", paginator: "single_page" },
        schema: { type: "object", properties: { id: { type: "integer" } } },
      },
    ],
  };
  writeFileSync(specPath(name), JSON.stringify(spec));
}

interface Run extends GenerateResult {
  /** The specs that were generated. */
  readonly generated: readonly string[];
  readonly statuses: Readonly<Record<string, string>>;
}

async function run(options: Partial<GenerateOptions> & { readonly build?: string } = {}): Promise<Run> {
  const { build = "one", ...others } = options;
  const generated: string[] = [];
  const result = await generate([specPath("shop"), specPath("blog")], {
    out: join(folder, "out"),
    mode: "write",
    literalSecrets: "error",
    cache: { folder: join(folder, "cache"), build },
    onProgress: (_done, _total, file) => generated.push(file.slice(folder.length + 1)),
    ...others,
  });
  const statuses = Object.fromEntries(result.changes.map(({ name, status }) => [name, status]));
  return { ...result, generated, statuses };
}

describe("generation with a cache", () => {
  it("generates nothing if nothing has changed, and prints the same", async () => {
    const first = await run();
    expect(first.generated).toEqual(["shop.json", "blog.json"]);
    const second = await run();
    expect(second.generated).toEqual([]);
    expect(second.statuses).toEqual({ "shop.ts": "unchanged", "blog.ts": "unchanged" });
    expect(second.files).toEqual(first.files);
    expect((await run({ mode: "plan" })).generated).toEqual([]);
  });

  it("generates only the spec that has changed", async () => {
    await run();
    writeSpec("blog", "posts");
    const { generated, statuses } = await run();
    expect(generated).toEqual(["blog.json"]);
    expect(statuses).toEqual({ "shop.ts": "unchanged", "blog.ts": "updated" });
    expect(readFileSync(modulePath("blog"), "utf8")).toContain("posts");
  });

  it.each([
    { name: "another build", options: { build: "two" } },
    { name: "other options", options: { schemas: true } },
    { name: "other treatment of secrets", options: { literalSecrets: "extract" as const } },
    { name: "another output folder", options: { out: "other" } },
  ])("generates all for $name", async ({ options }) => {
    await run();
    const out = "out" in options ? { out: join(folder, "other") } : {};
    expect((await run({ ...options, ...out })).generated).toEqual(["shop.json", "blog.json"]);
  });

  it("detects an edited module despite the manifest", async () => {
    await run();
    appendFileSync(modulePath("shop"), "// edited\n");
    const { generated, statuses, changes } = await run({ mode: "plan" });
    expect(generated).toEqual(["shop.json"]);
    expect(statuses).toEqual({ "shop.ts": "refused", "blog.ts": "unchanged" });
    expect(changes[0]?.reason).toContain("it was edited after it was generated");
  });

  it("notices a module that was deleted, and a line ending that Git has changed does not matter", async () => {
    await run();
    rmSync(modulePath("shop"));
    const text = readFileSync(modulePath("blog"), "utf8");
    writeFileSync(modulePath("blog"), text.replaceAll("\n", "\r\n"));
    expect(await run({ mode: "plan" })).toMatchObject({
      generated: ["shop.json"],
      statuses: { "shop.ts": "created", "blog.ts": "unchanged" },
    });
  });

  it("notices a manifest that was edited or deleted", async () => {
    await run();
    writeFileSync(join(folder, "out/.connector-gen.json"), "{}");
    expect((await run({ mode: "plan" })).diagnostics).toMatchObject([{ code: "invalid-manifest" }]);
    rmSync(join(folder, "out/.connector-gen.json"));
    expect((await run()).generated).toEqual([]);
    expect(readFileSync(join(folder, "out/.connector-gen.json"), "utf8")).toContain("shop.ts");
  });

  it("repeats the warnings and errors of a spec", async () => {
    const spec = JSON.parse(readFileSync(specPath("shop"), "utf8")) as object;
    writeFileSync(specPath("shop"), JSON.stringify({ ...spec, schemas: { Unused: { type: "object" } } }));
    for (const generated of [["shop.json", "blog.json"], []]) {
      const { diagnostics, ...others } = await run();
      expect(others.generated).toEqual(generated);
      expect(diagnostics.map(({ code, file }) => `${code} ${file}`)).toContain(
        `unused-schema ${specPath("shop")}`,
      );
    }
    writeFileSync(specPath("shop"), "{}");
    for (const _again of [1, 2])
      expect((await run()).diagnostics.map(({ severity }) => severity)).toContain("error");
    expect(readFileSync(modulePath("shop"), "utf8")).toContain("createShop");
  });

  it("finds two specs for the same module when one of them is up to date", async () => {
    await run();
    const spec = JSON.parse(readFileSync(specPath("blog"), "utf8")) as object;
    writeFileSync(specPath("blog"), JSON.stringify({ ...spec, name: "SHOP" }));
    expect((await run()).diagnostics).toMatchObject([{ code: "duplicate-source" }]);
  });

  it.each(["not JSON", "[]", '{"x":1}', "null"])("works with a damaged cache: %s", async (text) => {
    await run();
    const cache = join(folder, "cache");
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), text);
    expect((await run()).generated).toEqual(["shop.json", "blog.json"]);
    expect((await run()).generated).toEqual([]);
  });

  it("works without a folder to write to", async () => {
    writeFileSync(join(folder, "cache"), "a file");
    for (const _again of [1, 2]) expect((await run()).generated).toEqual(["shop.json", "blog.json"]);
  });

  it("remembers the results of a limited number of output folders", async () => {
    const cache = join(folder, "cache");
    mkdirSync(cache);
    for (let index = 0; index < 230; index++) writeFileSync(join(cache, `${index}.json`), "{}");
    await run();
    expect(readdirSync(cache).length).toBeLessThanOrEqual(200);
    expect((await run()).generated).toEqual([]);
  });
});

describe("the folder of the cache", () => {
  it.each([
    { env: { CONNECTOR_GEN_CACHE: "/tmp/x" }, platform: "linux", want: /^\/tmp\/x$/ },
    { env: { CONNECTOR_GEN_CACHE: "off" }, platform: "linux", want: undefined },
    { env: { CONNECTOR_GEN_CACHE: "" }, platform: "linux", want: undefined },
    { env: { XDG_CACHE_HOME: "/c" }, platform: "linux", want: /^\/c.connector-gen$/ },
    { env: {}, platform: "linux", want: /\.cache.connector-gen$/ },
    { env: {}, platform: "darwin", want: /Library.Caches.connector-gen$/ },
    { env: { LOCALAPPDATA: "L" }, platform: "win32", want: /^L.connector-gen$/ },
  ])("is that of the user: $platform $env", ({ env, platform, want }) => {
    const found = cacheFolder(env, platform);
    if (want) expect(found).toMatch(want);
    else expect(found).toBeUndefined();
  });
});
