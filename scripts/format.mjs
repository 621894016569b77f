// Checks that all files are formatted as `npm run format` does: `npm test format`. oxfmt formats like prettier, in a
// fortieth of the time. They differ in unions that take more than one line, and in `package.json`. So prettier checks the
// files that have such a union, and those that oxfmt would change.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

// oxfmt exits with 1 if it would change a file.
const oxfmt = run("oxfmt/bin/oxfmt", "-c", ".prettierrc.json", "--list-different", ".");
if (oxfmt.status !== 0 && oxfmt.status !== 1) fail(oxfmt);
const doubtful = new Set([...oxfmt.stdout.split("\n").filter((line) => line !== ""), ...filesWithUnions()]);
const prettier = run("prettier/bin/prettier.cjs", "--check", "--log-level", "warn", ...doubtful);
if (prettier.status !== 0) fail(prettier);

function run(script, ...args) {
  return spawnSync(process.execPath, [join("node_modules", script), ...args], { encoding: "utf8" });
}

function fail({ stdout, stderr }) {
  console.error(stdout + stderr);
  process.exit(1);
}

/** Lists the sources with a union of one alternative per line. Prettier skips those in `.prettierignore`. */
function filesWithUnions() {
  return readdirSync(".", { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name))
    .flatMap(({ name }) => readdirSync(name, { recursive: true }).map((file) => join(name, file)))
    .filter((file) => file.endsWith(".ts") && /\n\s+\| /.test(readFileSync(file, "utf8")));
}
