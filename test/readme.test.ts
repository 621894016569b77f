import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { printSource } from "../generator/emit/print.js";
import { buildSource } from "../generator/ir/build.js";
import { loadSpec } from "../generator/spec/load/load.js";
import { parseSpec } from "../generator/spec/parse.js";
import { compileBlocks } from "./docs/code-blocks.js";
import { fencesOf } from "./docs/pages.js";
import { root } from "./support/paths.js";

const readme = readFileSync(join(root, "README.md"), "utf8");

it("shows in the README what its spec really becomes", async () => {
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

it("shows programs in the README that compile with the modules of its specs", async () => {
  const [first = "", second = ""] = fencesOf(readme, "json");
  const blog = JSON.parse(first) as { resources: readonly object[] };
  const resources = [...blog.resources, JSON.parse(second) as object];
  const modules = new Map<string, string>();
  for (const [file, value] of [
    ["blog.ts", { ...blog, resources }],
    ["shop.ts", shopOf("items")],
  ] as const) {
    const { spec, diagnostics } = parseSpec(await loadSpec("spec.json", JSON.stringify(value)), {
      literalSecrets: "error",
    });
    expect(diagnostics.map(({ code }) => code).filter((code) => code !== "no-schema")).toEqual([]);
    if (spec) modules.set(file, await printSource(buildSource(spec)));
  }
  const [, app = "", start = "", children = ""] = fencesOf(readme, "ts");
  const blocks = new Map([
    ["app", app],
    ["start", start],
    ["children", `${start.split("\n\n", 2).join("\n")}\n${children}`],
  ]);
  expect(compileBlocks(blocks, modules)).toEqual([]);
});

/** The spec of an API as `init` writes it in the five minutes of the README. */
function shopOf(name: string): object {
  const schema = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
  return {
    name: "shop",
    client: { base_url: "https://api.example.com", auth: { type: "api_key", api_key: "{secrets.api_key}" } },
    resources: [
      { name, endpoint: { path: `/${name}`, data_selector: "data", paginator: "single_page" }, schema },
    ],
  };
}
