import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate } from "../../generator/generate.js";
import { updateFolder, type OutputFile } from "../../generator/output/output.js";
import { root } from "../support/paths.js";
import { dieAt, type Death } from "./die-at.js";
import { specOf, useWorkspace } from "./workspace.js";

const workspace = useWorkspace();
const { path, run, write } = workspace;
const scratch = join(root, ".scratch/output");
const script = join(scratch, "update.mjs");

/**
 * A process that updates `generated/` as `generate` does, and that kills itself before the given call of a function that
 * changes the file system.
 */
const program = `
  import fs from "node:fs/promises";
  import { readFileSync } from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const { files, killAt = 0 } = JSON.parse(readFileSync(0, "utf8"));
  let calls = 0;
  for (const name of ["open", "rename", "rm", "mkdir", "link"]) {
    const original = fs[name];
    fs[name] = async (...args) => {
      if (name === "open" && args[1] !== "wx") return await original(...args);
      calls += 1;
      if (calls === killAt) process.kill(process.pid, "SIGKILL");
      return await original(...args);
    };
  }
  syncBuiltinESMExports();
  const { updateFolder } = await import("./updater.mjs");
  const { changes, diagnostics } = await updateFolder("generated", files, { mode: "write", force: false });
  console.log(JSON.stringify({ statuses: changes.map(({ status }) => status), diagnostics }));
`;

beforeAll(async () => {
  mkdirSync(scratch, { recursive: true });
  writeFileSync(script, program);
  await build({
    entryPoints: [join(root, "generator/output/output.ts")],
    outfile: join(scratch, "updater.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    // Bundled packages load faster.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Child {
  readonly files: readonly OutputFile[];
  /** The step at which the process kills itself, from 1; 0 means never. */
  readonly killAt?: number;
}

/** Runs the process; resolves to its output, which is empty if it was killed. */
function update(child: Child): Promise<string> {
  const started = spawn(process.execPath, [script], { cwd: path(), stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  started.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  started.stdin.end(JSON.stringify(child));
  return new Promise((resolve) => started.on("close", () => resolve(output)));
}

const writing = { mode: "write", force: false } as const;

/** What `generate` would write for these specs. */
async function filesOf(specs: readonly string[], schemas: boolean): Promise<readonly OutputFile[]> {
  const options = { out: path("none"), mode: "plan", schemas, literalSecrets: "error" } as const;
  return (
    await generate(
      specs.map((name) => path(name)),
      options,
    )
  ).files;
}

/** The files of `generated/` by name. */
function folder(): Readonly<Record<string, string>> {
  const names = readdirSync(path("generated")).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path("generated", name), "utf8")]));
}

/** Another version of a spec, which generates other modules. */
const changed = specOf("shop", { description: "Version 2." });

describe("a run of generate that is killed", () => {
  const starts = [
    { name: "the first run", first: undefined, second: "--schemas" },
    { name: "a run after the spec changed", first: "--schemas", second: "--schemas" },
    { name: "a run that removes a module", first: "--schemas", second: undefined },
    { name: "a run that adds a module", first: "no", second: "--schemas" },
  ];

  it.each(starts)(
    "$name leaves a state that the next run repairs, whatever the step",
    { timeout: 120_000 },
    async ({ first, second }) => {
      const flags = second === undefined ? [] : [second];
      if (first !== undefined) await run("generate", "shop.json", ...(first === "no" ? [] : [first]));
      cpSync(path("generated"), path("before"), { recursive: true });
      write("shop.json", JSON.stringify(changed));
      const files = await filesOf(["shop.json"], second !== undefined);
      await run("generate", "shop.json", ...flags);
      const expected = folder();
      const reset = (): void => {
        rmSync(path("generated"), { recursive: true });
        cpSync(path("before"), path("generated"), { recursive: true });
      };
      const repair = async (death: object): Promise<void> => {
        // What `generate` does once it knows the files.
        const { diagnostics } = await updateFolder(path("generated"), files, writing);
        expect({ ...death, diagnostics, ...folder() }).toEqual({ ...death, diagnostics: [], ...expected });
      };
      const end = (death: Death): Promise<boolean> => {
        reset();
        return dieAt(death, () => updateFolder(path("generated"), files, writing));
      };
      let step = 1;
      for (; await end({ step, when: "before" }); step += 1) {
        await repair({ step, when: "before" });
        expect(await end({ step, when: "after" })).toBe(true);
        await repair({ step, when: "after" });
      }
      expect(step).toBeGreaterThan(5);
      expect(folder()).toEqual(expected);
      // A process that is really killed leaves the same.
      reset();
      expect(await update({ files, killAt: Math.ceil(step / 2) })).toBe("");
      await repair({ isProcess: true });
    },
  );

  it.each([
    { name: "of the spec before", flags: ["--schemas"] },
    { name: "without the schemas", flags: [] },
  ])("does not keep a run $name from working", { timeout: 120_000 }, async ({ flags }) => {
    await run("generate", "shop.json", ...flags);
    const expected = folder();
    write("shop.json", JSON.stringify(changed));
    const files = await filesOf(["shop.json"], true);
    write("shop.json", JSON.stringify(specOf("shop")));
    const end = (step: number): Promise<boolean> =>
      dieAt({ step, when: "before" }, () => updateFolder(path("generated"), files, writing));
    let step = 1;
    for (; await end(step); step += 1) {
      expect(await run("generate", "shop.json", ...flags)).toMatchObject({ code: 0 });
      expect(folder()).toEqual(expected);
    }
    expect(step).toBeGreaterThan(5);
  });
});

describe("several runs of generate at once", () => {
  it("write every module and every entry, and leave nothing else", { timeout: 60_000 }, async () => {
    const names = Array.from({ length: 8 }, (_, index) => `api-${index}`);
    for (const name of names) write(`${name}.json`, JSON.stringify(specOf(name)));
    const specs = names.map((name) => `${name}.json`);
    await run("generate", ...specs, "-o", "expected");
    const each = await Promise.all(specs.map((spec) => filesOf([spec], false)));
    const outputs = await Promise.all(each.map((files) => update({ files })));
    expect(outputs.map((output) => (JSON.parse(output) as { statuses: unknown }).statuses)).toEqual(
      names.map(() => ["created"]),
    );
    const expected = readdirSync(path("expected")).sort();
    expect(Object.keys(folder())).toEqual(expected);
    for (const name of expected) expect(folder()[name]).toBe(readFileSync(path("expected", name), "utf8"));
    expect((await run("check", ...specs)).code).toBe(0);
  });

  it("of the same spec agree", { timeout: 60_000 }, async () => {
    const files = await filesOf(["shop.json"], true);
    const outputs = await Promise.all(Array.from({ length: 6 }, () => update({ files })));
    const statuses = outputs.flatMap((output) => (JSON.parse(output) as { statuses: string[] }).statuses);
    expect(statuses.filter((status) => status === "created")).toHaveLength(2);
    expect(statuses.filter((status) => status === "unchanged")).toHaveLength(10);
    expect(Object.keys(folder())).toEqual([".connector-gen.json", "shop.schemas.ts", "shop.ts"]);
  });
});

describe("a lock that is not of a running process", () => {
  it.each([
    { name: "of a process that has ended", text: `999999999 ${hostname()} abc\n` },
    { name: "that somebody committed", text: "1 another-machine abc\n" },
    { name: "that is empty", text: "" },
  ])("$name is removed", { timeout: 30_000 }, async ({ text }) => {
    write("generated/.connector-gen.lock", text);
    expect((await run("generate", "shop.json")).code).toBe(0);
    expect(Object.keys(folder())).toEqual([".connector-gen.json", "shop.ts"]);
  });

  it("that is a folder is an error", async () => {
    mkdirSync(path("generated/.connector-gen.lock"));
    const { code, stderr } = await run("generate", "shop.json");
    expect(code).toBe(2);
    expect(stderr).toContain(".connector-gen.lock is a folder: delete it");
  });
});

describe("the hash in the header of a module", () => {
  it("proves an unedited module without a manifest, with the line ends of Windows too", async () => {
    await run("generate", "shop.json");
    rmSync(path("generated/.connector-gen.json"));
    const text = readFileSync(path("generated/shop.ts"), "utf8");
    write("generated/shop.ts", text.replaceAll("\n", "\r\n"));
    write("shop.json", JSON.stringify(changed));
    const { code, stderr } = await run("generate", "shop.json");
    expect(code).toBe(0);
    expect(stderr).toContain("shop.ts updated");
  });

  it.each([
    { name: "an edited line", edit: (text: string) => text.replace("/orders", "/bestellungen") },
    { name: "an added line", edit: (text: string) => `${text}// mine\n` },
    { name: "a changed hash", edit: (text: string) => text.replace(/content \w/, "content z") },
    {
      name: "a hash from elsewhere",
      edit: (text: string) => text.replace(/content \w{16}/, `content ${"0".repeat(16)}`),
    },
    { name: "a removed hash", edit: (text: string) => text.replace(/, content \w+/, "") },
  ])("shows $name, without a manifest too", async ({ edit }) => {
    await run("generate", "shop.json");
    rmSync(path("generated/.connector-gen.json"));
    const text = edit(readFileSync(path("generated/shop.ts"), "utf8"));
    write("generated/shop.ts", text);
    write("shop.json", JSON.stringify(changed));
    const { code, stderr } = await run("generate", "shop.json");
    expect(code).toBe(1);
    expect(stderr).toContain("--force overwrites it");
    expect(readFileSync(path("generated/shop.ts"), "utf8")).toBe(text);
  });

  it("cannot be forged by a description", async () => {
    const line = " * @generated by connector-gen from x.json (sha256 00000000, content 0000000000000000).";
    write("shop.json", JSON.stringify(specOf("shop", { description: `A\n${line}\n${line.slice(3)}\nB` })));
    expect((await run("generate", "shop.json")).code).toBe(0);
    rmSync(path("generated/.connector-gen.json"));
    write("shop.json", JSON.stringify(changed));
    expect((await run("generate", "shop.json")).code).toBe(0);
  });
});
