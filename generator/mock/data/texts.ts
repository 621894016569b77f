import type { Dice } from "./dice.js";
import { chooseMoment, toDay, toTimestamp } from "./moments.js";
import { uuidOf } from "./random.js";
import type { Sort } from "./vocabulary.js";
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
  return row ? row[1](place) : twoWords;
}

type TextOf = (place: FieldPlace) => MakeText;

/** Whatever the place, a word of this sort. */
function word(sort: Sort): TextOf {
  return () => (dice) => dice.word(sort);
}

/** Whatever the place, one of a few. */
function oneOf(...words: readonly string[]): TextOf {
  return () => (dice) => dice.pick(words);
}

const twoWords: MakeText = (dice) => `${dice.word("adjective")} ${dice.word("noun")}`;
const fullName: MakeText = (dice) => `${dice.word("firstName")} ${dice.word("lastName")}`;
const price: MakeText = (dice) => (dice.whole(100, 49_999) / 100).toFixed(2);
const email: MakeText = (dice) => {
  const name = `${dice.word("firstName")}.${dice.word("lastName")}`.toLowerCase().replace(/[^a-z.]/g, "");
  return `${name}${dice.whole(1, 99)}@example.com`;
};
const slug: MakeText = (dice, index) => `${dice.word("adjective")}-${dice.word("noun")}-${index + 1}`;
const code: MakeText = (dice) =>
  `${dice.word("noun").toUpperCase()}-${dice.whole(0x1000, 0xffff).toString(16).toUpperCase()}`;

const timestamp: TextOf = (place) => {
  const name = toSnake(place.name);
  return (dice, index) => toTimestamp(chooseMoment(dice, name, index));
};
const day: TextOf = (place) => {
  const name = toSnake(place.name);
  return (dice, index) => toDay(chooseMoment(dice, name, index));
};
const path: TextOf = ({ owner }) => {
  const folder = encodeURIComponent(owner);
  return (dice) => `/${folder}/${dice.whole(1, 9999)}`;
};
const url: TextOf = (place) => {
  const makePath = path(place);
  return (dice, index) => `https://${dice.word("domain")}${makePath(dice, index)}`;
};

/** What the `format` of JSON Schema promises. */
const textsByFormat: Readonly<Record<string, TextOf>> = {
  "date-time": timestamp,
  date: day,
  time: () => (dice) => toTimestamp(dice.whole(0, 86_399) * 1000).slice(11),
  duration: () => (dice) => `PT${dice.whole(1, 23)}H${dice.whole(1, 59)}M`,
  email: () => email,
  "idn-email": () => email,
  uri: url,
  url,
  iri: url,
  "uri-reference": path,
  uuid: () => (dice, index) => uuidOf(dice.whole(0, 2 ** 31), index),
  hostname: word("domain"),
  ipv4: () => (dice) => `192.0.2.${dice.whole(1, 254)}`,
  ipv6: () => (dice) => `2001:db8::${dice.whole(1, 0xffff).toString(16)}`,
  byte: () => (dice) => Buffer.from(dice.word("noun")).toString("base64"),
  decimal: () => price,
};

/** What a field's name promises; the first row that matches. */
const textsByName: readonly (readonly [RegExp, TextOf])[] = [
  [/(^|_)e?mails?$/, () => email],
  [/(^|_)(ur[il]s?|href|link|website|avatar|image|photo|thumbnail)$/, url],
  [/(_at|_on|_time|timestamp)$/, timestamp],
  [/(^|_)(date|day|birthday)$/, day],
  [/^(first|given)_?name$/, word("firstName")],
  [/^(last|family|sur)_?name$/, word("lastName")],
  [/^(full|display|author|user|customer|instructor|student)_name$/, () => fullName],
  [/(^|_)(user_?name|login|handle|nickname)$/, word("username")],
  [/(^|_)(name|title|label|subject|headline)$/, chooseName],
  [/(^|_)(description|summary|bio|body|text|comment|content|message|notes?|excerpt)$/, word("sentence")],
  [/(^|_)currency(_code)?$/, oneOf("EUR", "USD", "GBP", "JPY", "CHF", "INR")],
  [/(price|amount|cost|fee|balance|subtotal|total)$/, () => price],
  [/(^|_)(status|state)$/, oneOf("active", "pending", "completed", "archived")],
  [/(^|_)(level|difficulty)$/, oneOf("beginner", "intermediate", "advanced")],
  [/(^|_)role$/, oneOf("member", "editor", "admin", "owner")],
  [/(^|_)(type|kind|plan|tier)$/, oneOf("standard", "premium", "trial")],
  [/(^|_)(language|locale|lang)$/, oneOf("en", "de", "fr", "es", "pt-BR", "ja")],
  [/(^|_)time_?zone$/, oneOf("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")],
  [/country_code$/, word("countryCode")],
  [/(^|_)country$/, word("country")],
  [/(^|_)city$/, word("city")],
  [/(^|_)(region|province|county)$/, word("region")],
  [/(^|_)(street|address|line_?1)$/, () => (dice) => `${dice.whole(1, 999)} ${dice.word("street")}`],
  [/(zip|postal)(_code)?$/, word("zipCode")],
  [/(^|_)(phone|mobile|fax)(_number)?$/, word("phone")],
  [/(^|_)(company|organi[sz]ation|employer)$/, word("company")],
  [/(^|_)(category|department)$/, word("department")],
  [/(^|_)colou?r$/, () => (dice) => `#${dice.whole(0, 0xffffff).toString(16).padStart(6, "0")}`],
  [/(^|_)slug$/, () => slug],
  [/(^|_)(code|sku|coupon|reference|number)$/, () => code],
  [/(^|_)(tag|keyword|topic|skill)s?$/, word("noun")],
];

/** A `name` is a person's or a thing's, as its owner is. */
function chooseName(place: FieldPlace): MakeText {
  const { owner } = place;
  if (isPerson(owner)) return fullName;
  if (/product|item/.test(owner)) return word("product")(place);
  if (/categor|collection|group/.test(owner)) return word("department")(place);
  return word(/company|organi[sz]ation|account/.test(owner) ? "company" : "phrase")(place);
}
