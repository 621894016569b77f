import type { Diagnostic } from "./diagnostics.js";
import { findInvalid, readBytes } from "./read-input.js";

/** The text of a spec. */
export interface SpecInput {
  /** `<stdin>` for standard input. */
  readonly file: string;
  readonly text: string;
  /** Why the text cannot be parsed: it is not UTF-8. Then only code frames show it, with masked secrets. */
  readonly problem?: Diagnostic;
}

/** Reads a spec, or standard input if the path is `-`. Throws if the file does not exist. */
export async function readSpec(path: string): Promise<SpecInput> {
  const file = path === "-" ? "<stdin>" : path;
  const content = await readBytes(path);
  const text = content.toString("utf8");
  const at = findInvalid(content);
  if (!at) return { file, text };
  const isUtf16 = /^(?:fffe|feff)/.test(content.toString("hex", 0, 2));
  const { maskByKeys } = await import("./spec/secrets.js");
  const problem: Diagnostic = {
    severity: "error",
    code: "not-utf8",
    message: `the file is ${isUtf16 ? "in UTF-16" : "not in UTF-8"}: save it in UTF-8`,
    file,
    ...at,
    endLine: at.line,
    endColumn: at.column + 1,
  };
  return { file, text: isUtf16 ? "" : maskByKeys(text), problem };
}
