import { generateClient } from "./generate-client.js";
import { createPage, pageSize } from "./records.js";
import type { Way } from "./read-task.js";
import type { Column, Context, Part, Row, Section, Target } from "./report.js";
import { runPythonRead, runRead, type ReadOutcome } from "./run-read.js";
import { startServer, type BenchServer } from "./start-server.js";
import { median, pairedRatio, spread } from "./stats.js";
import { megabytes, microseconds, plain, plusMinus, times } from "./units.js";

const rounds = 5;

/** A loop that is measured. */
interface Contestant {
  readonly label: string;
  readonly way: Way | "dlt" | "airbyte";
  readonly readAhead?: boolean;
}

const byHand: Contestant = { label: "hand-written fetch loop", way: "by-hand" };
const forAwait: Contestant = { label: "generated, for await", way: "for-await" };
const pagewise: Contestant = { label: "generated, .pages()", way: "pages" };
const unhurried: Contestant = {
  ...forAwait,
  label: "generated, for await, readAhead: false",
  readAhead: false,
};
const overFetch: Contestant = { label: "generated, for await, over fetch", way: "for-await-fetch" };
const contestants: readonly Contestant[] = [byHand, forAwait, pagewise, unhurried];
/** Other loops, and the limit for all loops. */
const peers: readonly Contestant[] = [
  overFetch,
  { label: "hand-written undici loop", way: "undici" },
  { label: "hand-written node:http loop", way: "node-http" },
  { label: "hand-written loop over a socket", way: "socket" },
  { label: "decoding and parsing only", way: "parse" },
];

/** Python libraries. They are measured if there is a Python interpreter that has them. */
const pipelines: readonly Contestant[] = [
  { label: "dlt, rest_api without a load", way: "dlt" },
  { label: "Airbyte CDK, declarative source", way: "airbyte" },
];

/** The pages that all loops read, and the conditions. */
interface Race {
  readonly title: string;
  readonly contestants: readonly Contestant[];
  readonly pages: number;
  /** Delay before each response, in milliseconds. */
  readonly latency: number;
  /** Time that the consumer takes for each page, in milliseconds. */
  readonly work: number;
  /** Minimum ratios of records per second to the hand-written loop. */
  readonly least: ReadonlyMap<Contestant, number>;
  /** Maximum peak memory of `for await`, in bytes. */
  readonly peakRss?: number;
}

const races: readonly Race[] = [
  {
    title: "Throughput",
    contestants: [...contestants, ...peers],
    pages: 800,
    latency: 0,
    work: 0,
    least: new Map([
      [forAwait, 1.8],
      [pagewise, 1.8],
      [overFetch, 1],
    ]),
    peakRss: 70e6,
  },
  {
    title: "Throughput, 10 ms latency",
    contestants,
    pages: 80,
    latency: 10,
    work: 0,
    least: new Map([
      [forAwait, 0.9],
      [pagewise, 0.9],
    ]),
  },
  {
    title: "Throughput, 10 ms latency, consumer waits 10 ms per page",
    contestants,
    pages: 80,
    latency: 10,
    work: 10,
    least: new Map([
      [forAwait, 1],
      [pagewise, 1],
    ]),
  },
];

/** Fewer pages, because these libraries take some milliseconds per page. */
const besidePython: Race = {
  title: "Throughput compared with Python libraries",
  contestants: [byHand, forAwait, ...pipelines],
  pages: 100,
  latency: 0,
  work: 0,
  least: new Map(),
};

/** Records per second of the generated client and of other loops over the same pages. */
export const throughput: Part = { name: "throughput", run: measureThroughput };

async function measureThroughput(context: Context): Promise<readonly Section[]> {
  const client = await generateClient(context.scratch);
  const server = await startServer();
  try {
    const sections: Section[] = [];
    for (const race of context.python === undefined ? races : [...races, besidePython])
      sections.push(describe(race, await runRace(race, { ...context, client, server })));
    return sections;
  } finally {
    await server.close();
  }
}

/** The outcomes of each loop, by round. */
type Outcomes = ReadonlyMap<Contestant, readonly ReadOutcome[]>;

interface Track extends Context {
  readonly client: string;
  readonly server: BenchServer;
}

/** Runs all loops in every round. Each round begins with another loop. */
async function runRace(race: Race, track: Track): Promise<Outcomes> {
  const outcomes = new Map<Contestant, ReadOutcome[]>(race.contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < rounds; round++) {
    track.progress(`${race.title}: round ${round + 1} of ${rounds}`);
    for (const contestant of rotate(race.contestants, round))
      outcomes.get(contestant)?.push(await runOnce(contestant, race, track));
  }
  requireEqualSums(outcomes);
  return outcomes;
}

async function runOnce(contestant: Contestant, race: Race, track: Track): Promise<ReadOutcome> {
  const { way, readAhead } = contestant;
  const { client, server, python = "python3" } = track;
  const { pages, latency, work } = race;
  const baseUrl = server.urlOf(pages, latency);
  if (way === "dlt" || way === "airbyte") return runPythonRead({ python, library: way }, baseUrl, pages);
  return runRead({ way, baseUrl, pages, client, work, ...(readAhead !== undefined && { readAhead }) }, pages);
}

function rotate<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** Throws if the sums differ, because a loop that skips records or fields would be fast. */
function requireEqualSums(outcomes: Outcomes): void {
  const sums = new Set([...outcomes.values()].flat().map(({ sum }) => sum));
  if (sums.size > 1) throw new Error(`the loops read different records: ${[...sums].join(", ")}`);
}

const columns: readonly Column[] = [
  { key: "loop", head: "loop" },
  { key: "rate", head: "records/s", print: plain },
  { key: "ratio", head: "÷ hand-written", print: times },
  { key: "spread", head: "spread", print: plusMinus },
  { key: "best", head: "best", print: plain },
  { key: "bestRatio", head: "÷ best", print: times },
  { key: "cpu", head: "CPU/record", print: microseconds },
  { key: "cpuRatio", head: "rate by CPU ÷ hand-written", print: times },
  { key: "peakRss", head: "peak RSS", print: megabytes },
];

function describe(race: Race, outcomes: Outcomes): Section {
  const base = ratesOf(outcomes.get(byHand));
  const baseCpu = (outcomes.get(byHand) ?? []).map(({ cpu }) => cpu);
  const ratio = (contestant: Contestant): number => pairedRatio(ratesOf(outcomes.get(contestant)), base);
  const rows = [...outcomes].map(([contestant, list]): Row => {
    const rates = ratesOf(list);
    return {
      loop: contestant.label,
      rate: median(rates),
      ratio: ratio(contestant),
      spread: spread(rates),
      best: Math.max(...rates),
      bestRatio: Math.max(...rates) / Math.max(...base),
      cpu: median(list.map(({ cpu, records }) => cpu / records)),
      cpuRatio:
        1 /
        pairedRatio(
          list.map(({ cpu }) => cpu),
          baseCpu,
        ),
      peakRss: median(list.map(({ peakRss }) => peakRss)),
    };
  });
  const bytes = Math.round(createPage(1).length / pageSize);
  const notes = [
    `${plain(race.pages * pageSize)} records of about ${bytes} bytes, ${pageSize} per page, from another process`,
    `median of ${rounds} rounds, each loop in a fresh process; the ratio is the median of the rounds' ratios`,
    "on a busy machine, the best rounds and CPU/record (all threads) are more reliable",
  ];
  const rss = median((outcomes.get(forAwait) ?? []).map(({ peakRss }) => peakRss));
  return { title: race.title, notes, columns, rows, targets: targetsOf(race, ratio, rss) };
}

function ratesOf(outcomes: readonly ReadOutcome[] = []): readonly number[] {
  return outcomes.map(({ records, seconds }) => records / seconds);
}

function targetsOf(
  { least, peakRss }: Race,
  ratio: (contestant: Contestant) => number,
  rss: number,
): readonly Target[] {
  const rates = [...least].map(([contestant, limit]): Target => ({
    what: `${contestant.label} ÷ hand-written fetch loop`,
    value: ratio(contestant),
    limit,
    must: "at least",
    print: times,
  }));
  if (peakRss === undefined) return rates;
  const what = `peak RSS, ${forAwait.label}`;
  return [...rates, { what, value: rss, limit: peakRss, must: "at most", print: megabytes }];
}
