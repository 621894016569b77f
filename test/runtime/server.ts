import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A request that the server received. */
export interface Seen {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** `performance.now()` on arrival. */
  readonly at: number;
  /** `performance.now()` at the end of the response; `undefined` before. */
  answered?: number;
  /** Whether the client closed the connection before the end of the response. */
  isAborted: boolean;
}

/** A server on loopback that records its requests. */
export interface TestServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Connections that are open now. */
  readonly connections: () => number;
}

export type Handler = (request: Seen, response: ServerResponse) => void;

/** Starts a server for one test; it is closed, with all its connections, after the test. */
export async function serve(handle: Handler): Promise<TestServer> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const entry = look(request);
    seen.push(entry);
    response.on("finish", () => (entry.answered = performance.now()));
    response.on("close", () => (entry.isAborted = !response.writableFinished));
    handle(entry, response);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, connections: () => sockets.size };
}

function look({ method = "", url = "", headers }: IncomingMessage): Seen {
  const [path = "", query = ""] = url.split("?", 2);
  return {
    method,
    url,
    path,
    query: new URLSearchParams(query),
    headers,
    at: performance.now(),
    isAborted: false,
  };
}

/** Responds with a status, text and headers, and the correct length. */
export function answer(
  response: ServerResponse,
  status: number,
  {
    body = "",
    headers = {},
  }: { body?: string | Uint8Array; headers?: Readonly<Record<string, string>> } = {},
): void {
  response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

/** The headers of a JSON body. */
export const jsonType = { "content-type": "application/json" };

/** Responds with status 200 and JSON. */
export function answerJson(response: ServerResponse, body: unknown): void {
  answer(response, 200, { body: JSON.stringify(body), headers: jsonType });
}

/** Waits until a condition is true; fails after ten seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ten seconds in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
