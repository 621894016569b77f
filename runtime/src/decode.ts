import { DecodeError, Fault } from "./errors.js";

/** Decodes a JSON body. Bodies stay out of messages: their type and size say enough. */
export function decodeJson(text: string, contentType: string | null): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const what = text
      ? `is not JSON (${contentType ?? "no content type"}, ${text.length} characters)`
      : "is empty";
    throw new Fault(DecodeError, "NOT_JSON", `the body ${what}`, { retries: Infinity });
  }
}
