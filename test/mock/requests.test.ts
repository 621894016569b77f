import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createReader, type JsonObject, type Resource } from "@connector-gen/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSource } from "../../generator/ir/build.js";
import { toLiveSource } from "../../generator/live/live-source.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { specOf } from "../spec/parse-text.js";
import { root } from "../support/paths.js";

/** Reads every resource of a case's spec from the mock server, with the client that its module would be. */
describe.each(["page-requests", "state-and-jobs"])("the mock server serves the case %s", (name) => {
  const spec = JSON.parse(readFileSync(join(root, "test/cases", name, "spec.json"), "utf8")) as {
    readonly resources: readonly JsonObject[];
  };
  let mock: Awaited<ReturnType<typeof startMock>> | undefined;
  let read: (resource: string) => Promise<readonly unknown[]>;

  beforeAll(async () => {
    const source = buildSource(await specOf(spec));
    mock = await startMock([source], { records: 7 });
    const live = toLiveSource(source);
    const client = createReader(live, { baseUrl: mock.url, retry: { maxRetries: 0 } });
    read = (resource) => {
      const shape = live.resources[resource] as Resource<unknown, object>;
      const inputs = Object.entries(shape.params ?? {}).filter(([, place]) => place === "path");
      return client.read(shape, Object.fromEntries(inputs.map(([key]) => [key, "x"]))).toArray({ max: 40 });
    };
  });
  afterAll(() => mock?.close());

  it.each(spec.resources.map((resource) => resource["name"] as string))("%s", async (resource) => {
    expect((await read(resource)).length).toBeGreaterThan(1);
  });
});
