import type { Source } from "./descriptor.js";
import { nodeTransport } from "./node-transport.js";
import type { ClientOptions } from "./options.js";
import { createReader as createPlainReader, type Reader } from "./reader.js";

const nativeFetch = globalThis.fetch;

/** As everywhere, but over `node:http`, unless the options or a replaced global `fetch` say otherwise. */
export function createReader(source: Source, options: ClientOptions): Reader {
  const isReplaced = options.fetch !== undefined || globalThis.fetch !== nativeFetch;
  return createPlainReader(source, isReplaced ? options : { transport: nodeTransport(), ...options });
}
