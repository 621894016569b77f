import type { QuerySegment } from "@connector-gen/runtime/kinds";

import { singular } from "../../plural.js";
import { isPath } from "../selector/segments.js";
import type { SpecInput } from "../spec.js";
import type { ParentUse } from "../template/template-reader.js";

/** A parameter of the method, and the name of the placeholder that it fills. */
export interface ParentParam {
  readonly input: SpecInput;
  readonly name: string;
}

/**
 * Returns one parameter for each field of the parent in the request: `user_id` for `{resources.users.id}`. If the name is
 * taken, the whole path of the field becomes the name.
 */
export function nameParams(
  uses: readonly ParentUse[],
  { resolved, inputs }: { resolved: ReadonlyMap<string, string>; inputs: readonly SpecInput[] },
): readonly ParentParam[] {
  const taken = new Set(inputs.map(({ name }) => name));
  const byHand = new Map([...resolved].map(([param, name]) => [name, param]));
  for (const param of byHand.values()) taken.add(param);
  return uses.map(({ parent, name, selector }) => {
    const param = byHand.get(name) ?? freeName(candidatesOf(parent, namesOf(selector)), taken);
    taken.add(param);
    const input: SpecInput = { name: param, in: "parent", required: false };
    return { input, name };
  });
}

function candidatesOf(parent: string, path: readonly string[]): readonly string[] {
  const words = toSnake(parent).split("_");
  const one = [...words.slice(0, -1), singular(words.at(-1) ?? "")].join("_");
  return [
    ...new Set(
      [
        [one, ...path.slice(-1)],
        [one, ...path],
      ].map((parts) => parts.map(toSnake).join("_")),
    ),
  ];
}

function freeName(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const free = candidates.find((name) => !taken.has(name));
  const last = candidates.at(-1) ?? "parent";
  let name = free ?? last;
  for (let number = 2; taken.has(name); number += 1) name = `${last}_${number}`;
  return name;
}

/** Returns the names and indexes of a path, or `record` for any other selector. */
function namesOf(selector: readonly QuerySegment[]): readonly string[] {
  const names = (isPath(selector) ? selector : []).map(String).filter((name) => /\w/.test(name));
  return names.length > 0 ? names : ["record"];
}

/** Converts a name to snake_case: `OwnerId` to `owner_id`. */
function toSnake(text: string): string {
  const words = text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");
  return words.toLowerCase() || "field";
}
