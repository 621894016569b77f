import type { JsonValue } from "@connector-gen/runtime";
import { isObject } from "../../spec/values.js";
import type { Converter, Target } from "./converter.js";

const placeholder = /\{incremental\.(\w+)\}/g;

/** Replaces the values of an omitted incremental block by options, so the app passes them. */
export function replaceIncremental(
  converter: Converter,
  endpoint: Record<string, JsonValue>,
  target: Target,
): Record<string, JsonValue> {
  const options = new Map<string, string>();
  const optionFor = (name: string): string => {
    const option =
      options.get(name) ??
      converter.addOption(
        { ...target, path: [...target.path, "incremental", name] },
        converter.origins.get(JSON.stringify([...target.path, "params"])),
      );
    options.set(name, option);
    return option;
  };
  const replace = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return value.replaceAll(placeholder, (_, name: string) => optionFor(name));
    if (Array.isArray(value)) return value.map((item: JsonValue) => replace(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  };
  return replace(endpoint) as Record<string, JsonValue>;
}
