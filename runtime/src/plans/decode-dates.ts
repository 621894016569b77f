import type { Resource } from "../descriptor.js";
import { ReadFailure, ValidationError, foreign } from "../errors.js";
import { readSequence } from "../read/pages.js";
import { warn, type ReadSession } from "../read/session.js";
import { parseInstant } from "./instant.js";
import type { Plan } from "./plan.js";

/** The locations of date-times in record types, by the name of the type. */
export type DateFields = Readonly<Record<string, DatePlaces>>;

/** The locations of date-times in a value: `date-time` if it is one, the name of its type, or its parts. */
type DatePlaces = string | DateParts;

/** The locations of date-times in an object, a list, or a value of several types. `null`: none in this part. */
interface DateParts {
  /** A text is a date-time unless it is one of these. Values of other types stay unchanged. */
  readonly unless?: readonly string[];
  /** The fields of an object. */
  readonly fields?: Readonly<Record<string, DatePlaces | null>>;
  /** All other fields of the object. */
  readonly others?: DatePlaces;
  /** The first items of a list. */
  readonly first?: readonly (DatePlaces | null)[];
  /** All other items of the list. */
  readonly items?: DatePlaces;
  /** The field whose value selects one of `cases`. */
  readonly by?: string;
  /** The locations of date-times, by the value of the field `by`. */
  readonly cases?: Readonly<Record<string, DatePlaces>>;
}

/**
 * Returns the resource with date-times as `Date`s. They are converted last, after transformations and the selection of new
 * records, so hooks, keys, cursors, checkpoints and children use the texts of the API.
 */
export function decodeDates<R, P>(resource: Resource<R, P>, dates: DateFields, type: string): Resource<R, P> {
  const { plan } = resource;
  const decoding: Plan & { readonly toJSON: () => unknown } = {
    ...plan,
    parts: plan?.parts ?? [],
    // Checkpoints are those of the original resource.
    toJSON: () => plan,
    pages: (given, from) => {
      const outer = given as ReadSession;
      const decode = createDecoder(dates, type, (text) => warn(outer, 0, text));
      const session: ReadSession = { ...outer, accept: (records) => ({ records: decode(records) }) };
      return plan?.pages(session, from) ?? readSequence(session, from);
    },
  };
  return { ...resource, plan: decoding };
}

/** The record that is being converted, and the path to the current value. */
interface Place {
  readonly record: number;
  readonly path: (string | number)[];
}

type RecordObject = Readonly<Record<string, unknown>>;

/**
 * Converts the records of one read. Copies values that contain date-times, because guards and paginators keep the received
 * records.
 */
function createDecoder(
  dates: DateFields,
  type: string,
  say: (text: string) => void,
): (records: readonly unknown[]) => readonly unknown[] {
  const reported = new Set<string>();

  const toDate = (value: unknown, place: Place): unknown => {
    if (value === null || value === undefined) return value;
    const text = typeof value === "string" ? value : "";
    const instant = parseInstant(text);
    if (!instant) throw notADate(value, place);
    const { seconds, fraction } = instant;
    // A leap second is the first second of the next minute.
    if (fraction.length > 3 || text.includes(":60")) report(place);
    return new Date(seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0")));
  };
  const report = ({ path }: Place): void => {
    const field = foreign(path.filter((step) => typeof step === "string").join(".") || "record");
    if (reported.has(field)) return;
    reported.add(field);
    say(`\`${field}\` has times that a Date cannot hold: what is beyond milliseconds is cut off`);
  };

  const decode = (value: unknown, at: DatePlaces, place: Place): unknown => {
    if (at === "date-time") return toDate(value, place);
    const parts = typeof at === "object" ? at : (dates[at] ?? {});
    if (typeof parts !== "object") return decode(value, parts, place);
    if (typeof value === "string")
      return parts.unless && !parts.unless.includes(value) ? toDate(value, place) : value;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return decodeList(value, parts, place);
    const { by, cases = {} } = parts;
    if (by === undefined) return decodeFields(value as RecordObject, parts, place);
    const chosen = String((value as RecordObject)[by]);
    return Object.hasOwn(cases, chosen) ? decode(value, cases[chosen] ?? {}, place) : value;
  };
  const decodeList = (
    list: readonly unknown[],
    { first = [], items }: DateParts,
    place: Place,
  ): readonly unknown[] =>
    first.length === 0 && items === undefined
      ? list
      : list.map((item, index) => {
          const at = index < first.length ? first[index] : items;
          return at ? decodeAt(item, at, { step: index, place }) : item;
        });
  const decodeFields = (
    object: RecordObject,
    { fields = {}, others }: DateParts,
    place: Place,
  ): RecordObject => {
    // The copy already has every field that is written, so `__proto__` is an ordinary name.
    const copy: Record<string, unknown> = { ...object };
    for (const name of Object.keys(others === undefined ? fields : object)) {
      const at = Object.hasOwn(fields, name) ? fields[name] : others;
      if (at && Object.hasOwn(object, name)) copy[name] = decodeAt(object[name], at, { step: name, place });
    }
    return copy;
  };
  const decodeAt = (
    value: unknown,
    at: DatePlaces,
    { step, place }: { readonly step: string | number; readonly place: Place },
  ): unknown => {
    place.path.push(step);
    const decoded = decode(value, at, place);
    place.path.pop();
    return decoded;
  };
  return (records) => records.map((record, index) => decode(record, type, { record: index, path: [] }));
}

function notADate(value: unknown, { record, path }: Place): ReadFailure {
  const where = path.join(".") || "record";
  const kind = Array.isArray(value)
    ? "a list"
    : typeof value === "object"
      ? "an object"
      : `a ${typeof value}`;
  const received = typeof value === "string" ? `text of ${value.length} characters` : kind;
  const problem = foreign(`${where}: expected a date-time, received ${received}`);
  const fix = 'for its text, omit the "format" of the field, or set "dates" to "string"';
  const message = `record ${record + 1} does not match its schema (${problem}); ${fix}`;
  return new ReadFailure(ValidationError, "INVALID_RECORD", message);
}
