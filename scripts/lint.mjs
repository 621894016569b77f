// Lints everything by the rules in `eslint.config.js`: `npm test lint`. oxlint runs the rules that need types, in a tenth
// of eslint's time; eslint runs all others. `npx eslint FILE` runs all rules on a file.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import tseslint from "typescript-eslint";
import config from "../eslint.config.js";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const prefix = "@typescript-eslint/";

/**
 * Rules that oxlint lacks. The first needs no types in our configuration; the second concerns classes, which only the
 * errors are.
 */
const unknown = ["naming-convention", "no-unsafe-class-instance-assignment"];

const ignored = config.flatMap(({ files, ignores, rules }) => (files || rules ? [] : (ignores ?? [])));
const base = {};
const overrides = [];
for (const { files, rules } of config) {
  const typed = typedRules(rules);
  if (Object.keys(typed).length === 0 || files?.includes("**/*.js")) continue;
  // The shared configurations list the extensions of TypeScript.
  if (files && !files.includes("**/*.ts")) overrides.push({ files, rules: typed });
  else Object.assign(base, typed);
}
// Patterns in the file are relative to its folder.
const written = ".oxlint.json";
process.once("exit", () => rmSync(written, { force: true }));
writeFileSync(
  written,
  JSON.stringify({
    plugins: ["typescript"],
    categories: { correctness: "off" },
    ignorePatterns: [...ignored, "**/*.js", "**/*.mjs", "**/*.config.ts"],
    rules: base,
    overrides,
  }),
);

const runs = [
  ["oxlint/bin/oxlint", "--type-aware", "-c", written, "."],
  ["eslint/bin/eslint.js", "--max-warnings", "0", "."],
];
const statuses = runs.map(([script, ...args]) => {
  const { status } = spawnSync(process.execPath, [join("node_modules", script), ...args], {
    stdio: "inherit",
    env: { ...process.env, LINT_WITHOUT_TYPES: "1" },
  });
  return status;
});
process.exit(statuses.every((status) => status === 0) ? 0 : 1);

/** Returns the rules that need types, under their names in oxlint. */
function typedRules(rules = {}) {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, value]) => {
      const own = name.startsWith(prefix) ? name.slice(prefix.length) : "";
      const isTyped = tseslint.plugin.rules[own]?.meta.docs.requiresTypeChecking === true;
      return isTyped && !unknown.includes(own) ? [[`typescript/${own}`, value]] : [];
    }),
  );
}
