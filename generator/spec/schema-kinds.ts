import type { Kind, Option } from "@connector-gen/runtime";
import { z } from "zod";

import { checkedText, closed, word } from "./grammar.js";
import {
  defaultType,
  type Family,
  findKind,
  isCredential,
  isRequired,
  kindsOf,
  type Row,
  rowsOf,
  shorthandsOf,
  toSnakeCase,
} from "./kinds.js";
import { checkTemplate, type TextProblem } from "./placeholders.js";
import { parseSelector } from "./selector.js";
import { didYouMean, list, quote } from "./wording.js";

const TITLES: Readonly<Record<Family, string>> = { paginator: "paginator", auth: "auth scheme" };

const ABOUT: Readonly<Record<Family, string>> = {
  paginator:
    'How the pages of a resource follow each other: a word such as "page_number", or an object with `type`.',
  auth: 'How requests are authenticated: a word such as "bearer", or an object with `type`.',
};

/** The grammar of a paginator or auth block, built from the option tables of the runtime's kinds. */
export function kindGrammar(family: Family): z.ZodType {
  const [first, ...others] = kindsOf(family).map(objectOfKind);
  if (!first) throw new Error(`the runtime exports no ${family}`);
  const words = shorthandsOf(family);
  const shorthand = word(words, (text) => explainShorthand(family, text)).meta({
    description: `${words.map((text) => `\`${text}\``).join(", ")}: with default options.`,
  });
  const block = z.discriminatedUnion("type", [first, ...others]);
  return z.union([shorthand, block]).meta({ id: family, description: ABOUT[family] });
}

function explainShorthand(family: Family, text: string): string {
  const kind = findKind(family, text);
  const required = kind ? rowsOf(kind).filter((row) => !row.alias && isRequired(row.option)) : [];
  if (required.length > 0) {
    const keys = required.map((row) => `"${row.key}": …`).join(", ");
    const names = required.map((row) => row.key).join(" and ");
    return `"${text}" alone does not say its ${names}: write { "type": "${text}", ${keys} }`;
  }
  const words = [...new Set([...kindsOf(family).map((known) => known.type), ...shorthandsOf(family)])];
  return `${quote(text)} is no ${TITLES[family]}: there are ${list(words)}${didYouMean(text, words)}`;
}

function objectOfKind(kind: Kind): z.ZodObject {
  const type = z.literal(kind.type).meta({ description: kind.summary });
  const rows = rowsOf(kind).map((row) => [row.key, optionGrammar(row)] as const);
  const implied = defaultType(kind.family) === kind.type;
  return closed({ type: implied ? type.optional() : type, ...Object.fromEntries(rows) }).meta({
    description: kind.summary,
    examples: [...kind.examples],
  });
}

function optionGrammar({ key, name, option, alias }: Row): z.ZodType {
  const base = option.nullable ? valueGrammar(option).nullable() : valueGrammar(option);
  const main = toSnakeCase(name);
  const description = alias
    ? `Another word for \`${main}\`. ${option.description}`
    : describeOption(option, key);
  const described = base.meta({
    description,
    ...(option.default !== undefined && { default: option.default }),
  });
  return isRequired(option) && !option.aliases ? described : described.optional();
}

function describeOption(option: Option, key: string): string {
  if (!isCredential(option)) return option.description;
  return `${option.description} Left out, it is \`{secrets.${key}}\`: an option of the generated factory.`;
}

function valueGrammar(option: Option): z.ZodType {
  switch (option.type) {
    case "text":
      return checkedText(checkPlainText);
    case "whole":
      return option.minimum === undefined ? z.int() : z.int().min(option.minimum);
    case "flag":
      return z.boolean();
    case "choice":
      return z.enum([...(option.choices ?? [])]);
    case "selector":
      return checkedText((text) => (text === "" && option.nullable ? [] : checkSelector(text)));
    case "secret":
    case "credential":
      return checkedText((text) => checkTemplate(text, ["secrets", "config"]));
    default:
      return option.type satisfies never;
  }
}

/** Checks a selector; the problem names its spot. */
export function checkSelector(text: string): readonly TextProblem[] {
  const selector = parseSelector(text);
  if (selector.ok) return [];
  const { message, offset, length } = selector;
  return [{ code: "bad-selector", message: `in the selector ${quote(text)}: ${message}`, offset, length }];
}

/** Names of parameters and headers go out as they are: a placeholder in one would be sent to the API. */
function checkPlainText(text: string): readonly TextProblem[] {
  if (text === "") return [{ code: "invalid-value", message: "this text is empty" }];
  const found = /\{(?:secrets|config)\./.exec(text);
  if (!found) return [];
  return [
    {
      code: "bad-placeholder",
      message: "placeholders are not filled in here",
      offset: found.index,
      length: 1,
    },
  ];
}
