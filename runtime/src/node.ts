// What Node gets: the same exports as everywhere, with a faster transport by default.
// eslint-disable-next-line no-restricted-syntax -- the same names as index.ts, whatever they are, but for one
export * from "./index.js";
export { createReader } from "./node-reader.js";
