import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/command.js";
import { typeCheck } from "../support/compile.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";
import { eightShapes } from "./shapes/eight.js";
import { pagedShapes } from "./shapes/paged.js";
import { layoutShapes } from "./shapes/layouts.js";
import { openDataShapes } from "./shapes/open-data.js";
import { parameterShapes } from "./shapes/parameters.js";
import { publicShapes } from "./shapes/public.js";
import { serveShape, type Item, type Shape } from "./shapes/shape.js";
import { tokenShapes } from "./shapes/tokens.js";

const shapes = [
  ...[...eightShapes, ...pagedShapes, ...tokenShapes, ...publicShapes, ...openDataShapes],
  ...[...parameterShapes, ...layoutShapes],
];
let folder = "";
const modules: string[] = [];

beforeAll(() => {
  // Inside the repository, so that generated modules find the runtime.
  mkdirSync(join(root, ".scratch"), { recursive: true });
  folder = mkdtempSync(join(root, ".scratch/shapes-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Read {
  toArray(): Promise<readonly Item[]>;
}

interface WrittenSpec {
  readonly resources: readonly {
    readonly primary_key?: unknown;
    readonly endpoint: Readonly<Record<string, unknown>>;
    readonly schema?: unknown;
  }[];
}

describe("init <url> finds records, paging, key and fields of", () => {
  let count = 0;

  it.each(shapes)("$name", async (shape) => {
    const name = `shape${(count += 1)}`;
    const server = await serveShape(shape);
    const args = ["init", `${server.url}${shape.path}`, ...(shape.args ?? []), "--name", name, "--yes"];
    const run = await runCommand(args, { cwd: folder });
    const requests = server.seen.length;
    const spec = JSON.parse(readFileSync(join(folder, `specs/${name}.json`), "utf8")) as WrittenSpec;
    const [resource] = spec.resources;
    const { path: _path, data_selector: selector, ...endpoint } = resource?.endpoint ?? {};
    expect({ selector, endpoint, key: resource?.primary_key ?? null, schema: resource?.schema }).toEqual({
      selector: shape.selector,
      endpoint: shape.endpoint,
      key: shape.key === undefined ? null : shape.key,
      schema: shape.items.schema,
    });
    expect(run.code).toBe(0);
    expect(requests).toBeLessThanOrEqual(shape.requests ?? 3);
    modules.push(join(folder, `generated/${name}.ts`));
    expect(await readAll(name)).toEqual(expectedOf(shape));
  });

  it("and writes modules that compile", () => {
    expect(modules.length).toBeGreaterThan(0);
    expect(Object.fromEntries(typeCheck(modules))).toEqual({});
  });
});

/** Reads all records of the only resource with its generated client. */
async function readAll(name: string): Promise<readonly Item[]> {
  const module = await loadModule(join(folder, `generated/${name}.ts`));
  const create = module[`createShape${name.slice(5)}`] as () => Readonly<Record<string, () => Read>>;
  const [read] = Object.values(create());
  return (await read?.().toArray()) ?? [];
}

/** The records as the client returns them: big integers as text. */
function expectedOf({ items }: Shape): readonly Item[] {
  return items.all.map((each) =>
    Object.fromEntries(
      Object.entries(each).map(([key, value]) => [key, typeof value === "bigint" ? String(value) : value]),
    ),
  );
}
