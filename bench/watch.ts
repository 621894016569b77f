import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Context, Part, Section } from "./report.js";
import { cli, root } from "./scratch.js";
import { median } from "./stats.js";
import { milliseconds } from "./units.js";

const edits = 10;

/** Maximum time of an edit, in milliseconds. */
const timeout = 20_000;

/** Time that `generate --watch` takes from the edit of a spec to its module. */
export const watching: Part = { name: "watch", run: measureWatch };

async function measureWatch({ progress, scratch }: Context): Promise<readonly Section[]> {
  const folder = join(scratch, "watch");
  const out = join(folder, "generated");
  const spec = join(folder, "analytics.json");
  await mkdir(out, { recursive: true });
  const text = await readFile(join(root, "specs/analytics.json"), "utf8");
  await writeFile(spec, text);
  const child = spawn(process.execPath, [cli, "generate", spec, "-o", out, "--watch"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  try {
    await isWatching(child);
    const seconds: number[] = [];
    for (let edit = 0; edit < edits; edit++) {
      progress(`watch: edit ${edit + 1} of ${edits}`);
      seconds.push(await measureEdit({ spec, text, module: join(out, "analytics.ts"), edit }));
    }
    return [describe(seconds)];
  } finally {
    process.off("exit", kill);
    kill();
  }
}

/** Resolves when the command reports that it watches. Its messages go to standard error. */
async function isWatching({ stderr }: ChildProcess): Promise<void> {
  if (!stderr) throw new Error("no standard error");
  let said = "";
  for await (const chunk of stderr.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if (said.includes("Press Ctrl-C")) {
      // Later output must not fill the pipe.
      stderr.resume();
      return;
    }
  }
  throw new Error(`generate --watch ended: ${said}`);
}

interface Edit {
  readonly spec: string;
  readonly text: string;
  readonly module: string;
  readonly edit: number;
}

/** Changes the description of the spec. Resolves to the seconds until the module contains it. */
async function measureEdit({ spec, text, module, edit }: Edit): Promise<number> {
  const description = `Edit ${edit} of the bench.`;
  const changed = { ...(JSON.parse(text) as object), description };
  const started = performance.now();
  await writeFile(spec, JSON.stringify(changed, null, 2));
  while (!(await readFile(module, "utf8").catch(() => "")).includes(description)) {
    if (performance.now() - started > timeout) throw new Error(`${module} did not change`);
    await setTimeout(2);
  }
  return (performance.now() - started) / 1000;
}

function describe(seconds: readonly number[]): Section {
  const value = median(seconds);
  return {
    title: "Watch",
    notes: [
      "`generate --watch` of analytics, 11 resources: from the write of the spec to its whole module",
      `median of ${edits} edits; the command waits 20 ms for an editor to finish the file`,
    ],
    columns: [
      { key: "what", head: "edit → module" },
      { key: "median", head: "median", print: milliseconds },
      { key: "least", head: "least", print: milliseconds },
      { key: "most", head: "most", print: milliseconds },
    ],
    rows: [{ what: "analytics", median: value, least: Math.min(...seconds), most: Math.max(...seconds) }],
    targets: [{ what: "edit → module", value, limit: 0.15, must: "at most", print: milliseconds }],
  };
}
