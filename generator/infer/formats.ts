/** A format of JSON Schema that can be recognised. */
export type Format = "date-time" | "date" | "uuid" | "email" | "uri" | "decimal";

/** Maximum length of a text that may have a format, in UTF-16 code units. */
const maxLength = 2048;

const tests: readonly (readonly [Format, (text: string) => boolean])[] = [
  ["date-time", isDateTime],
  ["date", isDate],
  ["uuid", (text) => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)],
  ["email", (text) => /^[^\s@<>(),;:"]{1,64}@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/.test(text)],
  // Money and measurements, which a number would round.
  ["decimal", (text) => /^-?\d+\.\d+$/.test(text)],
  ["uri", (text) => /^[a-z][a-z\d+.-]*:\/\/\S+$/i.test(text) && URL.canParse(text)],
];

/** Lists the formats that a text has; most texts have none. */
export function formatsOf(text: string): ReadonlySet<Format> {
  if (text === "" || text.length > maxLength) return new Set();
  return new Set(tests.flatMap(([format, test]) => (test(text) ? [format] : [])));
}

/** Whether a text is a time of RFC 3339, section 5.6. */
function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return false;
  const [, date = "", hours, minutes, seconds] = match;
  return isDate(date) && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) <= 60;
}

/** Whether a text is a date that exists. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
