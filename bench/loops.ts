import http, { type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { ReadTask } from "./read-task.js";
import { createPage, pageSize, type BenchRecord } from "./records.js";
import type { Tally } from "./tally.js";

interface Body {
  readonly items: readonly BenchRecord[];
}

const headers = { accept: "application/json", "x-api-key": "any" };

/** A loop over one connection of undici, the library that `fetch` uses on Node. */
export async function readByUndici({ baseUrl }: ReadTask, tally: Tally): Promise<void> {
  const { origin, pathname } = new URL(baseUrl);
  const { Client } = await import("undici");
  const client = new Client(origin);
  await readPages(tally, async (page) => {
    const path = `${pathname}/records?page=${page}&limit=${pageSize}`;
    const { body } = await client.request({ method: "GET", path, headers });
    return (await body.json()) as Body;
  });
  await client.close();
}

/** A loop over `node:http` with a persistent connection: the limit for programs that use this module. */
export async function readByNodeHttp({ baseUrl }: ReadTask, tally: Tally): Promise<void> {
  const agent = new http.Agent({ keepAlive: true });
  const get = (page: number): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const url = `${baseUrl}/records?page=${page}&limit=${pageSize}`;
      http.get(url, { agent, headers }, resolve).on("error", reject);
    });
  await readPages(tally, async (page) => {
    const parts: Buffer[] = [];
    for await (const part of await get(page)) parts.push(part as Buffer);
    return JSON.parse(Buffer.concat(parts).toString()) as Body;
  });
  agent.destroy();
}

/** A loop over a plain socket that supports only this server: no HTTP client can be faster. */
export async function readBySocket({ baseUrl }: ReadTask, tally: Tally): Promise<void> {
  const { hostname, port, host, pathname } = new URL(baseUrl);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const read = createBodyReader(socket);
  await readPages(tally, async (page) => {
    const target = `${pathname}/records?page=${page}&limit=${pageSize}`;
    socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nX-Api-Key: any\r\n\r\n`, "latin1");
    return JSON.parse((await read()).toString()) as Body;
  });
  socket.destroy();
}

/** Returns the function that waits for the next body. The header of the response holds its length. */
function createBodyReader(socket: Socket): () => Promise<Buffer> {
  let parts: Buffer[] = [];
  let received = 0;
  let wanted = Infinity;
  let start = 0;
  let resolve: (body: Buffer) => void = () => undefined;
  socket.on("data", (part) => {
    parts.push(part);
    received += part.length;
    if (wanted === Infinity) {
      const head = Buffer.concat(parts);
      const end = head.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(head.toString("latin1", 0, Math.max(0, end)))?.[1];
      if (length === undefined) return;
      start = end + 4;
      wanted = start + Number(length);
    }
    if (received < wanted) return;
    const body = Buffer.concat(parts).subarray(start, wanted);
    parts = [];
    received = 0;
    wanted = Infinity;
    resolve(body);
  });
  return () =>
    new Promise((fulfil, reject) => {
      resolve = fulfil;
      socket.once("error", reject);
    });
}

/** Loads the library only for this loop, so it does not count as memory of the others. */
export async function prepareUndici(): Promise<void> {
  await import("undici");
}

let bodies: readonly Buffer[] = [];

/** Creates the bodies that `parseOnly` parses. */
export function prepareBodies({ pages }: ReadTask): void {
  bodies = Array.from({ length: pages }, (_, index) => Buffer.from(createPage(index + 1)));
}

/** Only decodes and parses the bodies, without a network: the limit for any client. */
export async function parseOnly(_task: ReadTask, tally: Tally): Promise<void> {
  await readPages(tally, (page) => {
    const body = bodies[page - 1];
    return Promise.resolve(body ? (JSON.parse(body.toString()) as Body) : { items: [] });
  });
}

/** Reads pages until one is empty. */
async function readPages(tally: Tally, get: (page: number) => Promise<Body>): Promise<void> {
  for (let page = 1; ; page++) {
    const { items } = await get(page);
    if (items.length === 0) return;
    for (const record of items) {
      tally.records++;
      tally.sum += record.score;
    }
  }
}
