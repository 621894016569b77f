import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { measureNode, type MeasuredOutcome } from "./child.js";
import type { Column, Context, Part, Row, Section, Target } from "./report.js";
import { cli } from "./scratch.js";
import { median } from "./stats.js";
import { createSyntheticSpec, fieldCount } from "./synthetic-spec.js";
import { megabytes, milliseconds, plain, seconds, times } from "./units.js";

/** Numbers of resources, with the number of rounds that their time allows. */
const sizes = [
  { resources: 1, rounds: 5 },
  { resources: 11, rounds: 5 },
  { resources: 100, rounds: 3 },
  { resources: 1000, rounds: 1 },
  { resources: 10_000, rounds: 1 },
] as const;

/** Time and memory of the command line from a cold start, as specs grow. */
export const generation: Part = { name: "generation", run: measureGeneration };

async function measureGeneration(context: Context): Promise<readonly Section[]> {
  return [await measureCommand("generate", context), await measureCommand("validate", context)];
}

interface Cost {
  readonly resources: number;
  readonly seconds: number;
  readonly peakRss: number;
}

async function measureCommand(command: "generate" | "validate", context: Context): Promise<Section> {
  const costs: Cost[] = [];
  for (const { resources, rounds } of sizes) {
    const spec = join(context.scratch, `synthetic-${resources}.json`);
    await writeFile(spec, JSON.stringify(createSyntheticSpec(resources)));
    const outcomes: MeasuredOutcome[] = [];
    for (let round = 0; round < rounds; round++) {
      context.progress(`${command}: ${plain(resources)} resources, round ${round + 1} of ${rounds}`);
      // Use a new folder, so nothing is compared and everything is written.
      const out = ["-o", join(context.scratch, `${resources}-${round}`)];
      outcomes.push(await measureNode([cli, command, spec, ...(command === "generate" ? out : [])]));
    }
    const middle = (key: "seconds" | "peakRss"): number => median(outcomes.map((outcome) => outcome[key]));
    costs.push({ resources, seconds: middle("seconds"), peakRss: middle("peakRss") });
  }
  return describe(command, costs);
}

const columns: readonly Column[] = [
  { key: "resources", head: "resources", print: plain },
  { key: "seconds", head: "wall time", print: seconds },
  { key: "perResource", head: "per resource", print: milliseconds },
  { key: "perAdded", head: "per added resource", print: milliseconds },
  { key: "growth", head: "time ×", print: times },
  { key: "peakRss", head: "peak RSS", print: megabytes },
  { key: "rssGrowth", head: "RSS ×", print: times },
];

function describe(command: string, costs: readonly Cost[]): Section {
  const rows = costs.map((cost, index): Row => {
    const before = costs[index - 1];
    return {
      ...cost,
      perResource: cost.seconds / cost.resources,
      perAdded: before && perAdded(before, cost),
      growth: before && cost.seconds / before.seconds,
      rssGrowth: before && cost.peakRss / before.peakRss,
    };
  });
  const notes = [
    `${fieldCount} fields a resource, one spec; \`node dist/cli.js ${command}\` in a fresh process, start-up included`,
    `median of ${sizes.map(({ rounds }) => rounds).join(", ")} runs; per added resource and ×: relative to the row above`,
  ];
  return { title: `Cold ${command}`, notes, columns, rows, targets: targetsOf(costs) };
}

/** Returns the cost of one more resource between two sizes. Start-up cancels out. */
function perAdded(before: Cost, after: Cost): number {
  return (after.seconds - before.seconds) / (after.resources - before.resources);
}

/** Returns the targets of linear growth: a resource among many costs little more than one among few. */
function targetsOf(costs: readonly Cost[]): readonly Target[] {
  const [first, , hundred, thousand, most] = costs;
  if (!first || !hundred || !thousand || !most) return [];
  const rule = { limit: 1.5, must: "at most", print: times } as const;
  const early = perAdded(hundred, thousand) / perAdded(first, hundred);
  const late = perAdded(thousand, most) / perAdded(hundred, thousand);
  return [
    { what: "an added resource, 100 → 1,000 ÷ 1 → 100", value: early, ...rule },
    { what: "an added resource, 1,000 → 10,000 ÷ 100 → 1,000", value: late, ...rule },
  ];
}
