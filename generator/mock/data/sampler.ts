import { createRandom } from "./random.js";
import { createVocabulary, type WordKind } from "./vocabulary.js";

/** A seeded source of random values for records. */
export interface Sampler {
  /** Starts the sequence of one record. */
  readonly seed: (value: number) => void;
  /** Returns true with a probability. */
  readonly chance: (probability: number) => boolean;
  /** Returns an integer from a range that includes both ends. */
  readonly whole: (from: number, to: number) => number;
  /** Returns an element of a list. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** Returns a word or phrase of a kind, such as a name, a city or a sentence. */
  readonly word: (kind: WordKind) => string;
}

/** Creates a sampler. Loads faker. */
export async function createSampler(): Promise<Sampler> {
  const vocabulary = await createVocabulary();
  const random = createRandom();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  return {
    seed: random.seed,
    chance: (probability) => random.next() < probability,
    whole: (from, to) => from + Math.floor(random.next() * (to - from + 1)),
    pick,
    word: (kind) => pick(vocabulary(kind)),
  };
}
