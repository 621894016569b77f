/** A problem in a spec: where it is, what it is, and how to mend it. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** kebab-case, stable: `unknown-key`. */
  readonly code: string;
  /** One sentence that names the thing, the valid choices and, where there is one, the likely meaning. */
  readonly message: string;
  /** As the user gave it; `<stdin>` for standard input. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
  /** 1-based end of the offending text, exclusive. */
  readonly endLine: number;
  readonly endColumn: number;
}
