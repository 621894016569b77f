import type { Source } from "../descriptor.js";
import { ConnectorError, ReadFailure, foreign } from "../errors.js";
import type { RetryPolicy } from "../http/retry.js";
import type { ClientOptions, ReadOptions } from "./options.js";

/** A rule: what a value must be, in words, and the test for it. */
type Rule = readonly [words: string, isValid: (value: unknown) => boolean];
type Rules = Readonly<Record<string, Rule>>;

const aFunction: Rule = ["a function", (value) => typeof value === "function"];
const anObject: Rule = ["an object", isObject];
const aText: Rule = ["a text", (value) => typeof value === "string"];
const aBoolean: Rule = ["true or false", (value) => typeof value === "boolean"];
const milliseconds: Rule = ["a number of milliseconds", (value) => isNumber(value, 0)];
const aTimeout: Rule = ["a number of milliseconds above 0", (value) => isNumber(value, Number.MIN_VALUE)];
// One sequence of pages is prepared per unit: an infinite number would never end.
const aConcurrency: Rule = [
  "a whole number from 1 to 1000",
  (value) => isWhole(value, 1) && Number(value) <= 1000,
];
const aCount: Rule = ["a whole number above 0", (value) => isWhole(value, 1)];

const retryRules: { readonly [K in keyof RetryPolicy]: Rule } = {
  maxRetries: ["a whole number", (value) => isWhole(value, 0)],
  backoffMs: milliseconds,
  maxDelayMs: milliseconds,
  statuses: [
    'a list of statuses such as 429 and "5xx"',
    (value) => Array.isArray(value) && value.every((each) => /^[1-5](\d\d|xx)$/i.test(String(each))),
  ],
  maxWaitMs: milliseconds,
};

const sharedRules = {
  readAhead: aBoolean,
  concurrency: aConcurrency,
  headers: anObject,
  timeoutMs: aTimeout,
  retry: anObject,
  onEvent: aFunction,
};

/** The rules of the options that every client has. */
export const clientRules: { readonly [K in keyof Required<ClientOptions>]: Rule } = {
  ...sharedRules,
  fetch: aFunction,
  transport: anObject,
  baseUrl: aText,
  rateLimit: anObject,
  allowedOrigins: ["a list", Array.isArray],
  maxBodyBytes: aCount,
  schemas: [
    "an object of Standard Schemas by resource name",
    (value) => isObject(value) && Object.values(value).every((schema) => "~standard" in Object(schema)),
  ],
  logger: anObject,
};

const readRules: { readonly [K in keyof Required<ReadOptions>]: Rule } = {
  ...sharedRules,
  signal: anObject,
  from: anObject,
  maxPages: aCount,
  validate: ["off, warn or error", (value) => /^(off|warn|error)$/.test(String(value))],
};

/** Returns a client's options without those that are `undefined`. Throws for an unknown or invalid option. */
export function checkClientOptions(options: ClientOptions, source: Source): ClientOptions {
  const own = Object.values(source.options ?? {}).map(({ option }) => option);
  return check(options, clientRules, [...own, ...(source.optionNames ?? [])]);
}

/** Returns a read's options without those that are `undefined`. Throws for an unknown or invalid option. */
export function checkReadOptions(options: ReadOptions): ReadOptions {
  return check(options, readRules, []);
}

function check<T extends ClientOptions | ReadOptions>(options: T, rules: Rules, own: readonly string[]): T {
  const given = checkAll(options, rules, own);
  return given.retry ? { ...given, retry: checkAll(given.retry, retryRules, [], "retry.") } : given;
}

/** `own` are the names of options without a rule. */
// eslint-disable-next-line max-params -- the path is for messages only
function checkAll<T extends object>(options: T, rules: Rules, own: readonly string[], path = ""): T {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const [words, isValid] = (Object.hasOwn(rules, name) ? rules[name] : undefined) ?? [];
    if (!isValid && !own.includes(name)) {
      const nearest = findNearest(name, [...own, ...Object.keys(rules)]);
      const hint = nearest ? `; did you mean \`${path}${nearest}\`?` : "";
      throw invalid(`unknown option \`${path}${foreign(name)}\`${hint}`);
    }
    if (isValid && !isValid(value)) {
      const found =
        typeof value === "number" || value === null ? `${value}` : `a value of type ${typeof value}`;
      throw invalid(`\`${path}${name}\` must be ${words}, not ${found}`);
    }
  }
  return Object.fromEntries(given) as T;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isNumber(value: unknown, least: number): boolean {
  return typeof value === "number" && value >= least;
}

function isWhole(value: unknown, least: number): boolean {
  return isNumber(value, least) && (value === Infinity || Number.isInteger(value));
}

/** The choice that is at most three edits away, or `undefined`. */
function findNearest(name: string, choices: readonly string[]): string | undefined {
  return choices
    .map((choice) => ({ choice, edits: distance(name.toLowerCase(), choice.toLowerCase()) }))
    .filter(({ edits }) => edits <= 3 && edits < name.length - 1)
    .sort((a, b) => a.edits - b.edits)[0]?.choice;
}

/** The edit distance of two texts (Levenshtein). */
function distance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    let diagonal = i;
    row[0] = i + 1;
    for (let j = 0; j < b.length; j++) {
      const cost = diagonal + Number(a[i] !== b[j]);
      diagonal = row[j + 1] ?? 0;
      row[j + 1] = Math.min(cost, diagonal + 1, (row[j] ?? 0) + 1);
    }
  }
  return row[b.length] ?? 0;
}

function invalid(message: string): ReadFailure {
  return new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
}
