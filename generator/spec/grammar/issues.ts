import type * as z from "zod";

import type { Path, Problem, Span } from "../load/document.js";
import { keyHomes } from "./spec-grammar.js";
import { hasPath, isObject, valueAt } from "../values.js";
import { describe, didYouMean, list, nearest, quote, typeName } from "../wording.js";

/** The maximum number of unknown keys to report per object. */
const maxUnknownKeys = 100;

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** Converts zod's issues to problems with a location, the valid choices and a suggestion. */
export function toProblems(root: unknown, issues: readonly Issue[]): readonly Problem[] {
  return issues.flatMap((issue) => translate(root, issue, []));
}

function translate(root: unknown, issue: Issue, base: Path): readonly Problem[] {
  const path: Path = [...base, ...(issue.path as (string | number)[])];
  const value = valueAt(root, path);
  if (issue.code === "invalid_union") return translateUnion(root, issue, path);
  if (issue.code === "unrecognized_keys") return unknownKeys(root, issue, path);
  if (issue.code === "invalid_key") return [invalidKey(root, issue, path)];
  const isMissing = value === undefined && path.length > 0;
  if (isMissing && (issue.code === "invalid_type" || issue.code === "invalid_value"))
    return [missingKey(root, path)];
  return [translateValue(root, issue, path)];
}

/** Reports an invalid name. The message comes from the check of the name, if it has one. */
function invalidKey(root: unknown, issue: z.core.$ZodIssueInvalidKey, path: Path): Problem {
  const [first] = issue.issues;
  const isKnown = first?.code === "custom";
  const message = isKnown ? first.message : `${describe(root, path.slice(0, -1))} has an empty name`;
  const code = isKnown ? String(first.params?.["code"]) : "invalid-value";
  return { code, message, path, at: "key" };
}

function translateValue(root: unknown, issue: Issue, path: Path): Problem {
  const value = valueAt(root, path);
  const where = describe(root, path);
  switch (issue.code) {
    case "custom": {
      const { severity, code, offset, length } = issue.params ?? {};
      const text: Span | undefined =
        typeof offset === "number" ? { offset, length: Number(length ?? 1) } : undefined;
      return {
        ...(severity === "warning" && { severity: "warning" as const }),
        code: String(code),
        message: issue.message,
        path,
        ...(text && { text }),
      };
    }
    case "invalid_value":
      return unknownValue(root, path, issue.values.map(String));
    case "too_small":
      return { code: "invalid-value", message: `${where} ${tooSmall(issue)}`, path };
    case "too_big":
      return { code: "invalid-value", message: `${where} must be at most ${String(issue.maximum)}`, path };
    case "invalid_type":
      return wrongType(root, path, [expectation(issue.expected, value)]);
    default:
      return { code: "invalid-value", message: `${where}: ${issue.message}`, path };
  }
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === "string") return "must not be empty";
  if (issue.origin === "array") return "must have at least one item";
  return `must be ${issue.inclusive ? "at least" : "more than"} ${String(issue.minimum)}`;
}

/** Reports the problems of the branch that matches the value best, never those of all branches. */
function translateUnion(root: unknown, issue: UnionIssue, path: Path): readonly Problem[] {
  const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] };
  if (discriminator !== undefined) {
    const types = (options ?? []).filter((option) => option !== undefined).map(String);
    return [hasPath(root, path) ? unknownValue(root, path, types) : missingKey(root, path, types)];
  }
  const value = valueAt(root, path);
  const branches = issue.errors.filter((errors) => !errors.some((error) => isMismatch(error, value)));
  const [branch] = branches.sort((a, b) => depthOf(b) - depthOf(a));
  if (!branch) return [wrongType(root, path, expectations(issue, value))];
  return branch.flatMap((error) => translate(root, error, path));
}

/** Returns whether an issue means that the branch expects a value of another type. */
function isMismatch(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_type") return !(issue.expected === "int" && typeof value === "number");
  if (issue.code === "invalid_value") return !issue.values.some((choice) => typeof choice === typeof value);
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return false;
  return issue.errors.every((errors) => errors.some((error) => isMismatch(error, value)));
}

function depthOf(issues: readonly Issue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}

function expectations(issue: UnionIssue, value: unknown): string[] {
  const words = issue.errors.flat().flatMap((error) => {
    if (error.path.length > 0) return [];
    if (error.code === "invalid_type") return [expectation(error.expected, value)];
    if (error.code === "invalid_value") return [expectation(typeof error.values[0], value)];
    return error.code === "invalid_union" ? expectations(error, value) : [];
  });
  return [...new Set(words)];
}

function expectation(expected: string, value: unknown): string {
  const words: Readonly<Record<string, string>> = {
    string: "text",
    number: "a number",
    int: typeof value === "number" ? `a whole number, not ${value}` : "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "an object",
    record: "an object",
  };
  return words[expected] ?? expected;
}

function wrongType(root: unknown, path: Path, expected: readonly string[]): Problem {
  const last = expected.at(-1) ?? "something else";
  const wanted = expected.length > 1 ? `${expected.slice(0, -1).join(", ")} or ${last}` : last;
  const value = valueAt(root, path);
  const actual = wanted.includes(", not ") ? "" : `, not ${typeName(value)}`;
  const message = `${describe(root, path)} must be ${wanted}${actual}${quoteHint(value)}`;
  return { code: "wrong-type", message, path };
}

/** Explains a placeholder without quotes in YAML, where `{secrets.token}` is an object with a key and no value. */
function quoteHint(value: unknown): string {
  const [[key, content] = ["", ""], ...others] = isObject(value) ? Object.entries(value) : [];
  const isPlaceholder = /^(?:secrets|config|resources|partitions|incremental)\./.test(key);
  return isPlaceholder && content === null && others.length === 0
    ? `: write the placeholder in quotes, ${quote(`{${key}}`)}`
    : "";
}

function unknownValue(root: unknown, path: Path, choices: readonly string[]): Problem {
  const value = valueAt(root, path);
  if (typeof value !== "string") return wrongType(root, path, [`one of ${list(choices)}`]);
  const where = describe(root, path);
  const message = `unknown value ${quote(value)} for ${where}: valid values are ${list(choices)}${didYouMean(value, choices) || fromElsewhere(value, choices)}`;
  return { code: "unknown-value", message, path };
}

/** Names of the same type in JSON Schema, dlt, Python, SQL and TypeScript. */
const sameTypes: readonly (readonly string[])[] = [
  ["boolean", "bool"],
  ["integer", "bigint", "int", "int32", "int64", "long"],
  ["number", "double", "float", "decimal", "real"],
  ["timestamp", "datetime", "date-time"],
  ["string", "text", "str", "varchar", "char", "uuid", "email", "date", "datetime", "date-time", "timestamp"],
  ["array", "json", "list", "tuple", "set"],
  ["object", "json", "dict", "map", "record", "struct"],
  ["null", "none", "nil"],
];

/** Returns the ending `; did you mean "integer"?` for the name that another language gives to a choice. */
function fromElsewhere(word: string, choices: readonly string[]): string {
  const name = word.toLowerCase();
  const meant = sameTypes
    .filter((names) => names.includes(name))
    .flatMap((names) => names.filter((each) => choices.includes(each)));
  return didYouMean(meant[0] ?? "", meant);
}

function missingKey(root: unknown, path: Path, choices: readonly string[] = []): Problem {
  const parent = path.slice(0, -1);
  const missing = String(path.at(-1));
  const which = choices.length > 0 ? `: valid values are ${list(choices)}` : "";
  const message = `${describe(root, parent)} needs ${quote(missing)}${which}`;
  return { code: "missing-key", message, path: parent, at: "key", missing };
}

function unknownKeys(root: unknown, issue: z.core.$ZodIssueUnrecognizedKeys, path: Path): readonly Problem[] {
  // `closed` in grammar.ts passes the valid keys in the message.
  const valid = issue.message.split(",");
  const value = valueAt(root, path);
  const free = valid.filter((key) => !isObject(value) || !Object.hasOwn(value, key));
  const type = isObject(value) && typeof value["type"] === "string" ? ` (${value["type"]})` : "";
  return issue.keys.slice(0, maxUnknownKeys).map((key) => {
    const near = nearest(key, free);
    const home = near === undefined ? homeOf(key, valid) : undefined;
    const fix = home === undefined ? didYouMean(key, free) : `; ${quote(key)} belongs in ${home}`;
    const message = `unknown key ${quote(key)} in ${describe(root, path)}${type}: valid keys are ${list(valid)}${fix}`;
    return { code: "unknown-key", message, path: [...path, key], at: "key", meant: near ?? key };
  });
}

function homeOf(key: string, valid: readonly string[]): string | undefined {
  return keyHomes().find(([, keys]) => keys.includes(key) && keys.join() !== valid.join())?.[0];
}
