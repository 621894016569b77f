// Bundles the kill matrix of sync with the sources and runs it: `npm run test:kills -- [kills per database] [duckdb|postgres] [step of failpoints]`.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = join(root, `.scratch/kills-${process.pid}`);
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

await build({
  entryPoints: ["matrix", "child"].map((name) => join(root, `test/sync/kills/${name}.ts`)),
  alias: {
    "@connector-gen/runtime/kinds": join(root, "runtime/src/kinds.ts"),
    "@connector-gen/runtime/plugin": join(root, "runtime/src/plugin.ts"),
    "@connector-gen/runtime": join(root, "runtime/src/node.ts"),
    "@connector-gen/sync": join(root, "sync/src/index.ts"),
  },
  bundle: true,
  format: "esm",
  target: "es2022",
  platform: "node",
  packages: "external",
  outdir: scratch,
  outExtension: { ".js": ".mjs" },
  logLevel: "error",
});
const args = [join(scratch, "matrix.mjs"), join(scratch, "child.mjs"), ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
