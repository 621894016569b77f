import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import ts from "typescript";
import { loadSources } from "../../generator/load-sources.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { createProgram } from "../../generator/program.js";
import { loadSpec } from "../../generator/spec/load/load.js";
import { parseSpec } from "../../generator/spec/parse.js";
import { root } from "../support/paths.js";
import { compileBlocks } from "./code-blocks.js";
import { readDeclarations } from "./declarations.js";
import { anchorsOf, fencesOf, firstColumnOf, linksOf, sectionOf } from "./pages.js";

const folder = join(root, "docs/sync");
const scratch = join(root, `.scratch/docs-sync-${process.pid}`);
const pages = readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
const guide = readFileSync(join(folder, "README.md"), "utf8");
const client = readFileSync(join(root, "generated/analytics.ts"), "utf8");

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("the pages about loading", () => {
  it("have TypeScript that compiles", () => {
    const blocks = pages.flatMap(({ file, text }) =>
      fencesOf(text, "ts").map((block, index) => [`${file}-${index}`, block] as const),
    );
    expect(blocks.length).toBeGreaterThan(2);
    expect(compileBlocks(new Map(blocks), new Map([["analytics.ts", client]]))).toEqual([]);
  });

  it.each(pages.flatMap(({ file, text }) => fencesOf(text, "json").map((spec, n) => ({ file, n, spec }))))(
    "have valid specs: $file $n",
    async ({ spec }) => {
      const { diagnostics } = parseSpec(await loadSpec("spec.json", spec), { literalSecrets: "error" });
      // Schemas would distract from the subject of the recipes.
      expect(diagnostics.filter(({ code }) => code !== "no-schema")).toEqual([]);
    },
  );

  const commands = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/connector-gen (sync|state) ([^\n`#"]*)/g)].map(([line, name = "", rest = ""]) => ({
      file,
      name,
      line,
      flags: rest.match(/--[a-z-]+/g) ?? [],
    })),
  );

  it("show many commands", () => expect(commands.length).toBeGreaterThan(15));

  it.each(commands)("show options that exist: $line", ({ name, flags }) => {
    const command = createProgram("0.0.0").commands.find((each) => each.name() === name);
    const known = [...(command?.options ?? []).map(({ long }) => long), "--json", "--quiet"];
    for (const flag of flags) expect(known).toContain(flag);
  });

  it.each(pages)("have no broken links: $file", ({ text }) => {
    const missing = linksOf(text).filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? undefined : resolve(folder, path);
      if (target !== undefined && !existsSync(target)) return true;
      const content = target === undefined ? text : readFileSync(target, "utf8");
      return anchor !== undefined && !anchorsOf(content).includes(anchor);
    });
    expect(missing).toEqual([]);
  });
});

describe("the guide", () => {
  const sources = readDeclarations("../../sync/src/options.ts");

  it("lists and shows every option, and every error", () => {
    const text = sectionOf(guide, "Options");
    const names = sources.propertiesOf("SyncOptions").filter((name) => name !== "failpoint");
    expect([...firstColumnOf(text, "Option")].sort()).toEqual([...names].sort());
    const code = fencesOf(text, "ts").join("\n");
    expect(names.filter((name) => !new RegExp(`\\b${name}:`).test(code))).toEqual([]);
    const codes = readFileSync(join(root, "sync/src/errors.ts"), "utf8").matchAll(/^ {2}\| "([A-Z_]+)"/gm);
    expect(firstColumnOf(sectionOf(guide, "Errors"), "Code")).toEqual([...codes].map(([, code]) => code));
  });

  it("has a program that loads the records of the API", async () => {
    const [program = ""] = fencesOf(guide, "ts");
    const { sources: loaded } = await loadSources([join(root, "specs/analytics.json")]);
    const mock = await startMock(
      loaded.map(({ source }) => source),
      { records: 20 },
    );
    mkdirSync(join(scratch, "generated"), { recursive: true });
    const moved = program
      .replace("createAnalytics()", `createAnalytics({ baseUrl: ${JSON.stringify(mock.url)} })`)
      .replace("duckdb:", `duckdb:${scratch}/`);
    expect(moved).not.toBe(program);
    const transpile = (text: string): string =>
      ts.transpileModule(text, {
        compilerOptions: {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        },
      }).outputText;
    writeFileSync(join(scratch, "generated/analytics.js"), transpile(client));
    writeFileSync(
      join(scratch, "program.js"),
      `export const done = (async () => {\n${bodyOf(transpile(moved))}\n})();`,
    );
    const lines: unknown[][] = [];
    vi.spyOn(console, "log").mockImplementation((...line) => void lines.push(line));
    vi.stubEnv("ANALYTICS_API_KEY", "key");
    const { done } = (await import(join(scratch, "program.js"))) as { readonly done: Promise<void> };
    await done;
    await mock.close();
    expect(process.exitCode).toBe(0);
    process.exitCode = undefined;
    expect(lines).toHaveLength(11);
    for (const line of lines) expect(line.slice(1)).toEqual(["complete", 20, 0]);
  });
});

/** Returns a program with dynamic imports instead of its static ones. */
function bodyOf(program: string): string {
  return program.replace(
    /^import (\{.*\}) from "(.*)";$/gm,
    (_, names: string, from: string) => `const ${names} = await import("${from}");`,
  );
}
