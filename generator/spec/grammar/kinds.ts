import type { Kind, Option } from "@connector-gen/runtime/kinds";
import { z } from "zod";

import { checkedText, closed, duration, word } from "./grammar.js";
import {
  defaultType,
  type Family,
  findKind,
  isImplied,
  isRequired,
  kindsOf,
  type Row,
  rowsOf,
  shorthandsOf,
} from "../kinds.js";
import { checkTemplate, type TextProblem } from "../template/placeholders.js";
import { parseSelector } from "../selector/selector.js";
import { isObject } from "../values.js";
import { didYouMean, list, quote } from "../wording.js";

const TITLES: Readonly<Record<Family, string>> = { paginator: "paginator", auth: "auth scheme" };

const ABOUT: Readonly<Record<Family, string>> = {
  paginator:
    'How the pages of a resource follow each other: a word such as "page_number", or an object with `type`.',
  auth: 'How requests are authenticated: a word such as "bearer", or an object with `type`.',
};

/** The grammar of a paginator or auth block, built from the option tables of the runtime's kinds. */
export function kindGrammar(family: Family): z.ZodType {
  // Kinds may hold kinds.
  const whole: z.ZodType = z.lazy(() => grammar);
  const [first, ...others] = kindsOf(family).map((kind) => objectOfKind(kind, whole));
  if (!first) throw new Error(`the runtime exports no ${family}`);
  const words = shorthandsOf(family);
  const shorthand = word(words, (text) => explainShorthand(family, text)).meta({
    description: `${words.map((text) => `\`${text}\``).join(", ")}: with default options.`,
  });
  const block = z.discriminatedUnion("type", [first, ...others]);
  const grammar = z.union([shorthand, block]).meta({ id: family, description: ABOUT[family] });
  return grammar;
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

function objectOfKind(kind: Kind, whole: z.ZodType): z.ZodObject {
  const type = z.literal(kind.type).meta({ description: kind.summary });
  const rows = rowsOf(kind).map((row) => [row.key, optionGrammar(row, whole)] as const);
  const implied = defaultType(kind.family) === kind.type;
  return closed({ type: implied ? type.optional() : type, ...Object.fromEntries(rows) }).meta({
    description: kind.summary,
    examples: [...kind.examples],
  });
}

function optionGrammar({ key, main, option, alias }: Row, whole: z.ZodType): z.ZodType {
  const value = valueGrammar(option, whole);
  const base = option.nullable ? value.nullable() : value;
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
  if (!isImplied(option)) return option.description;
  return `${option.description} Left out, it is \`{secrets.${key}}\`: an option of the generated factory.`;
}

function valueGrammar(option: Option, whole: z.ZodType): z.ZodType {
  const { minimum = -Infinity } = option;
  switch (option.type) {
    case "text":
    case "kind":
      return checkedText(checkPlainText);
    case "template":
      return checkedText((text) => [...checkNotEmpty(text), ...checkTemplate(text, ["secrets", "config"])]);
    case "object":
      return templatesGrammar();
    case "whole":
      return Number.isFinite(minimum) ? z.int().min(minimum) : z.int();
    case "number":
      return Number.isFinite(minimum) ? z.number().min(minimum) : z.number();
    case "duration":
      return duration(z.number().min(option.minimum ?? 0));
    case "flag":
      return z.boolean();
    case "choice":
      return z.enum([...(option.choices ?? [])]);
    case "selector":
      return checkedText((text) => (text === "" && option.nullable ? [] : checkSelector(text)));
    case "secret":
    case "credential":
      return checkedText((text) => checkTemplate(text, ["secrets", "config"]));
    case "kinds":
      return kindsGrammar(whole);
    default:
      return option.type satisfies never;
  }
}

/** Any JSON object; every text in it is a template. */
function templatesGrammar(): z.ZodType {
  return z.record(z.string(), z.unknown()).check((payload) => {
    const visit = (value: unknown, path: readonly (string | number)[]): void => {
      if (typeof value === "string") {
        for (const { code, message, offset, length } of checkTemplate(value, ["secrets", "config"])) {
          const params = { code, offset, length };
          payload.issues.push({ code: "custom", input: value, message, params, path: [...path] });
        }
      } else if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
      else if (isObject(value)) for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
    };
    visit(payload.value, []);
  });
}

/** Kinds by name; the names are words of the generated options. */
function kindsGrammar(whole: z.ZodType): z.ZodType {
  return z.record(z.string(), whole).check((payload) => {
    for (const name of Object.keys(payload.value).filter((key) => !/^[A-Za-z_]\w*$/.test(key))) {
      const message = `${quote(name)} is no name for a scheme: use letters, digits and _`;
      payload.issues.push({
        code: "custom",
        input: name,
        message,
        params: { code: "invalid-value" },
        path: [name],
      });
    }
  });
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
  if (text === "") return checkNotEmpty(text);
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

function checkNotEmpty(text: string): readonly TextProblem[] {
  return text === "" ? [{ code: "invalid-value", message: "this text is empty" }] : [];
}
