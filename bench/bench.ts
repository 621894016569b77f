import { parseArgs } from "node:util";
import { firstRecord } from "./first-record.js";
import { generation } from "./generation.js";
import { generators } from "./generators.js";
import { appendHistory } from "./history.js";
import { memory } from "./memory.js";
import { parallel } from "./parallel.js";
import { createProgress } from "./progress.js";
import { describeMachine, printSection, toJson, type Part, type Section } from "./report.js";
import { createScratch } from "./scratch.js";
import { size } from "./size.js";
import { startup } from "./startup.js";
import { throughput } from "./throughput.js";
import { watching } from "./watch.js";

const parts: readonly Part[] = [
  throughput,
  parallel,
  memory,
  generation,
  generators,
  startup,
  watching,
  firstRecord,
  size,
];
const names = parts.map(({ name }) => name);

const {
  values: { json: isJson, python },
  positionals: chosen,
} = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, python: { type: "string" } },
});
const unknown = chosen.filter((word) => !names.includes(word));

// Exit handlers clean up, so Ctrl-C must end the process by an exit.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

if (unknown.length > 0) {
  console.error(`bench: unknown part ${unknown.join(", ")}; the parts are ${names.join(", ")}`);
  process.exitCode = 2;
} else {
  await run(parts.filter(({ name }) => chosen.length === 0 || chosen.includes(name)));
}

/**
 * Measures one part after the other, so they do not disturb each other. Shows missed targets, but does not change the
 * exit code.
 */
async function run(selected: readonly Part[]): Promise<void> {
  const started = performance.now();
  const progress = createProgress();
  const scratch = createScratch();
  const done: Record<string, readonly Section[]> = {};
  if (!isJson) console.log(describeMachine());
  for (const part of selected) {
    const sections = await part.run({
      scratch,
      progress: progress.show,
      ...(python !== undefined && { python }),
    });
    progress.clear();
    done[part.name] = sections;
    if (!isJson) for (const section of sections) console.log(`\n${printSection(section)}`);
  }
  const seconds = (performance.now() - started) / 1000;
  appendHistory(done);
  console.log(isJson ? toJson(done, seconds) : `\nmeasured in ${seconds.toFixed(0)} s`);
}
