import { createRandom } from "./random.js";
import { createVocabulary, type Sort } from "./vocabulary.js";

/** Chance with a seed: every value of a record is drawn from here. */
export interface Dice {
  /** Starts the sequence of one record. */
  readonly seed: (value: number) => void;
  readonly chance: (probability: number) => boolean;
  /** A whole number between two, both included. */
  readonly whole: (from: number, to: number) => number;
  readonly pick: <T>(list: readonly T[]) => T;
  /** A name, a city, a sentence. */
  readonly word: (sort: Sort) => string;
}

/** Creates dice. Loads faker. */
export async function createDice(): Promise<Dice> {
  const vocabulary = await createVocabulary();
  const random = createRandom();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T;
  return {
    seed: random.seed,
    chance: (probability) => random.next() < probability,
    whole: (from, to) => from + Math.floor(random.next() * (to - from + 1)),
    pick,
    word: (sort) => pick(vocabulary(sort)),
  };
}
