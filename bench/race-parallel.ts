// Reads pages in parallel with each loop, one loop after the other, round by round, and prints the seconds of each.
import type { RecordStream } from "@connector-gen/runtime";
import { pageSize, smallPageSize, type BenchRecord } from "./records.js";
import type { ParallelFigures, ParallelTask } from "./parallel.js";

/** The part of the generated module that this program uses. */
interface BenchModule {
  readonly createBench: (options: { readonly baseUrl: string; readonly apiKey: string }) => {
    readonly countedRecords: (options?: { readonly concurrency: number }) => RecordStream<BenchRecord>;
    readonly smallPages: (options?: { readonly concurrency: number }) => RecordStream<BenchRecord>;
  };
}

/** Reads everything, and returns the number of records. */
type Loop = () => Promise<number>;

const { client, small, large, rounds } = JSON.parse(process.argv[2] ?? "") as ParallelTask;
const { createBench } = (await import(client)) as BenchModule;
const reads = 11;

const one: Readonly<Record<string, Loop>> = {
  "fetch, one page after the other": () => readByHand(small, smallPageSize, 1),
  "fetch, 16 in flight by hand": () => readByHand(small, smallPageSize, 16),
  "generated, concurrency 1": () => readStream(createBench(optionsOf(small)).smallPages({ concurrency: 1 })),
  "generated, by default": () => readStream(createBench(optionsOf(small)).smallPages()),
};

const many: Readonly<Record<string, Loop>> = {
  "fetch, one page after the other": () => atOnce(() => readByHand(large, pageSize, 1)),
  "fetch, 4 in flight each by hand": () => atOnce(() => readByHand(large, pageSize, 4)),
  "generated, concurrency 1": () => readMany({ concurrency: 1 }),
  "generated, by default": () => readMany(),
};

console.log(
  JSON.stringify({
    one: await race(one, small.pages * smallPageSize),
    many: await race(many, large.pages * pageSize * reads),
  } satisfies ParallelFigures),
);

/** Seconds by loop and round. Each round begins with another loop. The first round is a warm-up and does not count. */
async function race(
  loops: Readonly<Record<string, Loop>>,
  expected: number,
): Promise<ParallelFigures["one"]> {
  const names = Object.keys(loops);
  const seconds: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let index = 0; index < names.length; index++) {
      const name = names[(index + round) % names.length] ?? "";
      const started = performance.now();
      const records = await loops[name]?.();
      if (records !== expected) throw new Error(`${name}: ${records} records, the server has ${expected}`);
      if (round > 0) seconds[name]?.push((performance.now() - started) / 1000);
    }
  }
  return seconds;
}

async function atOnce(read: Loop): Promise<number> {
  const counts = await Promise.all(Array.from({ length: reads }, read));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** All reads share one client, as resources of a source do. */
function readMany(options?: { readonly concurrency: number }): Promise<number> {
  const bench = createBench(optionsOf(large));
  return atOnce(() => readStream(bench.countedRecords(options)));
}

function optionsOf({ baseUrl }: ParallelTask["small"]): {
  readonly baseUrl: string;
  readonly apiKey: string;
} {
  return { baseUrl, apiKey: "any" };
}

async function readStream(stream: RecordStream<BenchRecord>): Promise<number> {
  let last = 0;
  let count = 0;
  for await (const { id } of stream) {
    if (id <= last) throw new Error("the records are not in order");
    last = id;
    count++;
  }
  return count;
}

/** The loop of a careful developer: a fixed number of pages in flight, with the records in order. */
async function readByHand(
  { baseUrl, pages }: ParallelTask["small"],
  limit: number,
  inFlight: number,
): Promise<number> {
  const get = async (page: number): Promise<readonly BenchRecord[]> => {
    const response = await fetch(`${baseUrl}/records?page=${page}&limit=${limit}`, {
      headers: { accept: "application/json", "x-api-key": "any" },
    });
    return ((await response.json()) as { readonly items: readonly BenchRecord[] }).items;
  };
  const queue: Promise<readonly BenchRecord[]>[] = [];
  let count = 0;
  let next = 1;
  while (next <= pages || queue.length > 0) {
    while (next <= pages && queue.length < inFlight) queue.push(get(next++));
    for (const { id } of (await queue.shift()) ?? []) if (id) count++;
  }
  return count;
}
