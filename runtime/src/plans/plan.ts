import type { Checkpoint, ReadState } from "../checkpoint.js";
import type { Lookup, Params } from "../client/template.js";
import type { JsonObject, JsonValue } from "../json.js";
import type { Paginator, StopReason } from "../paginators/paginator.js";
import type { PageIterator, PageSource } from "../read/page.js";

/** Splits a read into sequences of pages: one per parent record, partition and window. */
export interface Plan {
  /** Its splitters, outermost first. */
  readonly parts: readonly Splitter[];
  /** Returns a complete checkpoint and its deltas as one. Throws a `ReadFailure` if one is missing. */
  readonly merge?: (checkpoints: readonly Checkpoint[]) => Checkpoint | undefined;
  /** Returns the pages of the whole read, in order, from a checkpoint if there is one. */
  readonly pages: (session: PlanSession, from: Checkpoint | undefined) => PageSource;
}

/**
 * The read that a plan splits: a `ReadSession`. This file cannot name that type, because a session contains a resource, and
 * a resource contains a plan.
 */
export interface PlanSession {
  readonly params: Params;
  readonly lookup: Lookup;
  readonly readAhead: boolean;
  readonly concurrency: number;
}

/** The accepted records of a page, and the reason if the sequence ends with it. */
export interface Accepted {
  readonly records: readonly unknown[];
  readonly stop?: StopReason | undefined;
}

/** One way to split a read: `parents`, `partitions`, `incremental`. */
export interface Splitter {
  readonly type: string;
  /** The options of the factory, as data. */
  readonly options: object;
  /** The resource whose records it reads. */
  readonly parent?: string;
  /** Splits one partition into several, in order. */
  readonly split: (context: SplitContext) => AsyncIterable<Partition> | Iterable<Partition>;
}

/** A part of a read. Each splitter splits it further; after the last one, it is one sequence of pages. */
export interface Partition {
  /** Values of placeholders: `resources.users.id`. */
  readonly values: Readonly<Record<string, JsonValue>>;
  /** Identifies the partition from run to run. */
  readonly key: readonly JsonValue[];
  /** The state of its splitter before it: plain JSON. If it is passed as `resume`, `split` begins with this partition. */
  readonly resume: JsonObject;
  /** Leaves out records that are not new. */
  readonly accept?: (records: readonly unknown[]) => Accepted;
  /** Returns `resume` together with the current state of `accept`. */
  readonly snapshot?: () => JsonObject;
  /** Returns the state for the next run, once the partition has been read. */
  readonly outcome?: (() => JsonObject) | undefined;
  /** Changes the paginator of the partition's pages. */
  readonly paginate?: (paginator: Paginator) => Paginator;
  /**
   * Called with the error that ends its pages. If it returns a text, this is a warning, and the pages are read again from
   * the start.
   */
  readonly recover?: (error: unknown) => string | undefined;
  /** Returns its pages without the resource's requests. */
  readonly read?: (session: PlanSession) => PageIterator;
}

/** The services that a splitter may use. */
export interface SplitContext {
  /** The caller's parameters. */
  readonly params: Params;
  readonly primaryKey: readonly string[];
  /** Returns the value of a placeholder. */
  readonly lookup: Lookup;
  /** Returns an option of the factory by its name or placeholder. */
  readonly option: (name: string) => unknown;
  readonly partition: Partition;
  /** The `resume` of the partition to begin with. */
  readonly resume: JsonObject | undefined;
  /** The state from earlier runs. */
  readonly before: ReadState;
  /** Reads the pages of another resource of the source. */
  readonly readParent: (name: string, from: Checkpoint | undefined) => PageIterator;
  /** Opens the read of a partition for the requests of a splitter. */
  readonly open: (partition: Partition) => PlanSession;
  /** Records the checkpoint of the read of the parents. */
  readonly setParentCheckpoint: (checkpoint: Checkpoint) => void;
}
