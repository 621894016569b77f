import type { ClientOptions } from "./client/options.js";
import type { Source } from "./descriptor.js";
import { nodeTransport } from "./http/node-transport.js";
import { createReader as createPortableReader, type Reader } from "./read/reader.js";

// The package's `node` condition selects this file: the same exports as index.ts, with `node:http` as the default transport.
// eslint-disable-next-line own/exports-by-name -- every export of index.ts but createReader, whatever they are
export * from "./index.js";

/**
 * Like the portable `createReader`, but with `node:http`, unless the options or a replacement of `fetch` select another
 * transport.
 */
export function createReader(source: Source, options: ClientOptions): Reader {
  return createPortableReader(
    source,
    options.fetch ? options : { transport: nodeTransport(options), ...options },
  );
}
