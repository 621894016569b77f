import type { JsonObject, JsonValue } from "./json.js";

/**
 * A kind is one word of the spec language with options: a paginator or an auth scheme.
 *
 * Its file holds its behaviour (a factory, which generated modules call) and, beside it, this description, from
 * which the generator derives the spec's grammar, the JSON Schema, the printed call and the reference page.
 */
export interface Kind {
  readonly family: "paginator" | "auth";
  /** The spec's word: `page_number`. */
  readonly type: string;
  /** The word to use instead: this one is old. */
  readonly deprecated?: string;
  /** The exported factory that generated modules call: `pageNumber`. */
  readonly factory: string;
  /** Which other factory it is, where that depends on the options. */
  readonly factoryFor?: (options: Readonly<Record<string, unknown>>) => string;
  /** One sentence for the reference, with the shape it reads. */
  readonly summary: string;
  /** The options in the order in which they are printed and documented; keys are the factory's camelCase names. */
  readonly options: Readonly<Record<string, Option>>;
  /** What the options cannot say one by one: messages about combinations that cannot work. */
  readonly check?: (options: Readonly<Record<string, unknown>>) => readonly OptionProblem[];
  /**
   * How a method's documentation names this kind: `paginated by page number, 250 records per page`. Among the options are, by name, the
   * phrases of the kinds that it is made of.
   */
  readonly phrase: (options: Readonly<Record<string, unknown>>) => string;
  /** What it adds to the options of the generated factory; the argument is that of `phrase`. */
  readonly clientOptions?: (options: Readonly<Record<string, unknown>>) => readonly ClientOption[];
  /** Whether it cannot do without a request body. */
  readonly needsBody?: (options: Readonly<Record<string, unknown>>) => boolean;
  /** Complete spec values that work; every one is run by a test. */
  readonly examples: readonly JsonObject[];
}

/** One option of a kind, as the spec language sees it. */
export interface Option {
  readonly type: OptionType;
  readonly description: string;
  readonly required?: true;
  /** What holds when the option is left out; documentation, the factory applies it. */
  readonly default?: JsonValue;
  /** `null` is valid and has a meaning (e.g. "no total"). */
  readonly nullable?: true;
  /** For `choice`: the words it may be. */
  readonly choices?: readonly string[];
  /** For numbers and durations: the smallest value allowed, for durations in seconds. */
  readonly minimum?: number;
  /** Other spec words for this option: `start_from_page` for `base_page`. */
  readonly aliases?: readonly string[];
}

/**
 * What an option holds. `text` goes out as it is, `template` may hold `{secrets.x}` and `{config.x}`, and `object` is a
 * JSON object whose texts are templates. `selector` is a path into the response, written in the spec's dialect and compiled
 * to a `Selector` in the descriptor; `secret` is text that may come from `{secrets.x}` only; `credential` (a user name, a
 * client id) may also stand in the spec as it is. A required secret or credential left out means `{secrets.<option>}`.
 * `kinds` holds kinds of the same family by name, which are the factory's options in its place, and `kind` names the one
 * of them that comes first. `number` may be a fraction, `whole` may not.
 *
 * `duration` is a number of seconds or an ISO 8601 duration in the spec (`leeway`), and milliseconds in the factory's
 * options, whose name says so (`leewayMs`). `default` and `minimum` are in seconds.
 */
export type OptionType =
  | "text"
  | "template"
  | "object"
  | "whole"
  | "number"
  | "duration"
  | "flag"
  | "choice"
  | "selector"
  | "secret"
  | "credential"
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
  /** The option to point at, in the factory's spelling; left out, the whole kind is meant. */
  readonly option?: string;
  readonly message: string;
}

/**
 * Describes a kind; the compiler checks that every option of the factory has a row.
 *
 * The description comes in a function so that bundlers can tell that nothing happens here, and leave it out of apps.
 */
export function defineKind<Options>(
  describe: () => Kind & { readonly options: { readonly [K in keyof Required<Options>]: Option } },
): Kind {
  return describe();
}
