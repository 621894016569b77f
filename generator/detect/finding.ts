import type { JsonValue } from "@connector-gen/runtime";

/** What can be found out about a resource, by its key in the spec. */
export type FindingKey = "data_selector" | "paginator" | "primary_key" | "incremental";

/** All of them, in the order in which they are found and shown. */
export const findingKeys: readonly FindingKey[] = [
  "data_selector",
  "paginator",
  "primary_key",
  "incremental",
];

/** What was found out about one key of a resource. Its texts hold names of the response, never values. */
export interface Finding {
  readonly key: FindingKey;
  /** As it goes into the spec; absent when nothing was decided. */
  readonly value?: JsonValue;
  /** `sure`: seen; `likely`: what such a response means as a rule; `undecided`: nothing is written. */
  readonly confidence: "sure" | "likely" | "undecided";
  /** Why, one clause each. */
  readonly reasons: readonly string[];
  /** What it may be, where that is not decided. */
  readonly alternatives: readonly Alternative[];
}

/** One of several values that a key may have. */
export interface Alternative {
  readonly value: JsonValue;
  readonly reason: string;
}

/** A value that goes into the spec. */
export function found(
  key: FindingKey,
  value: JsonValue,
  { confidence, reasons }: Pick<Finding, "reasons"> & { readonly confidence: "sure" | "likely" },
): Finding {
  return { key, value, confidence, reasons, alternatives: [] };
}

/** A key that a person has to decide. */
export function undecided(
  key: FindingKey,
  reasons: readonly string[],
  alternatives: readonly Alternative[] = [],
): Finding {
  return { key, confidence: "undecided", reasons, alternatives };
}
