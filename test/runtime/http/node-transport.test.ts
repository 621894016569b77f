import { getEventListeners } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createReader,
  singlePage,
  type ClientOptions,
  type Resource,
  type Source,
} from "../../../runtime/src/node.js";

import { nodeTransport } from "../../../runtime/src/http/node-transport.js";

const body = JSON.stringify({ data: [{ id: 1, name: "größe" }] });
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  vi.restoreAllMocks();
});

/** Serves with a script that is called for the n-th request. */
async function serve(answer: (response: ServerResponse, n: number) => void): Promise<string> {
  let n = 0;
  const server = createServer((_request, response) => answer(response, n++));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const rows: Resource<{ id: number }> = {
  name: "rows",
  path: "/rows",
  select: ["data"],
  paginator: singlePage(),
};

function read(baseUrl: string, options: ClientOptions = {}, signal?: AbortSignal): Promise<{ id: number }[]> {
  const source: Source = { name: "node", baseUrl, resources: { rows } };
  const reader = createReader(source, { retry: { backoffMs: 1, maxRetries: 2 }, ...options });
  return reader.read(rows, {}, signal ? { signal } : {}).toArray();
}

describe("the transport over node:http", () => {
  it("removes its listeners from the signal once the response is complete", async () => {
    const url = await serve((response) => response.end(body));
    const { signal } = new AbortController();
    const response = await nodeTransport().send({ method: "GET", url, headers: {}, signal: signal as never });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await response.text(1000);
    await vi.waitFor(() => expect(getEventListeners(signal, "abort")).toEqual([]));
  });

  it("rejects with the reason of a signal that has aborted, before and while it waits", async () => {
    const url = await serve(() => undefined);
    const reason = new Error("enough");
    const send = (signal: AbortSignal): Promise<unknown> =>
      nodeTransport().send({ method: "GET", url, headers: {}, signal: signal as never });
    await expect(send(AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = send(controller.signal);
    setTimeout(() => controller.abort(reason), 20);
    await expect(waiting).rejects.toBe(reason);
  });

  it.each([
    { encoding: "identity", bytes: Buffer.from(body) },
    { encoding: "gzip", bytes: gzipSync(body) },
    { encoding: "deflate", bytes: deflateSync(body) },
    { encoding: "br", bytes: brotliCompressSync(body) },
  ])("reads a body in $encoding", async ({ encoding, bytes }) => {
    const url = await serve((response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(bytes),
    );
    expect(await read(url)).toEqual([{ id: 1, name: "größe" }]);
  });

  it.each([
    {
      what: "a body shorter than announced",
      break: (r: ServerResponse) => breakOff(r, { "content-length": "999" }),
    },
    { what: "a chunked body that breaks off", break: (r: ServerResponse) => breakOff(r, {}) },
    {
      what: "a gzip body that breaks off, well framed",
      break: (r: ServerResponse) =>
        r.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(body).subarray(0, -12)),
    },
    { what: "a reset before any answer", break: (r: ServerResponse) => r.destroy() },
  ])("tries again after $what", async ({ break: breaks }) => {
    let requests = 0;
    const url = await serve((response, n) => {
      requests++;
      if (n === 0) breaks(response);
      else response.end(body);
    });
    expect(await read(url)).toEqual([{ id: 1, name: "größe" }]);
    expect(requests).toBe(2);
  });

  it("accepts a response without content, with any encoding in its header", async () => {
    const url = await serve((response) => response.writeHead(204, { "content-encoding": "gzip" }).end());
    expect(await read(url)).toEqual([]);
  });

  it("limits a compressed body by its decompressed size", async () => {
    const bomb = gzipSync(" ".repeat(1_000_000));
    const url = await serve((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    await expect(read(url, { maxBodyBytes: 100_000 })).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
  });

  it("rejects bodies that are not UTF-8 or too long", async () => {
    const broken = await serve((response) => response.end(Buffer.from([0x7b, 0xff])));
    await expect(read(broken)).rejects.toMatchObject({ name: "DecodeError", code: "NOT_UTF8" });
    const long = await serve((response) => response.end(body + " ".repeat(100_000)));
    await expect(read(long, { maxBodyBytes: 1000 })).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
  });

  it("names the reason when nobody listens", async () => {
    const url = await serve((response) => response.end(body));
    await new Promise<void>((resolve) => servers.splice(0)[0]?.close(() => resolve()));
    await expect(read(url)).rejects.toMatchObject({
      name: "NetworkError",
      message: expect.stringContaining("no response (ECONNREFUSED)") as string,
    });
  });

  it("hangs up when it is aborted in the middle of a body, and after a timeout", async () => {
    let closed = 0;
    const controller = new AbortController();
    const url = await serve((response) => {
      response.on("close", () => closed++);
      response.writeHead(200).write('{"data":');
      setTimeout(() => controller.abort(new Error("enough")), 50);
    });
    await expect(read(url, {}, controller.signal)).rejects.toThrow("enough");
    const slow = read(url, { timeoutMs: 2000, retry: { maxRetries: 0 } });
    await expect(slow).rejects.toMatchObject({ name: "TimeoutError" });
    await vi.waitFor(() => expect(closed).toBe(2), 10_000);
  });

  it("is not used with a fetch of the options or one that replaces the global", async () => {
    const answer = (): Promise<Response> =>
      Promise.resolve(new Response(JSON.stringify({ data: [{ id: 7 }] })));
    expect(await read("http://nowhere.invalid", { fetch: answer })).toEqual([{ id: 7 }]);
    vi.spyOn(globalThis, "fetch").mockImplementation(answer);
    expect(await read("http://nowhere.invalid")).toEqual([{ id: 7 }]);
  });
});

function breakOff(response: ServerResponse, headers: Record<string, string>): void {
  response.writeHead(200, headers).write(body.slice(0, 10), () => response.destroy());
}
