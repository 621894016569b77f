import type { Faker } from "@faker-js/faker";
import { createRandom, hashText } from "./random.js";

/** Kinds of words and phrases for records. */
export type WordKind =
  | "adjective"
  | "noun"
  | "firstName"
  | "lastName"
  | "username"
  | "domain"
  | "sentence"
  | "phrase"
  | "company"
  | "product"
  | "department"
  | "street"
  | "city"
  | "region"
  | "country"
  | "countryCode"
  | "zipCode"
  | "phone";

/** Functions that create a word of each kind with faker. */
const wordMakers: Readonly<Record<WordKind, (faker: Faker) => string>> = {
  adjective: (faker) => faker.word.adjective(),
  noun: (faker) => faker.word.noun(),
  firstName: (faker) => faker.person.firstName(),
  lastName: (faker) => faker.person.lastName(),
  username: (faker) => faker.internet.username(),
  domain: (faker) => `${faker.internet.domainWord()}.example.com`,
  sentence: (faker) => faker.lorem.sentence(),
  phrase: (faker) => faker.company.catchPhrase(),
  company: (faker) => faker.company.name(),
  product: (faker) => faker.commerce.productName(),
  department: (faker) => faker.commerce.department(),
  street: (faker) => faker.location.street(),
  city: (faker) => faker.location.city(),
  region: (faker) => faker.location.state(),
  country: (faker) => faker.location.country(),
  countryCode: (faker) => faker.location.countryCode(),
  zipCode: (faker) => faker.location.zipCode(),
  phone: (faker) => faker.phone.number(),
};

/** Returns the words of a kind, which are the same in every process. */
export type Vocabulary = (kind: WordKind) => readonly string[];

/** Words per kind. */
const size = 500;

/**
 * Creates a vocabulary that is filled on demand. Creates each word only once, because faker needs about 10 µs per word,
 * as much as a whole record may take. Loads one of faker's seventy locales.
 */
export async function createVocabulary(): Promise<Vocabulary> {
  const { faker: english } = await import("@faker-js/faker/locale/en");
  const randomizer = createRandom();
  // The entry point of one locale does not export the class; the main entry point loads all locales.
  const fakerClass = english.constructor as typeof Faker;
  const faker = new fakerClass({ locale: english.rawDefinitions, randomizer });
  const words = new Map<WordKind, readonly string[]>();
  const fill = (kind: WordKind): readonly string[] => {
    randomizer.seed(hashText(kind));
    const list = Array.from({ length: size }, () => wordMakers[kind](faker));
    words.set(kind, list);
    return list;
  };
  return (kind) => words.get(kind) ?? fill(kind);
}
