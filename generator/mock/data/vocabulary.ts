import type { Faker } from "@faker-js/faker";
import { createRandom, hashText } from "./random.js";

/** The sorts of words that records are put together from. */
export type Sort =
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

/** How faker makes them. */
const sorts: Readonly<Record<Sort, (faker: Faker) => string>> = {
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

/** Lists words of a sort; the same ones in every process. */
export type Vocabulary = (sort: Sort) => readonly string[];

/** How many words of a sort there are. Records mix them, so a few go a long way. */
const size = 500;

/**
 * Creates a vocabulary, filled as it is asked for. Faker makes each word once, for it takes some 10 µs over a word, and
 * a record of twenty fields is to take no longer than that. Loads one of faker's seventy locales.
 */
export async function createVocabulary(): Promise<Vocabulary> {
  const { faker: english } = await import("@faker-js/faker/locale/en");
  const randomizer = createRandom();
  // The class is not exported beside a locale, and comes with all of them elsewhere.
  const fakerClass = english.constructor as typeof Faker;
  const faker = new fakerClass({ locale: english.rawDefinitions, randomizer });
  const words = new Map<Sort, readonly string[]>();
  const fill = (sort: Sort): readonly string[] => {
    randomizer.seed(hashText(sort));
    const list = Array.from({ length: size }, () => sorts[sort](faker));
    words.set(sort, list);
    return list;
  };
  return (sort) => words.get(sort) ?? fill(sort);
}
