import type { Checkpoint } from "../read/checkpoint.js";
import type { JsonObject, JsonValue } from "../json.js";
import type { StopReason } from "../paginators/paginator.js";
import type { Run } from "../read/session.js";
import type { Extension } from "../read/steps.js";

/** Splits a read into sequences of pages: one per parent record, partition and window, from where the last run ended. */
export interface Plan extends Extension {
  /** What it is made of, outermost first. */
  readonly parts: readonly Part[];
}

/** One way of splitting: `parents`, `partitions`, `incremental`. */
export interface Part {
  readonly type: string;
  /** The options it was made with, as data. */
  readonly options: object;
  /** The sequences that one sequence becomes, in order. */
  readonly split: (context: SplitContext) => AsyncIterable<Slot> | Iterable<Slot>;
}

/** What is left of a page, and why the sequence ends with it if it does. */
export interface Sifted {
  readonly records: readonly unknown[];
  readonly stop?: StopReason | undefined;
}

/** One sequence of pages, as far as it is determined. */
export interface Slot {
  /** Values of placeholders: `resources.users.id`. */
  readonly values: Readonly<Record<string, JsonValue>>;
  /** What tells it from the other sequences, from run to run. */
  readonly key: readonly JsonValue[];
  /** Where it stands in its part: plain JSON, from which `split` goes on with it as the first. */
  readonly place: JsonObject;
  /** Leaves out the rows that are not new. */
  readonly sift?: (records: readonly unknown[]) => Sifted;
  /** A `place` that also says what `sift` knows at this moment. */
  readonly mark?: () => JsonObject;
  /** What the next run needs to know, once this sequence is read. */
  readonly outcome?: () => JsonObject;
}

/** What a part splits. */
export interface SplitContext {
  readonly run: Run;
  readonly slot: Slot;
  /** The `place` to go on from. */
  readonly resume: JsonObject | undefined;
  /** What earlier runs left. */
  readonly before: ReadState;
  /** Where what is read for this read, its parents, stands; written by the part. */
  readonly ends: { parent?: Checkpoint | undefined };
}

/** What one run leaves to the next, in its checkpoint. */
export interface ReadState {
  /** By the sequence's key as JSON: the last value of the cursor, and marks of the rows that have it. */
  readonly sequences?: Readonly<Record<string, JsonObject>>;
  /** Where the read of the parents stands. */
  readonly parent?: Checkpoint;
}
