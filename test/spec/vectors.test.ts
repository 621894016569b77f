import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { parseText } from "./parse-text.js";

const folder = fileURLToPath(new URL("../conformance/vectors", import.meta.url));

/** The groups that are about what a config may say. */
const GROUPS = [
  "errors",
  "defaults-merge",
  "single-entity",
  "requests",
  "parent-child",
  "incremental",
  "response-actions",
];

/** dlt wants every secret when the config is read; here one that is left out is an option of the factory. */
const GIVEN_LATER = ["errors/auth-missing-secret", "errors/auth-missing-token"];

/** Undecided in the vectors: two spellings at once are an error here. */
const REFUSED = ["incremental/two-forms"];

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

const rows = GROUPS.flatMap((group) =>
  readdirSync(join(folder, group)).map((file) => {
    const vector = JSON.parse(readFileSync(join(folder, group, file), "utf8")) as Vector;
    const name = `${group}/${file.replace(/\.json$/, "")}`;
    const isError = REFUSED.includes(name) || (isRefused(vector) && !GIVEN_LATER.includes(name));
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
