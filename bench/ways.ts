import type { RecordStream } from "@connector-gen/runtime";
import { pageSize, type BenchRecord } from "./records.js";
import {
  parseOnly,
  prepareBodies,
  prepareUndici,
  readByNodeHttp,
  readBySocket,
  readByUndici,
} from "./loops.js";
import type { ReadTask, Way } from "./read-task.js";
import type { Tally } from "./tally.js";

/** Reads all pages into a tally. Awaits `afterPage` after each page, if it is given. */
export type ReadLoop = (task: ReadTask, tally: Tally, afterPage?: () => Promise<void>) => Promise<void>;

/** The loops that are compared. */
export const ways: Readonly<Record<Way, ReadLoop>> = {
  "by-hand": readByHand,
  "for-await": readRecords,
  "for-await-fetch": readRecords,
  pages: readPages,
  undici: readByUndici,
  "node-http": readByNodeHttp,
  socket: readBySocket,
  parse: parseOnly,
};

/** Preparations of loops, which are not measured. */
export const preparations: { readonly [K in Way]?: (task: ReadTask) => void | Promise<void> } = {
  parse: prepareBodies,
  undici: prepareUndici,
};

/** The loop of a careful developer for this API: no retries, no timeout, no checks of the response. */
async function readByHand(
  { baseUrl }: ReadTask,
  tally: Tally,
  afterPage?: () => Promise<void>,
): Promise<void> {
  for (let page = 1; ; page++) {
    const response = await fetch(`${baseUrl}/records?page=${page}&limit=${pageSize}`, {
      headers: { accept: "application/json", "x-api-key": "any" },
    });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    const { items } = (await response.json()) as { readonly items: readonly BenchRecord[] };
    if (items.length === 0) return;
    for (const record of items) {
      tally.records++;
      tally.sum += record.score;
    }
    if (afterPage) await afterPage();
  }
}

async function readRecords(task: ReadTask, tally: Tally, afterPage?: () => Promise<void>): Promise<void> {
  for await (const record of await openStream(task)) {
    tally.records++;
    tally.sum += record.score;
    if (afterPage && tally.records % pageSize === 0) await afterPage();
  }
}

async function readPages(task: ReadTask, tally: Tally, afterPage?: () => Promise<void>): Promise<void> {
  for await (const { records } of (await openStream(task)).pages()) {
    for (const record of records) {
      tally.records++;
      tally.sum += record.score;
    }
    if (afterPage && records.length > 0) await afterPage();
  }
}

/** The part of the generated module that this program uses. The module is generated while the bench runs. */
interface BenchModule {
  readonly createBench: (options: {
    readonly baseUrl: string;
    readonly apiKey: string;
    readonly readAhead?: boolean;
    readonly fetch?: typeof fetch;
  }) => { readonly records: () => RecordStream<BenchRecord> };
}

async function openStream({ client, baseUrl, readAhead, way }: ReadTask): Promise<RecordStream<BenchRecord>> {
  const { createBench } = (await import(client)) as BenchModule;
  return createBench({
    baseUrl,
    apiKey: "any",
    ...(readAhead !== undefined && { readAhead }),
    ...(way === "for-await-fetch" && { fetch: globalThis.fetch }),
  }).records();
}
