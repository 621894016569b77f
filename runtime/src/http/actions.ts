import type { HeadersLike } from "./retry-after.js";
import type { Extension } from "../read/steps.js";

/** What responses mean besides their status. */
export interface ResponseActions extends Extension {
  /** The rules as data. */
  readonly rules: readonly unknown[];
  /** Whether a rule looks into bodies, which therefore are not streamed. */
  readonly readsBody: boolean;
  /** Answers `true` when the response ends this sequence of pages; throws a `Fault` for a retry or a failure. */
  readonly judge: (response: JudgedResponse) => boolean;
}

/** A response as response actions see it. */
export interface JudgedResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeadersLike;
  /** The body; empty where it could not be read. */
  readonly text: string;
}
