import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Query } from "@connector-gen/runtime/plugin";
import * as runtime from "@connector-gen/runtime";
import { describe, expect, it } from "vitest";
import { printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import { toLiveSource } from "../../generator/live/live-source.js";
import { parseText, specOf, specWith } from "../spec/parse-text.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Pair {
  readonly name: string;
  readonly spec: string;
  readonly module: string;
}

/** Every spec of the repository that has a generated module beside it. */
const pairs: readonly Pair[] = [
  ...readdirSync(join(root, "test/cases")).map((name) => ({
    name: `case ${name}`,
    spec: `test/cases/${name}/spec.json`,
    module: `test/cases/${name}/out.ts`,
  })),
  ...readdirSync(join(root, "generated")).map((file) => ({
    name: file,
    spec: `specs/${file.replace(/\.ts$/, ".json")}`,
    module: `generated/${file}`,
  })),
].filter(({ spec, module }) => [spec, module].every((file) => existsSync(join(root, file))));

describe("a live source is the descriptor of the generated module", () => {
  it.each(pairs)("$name", async ({ spec: file, module }) => {
    const { spec } = await parseText(readFileSync(join(root, file), "utf8"), {
      file: file.split("/").at(-1) ?? file,
    });
    if (!spec) throw new Error(`${file} is invalid`);
    const exports = (await import(join(root, module))) as Readonly<Record<string, unknown>>;
    const [, printed] = Object.entries(exports).find(([name]) => name.endsWith("Source")) ?? [];
    expect(toData(toLiveSource(buildSource(spec)))).toEqual(toData(printed));
  });
});

/** Values that a module leaves out, because they are defaults. */
const defaults: Readonly<Record<string, unknown>> = {
  method: "GET",
  selectRequired: true,
  writeDisposition: "append",
  selected: true,
};

/** A descriptor as plain data without defaults, empty values and hooks; functions by a placeholder. */
function toData(value: unknown, depth = 0): unknown {
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null || depth > 12) return value;
  if (Array.isArray(value))
    return value.filter((item) => !isHook(item)).map((item) => toData(item, depth + 1));
  if ("run" in value && "join" in value) return (value as Query).join(" ");
  const entries = Object.entries(value).map(([key, item]) => [key, toData(item, depth + 1)] as const);
  return Object.fromEntries(entries.filter(([key, item]) => !isEmpty(item) && defaults[key] !== item));
}

function isHook(item: unknown): boolean {
  return (item as { readonly type?: unknown } | null)?.type === "hook";
}

function isEmpty(item: unknown): boolean {
  if (item === undefined) return true;
  return typeof item === "object" && item !== null && Object.keys(item).length === 0;
}

/** Reads the only resource of a spec from a body, once. */
async function readFrom(body: unknown, changes: Parameters<typeof specWith>[0]): Promise<unknown[]> {
  const source = toLiveSource(buildSource(await specOf(specWith(changes))));
  const reader = runtime.createReader(source, {
    fetch: async () => Promise.resolve(new Response(JSON.stringify(body))),
    retry: { maxRetries: 0 },
  });
  const [resource] = Object.values(source.resources);
  return await reader.read(resource as runtime.Resource<object, object>, {}).toArray();
}

describe("selectors", () => {
  const items = [{ id: "ab" }, { id: "cd" }, { id: "é" }];

  it.each([
    ["items[*]", items],
    ["items[1:]", items.slice(1)],
    ["items[?@.id =~ '^a']", items.slice(0, 1)],
    [String.raw`items[?@.id =~ '^\\w$']`, items.slice(2)],
  ])("%s finds records", async (data_selector, want) => {
    expect(await readFrom({ items }, { endpoint: { data_selector } })).toEqual(want);
  });

  it("find values in steps, actions and paginators", async () => {
    const endpoint = {
      paginator: { type: "cursor", cursor_path: "meta.next[?@.rel =~ 'next'].token" },
      response_actions: [{ json_path: "meta.state", equals: "gone", action: "ignore" }],
    };
    const resource = { processing_steps: [{ where: [{ field: "id", op: "ne", value: "cd" }] }] };
    const body = { items, meta: { next: [], state: "here" } };
    expect(await readFrom(body, { endpoint, resource })).toEqual([items[0], items[2]]);
    expect(await readFrom({ items, meta: { state: "gone" } }, { endpoint, resource })).toEqual([]);
  });
});

describe("data that looks like a selector stays data", () => {
  const lookalike = { selector: ["a"], object: { selector: ["b"] } };
  const changes = {
    resource: { processing_steps: [{ add: { label: lookalike } }] },
    endpoint: {
      method: "POST",
      json: { query: lookalike, selector: ["c"] },
      response_actions: [{ json_path: "state", equals: lookalike, action: "ignore" as const }],
    },
  };

  it("in a live source", async () => {
    expect(await readFrom({ items: [{ id: 1 }] }, changes)).toEqual([{ id: 1, label: lookalike }]);
    expect(await readFrom({ items: [{ id: 1 }], state: lookalike }, changes)).toEqual([]);
  });

  it("in a module", async () => {
    const module = await printSource(buildSource(await specOf(specWith(changes))));
    const text = module.replaceAll(/\s+/g, " ");
    expect(text).toContain('label: { selector: ["a"], object: { selector: ["b"] } }');
    expect(text).toContain('equals: { selector: ["a"], object: { selector: ["b"] } }');
    expect(text).toContain('selector: ["c"]');
    expect(text).toContain('path: ["state"]');
  });
});

it("refuses a factory that the runtime does not export", async () => {
  const source = buildSource(await specOf(specWith()));
  const resources = source.resources.map((each) => ({
    ...each,
    paginator: { ...each.paginator, factory: "magic" },
  }));
  expect(() => toLiveSource({ ...source, resources })).toThrow("the runtime exports no magic");
});
