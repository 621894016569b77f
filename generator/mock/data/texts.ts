import type { Dice } from "./dice.js";
import { chooseMoment, toDay, toTimestamp } from "./moments.js";
import { uuidOf } from "./random.js";
import { isPerson, toSnake } from "./words.js";

/** Where a value stands: the field's name and the type or resource that owns it, in snake_case. */
export interface FieldPlace {
  readonly name: string;
  readonly owner: string;
}

/** Makes the text of a field of record `index`. */
export type MakeText = (dice: Dice, index: number) => string;

/** Chooses how to fill a text field: by its format, else by its name, else with two words. */
export function chooseText(format: string | undefined, place: FieldPlace): MakeText {
  const byFormat = format === undefined ? undefined : textsByFormat[format];
  if (byFormat) return byFormat(place);
  const name = toSnake(place.name);
  const row = textsByName.find(([pattern]) => pattern.test(name));
  return row ? row[1](place) : words;
}

type TextOf = (place: FieldPlace) => MakeText;

const words: MakeText = ({ faker }) => `${faker.word.adjective()} ${faker.word.noun()}`;
const timestamp: TextOf =
  ({ name }) =>
  (dice, index) =>
    toTimestamp(chooseMoment(dice, name, index));
const day: TextOf =
  ({ name }) =>
  (dice, index) =>
    toDay(chooseMoment(dice, name, index));
/** Faker's own adds titles, and takes twice as long. */
const fullName: MakeText = ({ faker }) => `${faker.person.firstName()} ${faker.person.lastName()}`;
const email: MakeText = ({ faker, whole }) =>
  `${faker.person.firstName()}.${faker.person.lastName()}${whole(1, 99)}@example.com`
    .toLowerCase()
    .replace(/[^a-z0-9.@]/g, "");
const url: TextOf =
  ({ owner }) =>
  ({ faker, whole }) =>
    `https://${faker.internet.domainWord()}.example.com/${encodeURIComponent(owner)}/${whole(1, 9999)}`;
const sentence: MakeText = ({ faker }) => faker.lorem.sentence();
const price: MakeText = ({ whole }) => (whole(100, 49_999) / 100).toFixed(2);

/** What the `format` of JSON Schema promises. */
const textsByFormat: Readonly<Record<string, TextOf>> = {
  "date-time": timestamp,
  date: day,
  time: () => (dice) => `${toTimestamp(dice.whole(0, 86_399) * 1000).slice(11)}`,
  duration: () => (dice) => `PT${dice.whole(1, 23)}H${dice.whole(1, 59)}M`,
  email: () => email,
  "idn-email": () => email,
  uri: url,
  url,
  iri: url,
  "uri-reference":
    ({ owner }) =>
    (dice) =>
      `/${encodeURIComponent(owner)}/${dice.whole(1, 9999)}`,
  uuid: () => (dice, index) => uuidOf(dice.whole(0, 2 ** 31), index),
  hostname: () => (dice) => `${dice.faker.internet.domainWord()}.example.com`,
  ipv4: () => (dice) => `192.0.2.${dice.whole(1, 254)}`,
  ipv6: () => (dice) => `2001:db8::${dice.whole(1, 0xffff).toString(16)}`,
  byte: () => (dice) => Buffer.from(words(dice, 0)).toString("base64"),
  decimal: () => price,
};

/** What a field's name promises; the first row that matches. */
const textsByName: readonly (readonly [RegExp, TextOf])[] = [
  [/(^|_)e?mails?$/, () => email],
  [/(^|_)(ur[il]s?|href|link|website|avatar|image|photo|thumbnail)$/, url],
  [/(_at|_on|_time|timestamp)$/, timestamp],
  [/(^|_)(date|day|birthday)$/, day],
  [/^(first|given)_?name$/, () => (dice) => dice.faker.person.firstName()],
  [/^(last|family|sur)_?name$/, () => (dice) => dice.faker.person.lastName()],
  [/^(full|display|author|user|customer|instructor|student)_name$/, () => fullName],
  [/(^|_)(user_?name|login|handle|nickname)$/, () => (dice) => dice.faker.internet.username()],
  [/(^|_)(name|title|label|subject|headline)$/, chooseName],
  [
    /(^|_)(description|summary|bio|body|text|comment|content|message|note|notes|review|excerpt)$/,
    () => sentence,
  ],
  [/(^|_)currency(_code)?$/, () => (dice) => dice.pick(["EUR", "USD", "GBP", "JPY", "CHF", "INR"])],
  [/(price|amount|cost|fee|balance|subtotal|total)$/, () => price],
  [/(^|_)(status|state)$/, () => (dice) => dice.pick(["active", "pending", "completed", "archived"])],
  [/(^|_)(level|difficulty)$/, () => (dice) => dice.pick(["beginner", "intermediate", "advanced"])],
  [/(^|_)role$/, () => (dice) => dice.pick(["member", "editor", "admin", "owner"])],
  [/(^|_)(type|kind|plan|tier)$/, () => (dice) => dice.pick(["standard", "premium", "trial"])],
  [/(^|_)(language|locale|lang)$/, () => (dice) => dice.pick(["en", "de", "fr", "es", "pt-BR", "ja"])],
  [/(^|_)time_?zone$/, () => (dice) => dice.pick(["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"])],
  [/country_code$/, () => (dice) => dice.faker.location.countryCode()],
  [/(^|_)country$/, () => (dice) => dice.faker.location.country()],
  [/(^|_)city$/, () => (dice) => dice.faker.location.city()],
  [/(^|_)(street|address|line_?1)$/, () => (dice) => dice.faker.location.streetAddress()],
  [/(^|_)(region|province|county)$/, () => (dice) => dice.faker.location.state()],
  [/(zip|postal)(_code)?$/, () => (dice) => dice.faker.location.zipCode()],
  [/(^|_)(phone|mobile|fax)(_number)?$/, () => (dice) => dice.faker.phone.number()],
  [/(^|_)(company|organi[sz]ation|employer)$/, () => (dice) => dice.faker.company.name()],
  [/(^|_)(category|department)$/, () => (dice) => dice.faker.commerce.department()],
  [/(^|_)colou?r$/, () => (dice) => `#${dice.whole(0, 0xffffff).toString(16).padStart(6, "0")}`],
  [/(^|_)slug$/, () => (dice, index) => `${words(dice, index)}-${index + 1}`.replaceAll(" ", "-")],
  [/(^|_)(code|sku|coupon|reference|number)$/, () => makeCode],
  [/(^|_)(tag|keyword|topic|skill|label)s?$/, () => (dice) => dice.faker.word.noun()],
];

/** A `name` is a person's or a thing's, as its owner is. */
function chooseName({ owner, name }: FieldPlace): MakeText {
  if (isPerson(owner)) return fullName;
  if (/product|item/.test(owner)) return ({ faker }) => faker.commerce.productName();
  if (/categor|collection|group/.test(owner))
    return ({ faker, pick }) => `${faker.commerce.department()} ${pick(["A", "B", "C"])}`;
  if (/company|organi[sz]ation|account/.test(owner + name)) return ({ faker }) => faker.company.name();
  return ({ faker }) => faker.company.catchPhrase();
}

/** A code such as `SPRING-4F2A`. */
const makeCode: MakeText = ({ pick, whole }) =>
  `${pick(["SPRING", "SUMMER", "AUTUMN", "WINTER"])}-${whole(0x1000, 0xffff).toString(16).toUpperCase()}`;
