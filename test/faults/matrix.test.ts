import { expect, it } from "vitest";
import { allRuns } from "./levels.js";
import { performAll, printFailures, printSummary, type Result } from "./report.js";

/** The sample is the same in every run of the tests: every n-th run, with the schedules of one seed. */
const every = 101;
const seed = 1;

it("loses, doubles, alters and leaks nothing in a sample of the fault matrix", async () => {
  const runs = allRuns(seed).filter((_, index) => index % every === 0);
  const results: Result[] = [];
  await performAll(runs, 24, (result) => results.push(result));
  expect(results.length).toBeGreaterThan(200);
  console.log(printSummary(results));
  expect(printFailures(results)).toBe("");
});
