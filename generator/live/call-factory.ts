import * as runtime from "@connector-gen/runtime";
import type { QuerySegment, Selector } from "@connector-gen/runtime/kinds";

import {
  isPath,
  isSelector,
  type KindIr,
  type OptionIr,
  type OptionsIr,
  type SelectorIr,
} from "../ir/source-ir.js";

/**
 * Calls the factory that a call names, as a generated module does. `first` holds the arguments before the options.
 * Throws for a factory that the runtime does not export.
 */
export function callFactory(
  { factory, options, positional, calls = {} }: KindIr,
  ...first: readonly unknown[]
): unknown {
  if (positional) return createFrom(factory, ...Object.values(toValues(options)));
  const inner = Object.entries(calls).map(([name, call]) => [name, callFactory(call)] as const);
  return createFrom(factory, ...first, { ...toValues(options), ...Object.fromEntries(inner) });
}

/** Calls a factory of the runtime by its name. Throws when the runtime does not export it. */
function createFrom(factory: string, ...given: readonly unknown[]): unknown {
  const found = factories[factory];
  if (typeof found !== "function") throw new Error(`the runtime exports no ${factory}`);
  return (found as (...given: readonly unknown[]) => unknown)(...given);
}

/** Whether the runtime exports a factory. */
export function hasFactory(factory: string): boolean {
  return typeof factories[factory] === "function";
}

/** Converts a selector of the IR to one of the runtime: a path, or a query, with a matcher for each pattern. */
export function toSelector({ selector }: SelectorIr): Selector {
  if (isPath(selector)) return selector;
  const segments = selector as readonly QuerySegment[];
  return JSON.stringify(segments).includes('"fits":')
    ? runtime.query(segments, runtime.unicodePatterns())
    : runtime.query(segments);
}

const factories: Readonly<Record<string, unknown>> = runtime;

function toValue(option: OptionIr): unknown {
  if (isList(option)) return option.map(toValue);
  if (typeof option !== "object" || option === null) return option;
  return isSelector(option) ? toSelector(option) : toValues(option.object);
}

function toValues(options: OptionsIr): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, toValue(option)]));
}

function isList(value: OptionIr | OptionsIr): value is readonly OptionIr[] {
  return Array.isArray(value);
}
