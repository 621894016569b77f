import { build, transform } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runNode } from "./child.js";
import type { Context, Part, Section } from "./report.js";
import { cli, root } from "./scratch.js";
import { median, spread } from "./stats.js";
import { milliseconds, plusMinus } from "./units.js";

const rounds = 5;

/** An API of the tests for inference, and its server. */
interface Shape {
  readonly name: string;
  readonly path: string;
  readonly args?: readonly string[];
}

interface Shapes {
  readonly eightShapes: readonly Shape[];
  readonly serveShape: (shape: Shape) => Promise<{ readonly url: string }>;
  readonly closers: readonly (() => Promise<void>)[];
}

/** Time from the URL of an API to the first record of a typed client. */
export const firstRecord: Part = { name: "first-record", run: measureFirstRecord };

async function measureFirstRecord({ progress, scratch }: Context): Promise<readonly Section[]> {
  const { eightShapes, serveShape, closers } = await loadShapes(scratch);
  const rows = [];
  for (const [index, shape] of eightShapes.entries()) {
    const { url } = await serveShape(shape);
    const init: number[] = [];
    const read: number[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`first record: ${shape.name}, round ${round + 1} of ${rounds}`);
      const folder = join(scratch, `first-record/${index}-${round}`);
      mkdirSync(folder, { recursive: true });
      const args = ["init", `${url}${shape.path}`, ...(shape.args ?? []), "--name", "api", "--yes"];
      init.push((await runNode([cli, ...args], folder)).seconds);
      read.push(await readFirst(folder));
    }
    const both = init.map((seconds, round) => seconds + (read[round] ?? 0));
    rows.push({
      ...{ shape: shape.name, init: median(init), read: median(read) },
      ...{ total: median(both), spread: spread(both) },
    });
  }
  await Promise.all(closers.map((close) => close()));
  return [
    {
      title: "From the command to the first record",
      notes: [
        `median of ${rounds} runs; \`init <url> --yes\` with detection, inference and generation, then a program that`,
        "prints the first record, each a fresh process; servers on loopback",
      ],
      columns: [
        { key: "shape", head: "API" },
        { key: "init", head: "init", print: milliseconds },
        { key: "read", head: "first record", print: milliseconds },
        { key: "total", head: "total", print: milliseconds },
        { key: "spread", head: "spread", print: plusMinus },
      ],
      rows,
      targets: [],
    },
  ];
}

/**
 * Runs a program that prints the first record of the generated client. Resolves to its time in seconds, including
 * compilation.
 */
async function readFirst(folder: string): Promise<number> {
  const started = performance.now();
  const module = readFileSync(join(folder, "generated/api.ts"), "utf8");
  const { code } = await transform(module, { loader: "ts", format: "esm" });
  writeFileSync(join(folder, "api.mjs"), code);
  const program = `import { createApi } from "./api.mjs";
const [read] = Object.values(createApi());
console.log(typeof (await read().first()));
`;
  writeFileSync(join(folder, "main.mjs"), program);
  const { stdout } = await runNode([join(folder, "main.mjs")], folder);
  if (stdout !== "object\n") throw new Error(`no record: ${stdout}`);
  return (performance.now() - started) / 1000;
}

/** Bundles the APIs of the tests. The bench itself closes the servers that the tests would close at their end. */
async function loadShapes(scratch: string): Promise<Shapes> {
  const stub = join(scratch, "vitest.ts");
  writeFileSync(
    stub,
    "export const closers = [];\nexport const onTestFinished = (close) => void closers.push(close);\n",
  );
  const outfile = join(scratch, "shapes.mjs");
  const from = (path: string): string => JSON.stringify(join(root, "test/infer/shapes", path));
  await build({
    stdin: {
      contents: [
        `export { eightShapes } from ${from("eight.ts")};`,
        `export { serveShape } from ${from("shape.ts")};`,
        'export { closers } from "vitest";',
      ].join("\n"),
      resolveDir: root,
    },
    ...{ bundle: true, format: "esm", platform: "node", outfile, logLevel: "error" },
    alias: { vitest: stub },
  });
  return (await import(pathToFileURL(outfile).href)) as Shapes;
}
