import type { KindUse } from "../spec.js";

/** The fields of the final records, after all processing steps. */
export interface ShapedFields {
  /** All fields; absent if they are unknown. */
  readonly known?: ReadonlySet<string>;
  /** Fields that a step has removed. */
  readonly removed: ReadonlySet<string>;
  /** Fields that a step has added. */
  readonly added: ReadonlySet<string>;
}

/** Applies processing steps to the fields of records. After a `map` function, the fields are unknown. */
export function shapeFields(
  fields: ReadonlySet<string> | undefined,
  shape: readonly KindUse[],
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
  for (const { kind, options } of shape) {
    const change = kind.reshape?.(options);
    switch (change?.type) {
      case "include":
      case "add":
        Object.keys(change.fields).forEach(add);
        break;
      case "remove":
        change.fields.forEach(remove);
        break;
      case "rename":
        Object.keys(change.fields).forEach(remove);
        Object.values(change.fields).forEach(add);
        break;
      case "flatten":
        known = undefined;
        break;
      case "replace":
        known = undefined;
        removed.clear();
        break;
      case undefined:
        break;
      default:
        change satisfies never;
    }
  }
  return { ...(known && { known }), removed, added };
}
