import { lineWidth } from "./print-value.js";
import {
  accept,
  createTextReader,
  expect,
  isComplete,
  match,
  matchNumber,
  matchString,
  type TextReader,
} from "./text-reader.js";

/**
 * Prints `<start> <type>;` as prettier does: a union that is too long for the line moves to the next line, or takes one
 * line per option. Returns `undefined` if only prettier can lay out the text, or if it may not be a type. `start` ends
 * with `:` or `=`.
 */
export function printTyped(start: string, type: string, indent: number): string | undefined {
  const options = readUnion(type);
  const spaces = " ".repeat(indent);
  if (!options) return undefined;
  const line = `${spaces}${start} ${type};`;
  if (line.length <= lineWidth) return line;
  const whole = `${spaces}  ${type};`;
  if (options.length > 1 && whole.length <= lineWidth) return `${spaces}${start}\n${whole}`;
  const lines = options.map((option) => `${spaces}  | ${option}`);
  if (options.length < 2 || lines.some(({ length }) => length >= lineWidth)) return undefined;
  return `${spaces}${start}\n${lines.join("\n")};`;
}

/** Words that cannot name a type. */
export const reserved: ReadonlySet<string> = new Set(
  [
    "abstract any as asserts async await break case catch class const continue debugger declare default delete do else",
    "enum export extends finally for function if implements import in infer instanceof interface intrinsic is keyof let",
    "namespace new object package private protected public readonly require return satisfies static super switch symbol",
    "this throw try type typeof unique var void while with yield",
  ].flatMap((line) => line.split(" ")),
);

/** Types of the language. They take no arguments. */
const basic = "bigint boolean false never null number string true undefined unknown".split(" ");

/** The pattern of the name of a declared type. */
export const typeName: string = String.raw`(?!(?:${[...reserved, ...basic].join("|")})(?![\w$]))[A-Za-z_$][\w$]*`;

const basicForm = new RegExp(`(?:${basic.join("|")})(?![\\w$<])`, "y");
const nameForm = new RegExp(typeName, "y");

/** Types that have been read. Most types of a module repeat. */
const knownUnions = new Map<string, readonly string[] | undefined>();
const maxKnown = 1_000;

/**
 * Reads the options of a union, or the only type. Returns `undefined` for text that prettier might print differently,
 * such as intersections.
 */
function readUnion(text: string): readonly string[] | undefined {
  if (knownUnions.has(text)) return knownUnions.get(text);
  const reader = createTextReader(text);
  const options = nextUnion(reader);
  const read = isComplete(reader) ? options : undefined;
  if (knownUnions.size >= maxKnown) knownUnions.clear();
  knownUnions.set(text, read);
  return read;
}

function nextUnion(reader: TextReader): readonly string[] {
  const options: string[] = [];
  do {
    const start = reader.at;
    nextOption(reader);
    options.push(reader.text.slice(start, reader.at));
  } while (reader.isKnown && accept(reader, " | "));
  return options;
}

function nextOption(reader: TextReader): void {
  if (accept(reader, "(string & {})") || accept(reader, "(number & {})")) return;
  if (accept(reader, "readonly ")) {
    // `readonly` belongs to a list or a tuple.
    nextElement(reader);
    return;
  }
  if (accept(reader, "(")) {
    if (nextUnion(reader).length < 2) reader.isKnown = false;
    expect(reader, ")");
    return;
  }
  const literal = matchString(reader) ?? matchNumber(reader);
  if (literal === undefined) nextReference(reader);
}

function nextElement(reader: TextReader): void {
  if (accept(reader, "[")) {
    nextList(reader, "]");
    return;
  }
  if (accept(reader, "(")) {
    const isList = reader.text.startsWith("readonly ", reader.at);
    if (nextUnion(reader).length < 2 && !isList) reader.isKnown = false;
    expect(reader, ")");
  } else nextReference(reader);
  expect(reader, "[]");
}

function nextReference(reader: TextReader): void {
  if (match(reader, basicForm) !== undefined) return;
  if (match(reader, nameForm) === undefined) reader.isKnown = false;
  else if (accept(reader, "<")) nextList(reader, ">");
}

function nextList(reader: TextReader, close: string): void {
  do nextUnion(reader);
  while (reader.isKnown && accept(reader, ", "));
  expect(reader, close);
}
