import type { SpecShaper } from "../spec.js";

/** The fields of the final records, after all processing steps. */
export interface ShapedFields {
  /** All fields; absent if they are not known. */
  readonly known?: ReadonlySet<string>;
  /** Fields that a step has removed. */
  readonly removed: ReadonlySet<string>;
  /** Fields that a step has added. */
  readonly added: ReadonlySet<string>;
}

/** Applies processing steps to the fields of records. After a `map` function, the fields are unknown. */
export function shapeFields(
  fields: ReadonlySet<string> | undefined,
  shape: readonly SpecShaper[],
): ShapedFields {
  let known = fields && new Set(fields);
  const removed = new Set<string>();
  const added = new Set<string>();
  const add = (name: string): void => {
    known?.add(name);
    removed.delete(name);
    added.add(name);
  };
  const remove = (name: string): void => {
    known?.delete(name);
    added.delete(name);
    removed.add(name);
  };
  for (const step of shape) {
    switch (step.type) {
      case "include":
      case "add":
        Object.keys(step.fields).forEach(add);
        break;
      case "remove":
        step.fields.forEach(remove);
        break;
      case "rename":
        Object.keys(step.fields).forEach(remove);
        Object.values(step.fields).forEach(add);
        break;
      case "flatten":
        known = undefined;
        break;
      case "hook":
        if (step.hook !== "map") break;
        known = undefined;
        removed.clear();
        break;
      case "where":
        break;
      default:
        step satisfies never;
    }
  }
  return { ...(known && { known }), removed, added };
}
