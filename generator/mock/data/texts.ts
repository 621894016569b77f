import type { Sampler } from "./sampler.js";
import { chooseTime, toDay, toTimestamp } from "./times.js";
import { uuidOf } from "./random.js";
import type { WordKind } from "./vocabulary.js";
import { isPerson, toSnake } from "./words.js";

/** The name of a field and of the type or resource that has it. */
export interface FieldName {
  readonly name: string;
  /** Name of the type or resource in snake_case. */
  readonly owner: string;
}

/** Creates the text of a field for the record at an index. */
export type MakeText = (sampler: Sampler, index: number) => string;

/** Chooses the values of a text field: by its format, otherwise by its name, otherwise two words. */
export function chooseText(format: string | undefined, field: FieldName): MakeText {
  const byFormat = format === undefined ? undefined : textsByFormat[format];
  if (byFormat) return byFormat(field);
  const name = toSnake(field.name);
  const row = textsByName.find(([pattern]) => pattern.test(name));
  return row ? row[1](field) : twoWords;
}

type TextOf = (field: FieldName) => MakeText;

/** Chooses a word of a kind for any field. */
function word(kind: WordKind): TextOf {
  return () => (sampler) => sampler.word(kind);
}

/** Chooses one of several texts for any field. */
function oneOf(...words: readonly string[]): TextOf {
  return () => (sampler) => sampler.pick(words);
}

const twoWords: MakeText = (sampler) => `${sampler.word("adjective")} ${sampler.word("noun")}`;
const fullName: MakeText = (sampler) => `${sampler.word("firstName")} ${sampler.word("lastName")}`;
const price: MakeText = (sampler) => (sampler.whole(100, 49_999) / 100).toFixed(2);
const email: MakeText = (sampler) => {
  const name = `${sampler.word("firstName")}.${sampler.word("lastName")}`
    .toLowerCase()
    .replace(/[^a-z.]/g, "");
  return `${name}${sampler.whole(1, 99)}@example.com`;
};
const slug: MakeText = (sampler, index) =>
  `${sampler.word("adjective")}-${sampler.word("noun")}-${index + 1}`;
const code: MakeText = (sampler) =>
  `${sampler.word("noun").toUpperCase()}-${sampler.whole(0x1000, 0xffff).toString(16).toUpperCase()}`;

const timestamp: TextOf = (field) => {
  const name = toSnake(field.name);
  return (sampler, index) => toTimestamp(chooseTime(sampler, name, index));
};
const day: TextOf = (field) => {
  const name = toSnake(field.name);
  return (sampler, index) => toDay(chooseTime(sampler, name, index));
};
const path: TextOf = ({ owner }) => {
  const folder = encodeURIComponent(owner);
  return (sampler) => `/${folder}/${sampler.whole(1, 9999)}`;
};
const url: TextOf = (field) => {
  const makePath = path(field);
  return (sampler, index) => `https://${sampler.word("domain")}${makePath(sampler, index)}`;
};

/** Texts by the `format` of JSON Schema. */
const textsByFormat: Readonly<Record<string, TextOf>> = {
  "date-time": timestamp,
  date: day,
  time: () => (sampler) => toTimestamp(sampler.whole(0, 86_399) * 1000).slice(11),
  duration: () => (sampler) => `PT${sampler.whole(1, 23)}H${sampler.whole(1, 59)}M`,
  email: () => email,
  "idn-email": () => email,
  uri: url,
  url,
  iri: url,
  "uri-reference": path,
  uuid: () => (sampler, index) => uuidOf(sampler.whole(0, 2 ** 31), index),
  hostname: word("domain"),
  ipv4: () => (sampler) => `192.0.2.${sampler.whole(1, 254)}`,
  ipv6: () => (sampler) => `2001:db8::${sampler.whole(1, 0xffff).toString(16)}`,
  byte: () => (sampler) => Buffer.from(sampler.word("noun")).toString("base64"),
  decimal: () => price,
};

/** Texts by the name of a field. The first match applies. */
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
  [/(^|_)(street|address|line_?1)$/, () => (sampler) => `${sampler.whole(1, 999)} ${sampler.word("street")}`],
  [/(zip|postal)(_code)?$/, word("zipCode")],
  [/(^|_)(phone|mobile|fax)(_number)?$/, word("phone")],
  [/(^|_)(company|organi[sz]ation|employer)$/, word("company")],
  [/(^|_)(category|department)$/, word("department")],
  [/(^|_)colou?r$/, () => (sampler) => `#${sampler.whole(0, 0xffffff).toString(16).padStart(6, "0")}`],
  [/(^|_)slug$/, () => slug],
  [/(^|_)(code|sku|coupon|reference|number)$/, () => code],
  [/(^|_)(tag|keyword|topic|skill)s?$/, word("noun")],
];

/** Chooses the values of a `name`, which depend on its owner. */
function chooseName(field: FieldName): MakeText {
  const { owner } = field;
  if (isPerson(owner)) return fullName;
  if (/product|item/.test(owner)) return word("product")(field);
  if (/categor|collection|group/.test(owner)) return word("department")(field);
  return word(/company|organi[sz]ation|account/.test(owner) ? "company" : "phrase")(field);
}
