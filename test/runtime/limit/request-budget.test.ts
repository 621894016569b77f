import { describe, expect, it } from "vitest";
import { createRequestBudget, type RequestBudget } from "../../../runtime/src/limit/request-budget.js";

const never = new Promise<never>(() => undefined);
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** Takes all slots, and returns the functions that free them. */
async function takeAll(budget: RequestBudget): Promise<(() => void)[]> {
  const places: (() => void)[] = [];
  for (let i = 0; i < 100; i++) void budget.acquire(never).then((free) => places.push(free));
  await settle();
  return places;
}

describe("a budget of requests", () => {
  it("allows nothing at first, then the maximum number that was allowed", async () => {
    const budget = createRequestBudget();
    expect(await takeAll(budget)).toHaveLength(0);
    for (const [count, want] of [
      [3, 3],
      [2, 3],
      [5, 5],
    ] as const) {
      const fresh = createRequestBudget();
      fresh.allow(3);
      fresh.allow(count);
      expect(await takeAll(fresh)).toHaveLength(want);
    }
  });

  it("lets in the next one when a place is free, in the order of arrival; a place is freed once", async () => {
    const budget = createRequestBudget();
    budget.allow(2);
    const order: number[] = [];
    const places: (() => void)[] = [];
    for (let i = 0; i < 5; i++)
      void budget.acquire(never).then((free) => {
        order.push(i);
        places.push(free);
      });
    for (const want of [2, 3, 4, 5]) {
      await settle();
      expect(order).toHaveLength(want);
      const free = places.shift();
      free?.();
      free?.();
    }
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it("lets in a request that is due without a place, and frees the place of one that becomes due", async () => {
    const budget = createRequestBudget();
    budget.allow(1);
    let makeDue = (): void => undefined;
    const due = new Promise<void>((resolve) => (makeDue = resolve));
    await budget.acquire(due);
    let isIn = false;
    void budget.acquire(never).then(() => (isIn = true));
    await settle();
    expect(isIn).toBe(false);
    await budget.acquire(Promise.resolve());
    await settle();
    expect(isIn).toBe(false);
    makeDue();
    await settle();
    expect(isIn).toBe(true);
  });

  it("is halved by a 429, but once for all requests that left before", async () => {
    const budget = createRequestBudget();
    budget.allow(16);
    const busy = await takeAll(budget);
    expect(busy).toHaveLength(16);
    for (let i = 0; i < 16; i++) budget.observe({ status: 429, durationMs: 1000 });
    for (const free of busy.splice(0)) free();
    await settle();
    expect(busy).toHaveLength(8);
    // A request that was sent after the reduction counts.
    budget.observe({ status: 429, durationMs: 0 });
    for (const free of busy.splice(0)) free();
    await settle();
    expect(busy).toHaveLength(4);
  });

  it.each([
    { status: 200, want: 5 },
    { status: 302, want: 5 },
    { status: 404, want: 4 },
    { status: 503, want: 4 },
  ])(
    "grows by one with four times as many responses of $status as it has places: $want",
    async ({ status, want }) => {
      const budget = createRequestBudget();
      budget.allow(8);
      const busy = await takeAll(budget);
      budget.observe({ status: 429, durationMs: 1000 });
      for (let i = 0; i < 19; i++) budget.observe({ status, durationMs: 0 });
      for (const free of busy.splice(0)) free();
      await settle();
      expect(busy).toHaveLength(want);
    },
  );

  it("grows again from nothing, but never beyond what was asked for", async () => {
    const budget = createRequestBudget();
    budget.allow(2);
    for (let i = 0; i < 3; i++) {
      budget.observe({ status: 429, durationMs: 0 });
      await settle();
    }
    const busy = await takeAll(budget);
    expect(busy).toHaveLength(0);
    for (let i = 0; i < 50; i++) budget.observe({ status: 200, durationMs: 0 });
    await settle();
    expect(busy).toHaveLength(2);
  });
});
