import { specJsonSchema } from "../spec/grammar/json-schema.js";
import type { Terminal } from "./terminal.js";

/** Runs `connector-gen schema`, which prints the JSON Schema of the spec language. Resolves to the exit code. */
export function runSchema(terminal: Terminal): Promise<number> {
  terminal.print(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
  return Promise.resolve(0);
}
