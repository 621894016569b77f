import type { Limiter } from "./limiter.js";
import type { Reading } from "../read/reading.js";
import type { Run } from "../read/session.js";
import type { Steps } from "../read/steps.js";

/** The steps of a read whose attempts wait for places. */
export const limitedSteps: Partial<Steps> = {
  attempt: admit,
  observe: (sending, headers) => {
    for (const limiter of limitersOf(sending)) limiter.observe?.(sending.client, headers);
  },
};

/** Makes an attempt when every limiter has a place, and gives the places back; the time does not count as the attempt's. */
async function admit<T>(run: Run, make: () => Promise<T>): Promise<T> {
  const releases: (() => void)[] = [];
  try {
    for (const limiter of limitersOf(run)) releases.push(await limiter.admit(run.client, run.signal));
    return await make();
  } finally {
    for (const release of releases) release();
  }
}

function limitersOf({ client, resource, seats }: Reading): readonly Limiter[] {
  const { source, options } = client;
  return [seats, options.rateLimit ?? source.rateLimit, resource.rateLimit].filter(
    (limiter) => limiter !== undefined,
  );
}
