import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("has the WebAssembly of its source", () => {
  const compiled = execFileSync(process.execPath, ["scripts/build-wasm.mjs", "--print"], {
    encoding: "utf8",
  });
  // If this fails, run `node scripts/build-wasm.mjs`.
  expect(readFileSync("sync/src/tables/rows-module.ts", "utf8")).toBe(compiled);
}, 60_000);
