import type { Endpoint } from "./api.js";
import type { MockStats, ResourceStats } from "./mock.js";

type Counts = { -readonly [K in keyof ResourceStats]: ResourceStats[K] };

/** Counts requests and responses per resource. */
export interface Counter {
  readonly of: (endpoint: Endpoint) => Counts;
  readonly read: () => MockStats;
}

/** Creates a counter that starts at zero for every resource. */
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
