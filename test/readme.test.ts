import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { printSource } from "../generator/emit/print.js";
import { buildSource } from "../generator/ir/build.js";
import { loadSpec } from "../generator/spec/load/load.js";
import { parseSpec } from "../generator/spec/parse.js";
import { root } from "./support/paths.js";

it("shows in the README what its spec really becomes", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, spec = ""] = /```json\n(.*?)```/s.exec(readme) ?? [];
  const [, excerpt = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const { spec: parsed, diagnostics } = parseSpec(await loadSpec("blog.json", spec), {
    literalSecrets: "error",
  });
  expect(diagnostics).toEqual([]);
  if (!parsed) throw new Error("the README's spec is wrong");
  const module = await printSource(buildSource(parsed));
  const parts = excerpt.trim().split("\n\n");
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) expect(module).toContain(part);
});
