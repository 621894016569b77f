import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCommand, type Ended } from "../support/command.js";
import { secret, specOf, useWorkspace } from "./workspace.js";

const { path, run, write } = useWorkspace();
const posix = process.platform !== "win32";

/** Writes a `package.json` with this value of `connectorGen`. */
function configure(value: unknown): void {
  write("package.json", JSON.stringify({ name: "app", connectorGen: value }, null, 2));
}

function writeSpecs(...names: readonly string[]): void {
  for (const name of names) {
    const base = name.replace(/^.*\/|(?:\.connector)?\.json$/g, "");
    write(name, JSON.stringify(specOf(base)));
  }
}

/** No file besides those of the project itself, and nothing of the secret in the output. */
function expectNothing({ stdout, stderr }: Ended): void {
  expect(stdout + stderr).not.toContain(secret);
  expect(existsSync(path("../out"))).toBe(false);
  expect(readdirSync(path("generated"))).toEqual([]);
}

describe("connectorGen in package.json", () => {
  it("names specs and output folder: generate and check need no arguments", async () => {
    configure({ specs: ["specs/*.json", "other/deep.json"], output: "src/api" });
    writeSpecs("specs/a.json", "specs/b.json", "specs/sub/c.json", "other/deep.json");
    write("specs/notes.md", "no spec");
    const stale = await run("check");
    expect(stale.code).toBe(1);
    expect(stale.stderr).toContain("Run: npx connector-gen generate\n");
    expect((await run("generate")).code).toBe(0);
    expect(readdirSync(path("src/api"))).toEqual([".connector-gen.json", "a.ts", "b.ts", "deep.ts"]);
    expect(await run("check")).toMatchObject({ code: 0 });
  });

  it("names the specs of validate", async () => {
    configure({ specs: ["specs/*.json"] });
    writeSpecs("specs/a.json", "specs/b.json");
    expect(await run("validate")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("2 specs are valid") as string,
    });
    write("specs/b.json", "{}");
    const invalid = await run("validate", "--json");
    expect(invalid.code).toBe(1);
    expect(JSON.parse(invalid.stderr)).toMatchObject({ ok: false });
    expect(invalid.stderr).toContain("specs/b.json");
    configure({ specs: 1 });
    const project = await run("validate");
    expect(project).toMatchObject({ code: 1 });
    expect(project.stderr).toContain("error invalid-project");
    rmSync(path("package.json"));
    expect(await run("validate")).toMatchObject({ code: 2 });
  });

  it("names the specs of mock", async () => {
    configure({ specs: ["specs/*.json"] });
    writeSpecs("specs/a.json", "specs/b.json");
    const serve = (...args: readonly string[]): Promise<Ended> =>
      runCommand(["mock", "--records", "1", ...args], {
        cwd: path("."),
        interruptWhen: (output) => output.includes("Ctrl-C"),
      });
    const named = await serve();
    expect(named.code).toBe(130);
    expect(named.stdout).toMatch(/^a: .*^b: /ms);
    const given = await serve("specs/b.json");
    expect(given.stdout).not.toContain("a: http");
    configure({ specs: 1 });
    expect(await serve()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("error invalid-project") as string,
    });
    rmSync(path("package.json"));
    expect(await serve()).toMatchObject({ code: 2, stderr: expect.stringContaining("no specs") as string });
  });

  it("may name a spec more than once", async () => {
    configure({ specs: ["./specs/a.json", "specs/*.json", "specs//a.json"] });
    writeSpecs("specs/a.json", "specs/b.json");
    expect((await run("generate")).code).toBe(0);
    expect(readdirSync(path("generated"))).toEqual([".connector-gen.json", "a.ts", "b.ts"]);
  });

  it("is read from the nearest package.json; its paths are relative to it", async () => {
    configure({ specs: ["shop.json"] });
    mkdirSync(path("packages/web"), { recursive: true });
    const inner = (...args: readonly string[]): Promise<Ended> =>
      runCommand(args, { cwd: path("packages/web") });
    expect((await inner("generate")).code).toBe(0);
    expect(readdirSync(path("generated"))).toContain("shop.ts");
    expect(readdirSync(path("packages/web"))).toEqual([]);
    write("packages/web/package.json", "{}");
    const { code, stderr } = await inner("generate");
    expect(code).toBe(2);
    expect(stderr).toContain('no specs: pass spec files, or name them in package.json: "connectorGen"');
  });

  it("is overridden by -o, and not read at all with specs", async () => {
    configure({ specs: ["shop.json"], output: "src" });
    expect((await run("generate", "-o", "elsewhere")).code).toBe(0);
    expect(existsSync(path("elsewhere/shop.ts"))).toBe(true);
    const stale = await run("check", "-o", "third");
    expect(stale.stderr).toContain("Run: npx connector-gen generate -o third\n");
    configure({ specs: 1 });
    expect((await run("generate", "shop.json")).code).toBe(0);
    expect(existsSync(path("generated/shop.ts"))).toBe(true);
    expect(existsSync(path("src"))).toBe(false);
  });

  it("takes patterns over folders, without hidden folders, node_modules and links", async () => {
    configure({ specs: ["**/*.connector.json", "apis/?.yaml", "./apis/**/v2*.json"] });
    writeSpecs(
      "x/a.connector.json",
      "x/y/b.connector.json",
      "c.connector.json",
      "node_modules/p/d.connector.json",
      ".hidden/e.connector.json",
      "apis/v1.json",
      "apis/q/r/v2-f.json",
      "apis/v2.json",
    );
    write("apis/g.yaml", JSON.stringify(specOf("g")));
    write("apis/gg.yaml", JSON.stringify(specOf("gg")));
    const { code, stderr } = await run("generate", "--dry-run");
    expect(code).toBe(0);
    const names = [...stderr.matchAll(/([\w-]+)\.ts would be created/g)].map(([, name]) => name);
    expect(names.sort()).toEqual(["a", "b", "c", "g", "v2", "v2-f"]);
  });

  it.each([
    { value: "specs/*.json", says: '"connectorGen" must be an object, not text' },
    { value: [], says: '"connectorGen" must be an object, not a list' },
    { value: null, says: '"connectorGen" must be an object, not null' },
    { value: {}, says: '"connectorGen" needs "specs", a list of spec files' },
    { value: { specs: "shop.json" }, says: '"specs" must be a list of 1 to 1000 paths, not text' },
    { value: { specs: [] }, says: '"specs" must be a list of 1 to 1000 paths, not 0 items' },
    { value: { specs: [1] }, says: "a spec must be a path, not a number" },
    { value: { specs: [{}] }, says: "a spec must be a path, not an object" },
    { value: { specs: [""] }, says: "a spec must be a path, not an empty text" },
    { value: { specs: ["shop.json"], out: "x" }, says: 'unknown key "out" in "connectorGen"' },
    { value: { spec: ["shop.json"], specs: ["shop.json"] }, says: 'did you mean "specs"?' },
    { value: { specs: ["shop.json"], output: 1 }, says: "the output folder must be a path, not a number" },
    { value: { specs: ["shop.json"], output: null }, says: "the output folder must be a path, not null" },
    { value: { specs: ["shop.json"], output: "*" }, says: "the output folder cannot be a pattern" },
    { value: { specs: ["none/*.json"] }, says: 'no spec matches "none/*.json"' },
    { value: { specs: ["none.json"] }, says: 'the file "none.json" does not exist' },
    // Attacks that a pull request could contain.
    { value: { specs: ["../.env"] }, says: "leads out of the folder of package.json" },
    { value: { specs: ["../*.json"] }, says: "leads out of the folder of package.json" },
    { value: { specs: ["specs/../../other.json"] }, says: "leads out of the folder of package.json" },
    { value: { specs: [".env"] }, says: 'is in ".env"' },
    { value: { specs: [".github/x.json"] }, says: 'is in ".github"' },
    { value: { specs: ["node_modules/x/a.json"] }, says: 'is in "node_modules"' },
    { value: { specs: ["/etc/passwd"] }, says: "is absolute" },
    { value: { specs: ["/etc/*.json"] }, says: "is absolute" },
    { value: { specs: ["C:/secret.json"] }, says: "is absolute" },
    { value: { specs: ["~/secret.json"] }, says: "is absolute" },
    { value: { specs: ["..\\secret.json"] }, says: "write / between folders" },
    { value: { specs: ["{a,b}.json"] }, says: "only *, ** and ? are patterns" },
    { value: { specs: ["id_rsa"] }, says: "the name must end in .json, .jsonc, .yaml or .yml" },
    { value: { specs: ["-"] }, says: "the name must end in .json" },
    { value: { specs: ["a\u202e.json"] }, says: "printable characters" },
    { value: { specs: ["a".repeat(5000)] }, says: "printable characters" },
    { value: { specs: ["shop.json"], output: "../out" }, says: "leads out of the folder of package.json" },
    { value: { specs: ["shop.json"], output: "/tmp/out" }, says: "is absolute" },
    { value: { specs: ["shop.json"], output: ".git/hooks" }, says: 'is in ".git"' },
    { value: { specs: ["shop.json"], output: "node_modules/left-pad" }, says: 'is in "node_modules"' },
  ])("$value is an error at its place", async ({ value, says }) => {
    configure(value);
    for (const command of ["generate", "check"]) {
      const ended = await run(command);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(/^package\.json:\d+:\d+ error invalid-project: /);
      expect(ended.stderr).toContain(says);
      expect(ended.stderr).toContain("Nothing was written.");
      expectNothing(ended);
    }
  });

  it("reports every problem, and as JSON", async () => {
    configure({ specs: ["../a.json", 1], output: "/x", nope: true });
    const { code, stderr } = await run("check", "--json");
    const { ok, diagnostics } = JSON.parse(stderr) as { ok: boolean; diagnostics: readonly object[] };
    expect([code, ok, diagnostics.length]).toEqual([1, false, 4]);
  });

  it("may be missing, or in a file that is no JSON", async () => {
    write("package.json", "{}");
    expect(await run("generate")).toMatchObject({ code: 2, stdout: "" });
    write("package.json", "{ no json");
    const { code, stderr } = await run("generate");
    expect(code).toBe(1);
    expect(stderr).toContain("package.json:1:3 error");
  });

  it("survives patterns made to be slow", async () => {
    writeSpecs(`deep/${"a".repeat(120)}.json`);
    configure({ specs: [`**/${"**/".repeat(40)}${"*a".repeat(60)}*b.json`] });
    const { code, stderr } = await run("generate");
    expect(code).toBe(1);
    expect(stderr).toContain("no spec matches");
  });
});

describe.runIf(posix)("links and FIFOs", () => {
  it("that a spec of package.json is, or goes through, are refused", async () => {
    write("../outside/a.json", JSON.stringify(specOf("a")));
    symlinkSync("../outside/a.json", path("link.json"));
    symlinkSync("../outside", path("folder"));
    symlinkSync(".env", path("env.json"));
    for (const [spec, says] of [
      ["link.json", "leads out of the folder of package.json by a symbolic link"],
      ["l*.json", "leads out of the folder of package.json by a symbolic link"],
      ["folder/a.json", "leads out of the folder of package.json by a symbolic link"],
      ["folder/*.json", "no spec matches"],
      ["**/a.json", "no spec matches"],
      ["env.json", "a symbolic link to a file of another kind"],
    ] as const) {
      configure({ specs: [spec] });
      const ended = await run("generate");
      expect(ended.code).toBeGreaterThan(0);
      expect(ended.stderr).toContain(says);
      expectNothing(ended);
    }
  });

  it("that lead out from a folder below are refused too", async () => {
    write("../outside/a.json", JSON.stringify(specOf("a")));
    symlinkSync("../outside/a.json", path("link.json"));
    symlinkSync("../outside", path("folder"));
    mkdirSync(path("sub"));
    for (const value of [{ specs: ["link.json"] }, { specs: ["shop.json"], output: "folder/out" }]) {
      configure(value);
      const ended = await runCommand(["generate"], { cwd: path("sub") });
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain("leads out of the folder of package.json by a symbolic link");
      expect(existsSync(path("../outside/out"))).toBe(false);
      expectNothing(ended);
    }
  });

  it("that the output folder is, or goes through, are refused", async () => {
    mkdirSync(path("../outside"));
    symlinkSync("../outside", path("out"));
    for (const output of ["out", "out/deep"]) {
      configure({ specs: ["shop.json"], output });
      const ended = await run("generate");
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain("leads out of the folder of package.json by a symbolic link");
      expect(readdirSync(path("../outside"))).toEqual([]);
    }
  });

  it("in place of package.json or a spec end the command at once", async () => {
    const makeFifo = (name: string): unknown => execFileSync("sh", ["-c", 'mkfifo "$0"', path(name)]);
    configure({ specs: ["*.json"] });
    makeFifo("pipe.json");
    const spec = await run("generate");
    expect(spec.code).toBe(2);
    expect(spec.stderr).toContain("pipe.json is not a regular file");
    rmSync(path("package.json"));
    makeFifo("package.json");
    const fifo = await run("generate");
    expect(fifo.code).toBe(2);
    expect(fifo.stderr).toContain("package.json is not a regular file");
    rmSync(path("package.json"));
    symlinkSync("../.env", path("package.json"));
    const link = await run("check");
    expect(link.code).toBe(2);
    expect(link.stderr).toContain("package.json is a symbolic link");
    expectNothing(link);
  });
});
