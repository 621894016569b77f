import { DecodeError, Fault } from "../errors.js";
import type { HeadersLike } from "../http/retry-after.js";
import { defineKind, type Kind } from "../kind.js";
import type { Extension } from "../read/steps.js";

/** Decodes a JSON body. Bodies stay out of messages: their type and size say enough. */
export function decodeJson(text: string, headers: HeadersLike): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const what = text
      ? `is not JSON (${headers.get("content-type") ?? "no content type"}, ${text.length} characters)`
      : "is empty";
    // Cut JSON and the pages of proxies are worth another try; another format will stay one.
    const retries = /^\s*[^\s[{"<]/.test(text) ? 0 : Infinity;
    throw new Fault(DecodeError, "NOT_JSON", `the body ${what}`, { retries });
  }
}

/** Reads bodies of another format: `jsonLines()`, `csv()`. */
export interface Decoder extends Extension {
  readonly type: string;
  /** The options it was made with, as data. */
  readonly options: object;
  /** Sent as `Accept` unless a header says otherwise. */
  readonly accept: string;
  /** Starts a body; its text comes in pieces. Throws a `Fault` for what is not of the format. */
  readonly start: () => { readonly push: (text: string) => void; readonly end: () => unknown };
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
