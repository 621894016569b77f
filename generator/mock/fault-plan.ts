import type { FaultSpec } from "./faults.js";

/** Decides which attempt of which page meets which fault. */
export interface FaultPlan {
  /** The fault of the next attempt of a page; nothing means a good answer. Each call counts as an attempt. */
  next(page: PlannedPage): FaultSpec | undefined;
}

/** A page as a plan sees it. */
export interface PlannedPage {
  /** Tells the page from all others of the server. */
  readonly key: string;
  /** Its number within its resource, from 0, and how many there are. */
  readonly page: number;
  readonly pages: number;
}

/** Creates the plan for a list of faults. Remembers failed attempts of pages that have not had a good answer yet. */
export function createFaultPlan(faults: readonly FaultSpec[]): FaultPlan {
  const dealt = faults.filter(({ place }) => place === undefined);
  const placed = faults.filter(({ place }) => place !== undefined);
  const attempts = new Map<string, number>();

  const faultsOf = ({ page, pages }: PlannedPage): readonly FaultSpec[] => {
    const turn = dealt[page % dealt.length];
    return [...placed.filter((fault) => indexOf(fault, pages) === page), ...(turn ? [turn] : [])];
  };
  return {
    next: (page) => {
      const attempt = attempts.get(page.key) ?? 0;
      const fault = nth(faultsOf(page), attempt);
      if (fault) attempts.set(page.key, attempt + 1);
      else attempts.delete(page.key);
      return fault;
    },
  };
}

function indexOf({ place }: FaultSpec, pages: number): number | undefined {
  if (place === "first") return 0;
  if (place === "middle") return Math.floor((pages - 1) / 2);
  return place === "last" ? pages - 1 : place;
}

/** The fault of an attempt, from 0, when every fault stands for as many attempts as its `times`. */
function nth(faults: readonly FaultSpec[], attempt: number): FaultSpec | undefined {
  let before = 0;
  return faults.find(({ times }) => (before += times) > attempt);
}
