import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import { expandResource, mergeDefaults } from "./defaults.js";
import type { Path } from "../load/document.js";
import { hasPath, isObject } from "../values.js";

/** A resource with the defaults merged in, which knows where each of its values stands in the spec. */
export interface MergedResource {
  readonly value: JsonObject;
  /** The place of the resource itself. */
  readonly path: Path;
  /** Where a value stands: in the resource, else in the defaults, else where it should stand. */
  readonly at: (...keys: Path) => Path;
  readonly isDefault: (...keys: Path) => boolean;
}

/** Merges the defaults into the resource at an index. */
export function mergeResource(resource: JsonValue, defaults: unknown, index: number): MergedResource {
  const expanded = expandResource(resource);
  const base = isObject(defaults) ? (defaults as JsonObject) : {};
  const path: Path = ["resources", index];
  const isDefault = (...keys: Path): boolean => !hasPath(expanded, keys) && hasPath(base, keys);
  return {
    value: mergeDefaults(base, expanded),
    path,
    at: (...keys) => [...(isDefault(...keys) ? ["resource_defaults"] : path), ...keys],
    isDefault,
  };
}
