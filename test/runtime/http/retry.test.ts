import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoff, defaultRetry, isAmong } from "../../../runtime/src/http/retry.js";

describe("isAmong", () => {
  const rows = [
    { given: [429, "5xx"], status: 429, want: true },
    { given: [429, "5xx"], status: 500, want: true },
    { given: [429, "5xx"], status: 599, want: true },
    { given: [429, "5xx"], status: 428, want: false },
    { given: [429, "5xx"], status: 499, want: false },
    { given: [429, "5xx"], status: 600, want: false },
    { given: ["429"], status: 429, want: true },
    { given: ["5XX"], status: 503, want: true },
    { given: ["42x"], status: 425, want: true },
    { given: ["42x"], status: 435, want: false },
    { given: [50], status: 500, want: false },
    { given: ["xx"], status: 500, want: false },
    { given: [], status: 500, want: false },
  ];
  it.each(rows)("$status among $given: $want", ({ given, status, want }) => {
    expect(isAmong(status, given)).toBe(want);
  });
});

describe("backoff", () => {
  const policies = fc.record({
    backoffMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
    maxDelayMs: fc.double({ min: 0, max: 300_000, noNaN: true }),
  });

  it("keeps between the hint and the longer of hint + 10 % and the capped exponential", () => {
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
        (policy, n, hint) => {
          const delay = backoff({ ...defaultRetry, ...policy }, n, hint);
          const cap = Math.min(policy.maxDelayMs, policy.backoffMs * 2 ** (n - 1));
          expect(delay).toBeGreaterThanOrEqual(hint ?? 0);
          expect(delay).toBeLessThanOrEqual(Math.max(cap, (hint ?? 0) * 1.1));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("spreads over the whole interval, which doubles from retry to retry", () => {
    for (const [n, cap] of [
      [1, 1000],
      [2, 2000],
      [3, 4000],
      [9, 256_000],
      [10, 300_000],
      [40, 300_000],
    ] as const) {
      const draws = Array.from({ length: 2000 }, () => backoff(defaultRetry, n));
      expect(Math.min(...draws)).toBeLessThan(cap * 0.02);
      expect(Math.max(...draws)).toBeGreaterThan(cap * 0.98);
      expect(draws.reduce((sum, draw) => sum + draw) / draws.length / cap).toBeCloseTo(0.5, 1);
    }
  });

  it("only lengthens a hint, so clients do not all retry at once", () => {
    const draws = Array.from({ length: 2000 }, () => backoff({ ...defaultRetry, backoffMs: 0 }, 1, 1000));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...draws)).toBeGreaterThan(1090);
    expect(Math.max(...draws)).toBeLessThanOrEqual(1100);
  });
});
