import type { JsonObject } from "./json.js";

/** Where a page begins: plain JSON without secrets. Only the paginator that made it reads it. */
export type Position = JsonObject;

/**
 * The state of a read after a page, as plain JSON without secrets. Store it, and pass it back as `from` to continue
 * exactly after that page.
 */
export interface Checkpoint {
  readonly source: string;
  readonly resource: string;
  /** Identifies everything that the resource's requests depend on. Another fingerprint makes `position` useless. */
  readonly fingerprint?: string;
  /** The parameters of the read. Absent if it had none. */
  readonly params?: JsonObject;
  /** Number of pages read so far, over all resumptions. */
  readonly page: number;
  /** In a delta: the `page` of the checkpoint before it. */
  readonly after?: number;
  /** The position of the next page; `null` after a complete read. A read from there starts again. */
  readonly position: Position | null;
  /** Reveals edits. */
  readonly digest?: string;
  /** What the next run needs to know, for resources that are incremental or have parents. */
  readonly state?: ReadState;
}

/** What one run leaves for the next one. */
export interface ReadState {
  /**
   * One entry per sequence of pages, by the sequence's key as JSON: the last cursor value, and hashes of the records
   * that have it.
   */
  readonly sequences?: Readonly<Record<string, JsonObject>>;
  /** The checkpoint of the read of the parents. */
  readonly parent?: Checkpoint;
}
