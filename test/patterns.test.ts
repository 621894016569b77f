import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./support/command.js";

let folder = "";

const spec = (name: string): string =>
  JSON.stringify({
    name,
    client: { base_url: "https://api.example.com", paginator: "single_page" },
    resource_defaults: { endpoint: { data_selector: "data" } },
    resources: [{ name: "items", schema: { type: "object", properties: { id: { type: "integer" } } } }],
  });

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "connector-gen-")));
  mkdirSync(join(folder, "specs/more"), { recursive: true });
  for (const file of ["specs/one.json", "specs/two.json", "specs/more/three.json"])
    writeFileSync(join(folder, file), spec(/(\w+)\.json$/.exec(file)?.[1] ?? ""));
  writeFileSync(join(folder, "specs/notes.md"), "# Notes\n");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("patterns in quotes, which no shell expands", () => {
  it.each([
    { pattern: "specs/*.json", modules: ["one.ts", "two.ts"] },
    { pattern: "specs/*", modules: ["one.ts", "two.ts"] },
    { pattern: "specs/t?o.json", modules: ["two.ts"] },
    { pattern: "specs/**/*.json", modules: ["one.ts", "three.ts", "two.ts"] },
  ])("$pattern", async ({ pattern, modules }) => {
    const given = join(folder, pattern);
    const out = join(folder, "generated");
    expect(await runCommand(["generate", given, "-o", out])).toMatchObject({ code: 0 });
    expect(readdirSync(out).filter((file) => file.endsWith(".ts"))).toEqual(modules);
    expect(await runCommand(["check", given, "-o", out])).toMatchObject({ code: 0 });
    expect(await runCommand(["validate", given])).toMatchObject({ code: 0 });
  });

  it("name each spec once, beside paths", async () => {
    const paths = [join(folder, "specs/one.json"), join(folder, "specs/o*.json")];
    const { code, stdout, stderr } = await runCommand(["validate", ...paths]);
    expect(code).toBe(0);
    expect(stdout + stderr).toContain("The spec is valid: 1 resource.");
  });

  it("say that nothing matches", async () => {
    const pattern = join(folder, "specs/*.yaml");
    const { code, stderr } = await runCommand(["validate", pattern]);
    expect(code).toBe(2);
    expect(stderr).toContain(`no spec matches "${pattern}"`);
  });
});
