import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand, type Ended } from "../support/command.js";
import { typeCheck } from "../support/compile.js";
import { root } from "../support/paths.js";
import { readFixture } from "./fixtures.js";

const seeds = ["analytics", "learning-platform", "lms", "rest-api", "scheduling"];
const seed = (name: string): string => join(root, "test/import/seeds", `${name}.txt`);

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<Ended> {
  return runCommand(["import", "dlt", ...args], { cwd: folder });
}

const one = `# All posts.
POSTS = {"name": "posts", "endpoint": "posts"}
blog_source = rest_api_source({
    "client": {"base_url": "https://blog.test", "auth": {"type": "bearer", "token": dlt.secrets["token"]}},
    "resource_defaults": {"primary_key": "id"},
    "resources": [POSTS, "tags"],
})
`;
const imported = `{
  "$schema": "./node_modules/connector-gen/schema.json",
  "name": "blog",
  "client": {
    "base_url": "https://blog.test",
    "auth": { "type": "bearer", "token": "{secrets.token}" }
  },
  "resource_defaults": { "primary_key": "id" },
  "resources": [
    {
      "name": "posts",
      "description": "All posts.",
      "endpoint": "posts"
    },
    "tags"
  ]
}
`;
const two = `${one}shop = rest_api_source({"client": {"base_url": "https://shop.test"}, "resources": ["items", others]})\n`;

describe("import dlt", () => {
  it("runs no code of the file", async () => {
    const effects = `import os, pathlib, subprocess
pathlib.Path("ran-1").write_text("x")
open("ran-2", "w").close()
os.system("touch ran-3")
subprocess.run(["touch", "ran-4"])
exec('open("ran-5", "w")')
`;
    writeFileSync(join(folder, "x.py"), effects + one);
    expect(await run("x.py")).toMatchObject({ code: 0, stdout: imported });
    expect(readdirSync(folder)).toEqual(["x.py"]);
  });

  it("prints a formatted spec", async () => {
    writeFileSync(join(folder, "x.py"), one);
    expect(await run("x.py")).toEqual({ code: 0, stdout: imported, stderr: "" });
    const piped = await runCommand(["import", "dlt", "-"], { cwd: folder, stdin: one });
    expect(piped).toEqual({ code: 0, stdout: imported, stderr: "" });
  });

  it("writes a file and overwrites it only with --force", async () => {
    writeFileSync(join(folder, "x.py"), one);
    const written = await run("x.py", "-o", "specs/blog.json", "--name", "my-blog");
    expect(written).toMatchObject({ code: 0, stdout: "" });
    expect(written.stderr).toContain("connector-gen generate specs/blog.json");
    const text = readFileSync(join(folder, "specs/blog.json"), "utf8");
    expect(text).toBe(imported.replace('"./node', '"../node').replace('"blog"', '"my-blog"'));
    const again = await run("x.py", "-o", "specs/blog.json");
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--force overwrites it") as string,
    });
    expect(readFileSync(join(folder, "specs/blog.json"), "utf8")).toBe(text);
    expect((await run("x.py", "-o", "specs", "--force")).code).toBe(0);
    expect(readFileSync(join(folder, "specs/blog.json"), "utf8")).toContain('"name": "blog"');
    expect(readdirSync(join(folder, "specs"))).toEqual(["blog.json"]);
  });

  it("lists the configurations if there are several", async () => {
    writeFileSync(join(folder, "x.py"), two);
    expect(await run("x.py")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "connector-gen: the file has 2 configurations; select one with --config, or pass a folder to --out\n" +
        "  blog (rest_api_source, line 3)\n  shop (rest_api_source, line 8)\n",
    });
    expect((await run("x.py", "-o", "x.json")).code).toBe(2);
    expect((await run("x.py", "--name", "x")).code).toBe(2);
    expect((await run("x.py", "--config", "blog")).stdout).toBe(imported);
    expect(await run("x.py", "--config", "blok")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "blog"?') as string,
    });
    expect((await run("x.py", "-o", "specs")).code).toBe(0);
    expect(readdirSync(join(folder, "specs"))).toEqual(["blog.json", "shop.json"]);
  });

  it("exits with 1 for an invalid source and with 2 for wrong usage", async () => {
    writeFileSync(join(folder, "x.py"), "x = 1\n");
    writeFileSync(join(folder, "y.py"), 'rest_api_source({"client": {)\n');
    expect(await run("x.py")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("x.py:1:1 error no-config:") as string,
    });
    expect(await run("y.py")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("y.py:1:17 error syntax:") as string,
    });
    expect(await run("z.py")).toEqual({
      code: 2,
      stdout: "",
      stderr: "connector-gen: file not found: z.py\n",
    });
    expect((await run()).code).toBe(2);
    expect((await runCommand(["import"])).code).toBe(2);
    expect((await runCommand(["import", "dltt", "x.py"])).stderr).toContain("Did you mean dlt?");
    expect((await run("x.py", "--name", "a/b")).code).toBe(2);
  });

  it.each(["x.json", "x.YAML"])("names the command for a configuration in JSON or YAML: %s", async (file) => {
    writeFileSync(join(folder, file), '{ "client": { "base_url": "https://x.test" }, "resources": ["a"] }');
    expect(await run(file)).toEqual({
      code: 2,
      stdout: "",
      stderr: `connector-gen: ${file} is not Python: a configuration in JSON or YAML is a spec; connector-gen generate reads it\n`,
    });
  });

  it("prints diagnostics as JSON", async () => {
    writeFileSync(join(folder, "x.py"), two);
    const { code, stderr } = await run("x.py", "--config", "shop", "-o", "shop.json", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({
      ok: true,
      diagnostics: [{ severity: "warning", code: "omitted", file: "x.py", line: 8 }],
      files: ["shop.json"],
    });
  });
});

describe("an imported spec generates a module", () => {
  it("for the five seeds", async () => {
    for (const name of seeds) copyFileSync(seed(name), join(folder, `${name}.txt`));
    const ended = await Promise.all(seeds.map((name) => run(`${name}.txt`, "-o", "specs/")));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    const { code, stderr } = await runCommand(
      ["generate", ...seeds.map((name) => `specs/${name}.json`), "--quiet"],
      { cwd: folder },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readdirSync(join(folder, "generated")).filter((file) => file.endsWith(".ts"))).toEqual(
      seeds.map((name) => `${name}.ts`),
    );
  });

  it("for a source with Python code, with hooks and options instead of the code", async () => {
    writeFileSync(join(folder, "shop.py"), readFixture("shop.py"));
    expect((await run("shop.py", "-o", "shop.json")).code).toBe(0);
    const { code, stderr } = await runCommand(["generate", "shop.json", "--quiet"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(compile(readFileSync(join(folder, "generated/shop.ts"), "utf8"))).toEqual([]);
  });
});

/** Compiles the module of the shop with a use of it. */
function compile(module: string): readonly string[] {
  writeFileSync(join(folder, "shop.ts"), module);
  writeFileSync(join(folder, "use.ts"), use);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return [...typeCheck([join(folder, "use.ts"), join(folder, "shop.ts")]).values()].flat();
}

const use = `import { createShop, type Shop } from "./shop.js";

export const shop: Shop = createShop({
  apiKey: "key",
  region: "eu",
  year: "2024",
  trace: "on",
  pageSize: "50",
  since: "2024-01-01",
  sort: "id",
  hooks: { orders: { filter: () => true, map: (order) => order } },
});
`;
