import type { JsonValue } from "@connector-gen/runtime";
import type { SpecSelector } from "../spec/spec.js";
import type { OptionIr, OptionsIr, SelectorIr } from "./source-ir.js";

/** A value of the spec as an option; its objects become tagged objects. */
export function toOption(value: JsonValue): OptionIr {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(toOption);
  if (typeof value !== "object" || value === null) return value;
  return { object: toOptions(value as Readonly<Record<string, JsonValue>>) };
}

/** Values of the spec as options by the same names. */
export function toOptions(values: Readonly<Record<string, JsonValue>>): OptionsIr {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toOption(value)]));
}

/** A selector of the spec as an option: the same segments, as plain data. */
export function toSelectorIr({ selector }: SpecSelector): SelectorIr {
  return { selector: selector as SelectorIr["selector"] };
}
