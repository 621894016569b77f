import { DecodeError, ReadFailure, foreign } from "../errors.js";
import { platform } from "../platform.js";
import type { HeadersLike } from "./transport.js";

/** Decodes bytes. With `stream`, more bytes follow. */
export type DecodeText = (bytes?: Uint8Array, options?: { readonly stream: true }) => string;

/**
 * Creates a strict decoder for one body. A byte order mark determines the charset, and is skipped. Default: the charset in
 * `Content-Type`, or UTF-8.
 */
export function createTextDecoder(headers: HeadersLike, encoding?: string): DecodeText {
  const named = /charset\s*=\s*["']?([^\s"';]+)/i.exec(headers.get("content-type") ?? "")?.[1];
  // For the WHATWG, ASCII means Latin 1; for APIs, it means UTF-8.
  let charset = (encoding ?? named ?? "utf-8").replace(/^(us-)?ascii$/i, "utf-8");
  let decoder: Decoder | undefined;
  return (bytes = new Uint8Array(), options) => {
    if (options && bytes.length === 0) return "";
    if (!decoder) {
      const mark = marks[bytes[0] ?? 0];
      if (mark?.every((byte, at) => !at || bytes[at] === byte)) {
        if (mark[0] === gzip) throw new ReadFailure(DecodeError, "NOT_UTF8", gzip);
        charset = mark[0];
      }
      // Shares the decoder of whole bodies: it keeps no state, and creating one takes as long as decoding a page.
      decoder = options || charset !== "utf-8" ? create(charset) : (utf8 ??= create(charset));
    }
    try {
      return decoder.decode(bytes, options);
    } catch {
      throw notText(charset, options ? undefined : bytes);
    }
  };
}

const gzip = "the body is a gzip file: set the decoder's `compression`";

/** The charset or problem that the first bytes of a body show, and the other bytes, by the first byte. */
const marks: Readonly<Record<number, readonly [told: string, ...bytes: number[]]>> = {
  0x1f: [gzip, 0x8b],
  0xef: ["utf-8", 0xbb, 0xbf],
  0xfe: ["utf-16be", 0xff],
  0xff: ["utf-16le", 0xfe],
};

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

/** Returns the failure for a body in another charset. If only its last character is incomplete, the body was truncated. */
function notText(charset: string, end: Uint8Array | undefined): ReadFailure {
  let retries = 0;
  try {
    if (end) {
      create(charset).decode(end, { stream: true });
      retries = Infinity;
    }
  } catch {
    // Another attempt would not help.
  }
  const name = /^utf-?8$/i.test(charset) ? "UTF-8" : foreign(charset);
  return new ReadFailure(DecodeError, "NOT_UTF8", `the body is not ${name}`, { retries });
}
