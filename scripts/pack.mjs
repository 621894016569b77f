// Packs all packages into a folder and prints the tarballs as JSON: `[{ name, file }]`.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node scripts/pack.mjs <folder>");
  process.exit(2);
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const flags = ["--json", "--ignore-scripts", "--workspaces", "--include-workspace-root"];
const { status, stdout, stderr } = spawnSync("npm", ["pack", ...flags, "--pack-destination", folder], {
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  encoding: "utf8",
  shell: process.platform === "win32",
});
if (status !== 0) {
  console.error(stderr);
  process.exit(1);
}
const tarballs = Object.values(JSON.parse(stdout)).map(({ filename, name }) => ({
  name,
  // Some versions of npm include the scope in the file name.
  file: join(folder, filename.replace("@", "").replace("/", "-")),
}));
console.log(JSON.stringify(tarballs));
