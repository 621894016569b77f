import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
  isHttpError,
  type Checkpoint,
  type ClientOptions,
  type ReadOptions,
  type RecordStream,
} from "@connector-gen/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { createAnalytics } from "../generated/analytics.js";
import { createLearningPlatform } from "../generated/learning-platform.js";
import { createLMS } from "../generated/lms.js";
import { createRestApi } from "../generated/rest-api.js";
import { createScheduling } from "../generated/scheduling.js";
import { loadSources } from "../generator/load-sources.js";
import type { SourceIr } from "../generator/ir/source-ir.js";
import { parseFaults } from "../generator/mock/faults.js";
import type { Mock } from "../generator/mock/mock.js";
import { startMock } from "../generator/mock/start-mock.js";
import { bundle } from "./runtime/processes.js";
import { root } from "./support/paths.js";

type Method = (params?: object, options?: ReadOptions) => RecordStream<unknown>;
type Factory = (options: ClientOptions & { readonly apiKey?: string }) => Readonly<Record<string, Method>>;

const secret = `c4nary/+"ä`;

/** The five integrations, each with its page size. */
const integrations: readonly { readonly name: string; readonly create: Factory; readonly size: number }[] = [
  { name: "learning-platform", create: createLearningPlatform as unknown as Factory, size: 100 },
  { name: "lms", create: createLMS as unknown as Factory, size: 100 },
  { name: "rest-api", create: createRestApi as unknown as Factory, size: 100 },
  { name: "scheduling", create: createScheduling as unknown as Factory, size: 100 },
  { name: "analytics", create: createAnalytics as unknown as Factory, size: 250 },
];

async function sourceOf(name: string): Promise<SourceIr> {
  const { sources } = await loadSources([join(root, "specs", `${name}.json`)]);
  const [loaded] = sources;
  if (!loaded) throw new Error(`${name} has errors`);
  return loaded.source;
}

/** Starts a mock, runs, and closes it. */
async function withMock<T>(
  source: SourceIr,
  { records, fault = "" }: { records: number; fault?: string },
  run: (mock: Mock) => Promise<T>,
): Promise<T> {
  const parsed = parseFaults(fault);
  if ("problem" in parsed) throw new Error(parsed.problem);
  const mock = await startMock([source], { records, faults: parsed.faults });
  try {
    return await run(mock);
  } finally {
    await mock.close();
  }
}

function expectedRecords(mock: Mock, source: SourceIr, resource: string): readonly unknown[] {
  const count = mock.expected(source.name, resource);
  return Array.from({ length: count }, (_, index) => mock.record(source.name, resource, index));
}

const quick = { retry: { backoffMs: 1 } };

describe.each(integrations)("$name", ({ name, create, size }) => {
  let source: SourceIr;

  beforeAll(async () => {
    source = await sourceOf(name);
  });

  it("reads every record of every resource once, in order", async () => {
    await withMock(source, { records: size * 2 + 7 }, async (mock) => {
      const client = create({ baseUrl: mock.url, apiKey: secret });
      for (const resource of source.resources) {
        const records = await client[resource.names.method]?.().toArray();
        expect(records).toEqual(expectedRecords(mock, source, resource.name));
      }
    });
  });

  it("sends its key where the spec says, and nothing without one", async () => {
    await withMock(source, { records: 1 }, async (mock) => {
      const [resource] = source.resources;
      const read = create({ baseUrl: mock.url })[resource?.names.method ?? ""]?.().toArray();
      await expect(read).rejects.toMatchObject({ name: "AuthError", code: "MISSING_SECRET" });
      expect(mock.stats()).toMatchObject({ [name]: { [resource?.name ?? ""]: { requests: 0 } } });
    });
  });

  it("ends with a logged HttpError without a secret when the API stays down", async () => {
    await withMock(source, { records: 10, fault: "503*99" }, async (mock) => {
      const logged: string[] = [];
      const logger = {
        warn: (line: string) => logged.push(line),
        error: (line: string) => logged.push(line),
      };
      const client = create({
        baseUrl: mock.url,
        apiKey: secret,
        retry: { backoffMs: 1, maxRetries: 4 },
        logger,
      });
      const resource = source.resources[0];
      const error: unknown = await client[resource?.names.method ?? ""]?.()
        .toArray()
        .catch((thrown: unknown) => thrown);
      expect(isHttpError(error) && error.message).toMatch(
        new RegExp(
          `^${name}\\.${resource?.name ?? ""} page 1: 503 Service Unavailable: "injected fault" after 5 attempts: GET http://127`,
        ),
      );
      expect(isHttpError(error) && error.attempts).toHaveLength(5);
      expect(logged.at(-1)).toBe(isHttpError(error) && error.message);
      const text =
        JSON.stringify([error, logged]) + (isHttpError(error) ? `${error.message}${error.stack ?? ""}` : "");
      for (const spelling of [secret, encodeURIComponent(secret), "c4nary"])
        expect(text).not.toContain(spelling);
    });
  });
});

describe.each([integrations[4], integrations[1]])("faults against $name", (integration) => {
  const faults = ["429:0", "429:date", "500", "502", "503", "504", "reset", "truncate", "truncate-json"];
  const places = ["first", "middle", "last"];
  const rows = faults.flatMap((fault) => places.map((place) => ({ fault, place })));

  it.each(rows)("$fault on the $place page: all records once, in order", async ({ fault, place }) => {
    if (!integration) throw new Error("missing");
    const source = await sourceOf(integration.name);
    const [resource] = source.resources;
    await withMock(
      source,
      { records: integration.size * 4 + 3, fault: `${fault}@${place}` },
      async (mock) => {
        const client = integration.create({ baseUrl: mock.url, apiKey: secret, ...quick });
        const records = await client[resource?.names.method ?? ""]?.().toArray();
        expect(records).toEqual(expectedRecords(mock, source, resource?.name ?? ""));
      },
    );
  });
});

/** Reads orders in a separate process, from a checkpoint up to a page, and prints their ids and the last checkpoint. */
const readProgram = `
  const [client, baseUrl, from, pages] = process.argv.slice(1);
  const { createAnalytics } = await import(client);
  const analytics = createAnalytics({ baseUrl, apiKey: "k" });
  const ids = [];
  let checkpoint = null;
  for await (const page of analytics.orders(from ? { from: JSON.parse(from) } : {}).pages()) {
    ids.push(...page.records.map((record) => record.id));
    checkpoint = page.checkpoint;
    if (page.number === Number(pages)) break;
  }
  console.log(JSON.stringify({ ids, checkpoint }));`;

describe("a resource without parameters in JavaScript", () => {
  it("takes its options after an empty object, too, and no parameters", async () => {
    const source = await sourceOf("analytics");
    await withMock(source, { records: 600 }, async (mock) => {
      const { courses } = createAnalytics({ baseUrl: mock.url, apiKey: "any" }) as unknown as {
        readonly courses: Method;
      };
      expect(await courses({}, { maxPages: 1 }).toArray()).toHaveLength(250);
      expect(await courses(undefined, { maxPages: 1 }).toArray()).toHaveLength(250);
      expect(await courses({ maxPages: 1 }, undefined).toArray()).toHaveLength(250);
      const signal = AbortSignal.abort(new Error("stopped"));
      await expect(courses({}, { signal }).toArray()).rejects.toThrow("stopped");
      await expect(courses({ signal }, { maxPages: 1 }).toArray()).rejects.toMatchObject({
        code: "INVALID_PARAMS",
        message: expect.stringContaining("unknown parameter `signal`") as string,
      });
    });
  });
});

describe("a read that is broken off", () => {
  it("continues in another process from its checkpoint with exactly the remaining records", async () => {
    const source = await sourceOf("analytics");
    const { file } = await bundle(join(root, "generated/analytics.ts"));
    await withMock(source, { records: 1300 }, async (mock) => {
      const run = async (
        ...args: readonly string[]
      ): Promise<{ ids: readonly number[]; checkpoint: Checkpoint }> => {
        const { stdout } = await promisify(execFile)(process.execPath, [
          ...["--input-type=module", "-e", readProgram, pathToFileURL(file).href, mock.url],
          ...args,
        ]);
        return JSON.parse(stdout) as { ids: readonly number[]; checkpoint: Checkpoint };
      };
      const first = await run("", "3");
      expect(first.ids).toHaveLength(750);
      const second = await run(JSON.stringify(first.checkpoint), "99");
      expect(second.ids).toHaveLength(550);
      const all = expectedRecords(mock, source, "orders").map(
        (record) => (record as { readonly id: number }).id,
      );
      expect([...first.ids, ...second.ids]).toEqual(all);
      expect(second.checkpoint.position).toBeNull();
    });
  });
});
