import type { JsonObject } from "../json.js";

/** The hashes of a state: the first `length` entries of a log that grows. */
interface Hashes {
  readonly log: readonly string[];
  readonly length: number;
}

const logs = new WeakMap<object, Hashes>();

/** Adds a property `hashes` to a state, which copies them only when it is read. */
export function withHashes<T extends object>(
  state: T,
  { log, base = [] }: { readonly log: readonly string[]; readonly base?: readonly string[] },
): T & { readonly hashes: readonly string[] } {
  const { length } = log;
  logs.set(state, { log, length });
  const get = (): readonly string[] => [...new Set([...base, ...log.slice(0, length)])];
  return Object.defineProperty(state, "hashes", { enumerable: true, get }) as T & {
    readonly hashes: readonly string[];
  };
}

/** Returns a state without the hashes of an earlier state; `adds` is their number. */
export function hashesSince<T extends JsonObject>(state: T, earlier: object | undefined): JsonObject {
  const own = logs.get(state);
  if (!own) return state;
  const known = earlier && logs.get(earlier);
  const adds = known?.log === own.log ? known.length : 0;
  // Copying the whole state would read all of its hashes.
  const others = Object.keys(state).filter((key) => key !== "hashes");
  const rest = Object.fromEntries(others.map((key) => [key, state[key]])) as JsonObject;
  return { ...rest, hashes: own.log.slice(adds, own.length), adds };
}
