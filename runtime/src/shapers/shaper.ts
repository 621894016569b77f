import type { Client } from "../client/client.js";
import type { ResourceShape } from "../descriptor.js";
import type { Params } from "../read/reading.js";
import type { Extension } from "../read/steps.js";

/** Changes the records of a page before they are handed on: `where`, `rename`, `map`, … */
export interface Shaper extends Extension {
  /** The spec's word: `rename`. */
  readonly type: string;
  /** The options it was made with, as data. */
  readonly options: unknown;
  /** The records in their new shape. Throws a `Fault` when they cannot take it. */
  readonly shape: (
    records: readonly unknown[],
    context: ShapeContext,
  ) => readonly unknown[] | Promise<readonly unknown[]>;
}

/** What a shaper may look at besides the records. */
export interface ShapeContext {
  readonly client: Client;
  readonly resource: ResourceShape;
  /** The read's parameters, with the values of its parent and partition: `resources.users.id`, `partitions.region`. */
  readonly params: Params;
}
