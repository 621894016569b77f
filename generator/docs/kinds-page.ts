import type { JsonValue } from "@connector-gen/runtime";
import type { ClientOption, Kind, Option, OptionValue } from "@connector-gen/runtime/kinds";
import { factsOf } from "../ir/calls.js";
import { type Family, findKind, kindsOf, readKindUse, shorthandsOf } from "../spec/kinds.js";
import { isImplied, isRequired, rowsOf } from "../spec/options.js";
import { printJson } from "../spec/print-json.js";
import { blocks, code, either, jsonBlock, table } from "./markdown.js";

/** Lists the short forms of a family without those of deprecated kinds. */
export function wordsOf(family: Family): readonly string[] {
  return shorthandsOf(family).filter((word) => findKind(family, word)?.deprecated === undefined);
}

/** Renders a table of contents and a section for each kind of a family. */
export async function renderKinds(
  family: Family,
  printExample: (example: JsonValue) => Promise<string>,
): Promise<string> {
  const kinds = [...kindsOf(family)].sort((a, b) => (a.type < b.type ? -1 : 1));
  const contents = table(
    ["`type`", "Description"],
    kinds.map(({ type, summary }) => [`[${code(type)}](#${type})`, summary]),
  );
  const sections = await Promise.all(kinds.map((kind) => renderKind(kind, printExample)));
  return blocks(contents, ...sections);
}

async function renderKind(
  kind: Kind,
  printExample: (example: JsonValue) => Promise<string>,
): Promise<string> {
  const heading = `## ${code(kind.type)}`;
  if (kind.deprecated !== undefined) {
    const newer = `[${code(kind.deprecated)}](#${kind.deprecated})`;
    return blocks(heading, `${kind.summary} Deprecated: use ${newer}, which has the same options.`);
  }
  const rows = rowsOf(kind).filter(({ alias }) => !alias);
  const options = rows.map(({ key, option }) => [
    code(key),
    typeOf(option),
    defaultOf(key, option),
    describe(option),
  ]);
  const examples = await Promise.all(
    kind.examples.map(async (example) => blocks(jsonBlock(example), await printExample(example))),
  );
  return blocks(
    heading,
    kind.summary,
    options.length > 0 ? table(["Option", "Type", "Default", "Description"], options) : "No options.",
    clientOptions(kind),
    ...examples,
  );
}

const typeNames: Readonly<Record<Option["type"], string>> = {
  text: "text",
  template: "text with placeholders",
  object: "object; its text values may contain placeholders",
  json: "any JSON value",
  status: "status, class or range of statuses",
  names: "text or list of texts",
  period: "ISO 8601 duration",
  distance: "number or ISO 8601 duration",
  timeFormat: "format of times",
  bound: "number or text",
  list: "list",
  map: "object with names of your choice",
  group: "object",
  form: "object or list of pairs",
  values: "list of values, or `{config.name}`",
  whole: "whole number",
  number: "number",
  duration: "number or ISO 8601 duration",
  flag: "boolean",
  choice: "",
  selector: "[selector](selectors.md)",
  secret: "secret",
  credential: "text or secret",
  kinds: "object of named schemes",
  kind: "one of the names",
};

function typeOf({ type, choices = [], minimum, above, nullable, items }: OptionValue): string {
  const base = type === "choice" ? either(choices.map(code)) : typeNames[type];
  const words = (type === "list" || type === "map") && items ? `${base} of ${typeOf(items)}` : base;
  const isNumber = type === "whole" || type === "number" || type === "duration";
  const least = minimum !== undefined && isNumber ? `, at least ${minimum}` : "";
  const bound = words + least + (above === undefined ? "" : `, greater than ${above}`);
  return nullable ? `${bound}, or \`null\`` : bound;
}

function defaultOf(key: string, option: Option): string {
  if (option.default !== undefined) return code(printJson(option.default));
  if (isImplied(option)) return code(`{secrets.${key}}`);
  return isRequired(option) ? "required" : "";
}

function describe({ description, aliases = [] }: Option): string {
  return aliases.length > 0 ? `${description} Also ${either(aliases.map(code))}.` : description;
}

/** Lists the options that a kind adds to the generated factory, from its first example. */
function clientOptions(kind: Kind): string | undefined {
  const use = readKindUse(kind.family, kind.examples[0], { path: [], report: () => undefined });
  const added = (use && kind.clientOptions?.(factsOf(use))) ?? [];
  if (added.length === 0) return undefined;
  return blocks(
    "The generated factory has these [additional options](clients.md#options-that-a-spec-adds):",
    added.map(printOption).join("\n"),
  );
}

function printOption({ name, type, description, isRequired: isNeeded }: ClientOption): string {
  return `- ${code(`${name}${isNeeded ? "" : "?"}: ${type}`)}: ${description}`;
}
