import type { JsonValue } from "@connector-gen/runtime";

/** The keys of a resource that can be detected, in the order in which they are detected and shown. */
export const findingKeys = [
  "decoder",
  "data_selector",
  "data_layout",
  "paginator",
  "include_from_parent",
  "primary_key",
  "incremental",
  "big_integers",
] as const;

/** A key of a resource that can be detected. */
export type FindingKey = (typeof findingKeys)[number];

/** The result for one key of a resource. Its texts contain names from the response, never values. */
export interface Finding {
  readonly key: FindingKey;
  /** Value to write into the spec; absent if undecided. */
  readonly value?: JsonValue;
  /** `sure`: confirmed by the responses; `likely`: a common convention; `undecided`: not written. */
  readonly confidence: "sure" | "likely" | "undecided";
  /** Evidence, one clause each. */
  readonly reasons: readonly string[];
  /** Possible values of an undecided key. */
  readonly alternatives: readonly Alternative[];
}

/** A possible value of an undecided key. */
export interface Alternative {
  readonly value: JsonValue;
  readonly reason: string;
}

/** Creates a finding with a value to write into the spec. */
export function found(
  key: FindingKey,
  value: JsonValue,
  { confidence, reasons }: Pick<Finding, "reasons"> & { readonly confidence: "sure" | "likely" },
): Finding {
  return { key, value, confidence, reasons, alternatives: [] };
}

/** Creates a finding that the user has to decide. */
export function undecided(
  key: FindingKey,
  reasons: readonly string[],
  alternatives: readonly Alternative[] = [],
): Finding {
  return { key, confidence: "undecided", reasons, alternatives };
}

/** Formats a count: `1 record`, `20 records`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
