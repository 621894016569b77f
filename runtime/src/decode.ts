import { Fault } from "./errors.js";
import { platform } from "./platform.js";

/** Decodes a JSON body: strict UTF-8 (a byte order mark is passed over), strict JSON. */
export function decodeJson(bytes: Uint8Array, contentType: string | null): unknown {
  const text = decodeText(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const what =
      bytes.length === 0 ? "the body is empty" : `the body is not JSON (${describe(bytes, contentType)})`;
    throw new Fault("DecodeError", "NOT_JSON", what, { retries: Infinity });
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new platform.TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault("DecodeError", "NOT_UTF8", "the body is not UTF-8");
  }
}

/** Bodies stay out of messages; their type and size say enough. */
function describe(bytes: Uint8Array, contentType: string | null): string {
  return `${contentType ?? "no content type"}, ${bytes.length} bytes`;
}
