import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/command.js";
import { typeCheck } from "../support/compile.js";
import { root } from "../support/paths.js";

const scratch = join(root, ".scratch/schemas");

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const endpoint = { path: "/x", data_selector: "$" };
const schema = { type: "object", properties: { id: { type: "integer" } } };
const step = { filter: true };

const written: string[] = [];

const sources = [
  { name: "none", resources: [{ name: "orders", endpoint }], untyped: ["orders"] },
  {
    name: "none-of-two",
    resources: [
      { name: "orders", endpoint },
      { name: "users", endpoint },
    ],
    untyped: ["orders", "users"],
  },
  {
    name: "some",
    resources: [
      { name: "orders", endpoint, schema },
      { name: "users", endpoint },
    ],
    untyped: ["users"],
  },
  {
    name: "open",
    resources: [{ name: "orders", endpoint, schema: { type: "object" } }],
    untyped: [],
  },
  { name: "anything", resources: [{ name: "orders", endpoint, schema: true }], untyped: [] },
  {
    name: "mapped",
    resources: [{ name: "orders", endpoint, processing_steps: [step, { map: true }] }],
    untyped: [],
  },
  { name: "typed", resources: [{ name: "orders", endpoint, schema }], untyped: [] },
  { name: "no-resources", resources: [], untyped: [] },
];

describe("generate --schemas", () => {
  it.each(sources)("writes what it can for the spec $name, and says what it cannot", async (source) => {
    const { name, resources, untyped } = source;
    const folder = join(scratch, name);
    mkdirSync(folder, { recursive: true });
    const spec = { name, client: { base_url: "https://api.example.com" }, resources };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(spec));
    const { code, stderr } = await runCommand(["generate", `${name}.json`, "-o", ".", "--schemas"], {
      cwd: folder,
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const files = [join(folder, `${name}.ts`), join(folder, `${name}.schemas.ts`)];
    written.push(...files);

    const text = readFileSync(files[1] ?? "", "utf8").replaceAll(/\n \* /g, " ");
    for (const each of untyped) expect(stderr.includes(`resource "${each}" has no schema`)).toBe(true);
    const sentence = `Any JSON object passes for ${untyped.map((each) => `\`${each}\``).join(", ")}`;
    expect(text.includes("Any JSON object passes")).toBe(untyped.length > 0);
    if (untyped.length > 0) expect(text).toContain(sentence);
  });

  it("writes modules that compile", () => {
    expect(written).toHaveLength(2 * sources.length);
    expect([...typeCheck(written).values()].flat()).toEqual([]);
  });
});
