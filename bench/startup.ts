import { join } from "node:path";
import { runNode } from "./child.js";
import type { Context, Part, Section } from "./report.js";
import { cli, root } from "./scratch.js";
import { median, pairedRatio, spread } from "./stats.js";
import { milliseconds, plusMinus, times } from "./units.js";

const rounds = 15;

const spec = join(root, "specs/analytics.json");

/** Returns the measured commands. `out` holds the module of the spec. */
const commandsFor = (
  out: string,
): readonly { readonly label: string; readonly args: readonly string[] }[] => [
  { label: "node -e 0", args: ["-e", "0"] },
  { label: "connector-gen --version", args: [cli, "--version"] },
  { label: "connector-gen --help", args: [cli, "--help"] },
  { label: "connector-gen check, nothing changed", args: [cli, "check", spec, "-o", out] },
  { label: "connector-gen validate, 11 resources", args: [cli, "validate", spec] },
];

/** Start-up time of the command line. */
export const startup: Part = { name: "startup", run: measureStartup };

async function measureStartup({ progress, scratch }: Context): Promise<readonly Section[]> {
  const out = join(scratch, "startup");
  const commands = commandsFor(out);
  await runNode([cli, "generate", spec, "-o", out]);
  const times = commands.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    progress(`start-up: round ${round + 1} of ${rounds}`);
    for (const [index, { args }] of commands.entries()) times[index]?.push((await runNode(args)).seconds);
  }
  return [
    describe(
      commands.map(({ label }) => label),
      times,
    ),
  ];
}

function describe(labels: readonly string[], measured: readonly (readonly number[])[]): Section {
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
    rows: labels.map((command, index) => ({
      command,
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
      {
        what: "check, nothing changed ÷ --version",
        value: pairedRatio(measured[3] ?? [], measured[1] ?? []),
        limit: 1.3,
        must: "at most",
        print: times,
      },
      {
        what: "validate, 11 resources",
        value: median(measured[4] ?? []),
        limit: 0.3,
        must: "at most",
        print: milliseconds,
      },
    ],
  };
}
