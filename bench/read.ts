// Reads the server once with one loop in a fresh process, and prints the figures.
import { setTimeout as wait } from "node:timers/promises";
import { getHeapStatistics } from "node:v8";
import type { ReadFigures, ReadTask } from "./read-task.js";
import { pageSize } from "./records.js";
import type { Tally } from "./tally.js";
import { preparations, ways } from "./ways.js";

const task = JSON.parse(process.argv[2] ?? "") as ReadTask;
const { work = 0, watchedPages } = task;
const tally: Tally = { records: 0, sum: 0 };
const heap = { peak: 0, live: 0 };

if (isGenerated(task.way)) await import(task.client);
await preparations[task.way]?.(task);
const started = performance.now();
const before = process.cpuUsage();
await ways[task.way](task, tally, work > 0 || watchedPages ? afterPage : undefined);
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1e6;
const figures: ReadFigures = { ...tally, seconds, cpu, peakHeap: heap.peak, liveHeap: heap.live };
console.log(JSON.stringify(figures));

function isGenerated(way: ReadTask["way"]): boolean {
  return way.startsWith("for-await") || way === "pages";
}

async function afterPage(): Promise<void> {
  if (watchedPages) watchHeap(tally.records === watchedPages * pageSize);
  if (work > 0) await wait(work);
}

function watchHeap(isLast: boolean): void {
  heap.peak = Math.max(heap.peak, getHeapStatistics().used_heap_size);
  if (!isLast) return;
  globalThis.gc?.();
  heap.live = getHeapStatistics().used_heap_size;
}
