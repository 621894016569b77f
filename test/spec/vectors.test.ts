import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { parseText } from "./parse-text.js";

const folder = fileURLToPath(new URL("../conformance/vectors", import.meta.url));

/** The groups of vectors about valid configurations. */
const groups = [
  "errors",
  "defaults-merge",
  "single-entity",
  "requests",
  "parent-child",
  "incremental",
  "response-actions",
];

/** dlt requires every secret when it reads a configuration; here an omitted secret is an option of the factory. */
const allowedWithoutSecret = ["errors/auth-missing-secret", "errors/auth-missing-token"];

/** Undefined in the vectors. Here, using both spellings at once is an error. */
const rejected = ["incremental/two-forms"];

interface Outcome {
  readonly error?: { readonly kind: string } | null;
}

interface Vector {
  readonly config: object;
  readonly expected?: Readonly<Record<string, Outcome>>;
  readonly deviation?: { readonly better: Readonly<Record<string, Outcome>> } | null;
  readonly runs?: readonly (Outcome & { readonly better?: Outcome })[];
}

function isRefused({ expected = {}, deviation, runs = [] }: Vector): boolean {
  const reads = typeof deviation?.better === "object" ? deviation.better : expected;
  return "*" in reads || runs.some((run) => (run.better ?? run).error?.kind === "config");
}

const rows = groups.flatMap((group) =>
  readdirSync(join(folder, group)).map((file) => {
    const vector = JSON.parse(readFileSync(join(folder, group, file), "utf8")) as Vector;
    const name = `${group}/${file.replace(/\.json$/, "")}`;
    const isError = rejected.includes(name) || (isRefused(vector) && !allowedWithoutSecret.includes(name));
    return { name, config: vector.config, want: isError ? "refused" : "accepted" };
  }),
);

describe("dlt's configs", () => {
  test.each(rows)("$name is $want", async ({ config, want }) => {
    const { diagnostics } = await parseText(JSON.stringify(config), { literalSecrets: "extract" });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ message }) => message)).toHaveLength(want === "accepted" ? 0 : 1);
  });
});
