/** A seeded generator of numbers in [0, 1), which faker uses as well. */
export interface Random {
  readonly next: () => number;
  /** Starts the sequence of a seed. Cheap enough for every record. */
  readonly seed: (value: number) => void;
}

/** Creates a generator with 32 bits of state (mulberry32), which suffices for sample data and is cheap to reseed. */
export function createRandom(): Random {
  let state = 0;
  return {
    next: () => {
      state = (state + 0x6d2b79f5) | 0;
      let bits = Math.imul(state ^ (state >>> 15), 1 | state);
      bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
      return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    },
    seed: (value) => {
      state = value | 0;
    },
  };
}

/** Hashes a text to 32 bits (FNV-1a over UTF-16 code units). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Mixes a number into a 32-bit hash. For one hash, different numbers below 2^32 have different results. */
export function mix(hash: number, value: number): number {
  let bits = hash ^ Math.imul(value, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Returns a UUID in the form of version 4 for a number. For one hash, the first group alone is unique. */
export function uuidOf(hash: number, value: number): string {
  const first = mix(hash, value);
  const [a, b, c, d] = [0, 1, 2, 3].map((word) => hex(word === 0 ? first : mix(first, word))) as Hexes;
  const variant = ((parseInt(c.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

type Hexes = [string, string, string, string];

function hex(bits: number): string {
  return bits.toString(16).padStart(8, "0");
}
