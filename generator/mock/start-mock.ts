import { setMaxListeners } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { SourceIr } from "../ir/source-ir.js";
import { compileApi, type Api, type Endpoint } from "./api.js";
import { createSampler } from "./data/sampler.js";
import { createFaultPlan } from "./fault-plan.js";
import { compileRecords, type MakeRecord } from "./data/records.js";
import type { Mock, MockOptions } from "./mock.js";
import { mountPath } from "./routes.js";
import { createHandler } from "./serve.js";
import { createCounter } from "./stats.js";
import { parseTemplate } from "./template.js";

/**
 * Starts a server for the APIs of the sources, over HTTP on 127.0.0.1, with generated records. If there are several
 * sources, the first path segment is the name of the source. Rejects if the port is in use or the mock does not support
 * a source.
 */
export async function startMock(sources: readonly SourceIr[], options: MockOptions = {}): Promise<Mock> {
  const {
    port = 0,
    records = 1000,
    latency = 0,
    faults = [],
    seed = 1,
    secrets = {},
    edit,
    onMismatch,
    onRequest,
  } = options;
  const duplicate = sources.find(
    ({ name }, index) => sources.findIndex((other) => other.name === name) < index,
  );
  if (duplicate) throw new Error(`two specs have the name ${duplicate.name}: change "name" in one of them`);
  const sampler = await createSampler();
  const recordsOf = (source: SourceIr): ReadonlyMap<string, MakeRecord> =>
    compileRecords(source, {
      seed,
      sampler,
      onMismatch: (resource, problem) =>
        onMismatch?.(`${source.name}.${resource}: the mock has no records that match the schema: ${problem}`),
    });
  const api = compileApi(sources, recordsOf, { records, secrets, edit });
  // Most schemas that no record matches show with the first one.
  if (records > 0) for (const { record } of api.endpoints) record(0);
  const counter = createCounter(api.endpoints);
  const closing = new AbortController();
  // Each delayed response adds a listener.
  setMaxListeners(0, closing.signal);
  const server = createServer(
    createHandler({
      api,
      counter,
      plan: createFaultPlan(faults),
      latency,
      signal: closing.signal,
      onRequest,
    }),
  );
  // Closing idle connections would cause unwanted failures.
  server.keepAliveTimeout = 0;
  const origin = `http://127.0.0.1:${await listen(server, port)}`;
  const urls = Object.fromEntries(sources.map((source) => [source.name, origin + mountUrl(source, sources)]));

  return {
    url: urls[sources[0]?.name ?? ""] ?? origin,
    urls,
    stats: counter.read,
    expected: (source, resource) => find(api, source, resource).count,
    record: (source, resource, index) => find(api, source, resource).record(index),
    close: () => {
      closing.abort();
      return close(server);
    },
  };
}

/** Returns the path of a source. Placeholders of config values become their names, because the mock accepts any value. */
function mountUrl(source: SourceIr, sources: readonly SourceIr[]): string {
  return parseTemplate(mountPath(source, sources.length === 1))
    .map((piece) => ("text" in piece ? piece.text : piece.name.replace(/^config\./, "")))
    .join("");
}

function find(api: Api, source: string, resource: string): Endpoint {
  const found = api.endpoints.find((one) => one.source.name === source && one.resource.name === resource);
  if (!found) throw new Error(`the mock server has no resource ${source}.${resource}`);
  return found;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE" ? new Error(`port ${port} on 127.0.0.1 is in use`, { cause }) : cause,
      );
    });
    server.listen(port, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
