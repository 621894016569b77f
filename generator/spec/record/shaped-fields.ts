import type { KindUse } from "../spec.js";

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
  shape: readonly KindUse[],
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
  for (const { kind, options } of shape) {
    const change = kind.reshape?.(options);
    switch (change?.type) {
      case "include":
      case "add":
        Object.keys(change.fields).forEach(make);
        break;
      case "remove":
        change.fields.forEach(take);
        break;
      case "rename":
        Object.keys(change.fields).forEach(take);
        Object.values(change.fields).forEach(make);
        break;
      case "flatten":
        known = undefined;
        break;
      case "replace":
        known = undefined;
        gone.clear();
        break;
      case undefined:
        break;
      default:
        change satisfies never;
    }
  }
  return { ...(known && { known }), gone, made };
}
