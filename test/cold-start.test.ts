import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appFolder } from "./support/app.js";
import { root } from "./support/paths.js";

const cli = join(appFolder(), "node_modules/connector-gen/dist/cli.js");
const spec = join(root, "specs/analytics.json");
let folder = "";

/** Records what `import` loads, in the file that the environment names. */
const hook = `
import { appendFileSync } from "node:fs";
export async function load(url, context, next) {
  if (url.startsWith("file:")) appendFileSync(process.env.LOADED, url + "\\n");
  return await next(url, context);
}`;

/** Records what `require` loads. */
const preload = `
import { appendFileSync } from "node:fs";
import { createRequire, register } from "node:module";
const { cache } = createRequire(import.meta.url);
process.on("exit", () => appendFileSync(process.env.LOADED, Object.keys(cache).map((path) => path + "\\n").join("")));
register("./hook.mjs", import.meta.url);`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
  writeFileSync(join(folder, "hook.mjs"), hook);
  writeFileSync(join(folder, "preload.mjs"), preload);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  /** The files that it loaded. */
  readonly loaded: readonly string[];
}

/** Runs the bundled command line, and returns its exit code. To record what it loads takes several times the time. */
function codeOf(...args: readonly string[]): number | null {
  const env = { ...process.env, CONNECTOR_GEN_CACHE: join(folder, "cache") };
  return spawnSync(process.execPath, [cli, ...args], { cwd: folder, env }).status;
}

/** Runs the bundled command line. */
function run(...args: readonly string[]): Ended {
  return runProgram(cli, ...args);
}

function runProgram(...args: readonly string[]): Ended {
  const loaded = join(folder, "loaded.txt");
  writeFileSync(loaded, "");
  const preloaded = pathToFileURL(join(folder, "preload.mjs")).href;
  const { status } = spawnSync(process.execPath, ["--import", preloaded, ...args], {
    cwd: folder,
    env: { ...process.env, LOADED: loaded, CONNECTOR_GEN_CACHE: join(folder, "cache") },
  });
  const lines = readFileSync(loaded, "utf8").split("\n").filter(Boolean);
  return { code: status, loaded: lines.filter((line) => !line.endsWith("preload.mjs")) };
}

function namesOf(loaded: readonly string[]): readonly string[] {
  return loaded.map((path) => basename(path));
}

/** The size of the loaded files, in bytes. */
function sizeOf(loaded: readonly string[]): number {
  return loaded.reduce(
    (sum, file) => sum + statSync(file.startsWith("file:") ? new URL(file) : file).size,
    0,
  );
}

function hasCompiler(loaded: readonly string[]): boolean {
  return loaded.some((path) => path.replaceAll("\\", "/").includes("@ts-morph/common/dist/"));
}

describe("the bundled command line", () => {
  it("loads one file to print its version, and one more to print help", () => {
    const { code, loaded } = run("--version");
    expect(code).toBe(0);
    expect(namesOf(loaded)).toEqual(["cli.js"]);
    for (const args of [["--help"], ["init", "--help"], ["mock", "--help"]])
      expect(namesOf(run(...args).loaded)).toEqual(["cli.js", "program.js"]);
  });

  it("loads neither compiler nor formatter to generate an ordinary spec, and few files", () => {
    const { code, loaded } = run("generate", spec, "-o", "out", "--no-cache");
    expect(code).toBe(0);
    expect(hasCompiler(loaded)).toBe(false);
    expect(loaded.length).toBeLessThanOrEqual(13);
    expect(sizeOf(loaded)).toBeLessThanOrEqual(900_000);
    expect(loaded.filter((path) => /[\\/](?:babel|estree|standalone)-[^\\/]*$/.test(path))).toEqual([]);
  });

  it("loads the compiler for a type that needs it", () => {
    const file = join(folder, "pairs.json");
    const pair = { type: "array", prefixItems: [{ type: "integer" }] };
    const schema = { type: "object", properties: { pair } };
    const endpoint = { path: "/pairs", data_selector: "$", paginator: "single_page" };
    const client = { base_url: "https://api.example.com" };
    writeFileSync(
      file,
      JSON.stringify({ name: "pairs", client, resources: [{ name: "pairs", endpoint, schema }] }),
    );
    const { code, loaded } = run("generate", file, "-o", "out", "--no-cache");
    expect(code).toBe(0);
    expect(hasCompiler(loaded)).toBe(true);
    expect(readFileSync(join(folder, "out/pairs.ts"), "utf8")).toContain("readonly [number, ...JsonValue[]]");
  });

  it("loads neither compiler nor parser to check what has not changed", () => {
    expect(codeOf("generate", spec, "-o", "same")).toBe(0);
    for (const command of ["check", "generate"]) {
      const { code, loaded } = run(command, spec, "-o", "same");
      expect(code).toBe(0);
      const files = loaded.filter((path) => basename(path) !== "package.json");
      expect(namesOf(files)).toEqual(["cli.js", "program.js"]);
      expect(sizeOf(files)).toBeLessThanOrEqual(140_000);
    }
  });

  it("loads no compiler to validate, and few files", () => {
    const { code, loaded } = run("validate", spec);
    expect(code).toBe(0);
    expect(hasCompiler(loaded)).toBe(false);
    for (const name of ["typescript", "jsonc-parser", "code-frame"])
      expect(loaded.some((path) => path.includes(name))).toBe(false);
    expect(loaded.length).toBeLessThanOrEqual(10);
    expect(sizeOf(loaded)).toBeLessThanOrEqual(770_000);
  });

  it("loads the parser with positions only for a problem, and the code frames with it", () => {
    const mistakes = join(root, "test/cases/ten-mistakes/spec.json");
    const { code, loaded } = run("validate", mistakes);
    expect(code).toBe(1);
    for (const name of ["jsonc-parser", "code-frame"])
      expect(loaded.some((path) => path.includes(name))).toBe(true);
  });

  it("generates the same in threads", () => {
    const specs = ["analytics", "lms", "scheduling"].map((name) => join(root, "specs", `${name}.json`));
    expect(codeOf("generate", ...specs, "-o", "threads", "--jobs", "2")).toBe(0);
    for (const name of ["analytics", "lms", "scheduling"])
      expect(readFileSync(join(folder, "threads", `${name}.ts`), "utf8")).toBe(
        readFileSync(join(root, "generated", `${name}.ts`), "utf8"),
      );
  });

  it("reports the errors of specs in threads, and writes nothing", () => {
    const mistakes = join(root, "test/cases/ten-mistakes/spec.json");
    expect(codeOf("generate", spec, mistakes, "-o", "none", "--jobs", "2")).toBe(1);
    expect(() => readFileSync(join(folder, "none/analytics.ts"))).toThrow();
  });
});

describe("the packages that apps import", () => {
  it.each([
    { entry: "@connector-gen/runtime", most: 5 },
    { entry: "@connector-gen/runtime/plugin", most: 3 },
    { entry: "@connector-gen/sync", most: 6 },
  ])("$entry loads at most $most files", ({ entry, most }) => {
    const imports = join(appFolder(), "imports.mjs");
    writeFileSync(imports, `import "${entry}";`);
    const requires = join(appFolder(), "requires.cjs");
    writeFileSync(requires, `require("${entry}");`);
    for (const file of entry.endsWith("sync") ? [imports] : [imports, requires]) {
      const { code, loaded } = runProgram(file);
      expect(code).toBe(0);
      const names = namesOf(loaded).filter((name) => !["imports.mjs", "requires.cjs"].includes(name));
      expect(names.length).toBeGreaterThan(0);
      expect(names.length).toBeLessThanOrEqual(most);
    }
  });

  it("the runtime loads the modules of Node for TLS, compression and names on first use", () => {
    const modulesOf = (imported: string): readonly string[] => {
      const file = join(appFolder(), "modules.mjs");
      const list = 'process.moduleLoadList.map((each) => each.split(" ").at(-1))';
      writeFileSync(file, `import "${imported}"; console.log(JSON.stringify(${list}));`);
      return JSON.parse(
        spawnSync(process.execPath, [file], { encoding: "utf8" }).stdout,
      ) as readonly string[];
    };
    const modules = modulesOf("@connector-gen/runtime");
    expect(modules).toContain("http");
    // Newer versions of Node load some of them for `http`.
    const known = new Set(modulesOf("node:http"));
    const late = ["https", "tls", "zlib", "dns"].filter((name) => !known.has(name));
    expect(late).toContain("https");
    for (const name of late) expect(modules).not.toContain(name);
  });
});
