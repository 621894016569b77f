import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../support/command.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";
import { childShapes } from "./shapes/children.js";
import { serveShape, type Item } from "./shapes/shape.js";

let folder = "";

beforeAll(() => {
  // Inside the repository, so that generated modules find the runtime.
  mkdirSync(join(root, ".scratch"), { recursive: true });
  folder = mkdtempSync(join(root, ".scratch/children-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Resource {
  readonly name: string;
  readonly schema?: unknown;
}

type Client = Readonly<Record<string, () => { toArray(): Promise<readonly Item[]> }>>;

describe("add finds the records, paging and key of children:", () => {
  let count = 0;

  it.each(childShapes)(
    "$name",
    async ({ reply, parents, endpoint, parentKey, path, want, records, requests = 8 }) => {
      const name = `child${(count += 1)}`;
      const server = await serveShape({ reply, items: { all: [], schema: {} } } as never);
      const client = { base_url: server.url };
      const parent = {
        name: parents.slice(1),
        primary_key: parentKey,
        endpoint: { path: parents, ...endpoint },
      };
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ name, client, resources: [parent] }));
      const run = await runCommand(["add", `${name}.json`, path, "--yes"], { cwd: folder });
      expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 0 });
      const asked = server.seen.filter((each) => each.path !== parents);
      expect(asked.length).toBeLessThanOrEqual(requests);

      const written = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as {
        readonly resources: readonly Resource[];
      };
      const { name: added, schema, ...rest } = written.resources[1] as Resource;
      expect(schema).toMatchObject({ type: "object" });
      expect(rest).toEqual(want);

      const module = await loadModule(join(folder, `generated/${name}.ts`));
      const create = module[`createChild${name.slice(5)}`] as () => Client;
      expect(await create()[added]?.().toArray()).toEqual(records);
    },
  );
});
