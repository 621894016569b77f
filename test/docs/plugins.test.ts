import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(root, "docs/plugins.md");
const page = readFileSync(file, "utf8");

/** The page, with the text of each example's file below the comment that names it. */
function withExamples(text: string): string {
  return text.replace(/<!-- (examples\/\S+) -->\n(\n```ts\n.*?\n```\n)?/gs, (_, path: string) => {
    const code = readFileSync(join(root, path), "utf8");
    return `<!-- ${path} -->\n\n\`\`\`ts\n${code}\`\`\`\n`;
  });
}

it("shows the examples as they are in their files", () => {
  if (process.env["UPDATE"]) writeFileSync(file, withExamples(page));
  expect(readFileSync(file, "utf8")).toBe(withExamples(page));
  expect(page.match(/<!-- examples\//g)).toHaveLength(4);
});

it("links to every example, and to files that exist", () => {
  const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = ""]) => resolve(dirname(file), path));
  for (const link of links) expect(() => readdirSync(dirname(link)), link).not.toThrow();
  const shown = links.filter((link) => link.endsWith(".ts"));
  const examples = readdirSync(join(root, "examples/plugins")).filter((name) => name.endsWith(".ts"));
  const missing = examples.filter((name) => !shown.some((link) => link.endsWith(`/${name}`)));
  expect(missing).toEqual(["shop.ts"]);
  for (const link of shown) expect(readFileSync(link, "utf8")).not.toBe("");
});

it("names every interface that the plug-in entry point exports and that a descriptor contains", () => {
  const descriptor = readFileSync(join(root, "runtime/src/descriptor.ts"), "utf8");
  const exported = readFileSync(join(root, "runtime/src/plugin.ts"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `\w+` of/gm)].map(([, name = ""]) => name);
  const held = [...descriptor.matchAll(/: (?:readonly )?(\w+)(?:\[\])?(?: \| null)?;/g)].map(
    ([, name = ""]) => name,
  );
  const wanted = [...new Set(held)].filter(
    (name) =>
      !["Selector", "RetryOptions"].includes(name) &&
      new RegExp(`export type \\{[^}]*\\b${name}\\b`).test(exported),
  );
  expect(rows.sort()).toEqual([...wanted, "Transport"].sort());
});
