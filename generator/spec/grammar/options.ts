import type { Option, OptionValue } from "@connector-gen/runtime/kinds";
import * as z from "zod";

import { isImplied, isRequired, parseStatus, type Row, rowsOf } from "../options.js";
import { parseSelector, warnAboutDots } from "../selector/selector.js";
import { checkTemplate, type TextProblem } from "../template/placeholders.js";
import { isObject } from "../values.js";
import { didYouMean, list, quote } from "../wording.js";
import { isDuration, secondsOf } from "./durations.js";
import { checkedText, closed, duration } from "./grammar.js";
import { checkTimeFormat } from "./time-format.js";

/** The context on which the grammar of an option depends. */
export interface OptionContext {
  /** The grammar of the kind's family, for kinds that hold kinds. */
  readonly whole: z.ZodType;
  /** `null` means the same as leaving an option out. */
  readonly takesNull: boolean;
}

/** The keys of options, from the rows of their table. */
export function optionKeys(
  options: Readonly<Record<string, Option>>,
  context: OptionContext,
): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(rowsOf({ options }).map((row) => [row.key, rowGrammar(row, context)] as const));
}

function rowGrammar({ key, main, option, alias }: Row, context: OptionContext): z.ZodType {
  const isNeeded = isRequired(option) && !option.aliases;
  const value = optionGrammar(option, context);
  const description = alias
    ? `Another word for \`${main}\`. ${option.description}`
    : describeOption(option, key);
  const hint = {
    description,
    ...(option.default !== undefined && { default: option.default }),
    ...(option.examples && { examples: [...option.examples] }),
  };
  const isNullable = option.nullable === true || (context.takesNull && !isNeeded);
  const described = isNullable ? value.nullable().register(z.globalRegistry, hint) : value.meta(hint);
  return isNeeded ? described : described.optional();
}

function describeOption(option: Option, key: string): string {
  if (!isImplied(option)) return option.description;
  return `${option.description} Default: \`{secrets.${key}}\`, an option of the generated factory.`;
}

/** The grammar of one option's value. */
export function optionGrammar(option: OptionValue, context: OptionContext): z.ZodType {
  switch (option.type) {
    case "text":
      return option.scopes ? z.string() : checkedText((text) => checkText(option, text));
    case "kind":
      return checkedText((text) => checkText(option, text));
    case "template":
      return checkedText((text) => [...checkNotEmpty(text), ...checkTemplate(text, ["secrets", "config"])]);
    case "secret":
    case "credential":
      return checkedText((text) => checkTemplate(text, ["secrets", "config"]));
    case "bound":
      return z.union([checkedText((text) => checkTemplate(text, ["config"])), z.number()]);
    case "timeFormat":
      return checkedText(checkTimeFormat);
    case "object":
      return option.scopes ? z.record(z.string(), z.unknown()) : templatesGrammar();
    case "json":
      return z.unknown();
    case "whole":
      return bounded(z.int(), option);
    case "number":
      return bounded(z.number(), option);
    case "flag":
      return z.boolean();
    case "choice":
      return z.enum([...(option.choices ?? [])]);
    case "status":
      return statusGrammar;
    case "names":
      return z.union([z.string().min(1), z.array(z.string().min(1))]);
    case "duration":
      return durationGrammar(option);
    case "period":
      return periodGrammar;
    case "distance":
      return z.union([z.number().min(0), periodGrammar]);
    case "selector":
      return checkedText((text) => (text === "" && option.nullable ? [] : checkSelector(text)));
    case "list":
      return listGrammar(option, context);
    case "map":
      return z.record(nameGrammar(option), itemsOf(option, context));
    case "group":
      return groupGrammar(option, context);
    case "form":
      return formGrammar;
    case "values":
      return valuesGrammar;
    case "kinds":
      return kindsGrammar(context.whole);
    default:
      return option.type satisfies never;
  }
}

function groupGrammar(
  { options = {}, description, examples }: OptionValue,
  context: OptionContext,
): z.ZodType {
  return closed(() => optionKeys(options, { ...context, takesNull: true })).meta({
    ...(description !== undefined && { description }),
    ...(examples && { examples: [...examples] }),
  });
}

/** The names of a map. */
function nameGrammar({ identifiers }: OptionValue): z.ZodString {
  if (identifiers === undefined) return z.string().min(1);
  return checkedText((text) =>
    /^[A-Za-z_]\w*$/.test(text)
      ? []
      : [
          {
            code: "invalid-value",
            message: `invalid name ${quote(text)} for ${identifiers}: use letters, digits and _`,
          },
        ],
  );
}

function itemsOf({ items = { type: "json" } }: OptionValue, context: OptionContext): z.ZodType {
  return optionGrammar(items, context);
}

/** `minimum` is the smallest number of items. */
function listGrammar(option: OptionValue, context: OptionContext): z.ZodType {
  const items = z.array(itemsOf(option, context));
  return option.minimum === undefined ? items : items.min(option.minimum);
}

function bounded(value: z.ZodNumber, { minimum, above }: OptionValue): z.ZodNumber {
  const atLeast = minimum === undefined ? value : value.min(minimum);
  return above === undefined ? atLeast : atLeast.gt(above);
}

const statusGrammar = z
  .union([
    z.int().min(100).max(599),
    checkedText((text) =>
      parseStatus(text) === undefined
        ? [
            {
              code: "unknown-value",
              message: `invalid status ${quote(text)}: write a number such as 404, "4xx", or a range such as "500-599"`,
            },
          ]
        : [],
    ).meta({ pattern: "^[1-5](?:\\d\\d(?:-[1-5]\\d\\d)?|[xX][xX])$" }),
  ])
  .meta({ description: 'A status (404), a class of statuses ("4xx"), or a range ("500-599").' });

const periodGrammar = checkedText((text) =>
  isDuration(text)
    ? []
    : [
        {
          code: "invalid-value",
          message: `invalid duration ${quote(text)}: write one such as "P1D", "PT6H" or "P1M" (ISO 8601)`,
        },
      ],
).meta({ examples: ["P1D", "PT6H", "P1M"] });

/** Seconds, an ISO 8601 duration, or a word of the option. */
function durationGrammar(option: OptionValue): z.ZodType {
  const seconds = bounded(z.number(), option.above === undefined ? { minimum: 0, ...option } : option);
  const words = Object.keys(option.words ?? {});
  if (words.length === 0) return duration(seconds);
  const text = checkedText((given) => {
    if (words.includes(given) || secondsOf(given) !== undefined) return [];
    const message = `invalid period ${quote(given)}: write seconds as a number, one of ${list(words)}, or a duration such as "PT15M"${didYouMean(given, words)}`;
    return [{ code: "invalid-value", message }];
  }).meta({ examples: [...words.slice(1, 2), "PT15M"] });
  return z.union([seconds, text]);
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const formValue = z.union([scalar, z.array(scalar)]);
const formGrammar = z.union([z.record(z.string(), formValue), z.array(z.tuple([z.string(), formValue]))]);

const configList = checkedText((text) =>
  /^\{config\.[A-Za-z_]\w*\}$/.test(text)
    ? []
    : [
        {
          code: "invalid-value",
          message: `invalid list ${quote(text)}: write the values, or "{config.name}" for a list among the factory's options`,
        },
      ],
).meta({ pattern: "^\\{config\\.[A-Za-z_]\\w*\\}$" });

const valuesGrammar = z.union([configList, z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)]);

/** Any JSON object; its text values are templates. */
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

/** Kinds by name; the names become values of the generated options. */
function kindsGrammar(whole: z.ZodType): z.ZodType {
  return z.record(z.string(), whole).check((payload) => {
    for (const name of Object.keys(payload.value).filter((key) => !/^[A-Za-z_]\w*$/.test(key))) {
      const message = `invalid name ${quote(name)} for a scheme: use letters, digits and _`;
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

/** Checks a selector. The problem points at the invalid part. */
export function checkSelector(text: string): readonly TextProblem[] {
  const selector = parseSelector(text);
  if (selector.ok) return warnAboutDots(text);
  const { message, offset, length } = selector;
  return [{ code: "bad-selector", message: `in the selector ${quote(text)}: ${message}`, offset, length }];
}

/** Names of parameters and headers are sent verbatim, so they must not contain placeholders. */
function checkText({ check }: OptionValue, text: string): readonly TextProblem[] {
  const message = check?.(text);
  if (message !== undefined) return [{ code: "invalid-value", message }];
  if (text === "") return checkNotEmpty(text);
  const found = /\{(?:secrets|config)\./.exec(text);
  if (!found) return [];
  return [
    {
      code: "bad-placeholder",
      message: "placeholders are not replaced here",
      offset: found.index,
      length: 1,
    },
  ];
}

function checkNotEmpty(text: string): readonly TextProblem[] {
  return text === "" ? [{ code: "invalid-value", message: "this text must not be empty" }] : [];
}
