import { runNode } from "./child.js";
import { generateClient } from "./generate-client.js";
import { pageSize, smallPageSize } from "./records.js";
import type { Column, Context, Part, Row, Section, Target } from "./report.js";
import { programOf } from "./scratch.js";
import { startServer } from "./start-server.js";
import { median, pairedRatio, spread } from "./stats.js";
import { plain, plusMinus, seconds, times } from "./units.js";

/** The input of the measuring process, as JSON. */
export interface ParallelTask {
  /** The path of the generated client. */
  readonly client: string;
  readonly rounds: number;
  readonly small: { readonly baseUrl: string; readonly pages: number };
  readonly large: { readonly baseUrl: string; readonly pages: number };
}

/** The output of the measuring process: seconds by loop and round. */
export interface ParallelFigures {
  readonly one: Readonly<Record<string, readonly number[]>>;
  readonly many: Readonly<Record<string, readonly number[]>>;
}

const rounds = 5;
/** Milliseconds before each response. */
const latency = 50;
const base = "fetch, one page after the other";
const generated = "generated, by default";

/** Parallel reads of numbered pages, compared with hand-written loops. */
export const parallel: Part = { name: "parallel", run: measureParallel };

async function measureParallel({ scratch, progress }: Context): Promise<readonly Section[]> {
  const client = await generateClient(scratch);
  const server = await startServer();
  try {
    progress(`parallel: ${rounds} rounds`);
    const [small, large] = [200, 20].map((pages) => ({ baseUrl: server.urlOf(pages, latency), pages }));
    const { stdout } = await runNode([
      programOf("race-parallel"),
      JSON.stringify({ client, rounds, small, large }),
    ]);
    const { one, many } = JSON.parse(stdout) as ParallelFigures;
    const sum = (200 * smallPageSize).toLocaleString("en");
    return [
      describe(`${sum} records, ${smallPageSize} a page, ${latency} ms a response`, one, [
        {
          what: `${base} ÷ ${generated}`,
          value: pairedRatio(one[base] ?? [], one[generated] ?? []),
          limit: 11,
          must: "at least",
          print: times,
        },
      ]),
      describe(`11 reads of 20 pages of ${pageSize} at once, ${latency} ms a response`, many, [
        {
          what: `${generated}, seconds`,
          value: median(many[generated] ?? []),
          limit: 0.75,
          must: "at most",
          print: seconds,
        },
      ]),
    ];
  } finally {
    await server.close();
  }
}

const columns: readonly Column[] = [
  { key: "loop", head: "loop" },
  { key: "seconds", head: "time", print: seconds },
  { key: "spread", head: "spread", print: plusMinus },
  { key: "ratio", head: "× the first", print: times },
];

function describe(title: string, figures: ParallelFigures["one"], targets: readonly Target[]): Section {
  const first = figures[base] ?? [];
  const rows = Object.entries(figures).map(([loop, list]): Row => ({
    loop,
    seconds: median(list),
    spread: spread(list),
    ratio: pairedRatio(first, list),
  }));
  const notes = [
    `median of ${plain(rounds)} rounds in one process, after one to warm up; the loops take turns`,
    "the spec names the total, so the generated client reads up to 16 pages at once by default",
  ];
  return { title, notes, columns, rows, targets };
}
