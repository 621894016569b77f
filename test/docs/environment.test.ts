import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/paths.js";

/** Returns all source files below a folder. */
function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ts|mjs)$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), "utf8"));
}

function namesIn(texts: readonly string[], pattern: RegExp): readonly string[] {
  return texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name));
}

describe("CONTRIBUTING.md", () => {
  it("lists the environment variables that tests read", () => {
    const texts = [...sourcesIn("test"), ...sourcesIn("scripts")];
    const read = [
      ...namesIn(texts, /process\.env\["([A-Z_]+)"\]/g),
      ...namesIn(texts, /const \{ ([A-Z_]+)\b[^}]*\} = process\.env;/g),
    ];
    // Tests and scripts set the others themselves.
    const own = new Set([
      ...namesIn(texts, /process\.env(?:\.|\[")([A-Z_]+)(?:"\])? (?:\?\?)?= /g),
      ...namesIn(texts, /delete process\.env\["([A-Z_]+)"\]/g),
    ]);
    const page = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
    const listed = namesIn([page], /^\| `([A-Z_]+)(?:=\w+)?` /gm);
    expect(listed.length).toBeGreaterThan(5);
    expect([...listed].sort()).toEqual([...new Set(read)].filter((name) => !own.has(name)).sort());
  });
});
