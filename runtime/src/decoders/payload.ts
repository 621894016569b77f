import type { Option } from "../kind.js";
import { platform } from "../platform.js";
import type { Decoder } from "./decoder.js";

/** The charset and compression of a body, if the headers of the response do not state them. */
export interface PayloadOptions {
  /** The charset by its WHATWG name: `iso-8859-1`. Default: the charset in `Content-Type`, or UTF-8. */
  readonly encoding?: string | undefined;
  /** The compression of the content itself, as of a `.csv.gz` file. */
  readonly compression?: "gzip" | "deflate" | "deflate-raw" | undefined;
}

/** Returns the properties of a decoder that the transport reads. */
export function toPayload({
  encoding,
  compression,
}: PayloadOptions): Pick<Decoder, "encoding" | "decompress"> {
  return {
    ...(encoding !== undefined && { encoding }),
    ...(compression !== undefined && { decompress: (parts) => decompress(parts, compression) }),
  };
}

async function* decompress(
  parts: AsyncIterable<Uint8Array>,
  format: string,
): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = new platform.DecompressionStream(format);
  const reader = readable.getReader();
  const writing = writeAll(parts, writable.getWriter());
  // The reader rejects with the same error.
  writing.catch(() => undefined);
  try {
    for (let part = await reader.read(); part.value; part = await reader.read()) yield part.value;
    await writing;
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

type Writer = ReturnType<InstanceType<typeof platform.DecompressionStream>["writable"]["getWriter"]>;

async function writeAll(parts: AsyncIterable<Uint8Array>, writer: Writer): Promise<void> {
  try {
    for await (const part of parts) await writer.write(part);
    await writer.close();
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** Describes the options of `PayloadOptions`. */
export function payloadRows(): { readonly [K in keyof Required<PayloadOptions>]: Option } {
  return {
    encoding: {
      type: "text",
      description:
        "The charset of the body, if it is not the one of the header `Content-Type`. Default: that of the header, or UTF-8.",
      check: (text) => (isCharset(text) ? undefined : "it is not a charset that the WHATWG names"),
      examples: ["iso-8859-1", "utf-16le"],
    },
    compression: {
      type: "choice",
      choices: ["gzip", "deflate", "deflate-raw"],
      description:
        "The compression of the content itself, as of a `.csv.gz` file. A header `Content-Encoding` needs no option.",
    },
  };
}

function isCharset(label: string): boolean {
  try {
    return Boolean(new platform.TextDecoder(label, { fatal: true }));
  } catch {
    return false;
  }
}
