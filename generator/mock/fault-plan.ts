import type { FaultSpec } from "./faults.js";

/** Chooses the fault for each attempt to read a page. */
export interface FaultPlan {
  /** Returns the fault of the next attempt, or `undefined` for a successful response. Each call counts as an attempt. */
  next(page: PlannedPage): FaultSpec | undefined;
}

/** A page for which faults are planned. */
export interface PlannedPage {
  /** Unique key of the page on the server. */
  readonly key: string;
  /** Index of the page in its resource, from 0. */
  readonly page: number;
  /** Number of pages. */
  readonly pages: number;
}

/** Creates the plan for a list of faults. Remembers the failed attempts of a page until it succeeds. */
export function createFaultPlan(faults: readonly FaultSpec[]): FaultPlan {
  const rotating = faults.filter(({ page }) => page === undefined);
  const fixed = faults.filter(({ page }) => page !== undefined);
  const attempts = new Map<string, number>();

  const faultsOf = ({ page, pages }: PlannedPage): readonly FaultSpec[] => {
    const next = rotating[page % rotating.length];
    return [...fixed.filter((fault) => indexOf(fault, pages) === page), ...(next ? [next] : [])];
  };
  return {
    next: (page) => {
      const attempt = attempts.get(page.key) ?? 0;
      const fault = faultOf(faultsOf(page), attempt);
      if (fault) attempts.set(page.key, attempt + 1);
      else attempts.delete(page.key);
      return fault;
    },
  };
}

function indexOf({ page }: FaultSpec, pages: number): number | undefined {
  if (page === "first") return 0;
  if (page === "middle") return Math.floor((pages - 1) / 2);
  return page === "last" ? pages - 1 : page;
}

/** Returns the fault of an attempt, from 0. Each fault covers as many attempts as its `times`. */
function faultOf(faults: readonly FaultSpec[], attempt: number): FaultSpec | undefined {
  let before = 0;
  return faults.find(({ times }) => (before += times) > attempt);
}
