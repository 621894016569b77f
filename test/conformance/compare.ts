import { isDeepStrictEqual } from "node:util";
import type { ConnectorError, ErrorName } from "@connector-gen/runtime";
import type { Outcome } from "./outcome.js";
import type { Exchange, Expected, VectorError } from "./vector.js";

/** Names the group of an exchange. The order of requests matters only within a group. */
export type Grouping = (index: number) => string;

/** Returns the differences between a read and the recorded one. */
export function compareRead(
  outcome: Outcome,
  expected: Expected,
  { groupOf, exchanges }: { groupOf: Grouping; exchanges: readonly Exchange[] },
): readonly string[] {
  return [
    ...outcome.problems,
    ...compareError(outcome.error, expected.error),
    ...compareRequests(outcome.requests, expected.requests, { groupOf, exchanges }),
    ...compareRecords(outcome.records, expected.records),
  ];
}

/** Compares the requests of each group with the recorded ones. */
export function compareRequests(
  asked: readonly number[],
  expected: readonly number[],
  { groupOf, exchanges }: { groupOf: Grouping; exchanges: readonly Exchange[] },
): readonly string[] {
  const groups = new Set([...expected, ...asked].map(groupOf));
  const toText = (indices: readonly number[]): string =>
    indices.map((index) => toLine(exchanges[index], index)).join(", ") || "none";
  return [...groups].flatMap((group) => {
    const [mine, theirs] = [asked, expected].map((all) => all.filter((index) => groupOf(index) === group));
    return isDeepStrictEqual(mine, theirs)
      ? []
      : [`requests: ${toText(mine ?? [])}; expected ${toText(theirs ?? [])}`];
  });
}

function toLine(exchange: Exchange | undefined, index: number): string {
  const { method = "", path = "", query = [] } = exchange?.request ?? {};
  const text = query.map((pair) => pair.join("=")).join("&");
  return `#${index} ${method} ${path}${text && `?${text}`}`;
}

/** Compares records with the recorded ones, in order. */
export function compareRecords(records: readonly unknown[], expected: readonly unknown[]): readonly string[] {
  const difference = expected.findIndex((record, index) => !isSameValue(records[index], record));
  if (difference >= 0 && difference < records.length) {
    const found = toText(records[difference]);
    return [
      `record ${difference + 1} of ${expected.length}: ${found}; expected ${toText(expected[difference])}`,
    ];
  }
  if (records.length === expected.length) return [];
  return [`${records.length} records, not ${expected.length}: ${toText(records)}`];
}

/** Deep equality; an integer beyond 2^53 is written `{"$bigint": "…"}` and must be exact. */
function isSameValue(value: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null)
    return Object.is(value, expected) || value === expected;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(value) &&
      value.length === expected.length &&
      expected.every((item, index) => isSameValue(value[index], item))
    );
  }
  const { $bigint: digits } = expected as { readonly $bigint?: unknown };
  if (typeof digits === "string") {
    return typeof value === "bigint" || typeof value === "string" ? String(value) === digits : false;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const names = Object.keys(expected);
  return (
    names.length === Object.keys(value).length &&
    names.every((name) => Object.hasOwn(value, name) && isSameValue(own(value, name), own(expected, name)))
  );
}

function own(object: object, name: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[name];
}

/** JSON with the digits of a bigint. */
function toText(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? `${item}n` : item)) as
    string | undefined;
  return (text ?? "nothing").slice(0, 200);
}

/** The classes of errors for a recorded kind; `undefined` is any error. */
const errorNames: Readonly<Record<VectorError["kind"], readonly string[] | undefined>> = {
  config: [],
  selector: ["PageError"],
  http: ["HttpError", "NetworkError", "TimeoutError", "AuthError"] satisfies readonly ErrorName[],
  cursor: ["PageError"],
  incremental: ["IncrementalError"],
  other: undefined,
};

/** Compares the class and the status of an error with the recorded ones. */
export function compareError(
  error: ConnectorError | undefined,
  expected: VectorError | null,
): readonly string[] {
  if (!error && !expected) return [];
  const found = error ? `${error.name} ${error.code} (${error.message})` : "no error";
  const wanted = expected ? `an error of the kind ${expected.kind}` : "none";
  const problem = [`${found}; expected ${wanted}${expected?.message ? ` (${expected.message})` : ""}`];
  if (!error || !expected) return problem;
  // The config alone does not show that a secret is missing.
  const isSecretMissing = expected.kind === "config" && error.code === "MISSING_SECRET";
  const names = errorNames[expected.kind];
  if (!isSecretMissing && names && !names.includes(error.name)) return problem;
  return expected.status === undefined || expected.status === error.status
    ? []
    : [`${found}; expected the status ${expected.status}`];
}
