// Lints everything by the rules in `eslint.config.js`: `npm test lint`. oxlint runs those that need types, in a tenth of the time
// that eslint needs for them; eslint runs all others. `npx eslint FILE` runs all rules over a file.
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import tseslint from "typescript-eslint";
import config from "../eslint.config.js";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const prefix = "@typescript-eslint/";

/** Rules that oxlint does not have. The first one needs no types as we use it; the second one is about classes, which only the errors have. */
const unknown = ["naming-convention", "no-unsafe-class-instance-assignment"];

const ignored = config.flatMap(({ files, ignores, rules }) => (files || rules ? [] : (ignores ?? [])));
const base = {};
const overrides = [];
for (const { files, rules } of config) {
  const typed = typedRules(rules);
  if (Object.keys(typed).length === 0 || files?.includes("**/*.js")) continue;
  // The shared configurations name the endings of TypeScript.
  if (files && !files.includes("**/*.ts")) overrides.push({ files, rules: typed });
  else Object.assign(base, typed);
}
// Its patterns count from its folder.
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

/** The rules that need types, under the names that oxlint gives them. */
function typedRules(rules = {}) {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, value]) => {
      const own = name.startsWith(prefix) ? name.slice(prefix.length) : "";
      const isTyped = tseslint.plugin.rules[own]?.meta.docs.requiresTypeChecking === true;
      return isTyped && !unknown.includes(own) ? [[`typescript/${own}`, value]] : [];
    }),
  );
}
