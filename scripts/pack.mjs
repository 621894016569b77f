// Packs all packages into a folder.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node scripts/pack.mjs <folder>");
  process.exit(2);
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const flags = ["--ignore-scripts", "--workspaces", "--include-workspace-root"];
const { status, stderr } = spawnSync("npm", ["pack", ...flags, "--pack-destination", folder], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  encoding: "utf8",
  shell: process.platform === "win32",
});
if (status !== 0) {
  console.error(stderr);
  process.exit(1);
}
