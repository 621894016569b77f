import { ConnectorError, Fault } from "../errors.js";
import type { JsonValue } from "../json.js";
import type { Part, Slot, SplitContext } from "./plan.js";

/** Values by name; `"{config.regions}"` stands for a list among the factory's options. */
export type Partitions = Readonly<Record<string, readonly JsonValue[] | string>>;

/** Reads once for every combination of values, the last name changing first: `{partitions.region}`. */
export function partitions(options: Partitions): Part {
  return { type: "partitions", options, split: (context) => combine(options, context) };
}

function* combine(options: Partitions, { run, resume }: SplitContext): Generator<Slot> {
  const names = Object.keys(options);
  const lists = names.map((name) => listOf(options[name] ?? [], run.client));
  const total = lists.reduce((product, list) => product * list.length, 1);
  for (let at = Number(resume?.["at"] ?? 0); at < total; at++) {
    let rest = at;
    const key = lists.map(() => null as JsonValue);
    for (let index = lists.length - 1; index >= 0; index--) {
      const list = lists[index] ?? [];
      key[index] = list[rest % list.length] ?? null;
      rest = Math.floor(rest / list.length);
    }
    const values = Object.fromEntries(names.map((name, index) => [`partitions.${name}`, key[index] ?? null]));
    yield { values, key, place: { at } };
  }
}

function listOf(
  given: readonly JsonValue[] | string,
  { source, options }: SplitContext["run"]["client"],
): readonly JsonValue[] {
  if (typeof given !== "string") return given;
  const name = given.slice(1, -1);
  const { option } = source.options?.[name] ?? { option: name };
  const list = (options as Readonly<Record<string, unknown>>)[option];
  if (Array.isArray(list)) return list as readonly JsonValue[];
  throw new Fault(ConnectorError, "INVALID_OPTIONS", `\`${option}\` must be a list`);
}
