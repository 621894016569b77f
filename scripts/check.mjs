// Everything that must hold before a change lands, in one line: `npm run check`. Names of stages pick some of them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = join(root, ".scratch/check");

const stages = {
  build: () => node("scripts/build.mjs"),
  lint: () => bin("eslint", "--max-warnings", "0", "."),
  format: () => bin("prettier", "--check", "--log-level", "warn", "."),
  unused: () => bin("knip"),
  generated: () => node("dist/cli.js", "check", ...specs(), "-o", "generated", "--quiet"),
  packages: checkPackages,
  tests: runTests,
};

const chosen = process.argv.slice(2);
const names = Object.keys(stages).filter((name) => chosen.length === 0 || chosen.includes(name));
let passed = 0;
let failed = 0;
for (const name of names) {
  console.log(`\n— ${name}`);
  const started = performance.now();
  const isFine = stages[name]();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${isFine ? "✓" : "✗"} ${name} (${seconds} s)`);
  // The tests count themselves.
  if (name !== "tests" && isFine) passed++;
  if (name !== "tests" && !isFine) failed++;
  // Nothing after a failed build says anything.
  if (name === "build" && !isFine) break;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function specs() {
  return ["analytics", "learning-platform", "lms", "rest-api", "scheduling"].map(
    (name) => `specs/${name}.json`,
  );
}

function node(...args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status === 0;
}

function bin(name, ...args) {
  return node(binPath(name), ...args);
}

/** The script behind a command, which works alike on every system. */
function binPath(name) {
  const paths = {
    attw: "@arethetypeswrong/cli",
    knip: "knip",
    eslint: "eslint",
    prettier: "prettier",
    publint: "publint",
    vitest: "vitest",
  };
  const folder = join(root, "node_modules", paths[name]);
  const { bin: entry } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof entry === "string" ? entry : entry[name]);
}

/** Packs both packages and looks at what is in them, as users will get it. */
function checkPackages() {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const pack = spawnSync(
    "npm",
    [
      "pack",
      "--json",
      "--ignore-scripts",
      "--pack-destination",
      scratch,
      "--workspaces",
      "--include-workspace-root",
    ],
    {
      cwd: root,
      encoding: "utf8",
      shell: process.platform === "win32",
    },
  );
  if (pack.status !== 0) {
    console.log(pack.stderr);
    return false;
  }
  const tarballs = Object.values(JSON.parse(pack.stdout)).map(({ filename, name }) => ({
    name,
    file: join(scratch, filename.replace("@", "").replace("/", "-")),
  }));
  return tarballs.every(({ name, file }) => {
    console.log(name);
    // The generator is a tool: only its types for ESM matter.
    const profile = name === "connector-gen" ? ["--profile", "esm-only"] : [];
    return (
      existsSync(file) &&
      bin("publint", "run", file, "--strict") &&
      bin("attw", file, "--no-color", ...profile)
    );
  });
}

function runTests() {
  mkdirSync(scratch, { recursive: true });
  const report = join(scratch, "tests.json");
  rmSync(report, { force: true });
  const isFine = bin("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`);
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    passed += numPassedTests;
    failed += numFailedTests;
  }
  // A test file that cannot even be loaded counts as one failure.
  if (!isFine && failed === 0) failed++;
  return isFine;
}
