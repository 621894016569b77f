import { defineKind, type Kind } from "../kind.js";
/** Decodes bodies that are not JSON: `jsonLines()`, `csv()`. */
export interface Decoder {
  /** The spec's word: `csv`. */
  readonly type: string;
  /** The options it was made with, as data. */
  readonly options: object;
  /** The value of the `Accept` header unless another header replaces it. */
  readonly accept: string;
  /** Starts to decode a body. Call `fail("INVALID_BODY", …)` for a body of another format. */
  readonly start: () => BodyDecoder;
}

/** Decodes one body. */
export interface BodyDecoder {
  /** Receives the text of the body, in one or more pieces. */
  readonly push: (text: string) => void;
  /**
   * Returns the decoded body, from which the resource's selector takes the records. `isOpenEnded`: the response does not
   * state where its body ends, so that the last line may be cut.
   */
  readonly end: (isOpenEnded?: boolean) => unknown;
}

/** The spec's `"json"`: what a read does without a decoder. */
export const jsonKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "decoder",
  type: "json",
  summary: "One JSON value.",
  options: {},
  phrase: () => "JSON",
  format: { contentType: "application/json", write: (records) => JSON.stringify(records) },
  examples: ["json"],
}));
