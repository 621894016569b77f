import type { ResourceShape, Source } from "../descriptor.js";
import { ConnectorError, ReadFailure, foreign } from "../errors.js";
import type { RetryPolicy } from "../http/retry.js";
import type { ClientOptions, ReadOptions } from "./options.js";
import type { Params } from "./template.js";

/** A rule: the type of a value, the description of valid values, and a pattern for its text. `null` is never valid. */
type Rule = readonly [type: string, words: string, pattern?: RegExp];
type Rules = Readonly<Record<string, Rule>>;

const aFunction: Rule = ["function", "a function"];
const anObject: Rule = ["object", "an object"];
const aBoolean: Rule = ["boolean", "true or false"];
const milliseconds: Rule = ["number", "a number of milliseconds", /^[\dI]/];
const aCount: Rule = ["number", "a whole number above 0", /^([1-9]\d*|Infinity)$/];

const retryRules: { readonly [K in keyof RetryPolicy]: Rule } = {
  maxRetries: ["number", "a whole number", /^(\d+|Infinity)$/],
  backoffMs: milliseconds,
  maxDelayMs: milliseconds,
  statuses: ["object", 'a list of statuses such as 429 and "5xx"', /^([1-5](\d\d|xx)(,|$))*$/i],
  maxWaitMs: milliseconds,
};

const sharedRules = {
  readAhead: aBoolean,
  // A read prepares one sequence of pages per unit, so infinity would never end.
  concurrency: ["number", "a whole number from 1 to 1000", /^([1-9]\d{0,2}|1000)$/],
  headers: anObject,
  timeoutMs: ["number", "a number of milliseconds above 0", /^(?!0$)[\dI]/],
  retry: anObject,
  onDrift: ["string", "event or error", /^(event|error)$/],
  onEvent: aFunction,
} as const;

/** The rules of the options that every client has. */
export const clientRules: { readonly [K in keyof Required<ClientOptions>]: Rule } = {
  ...sharedRules,
  fetch: aFunction,
  transport: anObject,
  baseUrl: ["string", "a text"],
  rateLimit: anObject,
  // The text of any other object is "[object …]".
  allowedOrigins: ["object", "a list", /^(?!\[)/],
  maxBodyBytes: aCount,
  schemas: anObject,
  logger: anObject,
  denyPrivate: aBoolean,
};

const readRules: { readonly [K in keyof Required<ReadOptions>]: Rule } = {
  ...sharedRules,
  signal: anObject,
  from: anObject,
  checkpoints: ["string", "complete or delta", /^(complete|delta)$/],
  maxPages: aCount,
  validate: ["string", "off, warn or error", /^(off|warn|error)$/],
};

/** Returns a client's options without those that are `undefined`. Throws for an unknown or invalid option. */
export function checkClientOptions(
  options: ClientOptions,
  { options: values = {}, optionNames = [] }: Source,
): ClientOptions {
  const own = [...Object.values(values).map(({ option }) => option), ...optionNames];
  const checked = check(options, clientRules, own);
  if (Object.values(checked.schemas ?? {}).some((schema: unknown) => !("~standard" in Object(schema))))
    throw invalid("`schemas` must be Standard Schemas by resource name");
  return checked;
}

/** Returns a read's options without those that are `undefined`. Throws for an unknown or invalid option. */
export function checkReadOptions(options: ReadOptions): ReadOptions {
  return check(options, readRules);
}

/** Throws for unknown or invalid options of `toArray`. */
export function checkArrayOptions(options: object | null | undefined): void {
  check(options ?? {}, { max: retryRules.maxRetries });
}

/** `own` are the names of options without a rule. */
// eslint-disable-next-line max-params -- the path is for messages only
function check<T extends object>(options: T, rules: Rules, own: readonly string[] = [], path = ""): T {
  const given = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: readonly [string, unknown]) => {
      if (own.includes(name)) return [name, value];
      const rule = Object.hasOwn(rules, name) && rules[name];
      if (!rule)
        throw invalid(describeUnknown("option", name, { choices: [...own, ...Object.keys(rules)], path }));
      const [type, words, pattern] = rule;
      // `test` converts any value to text.
      if (value === null || typeof value !== type || pattern?.test(value as string) === false) {
        const found =
          typeof value === "number" || value === null ? `${value}` : `a value of type ${typeof value}`;
        throw invalid(`\`${path}${name}\` must be ${words}, not ${found}`);
      }
      return [name, name === "retry" ? check(value as object, retryRules, [], "retry.") : value];
    });
  return Object.fromEntries(given) as T;
}

/** Throws for parameters that the resource does not have. */
export function checkParams({ params = {} }: ResourceShape, given: Params): void {
  const name = Object.keys(given).find((each) => !Object.hasOwn(params, each));
  if (name === undefined) return;
  const choices = Object.keys(params);
  const message = `${describeUnknown("parameter", name, { choices })}; the parameters are: ${choices.join(", ") || "none"}; options come second`;
  throw new ReadFailure(ConnectorError, "INVALID_PARAMS", message);
}

/** Suggests the first choice that the name resembles. */
function describeUnknown(
  what: string,
  name: string,
  { choices, path = "" }: { readonly choices: readonly string[]; readonly path?: string },
): string {
  const letters = Array.from(name.replace(/\W/g, "."));
  // One letter of the name may be wrong, and up to three letters may be missing in each place.
  const near = letters.map((_, i) => letters.filter((_, j) => j !== i).join(".{0,3}")).join("|");
  const nearest = letters[3] && choices.find((choice) => new RegExp(near, "i").test(choice));
  const hint = nearest ? `; did you mean \`${path}${nearest}\`?` : "";
  return `unknown ${what} \`${path}${foreign(name)}\`${hint}`;
}

function invalid(message: string): ReadFailure {
  return new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
}
