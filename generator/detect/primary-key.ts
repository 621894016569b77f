import { singular } from "../plural.js";
import { found, undecided, type Finding } from "./finding.js";
import { keyNames } from "./known-shapes.js";
import { isPlainName } from "./selectors.js";
import { count, isRecord, wordsOf } from "./words.js";

/** Whose records these are. */
export interface KeyHints {
  /** The resource's name. */
  readonly name: string;
  /** The path of its request, a template. */
  readonly path: string;
  /** Whether the records are those of one parent only. */
  readonly isChild: boolean;
}

/** A field of the records that may tell them apart. */
interface Field {
  readonly name: string;
  /** How many different values it has, if every record has one; else why it is no key. */
  readonly distinct: number | undefined;
  readonly isUuid: boolean;
}

/** Finds the field that tells the records apart: by its name, and by its values being there and different. */
export function findPrimaryKey(records: readonly unknown[], hints: KeyHints): Finding {
  const rows = records.filter(isRecord);
  if (rows.length === 0 || rows.length < records.length)
    return undecided("primary_key", [
      rows.length === 0 ? "there are no records with fields here" : "not every record is an object",
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
  return leaveOpen(rows.length, named, unique);
}

function accept(name: string, length: number, { isChild }: KeyHints): Finding {
  const values =
    length === 1
      ? "there is one record only"
      : `${length.toLocaleString("en")} different values, none missing`;
  const reasons = [values, ...(isChild ? ["seen for one parent only"] : [])];
  return found("primary_key", name, { confidence: length === 1 ? "likely" : "sure", reasons });
}

function leaveOpen(length: number, named: readonly Field[], unique: readonly Field[]): Finding {
  const [first] = named;
  const why = first
    ? `${JSON.stringify(first.name)} ${first.distinct === undefined ? "is missing or null in some records" : `has ${first.distinct} different values in ${count(length, "record")}`}`
    : "no field is named like a key";
  const ids = unique.filter(({ name }) =>
    /(^|[ _-]|[a-z](?=[A-Z]))(id|key|code|number|no|uuid)$/i.test(name),
  );
  const alternatives = (length > 1 ? ids : []).slice(0, 5).map(({ name }) => {
    return { value: name, reason: `${length.toLocaleString("en")} different values` };
  });
  return undecided("primary_key", [why], alternatives);
}

/** The names of keys in words, the likeliest first: those of all records, that of the path's parameter, the resource's own. */
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

/** The fields of all records whose values are texts or whole numbers. */
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
