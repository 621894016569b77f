import { createHash } from "node:crypto";
import type {
  Checkpoint,
  ClientOptions,
  DateFields,
  JsonObject,
  JsonValue,
  NoParams,
  Page,
  ReadOptions,
  RecordStream,
  Resource,
  Secret,
  Source,
} from "@connector-gen/runtime";
import { withoutAccents } from "../file-names.js";
import { singular } from "../plural.js";

/** Words that cannot name a constant, and properties that change the behaviour of an object (`then` makes it a promise). */
const reserved = new Set(
  [
    "abstract any arguments as async await boolean break case catch class const continue debugger declare default",
    "delete do else enum eval export extends false finally for from function get if implements import in infer",
    "instanceof interface is keyof let module namespace never new null number object of out package private protected",
    "public readonly require return satisfies set static string super switch symbol this throw true try type typeof",
    "undefined unique unknown using var void while with yield",
    "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable prototype then toJSON toLocaleString toString",
    "valueOf options params read reader globalThis NaN Infinity",
  ].flatMap((line) => line.split(" ")),
);

/** The runtime's types that modules import. The compiler checks that each of them exists. */
interface ImportedTypes {
  readonly Checkpoint: Checkpoint;
  readonly ClientOptions: ClientOptions;
  readonly DateFields: DateFields;
  readonly JsonObject: JsonObject;
  readonly JsonValue: JsonValue;
  readonly NoParams: NoParams;
  readonly Page: Page<never>;
  readonly ReadOptions: ReadOptions;
  readonly RecordStream: RecordStream<never>;
  readonly Resource: Resource<never>;
  readonly Secret: Secret;
  readonly Source: Source;
}

const importedTypes: Readonly<Record<keyof ImportedTypes, true>> = {
  Checkpoint: true,
  ClientOptions: true,
  DateFields: true,
  JsonObject: true,
  JsonValue: true,
  NoParams: true,
  Page: true,
  ReadOptions: true,
  RecordStream: true,
  Resource: true,
  Secret: true,
  Source: true,
};

/** Global types, which types of a module must not shadow. */
const globalTypes = [
  "Array Boolean Date Error Function JSON Map Math Number Object Promise Proxy Readonly ReadonlyArray Record RegExp Set",
  "String Symbol AsyncIterable Iterable Iterator Partial Pick Omit Awaited Required Exclude Extract",
].flatMap((line) => line.split(" "));

/** The types that the declarations of a module must not shadow. */
export const reservedTypes: readonly string[] = [...globalTypes, ...Object.keys(importedTypes)];

/** Converts a text to an identifier that keeps its spelling: `line_item`, `lineItem`. */
export function toSpelled(text: string): string {
  return text.replace(/^(?=\d)|\W+/g, "_");
}

/** `course_reviews` → `courseReviews`; reserved words get a trailing underscore. */
export function toCamel(name: string): string {
  const [first = "", ...rest] = wordsOf(name);
  const joined = first.toLowerCase() + rest.map(capitalise).join("");
  const camel = /^\d/.test(joined) ? `_${joined}` : joined;
  return reserved.has(camel) ? `${camel}_` : camel;
}

/** `course_reviews` → `CourseReviews`. */
export function toPascal(name: string): string {
  return pascalOf(name);
}

const pascalOf = remember((name) => {
  const joined = wordsOf(name).map(capitalise).join("");
  return /^\d/.test(joined) ? `_${joined}` : joined;
});

/** `course_reviews` → `CourseReview`. */
export function toSingularPascal(name: string): string {
  const words = wordsOf(name);
  const last = words.pop() ?? "";
  return toPascal([...words, singular(last)].join("_"));
}

/** `learning-platform` → `LEARNING_PLATFORM`. */
export function toUpperSnake(name: string): string {
  return wordsOf(name)
    .map((word) => word.toUpperCase())
    .join("_");
}

/** Maximum number of cached results. */
const maxKnown = 10_000;

/** Caches the results of a function for recent names. Fields of different resources often have the same names. */
function remember(convert: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const converted = convert(name);
    if (known.size >= maxKnown) known.clear();
    known.set(name, converted);
    return converted;
  };
}

/** Splits a name into ASCII words, at punctuation and at changes of case. Letters lose their accents. */
function wordsOf(name: string): string[] {
  if (/^[a-z\d]+(?:_[a-z\d]+)*$/.test(name)) return name.split("_");
  const ascii = withoutAccents(name);
  const words = ascii
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    // Uses a lookahead, because a pattern for the whole run of capitals takes quadratic time.
    .replace(/([A-Z])(?=[A-Z][a-z])/g, "$1 ")
    .split(/[^A-Za-z\d]+/)
    .filter(Boolean);
  const isWritten = words.length > 0 && !/\p{L}/u.test(ascii.replace(/[A-Za-z]/g, ""));
  // Names in other scripts have no obvious ASCII spelling. A short hash keeps them distinct.
  return isWritten ? words : [...words, "name", createHash("sha256").update(name).digest("hex").slice(0, 6)];
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
