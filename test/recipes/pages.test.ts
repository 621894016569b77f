import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { printSource } from "../../generator/emit/print.js";
import { compileBlocks } from "../docs/code-blocks.js";
import { fencesOf, firstColumnOf, linksOf } from "../docs/pages.js";
import { root } from "../support/paths.js";
import { folder, listRecipes, readSources, specsOf } from "./recipe.js";

const names = listRecipes();
const readPage = (name: string): string => readFileSync(join(folder, `${name}.md`), "utf8");
const index = readPage("README");

describe("the index of recipes", () => {
  it("has a row for every page, in order", () => {
    const rows = firstColumnOf(index, "API");
    expect(rows.flatMap(linksOf)).toEqual(names.map((name) => `${name}.md`));
  });

  it.each(["README.md", "docs/reference/README.md"])("is linked from %s", (file) => {
    const links = linksOf(readFileSync(join(root, file), "utf8"));
    expect(links.some((link) => link.endsWith("recipes/README.md"))).toBe(true);
  });
});

describe.each(names)("the recipe %s", (name) => {
  const text = readPage(name);

  it("has a spec, code, and what is special", () => {
    expect(specsOf(text).length).toBeGreaterThan(0);
    expect(fencesOf(text, "ts").length).toBeGreaterThan(0);
    expect(text).toMatch(/^\| The API +\| The spec +\|$/m);
  });

  it("has a test that reads it", () => {
    expect(existsSync(join(root, `test/recipes/${name}.test.ts`))).toBe(true);
  });

  it("has no broken links", () => {
    const local = linksOf(text).filter((link) => !link.startsWith("https://"));
    expect(local.filter((link) => !existsSync(join(folder, link.split("#")[0] ?? "")))).toEqual([]);
  });
});

it("every spec generates a client with which the code of its page compiles", async () => {
  const blocks = new Map<string, string>();
  const modules = new Map<string, string>();
  for (const name of names) {
    for (const source of await readSources(name))
      modules.set(`${source.names.file}.ts`, await printSource(source));
    for (const [block, code] of fencesOf(readPage(name), "ts").entries())
      blocks.set(`${name}-${block + 1}`, code);
  }
  expect(modules.size).toBeGreaterThanOrEqual(names.length);
  expect(compileBlocks(blocks, modules)).toEqual([]);
});
