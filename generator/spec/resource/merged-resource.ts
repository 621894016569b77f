import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import { expandResource, mergeDefaults } from "./defaults.js";
import type { Path } from "../load/document.js";
import { hasPath, isObject } from "../values.js";

/** A resource merged with the defaults, and the location of each of its values in the spec. */
export interface MergedResource {
  readonly value: JsonObject;
  /** The path of the resource itself. */
  readonly path: Path;
  /** Returns the path of a value: in the defaults if only they have it, otherwise in the resource. */
  readonly at: (...keys: Path) => Path;
  /** Returns whether a value comes from the defaults. */
  readonly isDefault: (...keys: Path) => boolean;
}

/** Merges the defaults into the resource at an index of `resources`. */
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
