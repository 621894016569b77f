import type { Endpoint } from "./api.js";

/** What one resource of the mock has seen so far. */
export interface ResourceStats {
  /** Requests that reached the resource, whatever the answer. */
  readonly requests: number;
  /** Pages that were sent whole. */
  readonly pages: number;
  /** Records on those pages. */
  readonly records: number;
  /** Injected faults. */
  readonly faults: number;
}

/** By source, then by resource. */
export type MockStats = Readonly<Record<string, Readonly<Record<string, ResourceStats>>>>;

type Counts = { -readonly [K in keyof ResourceStats]: ResourceStats[K] };

/** Counts what happens to each resource. */
export interface Counter {
  readonly of: (endpoint: Endpoint) => Counts;
  readonly read: () => MockStats;
}

/** Creates a counter with a row of zeros for every resource. */
export function createCounter(endpoints: readonly Endpoint[]): Counter {
  const zero = (): Counts => ({ requests: 0, pages: 0, records: 0, faults: 0 });
  const counts = new Map<Endpoint, Counts>(endpoints.map((endpoint) => [endpoint, zero()]));
  return {
    of: (endpoint) => counts.get(endpoint) ?? zero(),
    read: () => {
      const stats: Record<string, Record<string, ResourceStats>> = {};
      for (const [{ source, resource }, row] of counts)
        (stats[source.name] ??= {})[resource.name] = { ...row };
      return stats;
    },
  };
}
