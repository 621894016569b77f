import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { examplesOf, keysShown } from "../../generator/docs/spec-page.js";
import { listSections } from "../../generator/docs/spec-sections.js";
import { parseExample } from "../../generator/docs/parse-example.js";
import { formatPage, renderReference } from "../../generator/docs/reference.js";
import { createProgram } from "../../generator/program.js";
import { kindsOf } from "../../generator/spec/kinds.js";
import { rowsOf } from "../../generator/spec/options.js";
import { deviations, renderDeviations } from "../conformance/deviations.js";
import { loadVectors } from "../conformance/vector.js";
import { root } from "../support/paths.js";
import { printHelp } from "./help.js";
import { anchorsOf, fencesOf, folder, linksOf, readPages, type Page } from "./pages.js";

const vectors = ["conformance/vectors", "conformance/recorded"].flatMap((name) =>
  loadVectors(join(root, "test", name)).map((vector) => ({ vector, file: `${name}/${vector.id}.json` })),
);
const rendered = new Map([
  ...(await renderReference(printHelp)),
  ["deviations.md", await formatPage(renderDeviations(vectors))] as const,
]);

describe("the reference", () => {
  it.each([...rendered])("is up to date: %s (UPDATE=1 regenerates it)", (file, text) => {
    const path = join(folder, file);
    if (process.env["UPDATE"]) writeFileSync(path, text);
    expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
  });

  it("has every kind with every option", () => {
    for (const [family, file] of [
      ["paginator", "paginators.md"] as const,
      ["auth", "auth.md"] as const,
      ["decoder", "decoders.md"] as const,
    ]) {
      const page = rendered.get(file) ?? "";
      for (const kind of kindsOf(family)) {
        expect(anchorsOf(page)).toContain(kind.type);
        for (const { key } of rowsOf(kind)) expect(page).toContain(`\`${key}\``);
      }
    }
  });
});

describe("the command-line reference", () => {
  const page = rendered.get("command-line.md") ?? "";
  const commands = leavesOf(createProgram("0.0.0").commands);

  it("reads the declared commands", () => {
    expect(commands.map(({ words }) => words)).toContain("import dlt");
  });

  it.each(commands)("has a section for `$words` with every option", ({ words, options }) => {
    const [, section = ""] = page.split(`\n## \`connector-gen ${words}\`\n`);
    const [help = ""] = section.split("\n## ");
    expect(help).toContain(`Usage: connector-gen ${words} `);
    for (const { flags } of options) expect(help).toContain(`  ${flags} `);
  });
});

/** Returns the commands that can run: a group only contains others. */
function leavesOf(
  commands: readonly Command[],
  parent = "",
): readonly { readonly words: string; readonly options: Command["options"] }[] {
  return commands.flatMap((command) => {
    const words = `${parent}${command.name()}`;
    const inner = leavesOf(command.commands, `${words} `);
    return inner.length > 0 ? inner : [{ words, options: command.options }];
  });
}

describe.each(readPages())("$file", ({ file, text }) => {
  it("has valid JSON in its JSON blocks", () => {
    for (const block of fencesOf(text, "json")) expect(() => JSON.parse(block) as unknown).not.toThrow();
  });

  it("has no broken links", () => {
    const missing = linksOf(text).filter((link) => !isThere(link, { file, text }));
    expect(missing).toEqual([]);
  });
});

function isThere(link: string, page: Page): boolean {
  if (link.startsWith("https://")) return true;
  const [path = "", anchor] = link.split("#", 2);
  const target = path === "" ? page.text : readTarget(path);
  return target !== undefined && (anchor === undefined || anchorsOf(target).includes(anchor));
}

function readTarget(path: string): string | undefined {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

const sections = listSections();

describe.each(sections)("$title of a spec", (section) => {
  const shown = keysShown(section, sections);
  const examples = [
    ...examplesOf(section).map((value) => ({ path: section.path, value })),
    ...shown.flatMap(({ key, examples: values }) =>
      values.map((value) => ({ path: [...section.path, key], value })),
    ),
  ];

  it.each(examples)("accepts the example $value", async ({ path, value }) => {
    const { errors } = await parseExample(path, value);
    expect(errors).toEqual([]);
  });

  it("has an example of every key", () => {
    const texts = examples.map(({ path, value }) => JSON.stringify({ [String(path.at(-1))]: value }));
    const missing = shown.filter(
      ({ key, type }) => type !== "nothing" && !texts.some((text) => text.includes(`"${key}":`)),
    );
    expect(missing.map(({ key }) => key)).toEqual([]);
  });
});

describe("the deviations from dlt", () => {
  it("are all named, in order", () => {
    const ids = deviations.map((_, index) => `D${String(index + 1).padStart(2, "0")}`);
    expect(deviations.map(({ id }) => id)).toEqual(ids);
  });

  it("include that of every vector", () => {
    const named = new Set(deviations.map(({ id }) => id));
    const missing = vectors.filter(({ vector: { deviation } }) => deviation && !named.has(deviation.id));
    expect(missing.map(({ file }) => file)).toEqual([]);
  });

  it.each(deviations)("$id has tests", ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((file) => !existsSync(join(root, "test", file)))).toEqual([]);
  });
});

it("has a link to the reference in the README", () => {
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain("(docs/reference/README.md)");
});
