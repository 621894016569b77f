import type { Lookup, Params } from "../client/template.js";

/** Transforms the records of a page: `where`, `rename`, `hook`, … */
export interface Shaper {
  /** The `type` in the spec: `rename`. */
  readonly type: string;
  /** The options of the factory, as data. */
  readonly options: unknown;
  /** Returns the transformed records. Must not change the given ones. */
  readonly shape: (
    records: readonly unknown[],
    context: ShapeContext,
  ) => readonly unknown[] | Promise<readonly unknown[]>;
}

/** The services that a shaper may use besides the records. */
export interface ShapeContext {
  /** The resource's name. */
  readonly name: string;
  /** The read's parameters, with the values of its parent and partition: `resources.users.id`, `partitions.region`. */
  readonly params: Params;
  /** Returns the value of a placeholder of the resource. */
  readonly lookup: Lookup;
  /** Returns an option of the factory, for example a function. */
  readonly option: (name: string) => unknown;
}
