import type { Faker } from "@faker-js/faker";
import { createRandom } from "./random.js";

/** Chance with a seed: every value of a record is drawn from here. */
export interface Dice {
  /** Names, sentences, cities: faker on the same seed. */
  readonly faker: Faker;
  /** Starts the sequence of one record. */
  seed(value: number): void;
  chance(probability: number): boolean;
  /** A whole number between two, both included. */
  whole(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
}

/** Creates dice. Loads faker, with one locale out of its seventy, on first use. */
export async function createDice(): Promise<Dice> {
  const { faker: english } = await import("@faker-js/faker/locale/en");
  const random = createRandom();
  // Faker's own generator takes 40 µs to seed, as long as a whole record; the class is not exported beside a locale.
  const FakerClass = english.constructor as typeof Faker;
  const faker = new FakerClass({ locale: english.rawDefinitions, randomizer: random });
  return {
    faker,
    seed: random.seed,
    chance: (probability) => random.next() < probability,
    whole: (from, to) => from + Math.floor(random.next() * (to - from + 1)),
    pick: (list) => list[Math.floor(random.next() * list.length)] as (typeof list)[number],
  };
}
