import type { SpecShaper } from "../spec.js";

/** What is known of the fields of records after their steps. */
export interface ShapedFields {
  /** All of them; absent when they are not known. */
  readonly known?: ReadonlySet<string>;
  /** Those that a step has taken away. */
  readonly gone: ReadonlySet<string>;
  /** Those that a step has added. */
  readonly made: ReadonlySet<string>;
}

/** Follows the fields of records through their steps; after a function anything may be there. */
export function shapeFields(
  fields: ReadonlySet<string> | undefined,
  shape: readonly SpecShaper[],
): ShapedFields {
  let known = fields && new Set(fields);
  const gone = new Set<string>();
  const made = new Set<string>();
  const make = (name: string): void => {
    known?.add(name);
    gone.delete(name);
    made.add(name);
  };
  const take = (name: string): void => {
    known?.delete(name);
    made.delete(name);
    gone.add(name);
  };
  for (const step of shape) {
    switch (step.type) {
      case "include":
      case "add":
        Object.keys(step.fields).forEach(make);
        break;
      case "remove":
        step.fields.forEach(take);
        break;
      case "rename":
        Object.keys(step.fields).forEach(take);
        Object.values(step.fields).forEach(make);
        break;
      case "flatten":
        known = undefined;
        break;
      case "hook":
        if (step.hook !== "map") break;
        known = undefined;
        gone.clear();
        break;
      case "where":
        break;
      default:
        step satisfies never;
    }
  }
  return { ...(known && { known }), gone, made };
}
