import { createHash } from "node:crypto";

/** A wish for a name. */
export interface Wish {
  /** The names that fit, the best one first. */
  readonly names: readonly string[];
  /** Identifies the named item by its path, so the order of the spec does not matter. Default: the best name. */
  readonly key?: string;
  /** Wishes of a lower rank come first. Default 9. */
  readonly rank?: number;
}

/** A set of unique identifiers. */
export interface Scope {
  /** Claims a name and returns it. */
  readonly claim: (wish: Wish | string) => string;
}

/** The names of a module. They do not depend on the order in which they are claimed. */
export interface NameBook {
  /** Returns an empty scope, in which every key has the name that `settle` gave it. */
  readonly open: () => Scope;
  /** Assigns names to the wishes of the last scope. Returns whether a name changed; all names must then be claimed again. */
  readonly settle: () => boolean;
}

type KeyedWish = Wish & { readonly key: string };

/** Creates the names of a module, which differ from the reserved names. */
export function createNameBook(reserved: readonly string[]): NameBook {
  let names: ReadonlyMap<string, string> = new Map();
  let wishes: KeyedWish[] = [];
  let given = new Map<string, string>();
  return {
    open: () => {
      const taken = new Set(reserved);
      wishes = [];
      given = new Map();
      return {
        claim: (wish) => {
          const { names: candidates, ...rest } = typeof wish === "string" ? { names: [wish] } : wish;
          const key = unusedName([rest.key ?? candidates[0] ?? ""], given);
          const name = unusedName([...(names.has(key) ? [names.get(key) ?? ""] : []), ...candidates], taken);
          wishes.push({ ...rest, names: candidates, key });
          given.set(key, name);
          taken.add(name);
          return name;
        },
      };
    },
    settle: () => {
      names = assignNames(wishes, reserved);
      return [...names].some(([key, name]) => given.get(key) !== name);
    },
  };
}

/** Returns the first name that is not taken, or the last name with a number. */
function unusedName(names: readonly string[], taken: { readonly has: (name: string) => boolean }): string {
  const last = names.at(-1) ?? "";
  let name = names.find((each) => !taken.has(each)) ?? last;
  for (let number = 2; taken.has(name); number++) name = `${last}${number}`;
  return name;
}

/**
 * Assigns a name to the key of each wish. If several wishes of a rank want the same name, each gets its next best name,
 * and finally a name with a hash of its key. So the order of the wishes does not matter.
 */
export function assignNames(
  wishes: readonly KeyedWish[],
  reserved: readonly string[],
): ReadonlyMap<string, string> {
  const taken = new Set(reserved);
  const assigned = new Map<string, string>();
  const assign = ({ key }: KeyedWish, name: string): void => {
    assigned.set(key, name);
    taken.add(name);
  };
  const ranks = new Map<number, KeyedWish[]>();
  for (const wish of wishes) {
    const { rank = 9 } = wish;
    const equals = ranks.get(rank);
    if (equals) equals.push(wish);
    else ranks.set(rank, [wish]);
  }
  for (const [, all] of [...ranks].sort(([a], [b]) => a - b)) {
    let pending = all;
    for (let round = 0; pending.some(({ names }) => names.length > round); round++) {
      const wanted = countBy(pending.map(({ names }) => names[round] ?? ""));
      const isFree = ({ names }: Wish): boolean =>
        wanted.get(names[round] ?? "") === 1 && names[round] !== undefined && !taken.has(names[round] ?? "");
      const free = new Set(pending.filter(isFree));
      pending = pending.filter((wish) => !free.has(wish));
      for (const wish of free) assign(wish, wish.names[round] ?? "");
    }
    const rest = [...pending].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const wish of rest) assign(wish, unusedName([`${wish.names[0] ?? ""}_${digest(wish.key)}`], taken));
  }
  return assigned;
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Hashes of short values, by text. Schemas such as `{ "type": "null" }` occur everywhere. */
const knownDigests = new Map<string, string>();
const digestLimits = { length: 200, count: 10_000 };

/** Returns six hex digits that depend on a value, but not on the order of its keys and lists. */
export function digest(value: unknown): string {
  const text = JSON.stringify(value);
  const known = knownDigests.get(text);
  if (known !== undefined) return known;
  const hash = createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 6);
  if (text.length <= digestLimits.length && knownDigests.size < digestLimits.count)
    knownDigests.set(text, hash);
  return hash;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(sorted(item))).sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([key, inner]) => [key, sorted(inner)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
