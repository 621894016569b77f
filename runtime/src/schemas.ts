// What generated zod schemas import: the keywords of JSON Schema that zod lacks, and issues that say what was received.
export { explain } from "./validation/explain.js";
export { jsonSchema } from "./validation/json-schema.js";
