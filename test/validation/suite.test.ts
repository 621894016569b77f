import { describe, expect, it } from "vitest";
import { groups, judge } from "./suite.js";

/** The reasons of the generator for not following a schema of the suite. */
const reasons = [
  "unknown-ref",
  "nested-id",
  "implied-type",
  "missing-min-items",
  "invalid-value",
  "dropped-field",
];

/** The minimum number of tests that must agree. The generator must report the others. */
const floor = 1115;

describe("the JSON Schema Test Suite for 2020-12", () => {
  if (groups.length === 0) {
    console.info(
      "The JSON Schema Test Suite is skipped: JSON_SCHEMA_TEST_SUITE names no checkout's tests/draft2020-12",
    );
  }

  it.runIf(groups.length > 0)(
    "agrees with the generated validators, or the generator reports the schema",
    async () => {
      const score = { agree: 0, reported: 0, all: 0 };
      const wrong: string[] = [];
      for (const [file, list] of groups) {
        for (const { schema, description, tests } of list) {
          const { problems, isValid } = await judge(schema);
          const isReported = problems.some((problem) =>
            reasons.some((code) => problem.startsWith(`${code}:`)),
          );
          for (const { data, valid, description: what } of tests) {
            score.all += 1;
            if (isValid && (await isValid(data)) === valid) score.agree += 1;
            else if (isReported) score.reported += 1;
            else wrong.push(`${file}: ${description}: ${what}`);
          }
        }
      }
      console.info(
        `JSON Schema Test Suite: ${score.agree} of ${score.all} agree, ${score.reported} are reported, ${wrong.length} differ`,
      );
      expect(wrong).toEqual([]);
      expect(score.all).toBeGreaterThan(1250);
      expect(score.agree).toBeGreaterThanOrEqual(floor);
    },
    120_000,
  );

  it("finds a validator that is wrong", async () => {
    const { isValid } = await judge({ type: "object", properties: { a: { type: "string" } } });
    expect(await isValid?.({ a: 1 })).toBe(false);
    expect(await isValid?.({ a: "1" })).toBe(true);
  });
});
