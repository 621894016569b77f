import type { JsonValue } from "./json.js";

/** The options of one use of a kind, by the factory's names. */
export type KindOptions = Readonly<Record<string, unknown>>;

/** The purpose of a kind. A descriptor has a separate key for each family. */
export type KindFamily =
  | "paginator"
  | "pages"
  | "layout"
  | "auth"
  | "cookies"
  | "body"
  | "decoder"
  | "encoder"
  | "shaper"
  | "actions"
  | "plan"
  | "limiter";

/**
 * A kind is one word of the spec language with options: a paginator, a decoder, a processing step.
 *
 * Its file holds its behaviour (a factory, which generated modules call) and, beside it, this description. The generator
 * derives the spec's grammar, the JSON Schema, the printed call, the documentation and the mock server's behaviour from it.
 */
export interface Kind {
  readonly family: KindFamily;
  /** The `type` in the spec: `page_number`. */
  readonly type: string;
  /** The type that replaces this one. */
  readonly deprecated?: string;
  /** The exported factory that generated modules call: `pageNumber`. */
  readonly factory?: string;
  /** Without options, reads do this by default: nothing is printed. */
  readonly isDefault?: true;
  /** Returns the factory, if it depends on the options. */
  readonly factoryFor?: (options: KindOptions) => string;
  /** The factory takes the options as arguments, in order: `rename({ a: "b" })`. A single option is the spec's whole value. */
  readonly positional?: true;
  /** The key of the spec that contains it, if each kind of the family has its own key. Default: `type`. */
  readonly key?: string;
  /** The generator adds it for another option of the spec: the spec has no key for it. */
  readonly isDerived?: true;
  /** One sentence for the reference, with an example of the data. */
  readonly summary: string;
  /** The options in the order in which they are printed and documented; keys are the factory's camelCase names. */
  readonly options: Readonly<Record<string, Option>>;
  /** Reports combinations of options that cannot work. */
  readonly check?: (options: KindOptions) => readonly OptionProblem[];
  /**
   * The name of this kind in a method's documentation; empty for none. The text continues a sentence: `GET /items with
   * <body>, <plan>, <paginator>.`, `The response is <decoder>.`, `Authenticated with <auth>.`, `At most <limiter>.` The
   * options include, by name, the phrases of the kinds that it contains.
   */
  readonly phrase: (options: KindOptions) => string;
  /** Whole sentences for a separate paragraph of a method's documentation. */
  readonly note?: (options: KindOptions) => string;
  /** The options that it adds to the generated factory; the argument is that of `phrase`. */
  readonly clientOptions?: (options: KindOptions) => readonly ClientOption[];
  /** Whether it needs a request body. */
  readonly needsBody?: (options: KindOptions) => boolean;
  /** For decoders: the format in which a server writes a body. */
  readonly format?: BodyFormat;
  /** For shapers: the changes to the fields of records. Absent: none. */
  readonly reshape?: (options: KindOptions) => FieldChange;
  /** For shapers: the function of the client's option `hooks.<method>` that it calls. */
  readonly hook?: "filter" | "map";
  /** Complete spec values that work; a test runs each of them. */
  readonly examples: readonly JsonValue[];
}

/** One option of a kind, as the spec language sees it. */
export interface Option {
  readonly type: OptionType;
  readonly description: string;
  /** The name in the spec. Default: the factory's name in snake_case, without `Ms` for durations. */
  readonly key?: string;
  readonly required?: true;
  /** The generator finds its value elsewhere in the spec: the grammar has no key for it. */
  readonly isDerived?: true;
  /** It selects the factory, and is not an argument of the printed call. */
  readonly isPrinted?: false;
  /** The value that applies when the option is missing. The factory applies it. */
  readonly default?: JsonValue;
  /** `null` is valid and has a meaning (e.g. "no total"). */
  readonly nullable?: true;
  /** For `choice`: the words. */
  readonly choices?: readonly string[];
  /** The placeholders that its texts may contain. The plan or the client replaces them. */
  readonly scopes?: readonly ("secrets" | "config" | "resources" | "partitions" | "incremental" | "job")[];
  /** For numbers and durations: the smallest value allowed, for durations in seconds. For lists: of items. */
  readonly minimum?: number;
  /** For numbers and durations: the value must be greater. */
  readonly above?: number;
  /** For `text`: returns the problem of an invalid text. */
  readonly check?: (text: string) => string | undefined;
  /** For `duration`: words that are accepted, and their length in seconds. */
  readonly words?: Readonly<Record<string, number>>;
  /** For `list` and `map`: the type of each item or value. */
  readonly items?: OptionValue;
  /** For `map`: the names must be identifiers; the text describes them in messages: `a partition`. */
  readonly identifiers?: string;
  /** For `group`: its options by the factory's names. */
  readonly options?: Readonly<Record<string, Option>>;
  /** For `group`: reports combinations that cannot work. */
  readonly checkGroup?: (options: KindOptions) => readonly OptionProblem[];
  /** Other spec words for this option: `start_from_page` for `base_page`. */
  readonly aliases?: readonly string[];
  /** Values to show in the reference. */
  readonly examples?: readonly JsonValue[];
}

/** The items of an option, whose description is optional. */
export type OptionValue = Omit<Option, "description"> & { readonly description?: string };

/**
 * The type of an option's value in the spec.
 *
 * | type | value |
 * |---|---|
 * | `text` | text that is not empty, without placeholders unless `scopes` names some |
 * | `template` | text that may hold `{secrets.x}` and `{config.x}` |
 * | `object` | a JSON object whose texts are templates |
 * | `json` | any JSON value |
 * | `whole`, `number` | a number without or with a fraction |
 * | `flag` | `true` or `false` |
 * | `choice` | one of `choices` |
 * | `status` | an HTTP status (404), a class (`"4xx"`) or a range (`"500-599"`) |
 * | `names` | text or a list of texts; the factory takes a list |
 * | `duration` | seconds or an ISO 8601 duration; the factory takes milliseconds under a name that ends in `Ms`; `default`, `minimum` and `above` are in seconds |
 * | `period` | an ISO 8601 duration that may depend on the calendar (`P1M`), passed as text |
 * | `distance` | a number, or a `period` |
 * | `timeFormat` | a word for a format of times, or a strftime pattern |
 * | `bound` | a number, or text that may hold `{config.x}` |
 * | `selector` | a path into JSON in the spec's dialect; the factory takes a `Selector` |
 * | `secret` | text from `{secrets.x}` only |
 * | `credential` | a user name or client id: `{secrets.x}`, or the text itself |
 * | `list`, `map` | a list, or an object with free names, of `items` |
 * | `group` | an object with the keys of `options` |
 * | `form` | an object of scalars and lists, or a list of pairs; texts are templates |
 * | `values` | a list of scalars, or `{config.x}` for a list among the factory's options |
 * | `kinds` | kinds of the same family by name, passed to the factory in place of this option |
 * | `kind` | the name of the first of these kinds |
 *
 * A missing required secret or credential means `{secrets.<option>}`.
 */
export type OptionType =
  | "text"
  | "template"
  | "object"
  | "json"
  | "whole"
  | "number"
  | "flag"
  | "choice"
  | "status"
  | "names"
  | "duration"
  | "period"
  | "distance"
  | "timeFormat"
  | "bound"
  | "selector"
  | "secret"
  | "credential"
  | "list"
  | "map"
  | "group"
  | "form"
  | "values"
  | "kinds"
  | "kind";

/** An option that a kind adds to those of the generated factory. */
export interface ClientOption {
  readonly name: string;
  /** TypeScript. */
  readonly type: string;
  /** The types of this package that it names. */
  readonly imports: readonly string[];
  readonly description: string;
  readonly isRequired?: true;
}

/** A combination of options that cannot work. */
export interface OptionProblem {
  /** The option to point at, in the factory's spelling. Default: the whole kind. */
  readonly option?: string;
  readonly message: string;
}

/** Writes a list of records as the body of a response: the opposite of a decoder. */
export interface BodyFormat {
  readonly contentType: string;
  /** Returns the body's text. `sample` contains records of the whole list, for formats with a header. */
  readonly write: (
    records: readonly JsonValue[],
    context: { readonly options: KindOptions; readonly sample: readonly JsonValue[] },
  ) => string;
}

/** The change of a shaper to the fields of records. The generator changes the record type in the same way. */
export type FieldChange =
  /** Adds fields: constants, and templates. */
  | { readonly type: "add"; readonly fields: Readonly<Record<string, JsonValue>> }
  /** Adds fields with values of placeholders (`resources.users.id`), if these have a value. */
  | { readonly type: "include"; readonly fields: Readonly<Record<string, string>> }
  /** Renames fields, old name to new. */
  | { readonly type: "rename"; readonly fields: Readonly<Record<string, string>> }
  /** Removes fields; dots lead into objects. */
  | { readonly type: "remove"; readonly fields: readonly string[] }
  /** Replaces nested objects with their fields. */
  | {
      readonly type: "flatten";
      readonly separator?: string | undefined;
      readonly depth?: number | undefined;
    }
  /** Returns other records, of a type that the spec does not state. */
  | { readonly type: "replace" };

/**
 * Describes a kind; the compiler checks that every option of the factory has a row.
 *
 * The description is wrapped in a function so bundlers can drop it from apps.
 */
export function defineKind<Options>(
  describe: () => Kind & { readonly options: { readonly [K in keyof Required<Options>]: Option } },
): Kind {
  return describe();
}

/** Whether a value is the description of a kind. */
export function isKind(value: unknown): value is Kind {
  if (typeof value !== "object" || value === null) return false;
  const { family, phrase } = value as Partial<Kind>;
  return typeof family === "string" && typeof phrase === "function";
}
