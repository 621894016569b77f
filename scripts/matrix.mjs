// Bundles the fault matrix with the runtime's sources and runs it: `npm run test:matrix`. See test/faults/README.md.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// Concurrent runs do not share their bundles.
const scratch = join(root, `.scratch/matrix-${process.pid}`);
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
const source = join(root, "runtime/src");

const given = process.argv.slice(2);
const isWhole = given.every((word) => /^(--?(seed|workers)|\d+)/.test(word));
let isClean = true;
if (!given.includes("--broken")) {
  const matrix = await bundle("test/faults/matrix.ts", "matrix.mjs");
  isClean = run(matrix, given, { stdio: "inherit" }).status === 0;
}
if (isWhole || given.includes("--broken")) isClean = (await checkTheChecks()) && isClean;
process.exit(isClean ? 0 : 1);

/** Breaks the runtime in each known way. Returns whether the matrix finds every defect. */
async function checkTheChecks() {
  const { brokenRuntimes } = await import(await bundle("test/faults/broken-runtimes.ts", "broken.mjs"));
  const missed = [];
  console.log("\nbroken runtimes that the matrix must find:");
  for (const [index, broken] of brokenRuntimes.entries()) {
    const matrix = await bundle("test/faults/matrix.ts", `broken-${index}.mjs`, broken);
    // Use a local time that differs from UTC. Only a client with a defect depends on it.
    const env = { ...process.env, TZ: "America/New_York" };
    const { stdout } = run(matrix, ["--json", "--workers=1", "--seed=1", `--only=${broken.only}`], {
      env,
      encoding: "utf8",
    });
    const { runs, totals } = JSON.parse(stdout.slice(stdout.lastIndexOf("\n{") + 1));
    const count = totals[broken.counter];
    if (!(count > 0)) missed.push(broken.name);
    console.log(`${count > 0 ? "✓" : "✗"} ${broken.name}: ${broken.counter} ${count} in ${runs} runs`);
  }
  return missed.length === 0;
}

function run(file, args, options) {
  return spawnSync(process.execPath, ["--enable-source-maps", file, ...args], options);
}

/** Bundles a module and returns the path of the bundle. */
async function bundle(entry, name, broken) {
  const outfile = join(scratch, name);
  await build({
    entryPoints: [join(root, entry)],
    alias: {
      "@connector-gen/runtime/kinds": join(source, "kinds.ts"),
      "@connector-gen/runtime/plugin": join(source, "plugin.ts"),
      "@connector-gen/runtime": join(source, "node.ts"),
    },
    plugins: broken ? [breakSource(broken)] : [],
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "node",
    packages: "external",
    sourcemap: "inline",
    outfile,
    logLevel: "error",
  });
  return outfile;
}

/** Edits one source of the runtime. Throws if the text to replace does not occur exactly once. */
function breakSource({ name, file, search, replace }) {
  const path = join(source, file);
  const text = readFileSync(path, "utf8");
  if (text.split(search).length !== 2)
    throw new Error(`"${name}": ${file} must contain this text exactly once: ${JSON.stringify(search)}`);
  return {
    name: "break",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === path ? { contents: text.replace(search, () => replace), loader: "ts" } : undefined,
      );
    },
  };
}
