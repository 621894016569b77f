import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toCommand } from "../generator/commands/terminal.js";
import { runCommand } from "./support/command.js";
import { root } from "./support/paths.js";

const lms = join(root, "specs/lms.json");
const mistakes = join(root, "test/cases/ten-mistakes/spec.json");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("validate", () => {
  it("reports ten mistakes with their places, and exits with 1", async () => {
    const { code, stderr, stdout } = await runCommand(["validate", mistakes]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr.match(/spec\.json:\d+:\d+ error [a-z-]+: /g)).toHaveLength(10);
    expect(stderr).toContain("10 errors");
  });

  it("gives diagnostics as JSON", async () => {
    const { code, stderr } = await runCommand(["validate", mistakes, "--json"]);
    expect(code).toBe(1);
    const { ok, diagnostics } = JSON.parse(stderr) as { ok: boolean; diagnostics: readonly object[] };
    expect(ok).toBe(false);
    expect(diagnostics).toHaveLength(10);
    expect(diagnostics[0]).toMatchObject({ severity: "error", code: "unknown-key", line: 4, column: 3 });
  });

  it.each([
    { args: ["validate", "missing.json"], code: 2, messages: ["file not found: missing.json"] },
    { args: ["generate"], code: 2, messages: [expect.stringMatching(/^no specs: pass spec files/)] },
    { args: ["sync", lms, "--to", "nowhere:x"], code: 2, messages: [expect.stringContaining("nowhere:x")] },
    { args: ["mock", lms, "--fault", "x"], code: 2, messages: [expect.stringMatching(/^--fault: /)] },
  ])("gives failures without a diagnostic as JSON: $args", async ({ args, code, messages }) => {
    const ended = await runCommand([...args, "--json"], { cwd: folder });
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
    expect(JSON.parse(ended.stderr)).toEqual({ ok: false, messages });
  });

  it("gives the state of modules as JSON, and nothing else", async () => {
    const start = { cwd: folder };
    const missing = await runCommand(["check", lms, "--json"], start);
    expect(JSON.parse(missing.stderr)).toMatchObject({
      ok: false,
      files: [{ path: "generated/lms.ts", status: "created" }],
      messages: ["generated/lms.ts is missing", `Run: ${toCommand("generate", lms, "-o", "generated")}`],
    });
    await runCommand(["generate", lms], start);
    writeFileSync(join(folder, "generated/lms.ts"), "// mine\n");
    const refused = await runCommand(["generate", lms, "--json"], start);
    expect(JSON.parse(refused.stderr)).toMatchObject({
      ok: false,
      files: [{ status: "refused", reason: "connector-gen did not write it; --force overwrites it" }],
    });
    expect([missing.code, refused.code]).toEqual([1, 1]);
  });

  it("colours only where it is wanted", async () => {
    expect((await runCommand(["validate", mistakes])).stderr).not.toContain("\u001b[");
    expect((await runCommand(["validate", mistakes, "--color"])).stderr).toContain("\u001b[");
    expect(
      (await runCommand(["validate", mistakes, "--no-color"], { env: { FORCE_COLOR: "1" } })).stderr,
    ).not.toContain("\u001b[");
  });
});

describe("the command line", () => {
  it("prints the JSON Schema that is committed", async () => {
    const { code, stdout } = await runCommand(["schema"]);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(root, "schema.json"), "utf8"));
  });

  it("exits with 2 for wrong usage, with a suggestion", async () => {
    const { code, stderr } = await runCommand(["genrate", lms]);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean generate?");
    expect((await runCommand(["generate"])).code).toBe(2);
    expect((await runCommand(["generate", lms, "--literal-secrets", "keep"])).code).toBe(2);
  });

  it.each([
    { flag: "--port", value: "65536", says: "Expected a port from 0 to 65535." },
    { flag: "--port", value: "http", says: "Expected a whole number." },
    { flag: "--latency", value: "2147483648", says: "Expected a number up to 2147483647." },
    { flag: "--records", value: "1".repeat(400), says: "Expected a number up to 2147483647." },
    { flag: "--records", value: "-1", says: "Expected a whole number." },
  ])("exits with 2 for a number out of range: $flag $value", async ({ flag, value, says }) => {
    const { code, stderr } = await runCommand(["mock", lms, flag, value]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: option '${flag} <${{ "--port": "n", "--records": "n" }[flag] ?? "ms"}>' argument '${value}' is invalid. ${says}\n`,
    );
  });

  it.each([
    { args: ["add", lms, "/x"], flag: "--config" },
    { args: ["detect", lms], flag: "--config" },
    { args: ["detect", lms], flag: "--param" },
    { args: ["infer", lms], flag: "--config" },
    { args: ["infer", lms], flag: "--param" },
    { args: ["sync", lms], flag: "--config" },
  ])("exits with 2 for a pair without an equals sign: $args.0 $flag", async ({ args, flag }) => {
    const { code, stderr } = await runCommand([...args, flag, "region"], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: option '${flag} <name=value>' argument 'region' is invalid. Expected name=value.\n`,
    );
  });

  it("exits with 2 for a file that is not there, without a stack trace", async () => {
    const { code, stderr } = await runCommand(["generate", "missing.json"]);
    expect(code).toBe(2);
    expect(stderr).toBe("connector-gen: file not found: missing.json\n");
    expect((await runCommand(["generate", "missing.json", "--debug"])).stderr).toContain("    at ");
  });

  it("writes a first spec that is valid and generates", async () => {
    const made = await runCommand(
      ["init", "shop", "--base-url", "https://shop.test/v2", "--auth", "bearer", "--resource", "orders"],
      { cwd: folder },
    );
    expect(made.code).toBe(0);
    const again = await runCommand(["init", "shop"], { cwd: folder });
    expect(again).toMatchObject({ code: 1 });
    expect(again.stderr).toContain("--force overwrites it");
    const generated = await runCommand(["generate", "specs/shop.json", "--stdout"], { cwd: folder });
    expect(generated).toMatchObject({ code: 0, stderr: "" });
    expect(generated.stdout).toContain("orders(options?: ReadOptions): RecordStream<Order>");
    expect((await runCommand(["init", "x", "--base-url", "nowhere"], { cwd: folder })).code).toBe(2);
  });

  it.each([
    { installed: ".", want: "../../../node_modules/connector-gen/schema.json" },
    { installed: "packages/app", want: "../node_modules/connector-gen/schema.json" },
    { installed: undefined, want: "../node_modules/connector-gen/schema.json" },
  ])("names the JSON Schema of the package that is installed in $installed", async ({ installed, want }) => {
    const app = join(folder, "packages/app");
    mkdirSync(app, { recursive: true });
    if (installed !== undefined) {
      const place = join(folder, installed, "node_modules/connector-gen");
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "schema.json"), "{}");
    }
    expect((await runCommand(["init", "shop"], { cwd: app })).code).toBe(0);
    const spec = readFileSync(join(app, "specs/shop.json"), "utf8");
    expect((JSON.parse(spec) as Record<string, unknown>)["$schema"]).toBe(want);
  });

  it("writes no first spec that is invalid", async () => {
    for (const [args, message] of [
      [["_shop"], 'invalid name "_shop": use at most 100 letters'],
      [["shop.test"], "a URL starts with http:// or https://"],
      [["shop", "--resource", "orders/{id}"], "there are no params"],
      [["shop", "--base-url", "https://shop.test/{team}"], 'unknown placeholder "{team}"'],
      [["shop", "--base-url", "https://me:secret@shop.test"], "base_url contains credentials"],
    ] as const) {
      const { code, stderr } = await runCommand(["init", ...args, "--dir", "first"], { cwd: folder });
      expect({ args, code, isNew: existsSync(join(folder, "first")) }).toEqual({
        args,
        code: 2,
        isNew: false,
      });
      expect(stderr).toContain(message);
    }
  });

  it("serves a mock until it is interrupted", async () => {
    const { code, stdout } = await runCommand(["mock", lms, "--records", "5"], {
      interruptWhen: (output) => output.includes("Ctrl-C"),
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
    expect((await runCommand(["mock", lms, "--fault", "nonsense"])).code).toBe(2);
  });
});
