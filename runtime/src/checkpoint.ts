import type { JsonObject } from "./json.js";

/** The start of a page, as plain JSON without secrets. Only the paginator that created it interprets it. */
export type Position = JsonObject;

/**
 * The state of a read after a page, as plain JSON without secrets. Store it, and pass it back as `from` to continue
 * exactly after that page.
 */
export interface Checkpoint {
  readonly source: string;
  readonly resource: string;
  /** Identifies everything that the resource's requests depend on. If the fingerprint differs, `position` is ignored. */
  readonly fingerprint?: string;
  /** The parameters of the read. Absent if it had none. */
  readonly params?: JsonObject;
  /** Number of pages read so far, over all resumptions. */
  readonly page: number;
  /** In a delta: the `page` of the previous checkpoint. */
  readonly after?: number;
  /** The position of the next page; `null` after a complete read. A read from such a checkpoint starts again. */
  readonly position: Position | null;
  /** A hash that detects edits. */
  readonly digest?: string;
  /** The state for the next run, for resources that are incremental or have parents. */
  readonly state?: ReadState;
}

/** The state that one run passes to the next. */
export interface ReadState {
  /**
   * One entry per sequence of pages, by the sequence's key as JSON: the last cursor value, and hashes of the records with
   * that value.
   */
  readonly sequences?: Readonly<Record<string, JsonObject>>;
  /** The checkpoint of the read of the parents. */
  readonly parent?: Checkpoint;
}
