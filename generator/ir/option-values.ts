import type { JsonValue } from "@connector-gen/runtime";
import type { OptionValue } from "@connector-gen/runtime/kinds";
import { printSegments } from "../spec/selector/segments.js";
import type { SpecSelector, SpecValue } from "../spec/spec.js";
import type { OptionIr, OptionsIr, SelectorIr } from "./source-ir.js";

/** Converts a value of the spec to an option. Objects become tagged objects. */
function toOption(value: JsonValue): OptionIr {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(toOption);
  if (typeof value !== "object" || value === null) return value;
  return { object: toOptions(value as Readonly<Record<string, JsonValue>>) };
}

/** Converts values of the spec to options with the same names. */
function toOptions(values: Readonly<Record<string, JsonValue>>): OptionsIr {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toOption(value)]));
}

/** Converts a selector of the spec to an option: the same segments, as plain data. */
export function toSelectorIr({ selector }: SpecSelector): SelectorIr {
  return { selector: selector as SelectorIr["selector"] };
}

/** Returns the value of a kind's option. The option's type determines which parts of it are selectors. */
export function optionOf(option: OptionValue | undefined, value: SpecValue): OptionIr {
  if (option?.type === "selector" && isSelector(value)) return toSelectorIr(value);
  if (option?.type === "list" && Array.isArray(value))
    return (value as readonly SpecValue[]).map((item) => optionOf(option.items, item));
  const types = partsOf(option);
  if (!types || !isObject(value)) return toOption(value as JsonValue);
  const entries = Object.entries(value).map(([name, item]) => [name, optionOf(types(name), item)] as const);
  return { object: Object.fromEntries(entries) };
}

/** Returns the value of a kind's option with its selectors as text, for documentation. */
export function withTexts(option: OptionValue | undefined, value: SpecValue): unknown {
  if (option?.type === "selector" && isSelector(value)) return printSegments(value.selector);
  if (option?.type === "list" && Array.isArray(value))
    return (value as readonly SpecValue[]).map((item) => withTexts(option.items, item));
  const types = partsOf(option);
  if (!types || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withTexts(types(name), item)]),
  );
}

/** Returns the types of the values in an object by name; `undefined` for options that hold plain JSON. */
function partsOf(option: OptionValue | undefined): ((name: string) => OptionValue | undefined) | undefined {
  if (option?.type === "map") return () => option.items;
  return option?.type === "group" ? (name) => option.options?.[name] : undefined;
}

function isObject(value: SpecValue): value is { readonly [name: string]: SpecValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSelector(value: SpecValue): value is SpecSelector {
  return isObject(value) && Array.isArray(value["selector"]);
}
