// Lints everything by the rules in `eslint.config.js`, and reports the errors of the compiler: `npm test lint`. oxlint runs
// the rules in a fifth of eslint's time. Its rules about types and the compiler share one analysis of the types. `npx eslint
// FILE` runs the same rules on a file. `--types` reports the errors of the compiler only.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import tseslint from "typescript-eslint";
import config from "../eslint.config.js";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const prefix = "@typescript-eslint/";
const isTypesOnly = process.argv.includes("--types");

/** A rule that oxlint lacks. It concerns classes, which only the errors are. */
const left = "@typescript-eslint/no-unsafe-class-instance-assignment";

/** Rules that are in use. oxlint rejects unknown names, even to turn rules off. */
const used = new Set(
  config.flatMap(({ rules = {} }) => Object.keys(rules).filter((name) => [rules[name]].flat()[0] !== "off")),
);

// Patterns in the file are relative to its folder.
const written = ".oxlint.json";
process.once("exit", () => rmSync(written, { force: true }));
writeFileSync(
  written,
  JSON.stringify({
    plugins: ["typescript"],
    jsPlugins: ["./scripts/lint-plugin.mjs"],
    categories: { correctness: "off" },
    ignorePatterns: config.flatMap(({ files, ignores, rules }) => (files || rules ? [] : (ignores ?? []))),
    overrides: config.flatMap(({ files = ["**/*"], ignores, rules }) =>
      rules && !isTypesOnly ? [{ files, excludeFiles: ignores, rules: renameAll(rules) }] : [],
    ),
  }),
);
const flags = ["--type-aware", "--type-check"];
if (!isTypesOnly) flags.push("--report-unused-disable-directives-severity", "error");
const { status } = spawnSync(
  process.execPath,
  ["node_modules/oxlint/bin/oxlint", ...flags, "-c", written, "."],
  {
    stdio: "inherit",
    // Several threads would analyse the same declarations again.
    env: { ...process.env, GOMAXPROCS: "1" },
  },
);
process.exit(status ?? 1);

/** Returns the same rules under their names in oxlint. */
function renameAll(rules) {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, value]) => {
      return name === left || !used.has(name) ? [] : [[nameInOxlint(name), value]];
    }),
  );
}

function nameInOxlint(name) {
  if (!name.startsWith(prefix)) return name;
  const own = name.slice(prefix.length);
  const { extendsBaseRule, requiresTypeChecking } = tseslint.plugin.rules[own].meta.docs;
  // oxlint has one rule for a rule of ESLint and its extension to TypeScript.
  return extendsBaseRule && !requiresTypeChecking ? own : `typescript/${own}`;
}
