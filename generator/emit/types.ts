import type { TypeIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printSimpleType } from "./simple-type.js";
import { keyOf, printZodType } from "./zod-type.js";

/** Prints types, and imports the types of the runtime in them. */
export interface TypePrinter {
  /** Prints a type as an annotation. */
  readonly print: (type: TypeIr) => string;
}

/** Creates a printer for one module. Prints types that look the same only once. */
export function createTypePrinter(imports: Imports): TypePrinter {
  const printed = new Map<string, string>();
  const printOther = (type: TypeIr): string => {
    const key = keyOf(type);
    const known = printed.get(key) ?? printZodType(type, imports);
    printed.set(key, known);
    return known;
  };
  return { print: (type) => printSimpleType(type, imports) ?? printOther(type) };
}
