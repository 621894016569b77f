import { setMaxListeners } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonIr, SourceIr } from "../ir/source-ir.js";
import { compileApi, type Api, type Endpoint } from "./api.js";
import type { Secrets } from "./credentials.js";
import { createDice } from "./data/dice.js";
import { createFaultPlan } from "./fault-plan.js";
import type { FaultSpec } from "./faults.js";
import { compileRecords } from "./data/records.js";
import { mountPath } from "./routes.js";
import { createHandler, type MockRequest } from "./serve.js";
import { createCounter, type MockStats } from "./stats.js";
import { parseTemplate } from "./template.js";

/** How the mock server is to behave. */
export interface MockOptions {
  /** The port on 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  /** Records per resource. Default 1000. */
  readonly records?: number;
  /** Milliseconds before every answer. Default 0. */
  readonly latency?: number;
  /** What goes wrong in front of good answers: see `parseFaults`. */
  readonly faults?: readonly FaultSpec[];
  /** Same seed, same records. Default 1. */
  readonly seed?: number;
  /** The secrets' values by name; a secret that is not named here may have any value but an empty one. */
  readonly secrets?: Secrets;
  /** Told of every request; credentials are masked. */
  readonly onRequest?: (request: MockRequest) => void;
}

/** A running mock server. */
export interface Mock {
  /** The base URL of the first source, for the `baseUrl` of its client. */
  readonly url: string;
  /** The base URLs of all sources by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** What was asked for and sent so far. */
  stats(): MockStats;
  /** How many records a resource has. */
  expected(source: string, resource: string): number;
  /** The record that the server serves at an index of a resource's list. */
  record(source: string, resource: string, index: number): JsonIr;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a server that answers for the APIs of the sources, over HTTP on 127.0.0.1, with made-up records. Several
 * sources are told apart by their names as the first path segment. Rejects when the port is taken or a source has
 * something that the mock cannot play.
 */
export async function startMock(sources: readonly SourceIr[], options: MockOptions = {}): Promise<Mock> {
  const { port = 0, records = 1000, latency = 0, faults = [], seed = 1, secrets = {}, onRequest } = options;
  const twin = sources.find(({ name }, at) => sources.findIndex((other) => other.name === name) < at);
  if (twin) throw new Error(`two sources have the name ${twin.name}`);
  const dice = await createDice();
  const api = compileApi(sources, (source) => compileRecords(source, seed, dice), { records, secrets });
  const counter = createCounter(api.endpoints);
  const closing = new AbortController();
  // One listener for every answer that waits.
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
  // A server that drops idle connections on its own adds failures that nobody asked for.
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

/** A source's path, with the names of config values where the base URL has placeholders: the mock takes any value. */
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
        cause.code === "EADDRINUSE" ? new Error(`port ${port} of 127.0.0.1 is in use`, { cause }) : cause,
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
