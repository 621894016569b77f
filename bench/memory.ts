import { generateClient } from "./generate-client.js";
import { pageSize } from "./records.js";
import type { Column, Context, Part, Row, Section, Target } from "./report.js";
import { runRead, type ReadOutcome } from "./run-read.js";
import { startServer, type BenchServer } from "./start-server.js";
import { median } from "./stats.js";
import { megabytes, plain, times } from "./units.js";

const sizes = [100, 1000, 4000] as const;
const rounds = 3;

/** Memory of the generated client as the number of pages grows. */
export const memory: Part = { name: "memory", run: measureMemory };

async function measureMemory(context: Context): Promise<readonly Section[]> {
  const client = await generateClient(context.scratch);
  const server = await startServer();
  try {
    const rows: MemoryRow[] = [];
    for (const pages of sizes) rows.push(await measurePages(pages, { ...context, client, server }));
    return [describe(rows)];
  } finally {
    await server.close();
  }
}

type Peaks = Pick<ReadOutcome, "peakRss" | "peakHeap" | "liveHeap">;

interface MemoryRow extends Peaks {
  readonly pages: number;
}

interface Bench extends Context {
  readonly client: string;
  readonly server: BenchServer;
}

async function measurePages(pages: number, { client, server, progress }: Bench): Promise<MemoryRow> {
  const outcomes: ReadOutcome[] = [];
  const baseUrl = server.urlOf(pages, 0);
  for (let round = 0; round < rounds; round++) {
    progress(`memory: ${pages} pages, round ${round + 1} of ${rounds}`);
    outcomes.push(await runRead({ way: "for-await", baseUrl, client, watchedPages: pages }, pages));
  }
  const middle = (key: keyof Peaks): number => median(outcomes.map((outcome) => outcome[key]));
  return { pages, peakRss: middle("peakRss"), peakHeap: middle("peakHeap"), liveHeap: middle("liveHeap") };
}

const columns: readonly Column[] = [
  { key: "pages", head: "pages", print: plain },
  { key: "records", head: "records", print: plain },
  { key: "liveHeap", head: "live heap", print: megabytes },
  { key: "liveGrowth", head: "×", print: times },
  { key: "peakHeap", head: "peak heap", print: megabytes },
  { key: "heapGrowth", head: "×", print: times },
  { key: "peakRss", head: "peak RSS", print: megabytes },
  { key: "rssGrowth", head: "×", print: times },
];

function describe(measured: readonly MemoryRow[]): Section {
  const [first, , last] = measured;
  if (!first || !last) throw new Error("nothing was measured");
  const rows = measured.map((row): Row => {
    const { pages, liveHeap, peakHeap, peakRss } = row;
    return {
      ...row,
      records: pages * pageSize,
      liveGrowth: liveHeap / first.liveHeap,
      heapGrowth: peakHeap / first.peakHeap,
      rssGrowth: peakRss / first.peakRss,
    };
  });
  const notes = [
    `generated client, for await, pages of equal size, median of ${rounds} fresh processes; × = to the first row`,
    "live heap: at the last page with the stream open, garbage collected; peak heap: highest after any page",
  ];
  return { title: "Memory by number of pages", notes, columns, rows, targets: targetsOf(measured) };
}

/** The first row is left out of the targets of peaks: a short read ends before the garbage collector settles. */
function targetsOf(measured: readonly MemoryRow[]): readonly Target[] {
  const [first, second, last] = measured;
  if (!first || !second || !last) return [];
  const span = (from: MemoryRow): string => `${plain(from.pages)} → ${plain(last.pages)} pages`;
  const rule = { must: "at most", print: times } as const;
  return [
    { ...rule, what: `live heap, ${span(first)}`, value: last.liveHeap / first.liveHeap, limit: 1.1 },
    { ...rule, what: `peak RSS, ${span(second)}`, value: last.peakRss / second.peakRss, limit: 1.25 },
  ];
}
