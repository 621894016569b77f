import type { Checkpoint } from "./checkpoint.js";
import type { Fetched } from "./page.js";
import type { JsonValue } from "../json.js";
import type { Page } from "./pages.js";
import type { PageRequest, Position } from "../paginators/paginator.js";
import type { Draft, QueryPair } from "../http/request.js";
import type { HeadersLike } from "../http/retry-after.js";
import type { Run } from "./session.js";
import type { Received, Sending } from "../http/send.js";
import type { WireResponse } from "../http/transport.js";

/**
 * Under this name, a part of a descriptor says which steps it takes over: no JSON in a descriptor has such a name, and
 * all copies of this package have the same.
 */
export const steps: unique symbol = /* @__PURE__ */ Symbol.for("@connector-gen/runtime.steps");

/** A part of a descriptor, or of the options, that takes over steps of a read. */
export interface Extension {
  readonly [steps]: Partial<Steps>;
}

/**
 * What a read is made of where the parts of its descriptor do not say otherwise. Each step is told of the run that it
 * belongs to: runs are copied, with other parameters, for the sequences of a plan.
 */
export interface Steps {
  /** Sent as `Accept` unless a header says otherwise. */
  readonly accept: string;
  /** Writes the value of a query parameter as pairs. */
  readonly encode: (name: string, value: JsonValue) => readonly QueryPair[];
  /** Makes the request of a page. */
  readonly build: (run: Run, page: PageRequest) => Promise<Draft>;
  /** Makes an attempt once it may be made. */
  readonly attempt: <T>(run: Run, make: () => Promise<T>) => Promise<T>;
  /** Told of the headers of every response. */
  readonly observe: (sending: Sending, headers: HeadersLike) => void;
  /** Reads a response to its end; what it answers with throws a `Fault` for what counts as an error. */
  readonly receive: (sending: Sending, response: WireResponse) => Promise<() => Received>;
  /** What becomes of a page that is whole. */
  readonly finish: (run: Run, fetched: Fetched) => Fetched | Promise<Fetched>;
  /** The pages of the whole read, from where a checkpoint stands. */
  readonly pages: (run: Run, from: Checkpoint | undefined) => AsyncGenerator<Page<unknown>, void, undefined>;
  /** The checkpoint before a position: `null` after the last page. */
  readonly checkpointAt: (run: Run, page: number, position: Position | null) => Checkpoint;
}
