import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appFolder } from "./support/app.js";
import { root } from "./support/paths.js";

const lms = join(root, "specs/lms.json");
const mistakes = join(root, "test/cases/ten-mistakes/spec.json");
const cli = join(appFolder(), "node_modules/connector-gen/dist/cli.js");
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
  mkdirSync(join(folder, "out"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** What arrived on the stream that stayed open. */
  readonly text: string;
}

/** Runs the command and closes one of its output streams before it writes anything. */
function runWithout(stream: "stdout" | "stderr", args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child[stream].destroy();
  child[stream === "stdout" ? "stderr" : "stdout"].on("data", (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, text })));
}

describe("a command whose reader has ended", () => {
  it.each([
    { args: ["schema"], code: 0 },
    { args: ["--version"], code: 0 },
    { args: ["--help"], code: 0 },
    { args: ["generate", lms, "--stdout"], code: 0 },
    { args: ["mock", lms], code: 130 },
  ])("ends quietly without standard output: $args", async ({ args, code }) => {
    expect(await runWithout("stdout", args)).toEqual({ code, signal: null, text: "" });
  });

  it.each([
    { args: ["validate", mistakes], code: 1 },
    { args: ["validate", mistakes, "--json"], code: 1 },
    { args: ["check", lms, "-o", "none"], code: 1 },
    { args: ["generate", "missing.json"], code: 2 },
    { args: ["nonsense"], code: 2 },
    { args: ["generate", lms, "-o", "watched", "--watch"], code: 130 },
  ])("ends quietly without standard error: $args", async ({ args, code }) => {
    expect(await runWithout("stderr", args)).toEqual({ code, signal: null, text: "" });
  });

  it("still writes its files", async () => {
    expect((await runWithout("stderr", ["generate", lms, "-o", "out"])).code).toBe(0);
    expect(existsSync(join(folder, "out/lms.ts"))).toBe(true);
    expect(existsSync(join(folder, "out/.connector-gen.json"))).toBe(true);
  });
});
