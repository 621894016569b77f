import * as runtime from "@connector-gen/runtime/kinds";
import type { JsonIr, KindIr } from "../ir/source-ir.js";
import type { MakeRecord } from "./data/records.js";
import { isList } from "./json.js";

/** Format of response bodies. */
export interface Format {
  readonly contentType: string;
  readonly print: (body: JsonIr) => string;
}

/**
 * Returns the format that a decoder reads. Default: JSON. Throws for a decoder whose kind cannot write bodies.
 */
export function compileFormat(decode: KindIr | undefined, record: MakeRecord): Format {
  if (!decode) return { contentType: "application/json", print: (body) => JSON.stringify(body) };
  const { type, options } = decode;
  const format = Object.values(runtime)
    .filter(runtime.isKind)
    .find((kind) => kind.family === "decoder" && kind.type === type)?.format;
  if (!format) throw new Error(`the mock server cannot write bodies for the decoder "${type}"`);
  const sample = Array.from({ length: 20 }, (_, index) => record(index));
  return {
    contentType: format.contentType,
    // A body that is not a list is one record.
    print: (body) => format.write(isList(body) ? body : [body], { options, sample }),
  };
}
