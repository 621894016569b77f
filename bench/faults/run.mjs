// Reads despite each of the named faults with this runtime and with five HTTP clients, on three versions of Node:
// `node bench/faults/run.mjs`. Installs the clients and the other versions of Node into `.scratch/bench-faults`.
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = join(root, ".scratch/bench-faults");
const clients = ["p-retry@7", "ky@1", "got@14", "axios@1", "axios-retry@4", "openai@6"];
const majors = [20, 22, 24];
const nodes = majors.map((major) => `node${major}@npm:node-${process.platform}-${process.arch}@${major}`);

install();
const child = await bundle();
const rows = [];
for (const major of majors) {
  const binary = join(scratch, `node_modules/node${major}/bin/node`);
  for (const zone of ["UTC", "America/New_York"]) rows.push(...(await measure(binary, zone)));
}
printOutcomes(rows.filter(({ node, zone }) => node.startsWith("v24") && zone === "UTC"));
printScores(rows);

function install() {
  mkdirSync(scratch, { recursive: true });
  writeFileSync(join(scratch, "package.json"), '{ "private": true, "type": "module" }\n');
  const flags = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const { status } = spawnSync("npm", [...flags, ...clients, ...nodes], { cwd: scratch, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

/** Bundles the clients with the runtime's sources. The other clients are imported from the scratch folder. */
async function bundle() {
  const outfile = join(scratch, "child.mjs");
  const source = join(root, "runtime/src");
  await build({
    entryPoints: [join(root, "bench/faults/child.mjs")],
    alias: {
      "@connector-gen/runtime/kinds": join(source, "kinds.ts"),
      "@connector-gen/runtime/plugin": join(source, "plugin.ts"),
      "@connector-gen/runtime": join(source, "node.ts"),
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "node",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  return outfile;
}

/** Runs all clients in a process of one version of Node: `[{ node, zone, client, outcomes: { fault: outcome } }]`. */
async function measure(binary, zone) {
  const env = { ...process.env, TZ: zone };
  const { stdout } = await promisify(execFile)(binary, [child], { env, cwd: scratch, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout).map((row) => ({ ...row, zone }));
}

function printOutcomes(all) {
  const faults = Object.keys(all[0].outcomes);
  const width = Math.max(...faults.map((name) => name.length)) + 2;
  console.log(
    `\nNode 24, by fault:\n\n${" ".repeat(width)}${all.map(({ client }) => client.padEnd(22)).join("")}`,
  );
  for (const fault of faults)
    console.log(fault.padEnd(width) + all.map(({ outcomes }) => outcomes[fault].padEnd(22)).join(""));
}

function printScores(all) {
  const words = ["ok", "early", "error", "wrong", "hangs"];
  console.log(`\nof 37 network faults:\n\n${"".padEnd(44)}${words.map((word) => word.padStart(7)).join("")}`);
  for (const { node, zone, client, outcomes, scored } of all) {
    const count = (word) => scored.filter((fault) => outcomes[fault].startsWith(word)).length;
    const name = `${node.padEnd(10)} ${zone.padEnd(17)} ${client}`;
    console.log(
      name.padEnd(52).slice(0, 52).padEnd(44) + words.map((word) => String(count(word)).padStart(7)).join(""),
    );
  }
}
