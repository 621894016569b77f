import http, { type IncomingMessage } from "node:http";
import { Client } from "undici";
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
  const client = new Client(origin);
  await readPages(tally, async (page) => {
    const path = `${pathname}/records?page=${page}&limit=${pageSize}`;
    const { body } = await client.request({ method: "GET", path, headers });
    return (await body.json()) as Body;
  });
  await client.close();
}

/** A loop over `node:http` with a connection that stays open: as fast as a program with this module can be. */
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
