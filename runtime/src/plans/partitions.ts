import { ConnectorError, ReadFailure } from "../errors.js";
import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Partition, SplitContext, Splitter } from "./plan.js";

/** Values by name; `"{config.regions}"` is a list in the factory's options. */
export type Partitions = Readonly<Record<string, readonly JsonValue[] | string>>;

/** Reads once for every combination of values: `{partitions.region}`. The values of the last name vary fastest. */
export function partitions(options: Partitions): Splitter {
  return { type: "partitions", options, split: (context) => combine(options, context) };
}

function* combine(options: Partitions, { option, resume }: SplitContext): Generator<Partition> {
  const names = Object.keys(options);
  const lists = names.map((name) => listOf(options[name] ?? [], option));
  const total = lists.reduce((product, list) => product * list.length, 1);
  for (let index = Number(resume?.["at"] ?? 0); index < total; index++) {
    let rest = index;
    const key = lists.map(() => null as JsonValue);
    for (let digit = lists.length - 1; digit >= 0; digit--) {
      const list = lists[digit] ?? [];
      key[digit] = list[rest % list.length] ?? null;
      rest = Math.floor(rest / list.length);
    }
    const values = Object.fromEntries(names.map((name, digit) => [`partitions.${name}`, key[digit] ?? null]));
    yield { values, key, resume: { at: index } };
  }
}

function listOf(given: readonly JsonValue[] | string, option: SplitContext["option"]): readonly JsonValue[] {
  if (typeof given !== "string") return given;
  const name = given.slice(1, -1);
  const list = option(name);
  if (Array.isArray(list)) return list as readonly JsonValue[];
  throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", `the value of \`${name}\` must be a list`);
}

/** The spec's `partitions`. */
export const partitionsKind: Kind = /* @__PURE__ */ defineKind<{ partitions: Partitions }>(() => ({
  family: "plan",
  type: "partitions",
  key: "partitions",
  factory: "partitions",
  positional: true,
  summary: "Reads the resource once for each value, as `{partitions.name}`.",
  options: {
    partitions: {
      type: "map",
      identifiers: "a partition",
      items: { type: "values" },
      description: "Lists of values by the names of the partitions.",
    },
  },
  phrase: ({ partitions }) => {
    const names = Object.keys(partitions as Partitions).map((name) => `\`${name}\``);
    const last = names.at(-1) ?? "";
    return `once per ${names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${last}` : last}`;
  },
  examples: [{ region: ["eu", "us"] }, { region: "{config.regions}" }],
}));
