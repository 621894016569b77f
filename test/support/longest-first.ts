import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { root } from "./paths.js";

/** Files that take or wait longer than their size suggests. */
const longFiles = [
  "sync/reconnect",
  "sync/exactly-once",
  "sync/conformance",
  "sync/contract",
  "sync/large-values",
  "sync/refused-merge",
  "spec/bounds",
  "conformance/conformance",
  "compatibility",
  "docs/reference",
  "integrations",
  "ir/schema-types",
  "faults/matrix",
].map((name) => `test/${name}.test.ts`);

/** Starts long-running files before all others of their project. If one started last, the other cores would be idle. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    // Vitest sorts by project first, and a worker runs the files of one project.
    const names = [...new Set(sorted.map(({ project }) => project.name))];
    return names.flatMap((name) => {
      const own = sorted.filter(({ project }) => project.name === name);
      return [...own.filter(isLong), ...own.filter((file) => !isLong(file))];
    });
  }
}

function isLong({ moduleId }: TestSpecification): boolean {
  return longFiles.includes(relative(root, moduleId).replaceAll("\\", "/"));
}
