import { generateClient } from "./generate-client.js";
import { pageSize } from "./records.js";
import type { Way } from "./read-task.js";
import type { Column, Context, Part, Row, Section, Target } from "./report.js";
import { runRead, type ReadOutcome } from "./run-read.js";
import { startServer, type BenchServer } from "./start-server.js";
import { median } from "./stats.js";
import { megabytes, plain, times } from "./units.js";

const sizes = [100, 1000, 4000] as const;
const rounds = 3;

const loops: readonly { readonly label: string; readonly way: Way }[] = [
  { label: "generated, for await", way: "for-await" },
  { label: "hand-written fetch loop", way: "by-hand" },
];

/** Memory of the generated client and of a hand-written loop, by number of pages. */
export const memory: Part = { name: "memory", run: measureMemory };

async function measureMemory(context: Context): Promise<readonly Section[]> {
  const client = await generateClient(context.scratch);
  const server = await startServer();
  try {
    const series: Series[] = [];
    for (const { label, way } of loops) {
      const peaks: Peaks[] = [];
      for (const pages of sizes) peaks.push(await measurePages(way, pages, { ...context, client, server }));
      series.push({ label, peaks });
    }
    return [describe(series)];
  } finally {
    await server.close();
  }
}

/** Peaks in bytes: medians of the rounds. */
interface Peaks extends Pick<ReadOutcome, "peakRss" | "peakHeap" | "liveHeap"> {
  readonly pages: number;
}

/** The figures of one loop, by number of pages. */
interface Series {
  readonly label: string;
  readonly peaks: readonly Peaks[];
}

interface Bench extends Context {
  readonly client: string;
  readonly server: BenchServer;
}

async function measurePages(way: Way, pages: number, { client, server, progress }: Bench): Promise<Peaks> {
  const outcomes: ReadOutcome[] = [];
  const baseUrl = server.urlOf(pages, 0);
  for (let round = 0; round < rounds; round++) {
    progress(`memory: ${way}, ${pages} pages, round ${round + 1} of ${rounds}`);
    outcomes.push(await runRead({ way, baseUrl, pages, client, watchedPages: pages }, pages));
  }
  const middle = (key: "peakRss" | "peakHeap" | "liveHeap"): number =>
    median(outcomes.map((outcome) => outcome[key]));
  return { pages, peakRss: middle("peakRss"), peakHeap: middle("peakHeap"), liveHeap: middle("liveHeap") };
}

const columns: readonly Column[] = [
  { key: "loop", head: "loop" },
  { key: "pages", head: "pages", print: plain },
  { key: "records", head: "records", print: plain },
  { key: "liveHeap", head: "live heap", print: megabytes },
  { key: "liveGrowth", head: "×", print: times },
  { key: "peakHeap", head: "peak heap", print: megabytes },
  { key: "heapGrowth", head: "×", print: times },
  { key: "peakRss", head: "peak RSS", print: megabytes },
  { key: "rssGrowth", head: "×", print: times },
];

function describe(series: readonly Series[]): Section {
  const rows = series.flatMap(({ label, peaks }) =>
    peaks.map((row, index) => toRow(label, row, peaks[index - 1])),
  );
  const notes = [
    `pages of equal size, median of ${rounds} fresh processes; ×: relative to the row above`,
    "live heap: at the last page with the stream open, garbage collected; peak heap: highest after any page",
  ];
  const targets = series.slice(0, 1).flatMap(({ peaks }) => targetsOf(peaks));
  return { title: "Memory by number of pages", notes, columns, rows, targets };
}

function toRow(loop: string, row: Peaks, before: Peaks | undefined): Row {
  return {
    ...row,
    loop,
    records: row.pages * pageSize,
    liveGrowth: before && row.liveHeap / before.liveHeap,
    heapGrowth: before && row.peakHeap / before.peakHeap,
    rssGrowth: before && row.peakRss / before.peakRss,
  };
}

/**
 * Compares from the second row on, because the first run ends before the JIT compiler and the garbage collector have
 * settled.
 */
function targetsOf([, settled, longest]: readonly Peaks[]): readonly Target[] {
  if (!settled || !longest) return [];
  const span = `${plain(settled.pages)} → ${plain(longest.pages)} pages`;
  const rule = { must: "at most", print: times } as const;
  return [
    { ...rule, what: `live heap, ${span}`, value: longest.liveHeap / settled.liveHeap, limit: 1.25 },
    { ...rule, what: `peak RSS, ${span}`, value: longest.peakRss / settled.peakRss, limit: 1.25 },
  ];
}
