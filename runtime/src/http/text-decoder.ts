import { DecodeError, ReadFailure, foreign } from "../errors.js";
import { platform } from "../platform.js";
import type { HeadersLike } from "./transport.js";

/** Decodes bytes. With `stream`, more bytes follow. */
export type DecodeText = (bytes?: Uint8Array, options?: { readonly stream: true }) => string;

/**
 * Creates a strict decoder for one body, which skips a byte order mark. Default of the charset: that of `Content-Type`, or
 * UTF-8.
 */
export function createTextDecoder(headers: HeadersLike, encoding?: string): DecodeText {
  const named = /charset\s*=\s*["']?([^\s"';]+)/i.exec(headers.get("content-type") ?? "")?.[1];
  const charset = encoding ?? named ?? "utf-8";
  // A decoder that decodes whole bodies has no state. Creating one takes as long as decoding a page.
  const whole = charset === "utf-8" ? (utf8 ??= create(charset)) : create(charset);
  let streaming: Decoder | undefined;
  return (bytes, options) => {
    try {
      if (options) streaming ??= create(charset);
      return (streaming ?? whole).decode(bytes, options);
    } catch {
      throw notText(charset, options ? undefined : (bytes ?? new Uint8Array()));
    }
  };
}

let utf8: Decoder | undefined;

type Decoder = InstanceType<typeof platform.TextDecoder>;

function create(charset: string): Decoder {
  try {
    return new platform.TextDecoder(charset, { fatal: true });
  } catch {
    throw new ReadFailure(
      DecodeError,
      "NOT_UTF8",
      `unknown charset ${foreign(charset)}: set the decoder's \`encoding\``,
    );
  }
}

/** The failure of a body in another charset. If only its last character is cut, the body broke off. */
function notText(charset: string, end: Uint8Array | undefined): ReadFailure {
  let retries = 0;
  try {
    if (end) create(charset).decode(end, { stream: true });
    if (end) retries = Infinity;
  } catch {
    // Another attempt would not help.
  }
  const name = /^utf-?8$/i.test(charset) ? "UTF-8" : foreign(charset);
  return new ReadFailure(DecodeError, "NOT_UTF8", `the body is not ${name}`, { retries });
}
