// Checks everything that must hold before a change lands: `npm test`. Arguments select stages: `npm test lint`.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = join(root, ".scratch/check");
const report = join(scratch, "tests.json");
const tarballs = join(scratch, "packages");

/**
 * Each stage resolves to its failures. All stages except the build run at the same time, because the tests leave cores
 * idle at times.
 */
const stages = {
  build: (run) => passes(run, "scripts/build.mjs", "tsconfig.build.json"),
  tests: runTests,
  lint: (run) => passesAfterBuild(run, "scripts/lint.mjs"),
  types: (run) => passesAfterBuild(run, "scripts/lint.mjs", "--types"),
  format: (run) => passes(run, "scripts/format.mjs"),
  unused: (run) => passes(run, bin("knip")),
  generated: (run) => passes(run, "dist/cli.js", "check", ...specs(), "-o", "generated", "--quiet"),
  packages: checkPackages,
  demo: (run) =>
    passes(run, "build/demo/demo.js", "--records", "100", "--latency", "0", "--fault", "500@first"),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(stages, name));
if (unknown.length > 0) {
  console.error(`unknown stage ${unknown.join(", ")}; the stages are ${Object.keys(stages).join(", ")}`);
  process.exit(2);
}
mkdirSync(scratch, { recursive: true });
// The programs written in Go take less time if they collect their garbage less often.
process.env.GOGC ??= "400";
let passed = 0;
const packing = { lines: [], code: undefined };
const failures = [];
const isLinted = chosen.length === 0 || chosen.includes("lint");
// `lint` reports what `types` reports.
const isChosen = (name) => (chosen.length === 0 || chosen.includes(name)) && !(name === "types" && isLinted);
const [first, ...rest] = Object.keys(stages).filter(isChosen);
// A failed build would also make the other stages fail, so only the build is reported.
if (await check(first)) {
  // Tells the tests of the packages not to build them again.
  if (first === "build") process.env.CONNECTOR_GEN_BUILT = "1";
  await Promise.all(rest.map(check));
}
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join("\n")}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);

/** Runs a stage and prints its output as one block. */
async function check(name) {
  const started = performance.now();
  const lines = [];
  const found = await stages[name](runner(name, lines));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const isFine = found.length === 0;
  console.log(`${lines.join("").trimEnd()}\n${isFine ? "✓" : "✗"} ${name} (${seconds} s)`.trimStart());
  failures.push(...found.map((each) => (name === "tests" ? each : `${name}: ${each}`)));
  // The tests print their own count.
  if (isFine && name !== "tests") passed++;
  return isFine;
}

/**
 * Returns a function that runs Node scripts for a stage and resolves to the exit code. Tests print immediately, other
 * stages into `lines`.
 */
function runner(name, lines) {
  return (...args) =>
    new Promise((resolve, reject) => {
      const stdio = name === "tests" ? "inherit" : ["ignore", "pipe", "pipe"];
      const child = spawn(process.execPath, args, { cwd: root, stdio });
      // Tests measure time, so the other stages have a lower priority.
      if (name !== "tests") setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      child.stdout?.on("data", (chunk) => lines.push(String(chunk)));
      child.stderr?.on("data", (chunk) => lines.push(String(chunk)));
      child.on("error", reject);
      child.on("close", resolve);
    });
}

/** Runs a script. Its arguments are the name of a failure. */
async function passes(run, script, ...args) {
  return (await run(script, ...args)) === 0 ? [] : [[script, ...args].join(" ")];
}

function specs() {
  return readdirSync(join(root, "specs")).map((name) => `specs/${name}`);
}

/** Runs a script that reads the declarations of the build, and builds them first if no stage did. */
async function passesAfterBuild(run, ...command) {
  const isBuilt = chosen.length === 0 || chosen.includes("build");
  const failed = isBuilt ? [] : await passes(run, "scripts/build.mjs", "tsconfig.build.json");
  return failed.length > 0 ? failed : passes(run, ...command);
}

/** Returns the script of a package's command, which works on every system. */
function bin(name, command = name) {
  const folder = join(root, "node_modules", name);
  const { bin: entry } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return relative(root, join(folder, typeof entry === "string" ? entry : entry[command]));
}

/** Packs all packages, once for the stages that need them. Resolves to the exit code. */
function pack() {
  return (packing.code ??= runner("packages", packing.lines)("scripts/pack.mjs", tarballs));
}

/** Checks the contents of the packages in the form that users install. */
async function checkPackages(run) {
  if ((await pack()) !== 0) return [`scripts/pack.mjs: ${packing.lines.join("").trim()}`];
  return passes(run, "scripts/check-packages.mjs", tarballs);
}

async function runTests(run) {
  rmSync(report, { force: true });
  if (rest.includes("packages") && (await pack()) === 0) process.env.CONNECTOR_GEN_TARBALLS = tarballs;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await run(bin("vitest"), "run", ...reporters);
  if (!existsSync(report)) return ["vitest"];
  const { testResults, numPassedTests } = JSON.parse(readFileSync(report, "utf8"));
  passed += numPassedTests;
  const found = testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(root, name);
    const names = assertionResults.filter((test) => test.status === "failed").map((test) => test.fullName);
    // A file that fails to load has no tests.
    return names.length > 0 || status !== "failed" ? names.map((each) => `${file}: ${each}`) : [file];
  });
  return code !== 0 && found.length === 0 ? ["vitest: an error outside the tests"] : found;
}
