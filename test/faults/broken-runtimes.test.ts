import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/paths.js";
import { brokenRuntimes } from "./broken-runtimes.js";
import { allRuns } from "./levels.js";

const names = allRuns(1).map(({ level, name }) => `${level}: ${name}`);

// `npm run test:matrix -- --broken` breaks the runtime and runs the matrix on it; this takes longer than a test should.
describe.each(brokenRuntimes)("a runtime in which $name", ({ file, search, only }) => {
  it("can still be made", () => {
    const text = readFileSync(join(root, "runtime/src", file), "utf8");
    expect(text.split(search)).toHaveLength(2);
  });

  it("has runs that must find it", () => {
    expect(names.some((name) => name.includes(only))).toBe(true);
  });
});
