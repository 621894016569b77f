// Compiles everything or the given projects, and bundles the generator. It does not check types; `npm test types` does.
// The compiler's path is explicit, because several versions share `node_modules/.bin`.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const { status } = spawnSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "-b", "--noCheck", ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
if (status !== 0) process.exit(status ?? 1);

await bundle(resolve("dist"));

// The runtime's CommonJS half lives in a package whose type is "module".
mkdirSync("runtime/dist/cjs", { recursive: true });
writeFileSync("runtime/dist/cjs/package.json", '{ "type": "commonjs" }\n');
chmodSync("dist/cli.js", 0o755);
