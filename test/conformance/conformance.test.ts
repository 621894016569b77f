import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeTransport } from "../../runtime/src/http/node-transport.js";
import { typeCheck } from "../support/compile.js";
import { root } from "../support/paths.js";
import { checkVector } from "./check.js";
import { generateModule, type Generated } from "./module.js";
import { startReplay, type Replay } from "./replay.js";
import { formatTable, writeReport, type Result } from "./report.js";
import { loadVectors, type Vector } from "./vector.js";

const folder = join(root, `.scratch/conformance-${process.pid}`);
const given = process.env["CONFORMANCE_VECTORS"];
const vectors = given
  ? loadVectors(given)
  : ["vectors", "recorded"].flatMap((name) => loadVectors(join(import.meta.dirname, name)));

const generated = new Map<Vector, Generated>();
/** The errors that the generator threw. Invalid input must not make it throw. */
const crashes = new Map<Vector, string>();
const results: Result[] = [];
let replay: Replay | undefined;
let typeErrors: ReadonlyMap<string, readonly string[]> = new Map();

/** The part of vitest's tree of tests that is read. Tests that a filter leaves out have the mode `skip`. */
interface Task {
  readonly name: string;
  readonly mode: string;
  readonly tasks?: readonly Task[];
}

// Everything is generated first, so that one program can check all modules together.
beforeAll(async ({}, suite) => {
  const chosen = new Set(chosenTests(suite));
  for (const vector of vectors.filter(({ id }) => chosen.has(id))) {
    try {
      generated.set(vector, await generateModule(vector, folder));
    } catch (error) {
      crashes.set(vector, `the generator threw ${String(error)}`);
    }
  }
  const modules = [...generated.values()].flatMap((each) => (each.isRejected ? [] : [each.file]));
  typeErrors = typeCheck(modules);
  replay = await startReplay(nodeTransport());
}, 180_000);

afterAll(async () => {
  await replay?.close();
  rmSync(folder, { recursive: true, force: true });
  const report = process.env["CONFORMANCE_REPORT"];
  if (report) writeReport(report, results);
  console.log(`conformance with dlt 1.26, passed/total:\n${formatTable(results)}`);
});

describe.each([...new Set(vectors.map(({ group }) => group))])("%s", (group) => {
  for (const vector of vectors.filter((each) => each.group === group)) {
    it(vector.id, async () => {
      const problems = await findProblems(vector);
      const module = generated.get(vector);
      results.push({ vector, problems, rejection: module?.isRejected ? module.problems : [] });
      expect(problems).toEqual([]);
    });
  }
});

async function findProblems(vector: Vector): Promise<readonly string[]> {
  const module = generated.get(vector);
  if (!module || !replay) return [crashes.get(vector) ?? "nothing was generated"];
  const errors = module.isRejected ? [] : (typeErrors.get(module.file) ?? []);
  return errors.length > 0 ? errors : checkVector(vector, module, { replay, folder });
}

function chosenTests(task: Task): readonly string[] {
  return task.tasks?.flatMap(chosenTests) ?? (task.mode === "run" ? [task.name] : []);
}
