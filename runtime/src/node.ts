import type { ClientOptions } from "./client/options.js";
import type { Source } from "./descriptor.js";
import { nodeTransport } from "./http/node-transport.js";
import { createReader as createPortableReader, type Reader } from "./read/reader.js";

// The package's `node` condition selects this file: the same exports as index.ts, with `node:http` as the default transport.
// eslint-disable-next-line no-restricted-syntax -- every export of index.ts but createReader, whatever they are
export * from "./index.js";

const nativeFetch = globalThis.fetch;

/** Like the portable `createReader`, but over `node:http` unless the options or a replaced global `fetch` say otherwise. */
export function createReader(source: Source, options: ClientOptions): Reader {
  const isReplaced = options.fetch !== undefined || globalThis.fetch !== nativeFetch;
  return createPortableReader(
    source,
    isReplaced ? options : { transport: nodeTransport(options), ...options },
  );
}
