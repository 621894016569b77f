import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toCommand } from "../generator/commands/terminal.js";
import { runCommand } from "./support/command.js";
import { root } from "./support/paths.js";

const specs = ["analytics", "learning-platform", "lms", "rest-api", "scheduling"];
const lms = join(root, "specs/lms.json");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("check", () => {
  it.each(specs)(
    "finds the committed module of %s up to date, and one character that is not",
    async (name) => {
      const spec = join(root, "specs", `${name}.json`);
      const committed = await runCommand(["check", spec, "-o", join(root, "generated")]);
      expect(committed).toMatchObject({ code: 0, stdout: "" });

      await runCommand(["generate", spec, "-o", folder]);
      const file = join(folder, `${name}.ts`);
      writeFileSync(file, readFileSync(file, "utf8").replace("readonly id: number", "readonly id: numbe"));
      const before = readFileSync(file, "utf8");
      const { code, stderr } = await runCommand(["check", spec, "-o", folder]);
      expect(code).toBe(1);
      expect(stderr).toContain("-  readonly id: numbe;");
      expect(stderr).toContain("+  readonly id: number;");
      expect(stderr).toContain(`Run: ${toCommand("generate", spec, "-o", folder)}`);
      expect(readFileSync(file, "utf8")).toBe(before);
    },
  );

  it("names a missing module", async () => {
    const { code, stderr } = await runCommand(["check", lms, "-o", folder]);
    expect(code).toBe(1);
    expect(stderr).toContain("lms.ts is missing");
    expect(readdirSync(folder)).toEqual([]);
  });
});
