import { wordsOf } from "@connector-gen/runtime/kinds";
import { singular } from "../plural.js";
import { isObject } from "../spec/values.js";
import { count, found, undecided, type Finding } from "./finding.js";
import { keyNames } from "./known-shapes.js";
import { isPlainName } from "./selectors.js";

/** Facts about the resource of the records. */
export interface KeyHints {
  /** The resource's name. */
  readonly name: string;
  /** Path template of the request. */
  readonly path: string;
  /** Whether all records belong to one parent. */
  readonly isChild: boolean;
}

/** A field of the records that may be the primary key. */
interface Field {
  readonly name: string;
  /** Number of different values; `undefined` if a record has none. */
  readonly distinct: number | undefined;
  readonly isUuid: boolean;
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
  if (key) return accept(key.name, rows.length, hints);
  const unique = fields.filter(({ distinct }) => distinct === rows.length);
  const [uuid, ...others] = unique.filter(({ isUuid }) => isUuid);
  if (uuid && others.length === 0 && rows.length > 1) {
    const reasons = [`${count(rows.length, "different UUID")}, none missing`];
    return found("primary_key", uuid.name, { confidence: "likely", reasons });
  }
  return undecidedKey(rows.length, named, unique);
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

/** Lists key names in words, the likeliest first: common names, the parameter of the path, names with the resource's name. */
function namesOf({ name, path }: KeyHints): readonly string[] {
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
    ...["id", "uuid", "guid", "key", "pk", "sid", "no", "number", "code"].map(
      (suffix) => `${word} ${suffix}`,
    ),
    `id ${word}`,
  ]);
  const all = [...keyNames, ...(variable === undefined ? [] : [wordsOf(variable)]), ...composed];
  return [...new Set(all)];
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
    return [{ name, distinct: isWhole ? new Set(given).size : undefined, isUuid }];
  });
}
