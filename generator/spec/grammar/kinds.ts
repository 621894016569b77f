import type { Kind } from "@connector-gen/runtime/kinds";
import * as z from "zod";

import { describeUnknown } from "../wording.js";
import { closed, optional, word } from "./grammar.js";
import {
  defaultType,
  type Family,
  findKind,
  keyOfKind,
  kindsOf,
  shorthandsOf,
  wholeOption,
} from "../kinds.js";
import { isLiteral, isRequired, rowsOf } from "../options.js";
import { optionGrammar, optionKeys } from "./options.js";

/** The families whose blocks name their kind by `type` or by a single word. */
type TypedFamily = Extract<Family, "paginator" | "auth" | "decoder" | "layout">;

const titles: Readonly<Record<TypedFamily, string>> = {
  paginator: "paginator",
  auth: "auth scheme",
  decoder: "decoder",
  layout: "layout",
};

const about: Readonly<Record<TypedFamily, string>> = {
  paginator: 'The paginator of a resource: a word such as "page_number", or an object with `type`.',
  auth: 'The auth scheme: a word such as "bearer", or an object with `type`.',
  decoder: 'The decoder of response bodies: a word such as "csv", or an object with `type`.',
  layout:
    'The layout of the records where they are not a list of objects: a word such as "columns", or an object with `type`.',
};

/** The grammar of a block that names its kind, built from the option tables of the runtime's kinds. */
export function kindGrammar(family: TypedFamily): z.ZodType {
  // Kinds may contain kinds.
  const whole: z.ZodType = z.lazy(() => grammar);
  const [first, ...others] = kindsOf(family).map((kind) => objectOfKind(kind, whole));
  if (!first) throw new Error(`the runtime exports no ${family}`);
  const words = shorthandsOf(family);
  const shorthand = word(words, (text) => explainShorthand(family, text)).meta({
    description: `${words.map((text) => `\`${text}\``).join(", ")}: with default options.`,
  });
  const block = z.discriminatedUnion("type", [first, ...others]);
  const grammar = z.union([shorthand, block]).meta({ id: family, description: about[family] });
  return grammar;
}

function explainShorthand(family: TypedFamily, text: string): string {
  const kind = findKind(family, text);
  const required = kind ? rowsOf(kind).filter((row) => !row.alias && isRequired(row.option)) : [];
  if (required.length > 0) {
    const keys = required.map((row) => `"${row.key}": …`).join(", ");
    const names = required.map((row) => row.key).join(" and ");
    return `"${text}" needs ${names}: write { "type": "${text}", ${keys} }`;
  }
  const words = [...new Set([...kindsOf(family).map((known) => known.type), ...shorthandsOf(family)])];
  return describeUnknown(titles[family], text, words);
}

function objectOfKind(kind: Kind, whole: z.ZodType): z.ZodObject {
  const type = z.literal(kind.type).meta({ description: kind.summary });
  const implied = defaultType(kind.family) === kind.type;
  const grammar = closed(() => ({ type: implied ? type.optional() : type, ...keysOfKind(kind, whole) }));
  // Otherwise, zod would create the keys of all kinds to find these values.
  const types = new Set(implied ? [kind.type, undefined] : [kind.type]);
  Object.defineProperty(grammar._zod, "propValues", { value: { type: types } });
  return grammar.register(z.globalRegistry, { description: kind.summary, examples: [...kind.examples] });
}

/** The keys of a kind's options; `whole` is the grammar of its family, for kinds that contain kinds. */
export function keysOfKind(kind: Kind, whole: z.ZodType = z.never()): Readonly<Record<string, z.ZodType>> {
  return optionKeys(kind.options, { whole, takesNull: !isLiteral(kind.family) });
}

/** The grammar of a kind that its key names. */
export function blockGrammar(kind: Kind, id: string): z.ZodType {
  return closed(() => keysOfKind(kind)).meta({ id, description: kind.summary, examples: [...kind.examples] });
}

/**
 * The keys of a family whose kinds have keys of their own. One key may hold several kinds, which differ in the type of
 * their values. `change` may extend the grammar of a kind's value.
 */
export function familyKeys(
  family: Family,
  change: (kind: Kind, whole: z.ZodType) => z.ZodType = (_, whole) => whole,
): Readonly<Record<string, z.ZodType>> {
  const kinds = kindsOf(family).filter(({ isDerived }) => !isDerived);
  const keys = [...new Set(kinds.map(keyOfKind))];
  const grammar = (key: string): z.ZodType =>
    grammarOfKey(
      kinds.filter((kind) => keyOfKind(kind) === key),
      (kind) => change(kind, wholeGrammar(kind)),
    );
  return Object.fromEntries(keys.map((key) => [key, grammar(key)] as const));
}

function grammarOfKey(kinds: readonly Kind[], grammarOf: (kind: Kind) => z.ZodType): z.ZodType {
  const [first = z.never(), ...others] = kinds.map(grammarOf);
  return optional(others.length > 0 ? z.union([first, ...others]) : first, {
    description: kinds.map(({ summary }) => summary).join(" "),
    examples: kinds.flatMap(({ examples }) => examples.filter((example) => example !== true)),
  });
}

function wholeGrammar(kind: Kind): z.ZodType {
  const whole = kind.options[wholeOption(kind) ?? ""];
  return whole ? optionGrammar(whole, { whole: z.never(), takesNull: true }) : closed(() => keysOfKind(kind));
}
