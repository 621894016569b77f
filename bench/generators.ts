import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { measureNode, type MeasuredOutcome } from "./child.js";
import { installPeers, type Peer } from "./peers.js";
import type { Column, Context, Part, Row, Section, Target } from "./report.js";
import { cli } from "./scratch.js";
import { median, pairedRatio } from "./stats.js";
import { createSyntheticOpenApi } from "./synthetic-openapi.js";
import { createSyntheticSpec, fieldCount } from "./synthetic-spec.js";
import { megabytes, plain, seconds, times } from "./units.js";

/** Numbers of resources, with the number of rounds that their time allows, the number of peers, and the memory limit. */
const sizes = [
  { resources: 6, rounds: 5, peers: 4, limit: 130e6 },
  { resources: 100, rounds: 3, peers: 4, limit: undefined },
  { resources: 1000, rounds: 3, peers: 2, limit: 250e6 },
] as const;

/** Time and memory of a cold generation compared with other generators: the same API, in alternating runs. */
export const generators: Part = { name: "generators", run: measureGenerators };

async function measureGenerators(context: Context): Promise<readonly Section[]> {
  context.progress("generators: installing the peers");
  const peers = await installPeers();
  const sections: Section[] = [];
  for (const size of sizes) sections.push(await measureSize(context, size, peers.slice(0, size.peers)));
  return sections;
}

type Size = (typeof sizes)[number];

async function measureSize(context: Context, size: Size, peers: readonly Peer[]): Promise<Section> {
  const { resources, rounds } = size;
  const spec = join(context.scratch, `own-${resources}.json`);
  const document = join(context.scratch, `openapi-${resources}.json`);
  await writeFile(spec, JSON.stringify(createSyntheticSpec(resources)));
  await writeFile(document, JSON.stringify(createSyntheticOpenApi(resources)));
  const own: Peer = {
    label: "connector-gen",
    argsFor: (_document, out) => [cli, "generate", spec, "-o", out],
  };
  const ways = [own, ...peers].map((peer) => ({ peer, outcomes: [] as MeasuredOutcome[] }));
  for (let round = 0; round < rounds; round++)
    for (const [index, { peer, outcomes }] of ways.entries()) {
      context.progress(`${plain(resources)} resources: ${peer.label}, round ${round + 1} of ${rounds}`);
      // Use a new folder, so nothing is compared and everything is written.
      const out = join(context.scratch, `out-${resources}-${round}-${index}`);
      outcomes.push(await measureNode(peer.argsFor(document, out)));
    }
  return describe(size, ways);
}

interface Way {
  readonly peer: Peer;
  readonly outcomes: readonly MeasuredOutcome[];
}

const columns: readonly Column[] = [
  { key: "generator", head: "generator" },
  { key: "cpu", head: "CPU", print: seconds },
  { key: "cpuRange", head: "range" },
  { key: "seconds", head: "wall", print: seconds },
  { key: "wallRange", head: "range" },
  { key: "peakRss", head: "peak RSS", print: megabytes },
  { key: "ratio", head: "CPU ÷ connector-gen", print: times },
];

function describe({ resources, rounds, limit }: Size, ways: readonly Way[]): Section {
  const [own, first] = ways.map(({ outcomes }) => outcomes);
  const rows = ways.map(({ peer, outcomes }): Row => {
    const all = (key: "cpu" | "seconds" | "peakRss"): readonly number[] => outcomes.map((each) => each[key]);
    return {
      generator: peer.label,
      cpu: median(all("cpu")),
      cpuRange: rangeOf(all("cpu")),
      seconds: median(all("seconds")),
      wallRange: rangeOf(all("seconds")),
      peakRss: median(all("peakRss")),
      ratio:
        own &&
        pairedRatio(
          all("cpu"),
          own.map(({ cpu }) => cpu),
        ),
    };
  });
  const notes = [
    `one API with ${plain(resources)} resources of ${fieldCount} fields; fresh processes, start-up included, into an empty folder`,
    `median and range of ${rounds} rounds; in each, the generators run one after the other`,
    "@hey-api/openapi-ts starts another process, so only its wall time is meaningful",
  ];
  return {
    title: `Generators, ${plain(resources)} resources`,
    notes,
    columns,
    rows,
    targets: own && first ? targetsOf({ own, first, limit }) : [],
  };
}

function rangeOf(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
}

function targetsOf({
  own,
  first,
  limit,
}: {
  readonly own: readonly MeasuredOutcome[];
  readonly first: readonly MeasuredOutcome[];
  readonly limit: number | undefined;
}): readonly Target[] {
  const ratioOf = (key: "cpu" | "seconds"): number =>
    pairedRatio(
      own.map((each) => each[key]),
      first.map((each) => each[key]),
    );
  const rule = { limit: 1, must: "at most", print: times } as const;
  const memory = median(own.map(({ peakRss }) => peakRss));
  return [
    { ...rule, what: "CPU ÷ oazapfts", value: ratioOf("cpu") },
    { ...rule, what: "wall ÷ oazapfts", value: ratioOf("seconds") },
    ...(limit === undefined
      ? []
      : [{ what: "peak RSS", value: memory, limit, must: "at most", print: megabytes } as const]),
  ];
}
