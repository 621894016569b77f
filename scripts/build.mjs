// Compiles everything or the given projects, and bundles the packages. It does not check types; `npm test types` does. The
// compiler is written in Go, and takes a fifth of the time of TypeScript 6. The compiler's path is explicit, because several versions share `node_modules/.bin`.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { bundleLibraries } from "./bundle-libraries.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const { status } = spawnSync(
  process.execPath,
  ["node_modules/ts70/bin/tsc", "-b", "--noCheck", ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
if (status !== 0) process.exit(status ?? 1);

await bundleLibraries();
// It contains the runtime.
await bundle(resolve("dist"));
chmodSync("dist/cli.js", 0o755);
