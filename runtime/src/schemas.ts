// The exports for generated zod schemas: the keywords of JSON Schema that zod lacks, and issues that describe the received
// value.
export { explain } from "./validation/explain.js";
export { jsonSchema } from "./validation/json-schema.js";
