import { counters, type Counter, type Finding, type Run } from "./run.js";

/** The result of one run. */
export interface Result {
  readonly level: string;
  readonly row: string;
  readonly name: string;
  readonly findings: readonly Finding[];
}

/** Performs a run. An exception of the harness, or of the runtime outside a read, loses the run. */
async function performRun({ level, row, name, perform }: Run): Promise<Result> {
  try {
    return { level, row, name, findings: await perform() };
  } catch (error) {
    const note = `the run fails: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    return { level, row, name, findings: [{ counter: "lost", count: 1, note }] };
  }
}

/** Performs runs, `concurrency` at a time. */
export async function performAll(
  runs: readonly Run[],
  concurrency: number,
  onResult: (result: Result) => void,
): Promise<void> {
  const rest = runs.values();
  const work = async (): Promise<void> => {
    for (const run of rest) onResult(await performRun(run));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

/** Sums of the counters. */
export type Totals = Readonly<Record<Counter, number>>;

/** Adds up the findings of results. */
export function totalsOf(results: readonly Result[]): Totals {
  const totals = Object.fromEntries(counters.map((counter) => [counter, 0])) as Record<Counter, number>;
  for (const { findings } of results) for (const { counter, count } of findings) totals[counter] += count;
  return totals;
}

/** `lost 0 · doubled 0 · altered 0 · silent 0 · leaked 0 · early 0 · excess 0 in 9200 runs` */
export function printSummary(results: readonly Result[]): string {
  const totals = totalsOf(results);
  return `${counters.map((counter) => `${counter} ${totals[counter]}`).join(" · ")} in ${results.length} runs`;
}

/** A table with a row per fault, then the first failures of each. */
export function printTable(results: readonly Result[]): string {
  const rows = groupBy(results, ({ level, row }) => `${level}: ${row}`);
  const width = Math.max(0, ...[...rows.keys()].map((name) => name.length));
  const head = ["runs", ...counters].map((name) => name.padStart(8)).join("");
  const lines = Array.from(rows, ([name, all]) => {
    const totals = totalsOf(all);
    const cells = [all.length, ...counters.map((counter) => totals[counter] || "·")];
    return name.padEnd(width) + cells.map((cell) => String(cell).padStart(8)).join("");
  });
  return [" ".repeat(width) + head, ...lines].join("\n");
}

/** The first failures of each row, with the names of their runs. */
export function printFailures(results: readonly Result[], perRow = 3): string {
  const failed = results.filter(({ findings }) => findings.length > 0);
  const rows = groupBy(failed, ({ level, row }) => `${level}: ${row}`);
  return [...rows.values()]
    .flatMap((all) => all.slice(0, perRow))
    .flatMap(({ level, name, findings }) => [
      `✗ ${level}: ${name}`,
      ...findings.map(({ counter, note }) => `    ${counter}: ${note}`),
    ])
    .join("\n");
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
