import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { secret, useWorkspace } from "./workspace.js";

const workspace = useWorkspace();
const manifest = "generated/.connector-gen.json";
const entry = { spec: "shop.json", sha256: "0".repeat(64) };

const names = [
  "../.env",
  "../../.env",
  "..\\.env",
  "./shop.ts",
  "/etc/passwd",
  "C:\\secret.ts",
  "C:secret.ts",
  "\\\\server\\share\\x.ts",
  "//server/x.ts",
  "file:///etc/passwd",
  ".env",
  ".",
  "..",
  "",
  ".ts",
  ".schemas.ts",
  ".connector-gen.json",
  "sub/shop.ts",
  "shop.json",
  "shop.ts/",
  "shop.ts\u0000.env",
  "shop.ts\n::error::x",
  "shop.ts:stream",
  "con.ts",
  "LPT1.schemas.ts",
  "shop.d.ts",
  "sh\u00f6p.ts",
  "\u202egnp.ts",
  "__proto__",
  "constructor",
  `${"x".repeat(300)}.ts`,
];

describe("a manifest that names a file that connector-gen does not write", () => {
  it.each(names)(
    "%j is an error of check and generate; nothing is read, written or deleted",
    async (name) => {
      workspace.write(manifest, `{"files": {${JSON.stringify(name)}: ${JSON.stringify(entry)}}}`);
      for (const args of [["check"], ["generate"], ["generate", "--force"], ["generate", "--dry-run"]]) {
        const { code, stdout, stderr } = await workspace.run(...args, "shop.json");
        expect(code).toBe(1);
        expect(stderr).toMatch(/generated[/\\]\.connector-gen\.json:1:\d+ error invalid-manifest: /);
        expect(stderr).toContain("which connector-gen does not write");
        expect(stderr).toContain("remove this entry");
        expect(stdout + stderr).not.toContain(secret);
      }
      expect(readFileSync(workspace.path(".env"), "utf8")).toBe(secret);
      expect(readFileSync(workspace.path("../.env"), "utf8")).toBe(secret);
      expect(readdirSync(workspace.path("generated"))).toEqual([".connector-gen.json"]);
    },
  );
});

const files = (value: unknown): string => JSON.stringify({ files: value });

const wrong = [
  { text: "", message: "invalid manifest" },
  { text: "{", message: "invalid manifest" },
  { text: "[]", message: "must be an object, not a list" },
  { text: "null", message: "must be an object, not null" },
  { text: '"shop.ts"', message: "must be an object, not text" },
  { text: "{}", message: 'needs "files", an object' },
  { text: files([]), message: 'needs "files", an object' },
  { text: files(null), message: 'needs "files", an object' },
  { text: '{"files": {}, "version": 2}', message: 'unknown key "version"' },
  { text: '{"files": {}, "__proto__": {}}', message: 'unknown key "__proto__"' },
  { text: '{"files": {"a.ts": 1, "a.ts": 2}}', message: 'duplicate key "a.ts"' },
  { text: files({ "shop.ts": entry, "SHOP.ts": entry }), message: "twice, in different case" },
  { text: files({ "shop.ts": "x" }), message: "must be an object, not text" },
  { text: files({ "shop.ts": {} }), message: 'needs "spec"' },
  { text: files({ "shop.ts": { ...entry, spec: 1 } }), message: 'needs "spec"' },
  { text: files({ "shop.ts": { ...entry, spec: "../shop.json" } }), message: 'needs "spec"' },
  { text: files({ "shop.ts": { ...entry, spec: "a\u001b[2J" } }), message: 'needs "spec"' },
  { text: files({ "shop.ts": { ...entry, sha256: "" } }), message: 'needs "sha256"' },
  { text: files({ "shop.ts": { ...entry, path: "../.env" } }), message: "unknown keys: path" },
  { text: "[".repeat(20_000), message: "nested more than" },
  { text: `{"files": {}}${" ".repeat(2_000_000)}`, message: "larger than 1 MB" },
];

describe("a manifest of another form", () => {
  it.each(wrong)("$message", async ({ text, message }) => {
    workspace.write(manifest, text);
    for (const command of ["check", "generate"]) {
      const { code, stderr } = await workspace.run(command, "shop.json");
      expect(code).toBe(1);
      expect(stderr).toContain("error invalid-manifest: ");
      expect(stderr).toContain(message);
      expect(stderr).not.toContain("\u001b");
    }
    expect(readdirSync(workspace.path("generated"))).toEqual([".connector-gen.json"]);
  });

  it("is reported with at most twenty problems", async () => {
    const entries = Array.from({ length: 5_000 }, (_, index) => [`../${index}`, entry]);
    workspace.write(manifest, files(Object.fromEntries(entries)));
    const { stderr } = await workspace.run("check", "shop.json");
    expect(stderr.match(/invalid-manifest/g)).toHaveLength(20);
  });

  it("is written again after it was deleted, and the modules are recognised without it", async () => {
    await workspace.run("generate", "shop.json", "--schemas");
    const before = readFileSync(workspace.path(manifest), "utf8");
    workspace.write(manifest, "{}");
    expect((await workspace.run("generate", "shop.json", "--schemas")).code).toBe(1);
    rmSync(workspace.path(manifest));
    expect((await workspace.run("generate", "shop.json", "--schemas")).code).toBe(0);
    expect(readFileSync(workspace.path(manifest), "utf8")).toBe(before);
  });
});

describe("a manifest that names a plain file of somebody else", () => {
  it("neither prints nor deletes it, with --force either", async () => {
    await workspace.run("generate", "shop.json");
    workspace.write("generated/config.ts", `export const key = "${secret}";\n`);
    const known = JSON.parse(readFileSync(workspace.path(manifest), "utf8")) as { files: object };
    workspace.write(manifest, files({ ...known.files, "config.ts": entry }));
    for (const args of [["check"], ["generate"], ["generate", "--force"]]) {
      const { code, stdout, stderr } = await workspace.run(...args, "shop.json");
      expect(code).toBe(1);
      expect(stderr).toContain("connector-gen did not write it");
      expect(stdout + stderr).not.toContain(secret);
    }
    expect(existsSync(workspace.path("generated/config.ts"))).toBe(true);
  });

  it("is not printed when a spec takes its name", async () => {
    workspace.write("generated/shop.ts", `export const key = "${secret}";\n`);
    const { code, stdout, stderr } = await workspace.run("check", "shop.json");
    expect(code).toBe(1);
    expect(stderr).toContain("shop.ts cannot be updated: connector-gen did not write it");
    expect(stdout + stderr).not.toContain(secret);
  });
});
