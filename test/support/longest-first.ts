import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { root } from "./paths.js";

/** Files that take or wait longer than their size suggests, the longest ones of each project first. */
const longFiles = [
  "five-minutes",
  "compatibility",
  "sync/reconnect",
  "sync/large-values",
  "output/interrupted",
  "conformance/conformance",
  "infer/shapes",
  "sync/exactly-once",
  "sync/conformance",
  "spec/bounds",
  "runtime/read/memory",
  "sync/contract",
  "spec/load/load",
  "docs/reference",
  "runtime/plans/checkpoint-size",
  "faults/matrix",
  "budgets",
  "integrations",
  "sync/refused-merge",
  "runtime/http/origin-state",
  "runtime/http/faults",
  "runtime/http/leaks",
  "ir/schema-types",
  "runtime/read/abort",
  "cases",
  "kinds/kinds",
  "emit/declaration",
  "runtime/paginators/parallel-memory",
  "sync/limit",
  "sync/command",
].map((name) => `test/${name}.test.ts`);

/** Starts long-running files before all others of their project. If one started last, the other cores would be idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    // A worker runs the files of one project. Those of the packages are few and long, so they start first.
    return ["packages", "sources"].flatMap((name) => {
      const own = sorted.filter(({ project }) => project.name === name);
      return [...own.filter(isLong).sort(byPlace), ...own.filter((file) => !isLong(file))];
    });
  }
}

function isLong(file: TestSpecification): boolean {
  return placeOf(file) >= 0;
}

function byPlace(a: TestSpecification, b: TestSpecification): number {
  return placeOf(a) - placeOf(b);
}

function placeOf({ moduleId }: TestSpecification): number {
  return longFiles.indexOf(relative(root, moduleId).replaceAll("\\", "/"));
}
