import { wordsOf } from "@connector-gen/runtime/kinds";
import { singular } from "../plural.js";
import { isObject, valueAt } from "../spec/values.js";
import { count, found, undecided, type Finding } from "./finding.js";
import { keyNames, rareKeyNames } from "./known-shapes.js";
import { isPlainName, toSelector } from "./selectors.js";

/** Facts about the resource of the records. */
export interface KeyHints {
  /** The resource's name. */
  readonly name: string;
  /** Path template of the request. */
  readonly path: string;
  /** Whether all records belong to one parent. */
  readonly isChild: boolean;
  /** For an object of records by key: the field that takes the key. */
  readonly keyField?: string | undefined;
}

/** A field of the records that may be the primary key. */
interface Field {
  readonly name: string;
  /** Number of different values; `undefined` if a record lacks the field. */
  readonly distinct: number | undefined;
  readonly isUuid: boolean;
  readonly isText: boolean;
  /** Whether its values are times, prose or amounts, which may differ by chance. */
  readonly isValue: boolean;
}

/** Finds the primary key: a field with a typical name and a different value in every record. */
export function findPrimaryKey(records: readonly unknown[], hints: KeyHints): Finding {
  const rows = records.filter(isObject);
  if (rows.length === 0 || rows.length < records.length)
    return undecided("primary_key", [
      rows.length === 0 ? "the response has no records with fields" : "not every record is an object",
    ]);
  const fields = fieldsOf(rows);
  const named = namesOf(hints).flatMap((words) => fields.filter((field) => wordsOf(field.name) === words));
  const key = named.find(({ distinct }) => distinct === rows.length);
  const pair = key && withParent(key, fields, hints);
  if (pair) {
    const reasons = [`${pair[1]} numbers the records of one parent, whose id is ${pair[0]}`];
    return found("primary_key", pair, { confidence: "likely", reasons });
  }
  if (key) return accept(key.name, rows.length, hints);
  const unique = fields.filter(({ distinct, isValue }) => distinct === rows.length && !isValue);
  const rare = rows.length > 1 ? rareKeyOf(unique, rows.length) : undefined;
  if (rare) {
    const values = `${rows.length.toLocaleString("en")} different ${rare.isUuid ? "UUIDs" : "values"}, none missing`;
    return found("primary_key", rare.name, { confidence: "likely", reasons: [values] });
  }
  const finding = undecidedKey(rows.length, named, unique);
  const nested = named.length === 0 && rows.length > 1 ? nestedKey(rows) : undefined;
  if (nested === undefined) return finding;
  const why = `${nested} has a different value in each record, but a primary key is a field of the record itself`;
  return { ...finding, reasons: [why] };
}

/** Finds an id within an object of the records, as in `sys.id`. */
function nestedKey(rows: readonly Readonly<Record<string, unknown>>[]): string | undefined {
  const paths = Object.entries(rows[0] ?? {}).flatMap(([name, value]) =>
    isObject(value) ? ["id", "uid", "uuid", "key"].map((key) => [name, key]) : [],
  );
  const found = paths.find((path) => {
    const values = rows.map((row) => valueAt(row, path));
    const areIds = values.every((value) => typeof value === "string" || Number.isInteger(value));
    return areIds && new Set(values).size === rows.length;
  });
  return found && toSelector(found);
}

/** Minimum number of records that show a key whose name is not typical. */
const minUnnamed = 10;

/** Chooses a unique field: the only UUID, then the only one with a name of one kind, then the only text. */
function rareKeyOf(unique: readonly Field[], records: number): Field | undefined {
  const kinds = [
    unique.filter(({ isUuid }) => isUuid),
    ...rareKeyNames.map((names) => unique.filter(({ name }) => names.test(wordsOf(name)))),
    records < minUnnamed ? [] : unique.filter(({ isText }) => isText),
  ];
  return only(kinds.find((fields) => fields.length > 0) ?? []);
}

/** Names of fields, in words, that number the records of one parent. */
const positionWords =
  /^(line|position|index|number|no|num|seq|sequence|rank|row|item|step)( (no|number|index|id))?$/;

/** Whether the name of a field says that it numbers the records of one parent. */
export function isPosition(name: string): boolean {
  return positionWords.test(wordsOf(name));
}

/** Joins a field that numbers the records of one parent with the field of the parent's id: `["order_id", "line"]`. */
function withParent(
  key: Field,
  fields: readonly Field[],
  { isChild }: KeyHints,
): readonly [string, string] | undefined {
  if (!isChild || !isPosition(key.name)) return undefined;
  const parent = fields.find(({ name, distinct }) => distinct === 1 && /(^| )id$/.test(wordsOf(name)));
  return parent && [parent.name, key.name];
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function accept(name: string, length: number, { isChild }: KeyHints): Finding {
  const values =
    length === 1 ? "only one record" : `${length.toLocaleString("en")} different values, none missing`;
  const reasons = [values, ...(isChild ? ["checked for one parent only"] : [])];
  return found("primary_key", name, { confidence: length === 1 ? "likely" : "sure", reasons });
}

function undecidedKey(length: number, named: readonly Field[], unique: readonly Field[]): Finding {
  const [first] = named;
  const why = first
    ? `${JSON.stringify(first.name)} ${first.distinct === undefined ? "is missing or null in some records" : `has ${first.distinct} different values in ${count(length, "record")}`}`
    : "no field has a typical key name";
  const ids = unique.filter(({ name }) =>
    /(^|[ _-]|[a-z](?=[A-Z]))(id|key|code|number|no|uuid)$/i.test(name),
  );
  const alternatives = (length > 1 ? ids : []).slice(0, 5).map(({ name }) => {
    return { value: name, reason: `${length.toLocaleString("en")} different values` };
  });
  return undecided("primary_key", [why], alternatives);
}

/**
 * Lists key names in words, the likeliest first: common names, the parameter of the path, names with the resource's name.
 */
function namesOf({ name, path, keyField }: KeyHints): readonly string[] {
  const segments = path
    .replace(/[?#].*$/, "")
    .split("/")
    .filter(Boolean);
  const last = segments.at(-1) ?? "";
  const variable = /^\{([^{}.]+)\}$/.exec(last)?.[1];
  const noun = segments.filter((segment) => !segment.includes("{")).at(-1) ?? "";
  const own = [name, noun].map((word) => singular(wordsOf(word))).filter(Boolean);
  const tails = own.flatMap((word) => [word, word.split(" ").at(-1) ?? word]);
  const composed = [...new Set(tails)].flatMap((word) => [
    ...["id", "uuid", "guid", "gid", "key", "pk", "sid", "no", "number", "code", "ref"].map(
      (suffix) => `${word} ${suffix}`,
    ),
    `id ${word}`,
  ]);
  const keyed = keyField === undefined ? [] : [wordsOf(keyField)];
  const all = [...keyed, ...keyNames, ...(variable === undefined ? [] : [wordsOf(variable)]), ...composed];
  return [...new Set(all)];
}

/** Whether a value is a time, a text of several words, or a long text. */
function isMeasured(value: unknown): boolean {
  return (
    typeof value === "string" && (/\s/.test(value) || value.length > 100 || /^\d{4}-\d\d-\d\d/.test(value))
  );
}

const uuid = /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i;

/** Lists the fields of the records whose values are strings or integers. */
function fieldsOf(rows: readonly Readonly<Record<string, unknown>>[]): readonly Field[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].filter(isPlainName).flatMap((name) => {
    const values = rows.map((row) => (Object.hasOwn(row, name) ? row[name] : undefined));
    const given = values.filter((value) => value != null && value !== "");
    if (!given.every((value) => typeof value === "string" || Number.isInteger(value))) return [];
    const isWhole = given.length === rows.length;
    const isUuid = isWhole && given.every((value) => uuid.test(String(value)));
    const isText = given.every((value) => typeof value === "string");
    const isValue =
      given.some(isMeasured) || /(^| )(at|on|time|date|count|total|amount)$/.test(wordsOf(name));
    return [{ name, distinct: isWhole ? new Set(given).size : undefined, isUuid, isText, isValue }];
  });
}
