// Bundles the fault matrix with the runtime's sources and runs it: `npm run test:matrix`. See test/faults/README.md.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = join(root, ".scratch/matrix/matrix.mjs");
mkdirSync(join(root, ".scratch/matrix"), { recursive: true });
await build({
  entryPoints: [join(root, "test/faults/matrix.ts")],
  alias: {
    "@connector-gen/runtime/kinds": join(root, "runtime/src/kinds.ts"),
    "@connector-gen/runtime/plugin": join(root, "runtime/src/plugin.ts"),
    "@connector-gen/runtime": join(root, "runtime/src/node.ts"),
  },
  bundle: true,
  format: "esm",
  target: "es2022",
  platform: "node",
  packages: "external",
  sourcemap: "inline",
  outfile,
  logLevel: "error",
});
const { status } = spawnSync(process.execPath, ["--enable-source-maps", outfile, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exit(status ?? 1);
