import { runNode } from "./child.js";
import type { Context, Part, Section } from "./report.js";
import { cli } from "./scratch.js";
import { median, pairedRatio, spread } from "./stats.js";
import { milliseconds, plusMinus, times } from "./units.js";

const rounds = 15;

const commands = [
  { label: "node -e 0", args: ["-e", "0"] },
  { label: "connector-gen --version", args: [cli, "--version"] },
  { label: "connector-gen --help", args: [cli, "--help"] },
] as const;

/** How long the command line takes to answer anything at all. */
export const startup: Part = { name: "startup", run: measureStartup };

async function measureStartup({ progress }: Context): Promise<readonly Section[]> {
  const times = commands.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    progress(`start-up: round ${round + 1} of ${rounds}`);
    for (const [index, { args }] of commands.entries()) times[index]?.push((await runNode(args)).seconds);
  }
  return [describe(times)];
}

function describe(measured: readonly (readonly number[])[]): Section {
  const base = measured[0] ?? [];
  const ratios = measured.map((seconds) => pairedRatio(seconds, base));
  return {
    title: "Start-up",
    notes: [`median of ${rounds} alternating runs, each a fresh process`],
    columns: [
      { key: "command", head: "command" },
      { key: "seconds", head: "wall time", print: milliseconds },
      { key: "ratio", head: "÷ node -e 0", print: times },
      { key: "spread", head: "spread", print: plusMinus },
    ],
    rows: commands.map(({ label }, index) => ({
      command: label,
      seconds: median(measured[index] ?? []),
      ratio: ratios[index],
      spread: spread(measured[index] ?? []),
    })),
    targets: [
      {
        what: "--version ÷ node -e 0",
        value: ratios[1] ?? Infinity,
        limit: 2,
        must: "at most",
        print: times,
      },
    ],
  };
}
