/** Limits the requests ahead that the reads of one client have in flight. It adapts to the server. */
export interface RequestBudget {
  /** Raises the maximum number of requests. */
  readonly allow: (count: number) => void;
  /**
   * Waits for a slot, or until `isDue` is fulfilled: a request that is due needs no slot. Returns the function that frees
   * the slot.
   */
  readonly acquire: (isDue: Promise<unknown>) => Promise<() => void>;
  /** Called with every response: 429 halves the number of requests, and a success raises it a little. */
  readonly observe: (response: { readonly status: number; readonly durationMs: number }) => void;
}

/** The rounds of successful requests before one more is in flight. Few steps, because each one may cause 429 responses. */
const roundsPerStep = 4;

const budgets = new WeakMap<object, RequestBudget>();

/** Returns the budget of a client. */
export function budgetOf(client: object): RequestBudget {
  const budget = budgets.get(client) ?? createRequestBudget();
  budgets.set(client, budget);
  return budget;
}

/** Creates a budget that allows nothing yet. Additive increase, multiplicative decrease, as in TCP (RFC 5681). */
export function createRequestBudget(): RequestBudget {
  const waiting = new Set<() => void>();
  let most = 0;
  let limit = 0;
  let used = 0;
  let halvedAt = 0;
  const startWaiting = (): void => {
    for (const start of waiting) {
      if (used >= Math.floor(limit)) return;
      start();
    }
  };
  return {
    allow: (count) => {
      if (count <= most) return;
      limit += count - most;
      most = count;
    },
    acquire: (isDue) =>
      new Promise((resolve) => {
        let isHeld = false;
        const free = (): void => {
          waiting.delete(start);
          if (isHeld) used--;
          isHeld = false;
          resolve(free);
          startWaiting();
        };
        const start = (): void => {
          waiting.delete(start);
          used++;
          isHeld = true;
          resolve(free);
        };
        waiting.add(start);
        void isDue.then(free);
        startWaiting();
      }),
    observe: ({ status, durationMs }) => {
      const now = Date.now();
      // A request that was sent before the last reduction does not count.
      if (status === 429 && now - durationMs > halvedAt) {
        limit = Math.min(limit, used) / 2;
        halvedAt = now;
      }
      if (status < 400) limit = Math.min(most, limit + 1 / (roundsPerStep * Math.max(1, limit)));
      startWaiting();
    },
  };
}
