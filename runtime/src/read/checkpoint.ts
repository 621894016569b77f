import type { JsonObject } from "../json.js";
import type { Position } from "../paginators/paginator.js";
import type { ReadState } from "../plans/plan.js";
import { ConnectorError, Fault } from "../errors.js";

/**
 * Where a read stands after a page, as plain JSON without secrets: store it, and pass it back as `from` to go on
 * exactly after that page.
 */
export interface Checkpoint {
  readonly source: string;
  readonly resource: string;
  /** Fingerprint of the spec: positions of one spec mean nothing to another. */
  readonly spec: string;
  /** The parameters of the read, if it had any. */
  readonly params?: JsonObject;
  /** Pages read so far, over all resumptions. */
  readonly page: number;
  /** The next page's position; `null` when the read was complete: a read from there starts afresh. */
  readonly position: Position | null;
  /** What the runs so far leave to the next one, if the resource keeps anything. */
  readonly state?: ReadState;
}

/** What a checkpoint belongs to. */
export type Read = Omit<Checkpoint, "page" | "position" | "state">;

/** Refuses a checkpoint of another read; one that came back from a database may have its keys in another order. */
export function assertCheckpoint(from: Checkpoint, read: Read): void {
  if (toText(from) === toText(read)) return;
  throw new Fault(ConnectorError, "CHECKPOINT_MISMATCH", "`from` belongs to another read or spec");
}

/** Without the parameters that count as left out. */
function toText({ source, resource, spec, params = {} }: Read): string {
  const given = Object.entries(params).filter(([, value]) => value != null);
  return JSON.stringify([source, resource, spec, given.sort()]);
}
