import http, { Agent, createServer } from "node:http";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { singlePage } from "../../../runtime/src/index.js";
import { createReader } from "../../../runtime/src/node.js";
import { root } from "../../support/paths.js";
import { serve, type TestServer } from "../server.js";

const { fetch: nativeFetch } = globalThis;
const dispatcherKey = Symbol.for("undici.globalDispatcher.1");
const globals = globalThis as unknown as Record<symbol, unknown>;

// Any use of Node's own `fetch` leaves a dispatcher behind.
await (await nativeFetch("data:,x")).text();
const ownDispatcher = globals[dispatcherKey];

afterEach(() => {
  globalThis.fetch = nativeFetch;
  globals[dispatcherKey] = ownDispatcher;
});

/** A server with one item, and a function that reads it. */
async function start(): Promise<TestServer & { read: () => Promise<unknown[]> }> {
  const server = await serve((_, response) => response.end('{"items":[{"id":"real"}]}'));
  const items = { name: "items", path: "/items", select: ["items"], paginator: singlePage() };
  const reader = createReader(
    { name: "shop", baseUrl: server.url, resources: { items } },
    { retry: { maxRetries: 0 } },
  );
  return { ...server, read: () => reader.read(items, {}).toArray() };
}

const mock = (): Promise<Response> => Promise.resolve(new Response('{"items":[{"id":"mock"}]}'));

describe("what stands in for the network", () => {
  it("is nothing by default: requests go through node:http, with a user agent", async () => {
    const { read, seen } = await start();
    expect(ownDispatcher).toBeDefined();
    expect(await read()).toEqual([{ id: "real" }]);
    const { version } = JSON.parse(readFileSync(join(root, "runtime/package.json"), "utf8")) as {
      version: string;
    };
    expect(seen[0]?.headers["user-agent"]).toBe(`connector-gen/${version}`);
  });

  it.each([
    ["a function", () => mock],
    ["a proxy", () => new Proxy(nativeFetch, { apply: mock })],
    ["a bound function", () => mock.bind(undefined)],
  ])("is %s that replaced `fetch`, before or after the client was created", async (_, create) => {
    const { read, seen } = await start();
    globalThis.fetch = create();
    expect(await read()).toEqual([{ id: "mock" }]);
    globalThis.fetch = nativeFetch;
    expect(await read()).toEqual([{ id: "real" }]);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ["MockAgent", {}],
    ["EnvHttpProxyAgent", {}],
    ["Agent", { connect: { ca: "a certificate" } }],
    ["Agent", { connections: 1 }],
  ])("is a dispatcher of undici: %s with %o", async (name, settings) => {
    const { read, seen } = await start();
    globals[dispatcherKey] = {
      constructor: { name },
      [Symbol("options")]: settings,
      dispatch: () => {
        throw new Error("dispatched");
      },
    };
    await expect(read()).rejects.toThrow("dispatched");
    expect(seen).toEqual([]);
  });

  it("is a replaced `http.request`, as nock installs it", async () => {
    const { read } = await start();
    const { request } = http;
    const urls: unknown[] = [];
    http.request = ((url: string, ...rest: [never, never]) => {
      urls.push(url);
      return request(url, ...rest);
    }) as typeof request;
    try {
      await read();
    } finally {
      http.request = request;
    }
    expect(urls).toEqual([expect.stringMatching(/\/items$/)]);
  });

  it("is a replaced global agent, such as one that connects to a proxy", async () => {
    const { read, seen } = await start();
    const proxy = createServer((_, response) => response.end('{"items":[{"id":"proxied"}]}'));
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    class ProxyAgent extends Agent {
      override createConnection(options: object, done: never): ReturnType<Agent["createConnection"]> {
        return super.createConnection({ ...options, host: "127.0.0.1", port }, done);
      }
    }
    const { globalAgent } = http;
    http.globalAgent = new ProxyAgent();
    try {
      expect(await read()).toEqual([{ id: "proxied" }]);
    } finally {
      http.globalAgent = globalAgent;
      proxy.closeAllConnections();
      proxy.close();
    }
    expect(seen).toEqual([]);
  });
});
