import { specJsonSchema } from "../spec/grammar/json-schema.js";
import type { Terminal } from "./terminal.js";

/** `connector-gen schema`: prints the JSON Schema of the spec language. */
export function runSchema(terminal: Terminal): Promise<number> {
  terminal.print(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  return Promise.resolve(0);
}
