import { toPythonText } from "./literals.js";
import type { Span } from "./nodes.js";

/** The value of a Python expression, as far as it is known without running it. */
export type PyValue = PyConstant | PyText | PyList | PyDict | PyReference | PyCall | PyUnknown;

interface PyBase {
  /** Position of the value in the text, even if it was reached through a name. */
  readonly origin: Span;
}

/** Text, a number, a Boolean or `None`. */
export interface PyConstant extends PyBase {
  readonly kind: "constant";
  readonly value: string | number | boolean | null;
  /** Whether it was computed, for example by an f-string, instead of written as a literal. */
  readonly isComputed?: boolean;
}

/** Text with unknown parts. */
export interface PyText extends PyBase {
  readonly kind: "text";
  readonly parts: readonly (string | PyValue)[];
}

/** A list or a tuple. */
export interface PyList extends PyBase {
  readonly kind: "list";
  /** Items. An unknown item with `isSpread` represents any number of items. */
  readonly items: readonly PyValue[];
}

/** An entry of a dict. */
export interface PyEntry {
  readonly key: Span;
  readonly value: PyValue;
}

/** A dict. */
export interface PyDict extends PyBase {
  readonly kind: "dict";
  readonly entries: ReadonlyMap<string, PyEntry>;
  /** Values under unknown keys. */
  readonly rest: readonly PyValue[];
}

/** An external value: `dlt.secrets["x"]`, `os.environ["X"]` or a parameter. */
export interface PyReference extends PyBase {
  readonly kind: "reference";
  readonly store: "secrets" | "config" | "environment" | "parameter";
  /** Key as written; empty for a bare `dlt.secrets.value`. */
  readonly key: string;
  /** Default value. */
  readonly fallback?: PyValue;
}

/** A call with an unknown result. */
export interface PyCall extends PyBase {
  readonly kind: "call";
  /** Full name with imports resolved, or the expression as written. */
  readonly callee: string;
  readonly positional: readonly PyValue[];
  readonly keywords: ReadonlyMap<string, PyValue>;
}

/** Any other value. */
export interface PyUnknown extends PyBase {
  readonly kind: "unknown";
  /** Noun for messages, such as `lambda`, `name` or `conditional expression`. */
  readonly what: string;
  /** Full name with imports resolved. */
  readonly name?: string;
  /** Whether it represents any number of items of a list. */
  readonly isSpread?: boolean;
}

/** Creates a constant that is written as a literal. */
export function constant(value: PyConstant["value"], origin: Span): PyConstant {
  return { kind: "constant", value, origin };
}

/** Creates an unknown value. */
export function unknown(what: string, origin: Span, more: Partial<PyUnknown> = {}): PyUnknown {
  return { ...more, kind: "unknown", what, origin };
}

/** Whether a value is text without unknown parts. */
export function isTextConstant(value: PyValue | undefined): value is PyConstant & { readonly value: string } {
  return value?.kind === "constant" && typeof value.value === "string";
}

/** Joins parts to one text, which is a constant if all parts are. */
export function joinText(pieces: readonly (string | PyValue)[], origin: Span): PyConstant | PyText {
  const parts: (string | PyValue)[] = [];
  for (const piece of pieces.flatMap(flatten)) {
    const last = parts.at(-1);
    if (typeof piece === "string" && typeof last === "string") parts[parts.length - 1] = last + piece;
    else parts.push(piece);
  }
  if (parts.every((part) => typeof part === "string"))
    return { kind: "constant", value: parts.join(""), origin, isComputed: true };
  return { kind: "text", parts, origin };
}

function flatten(piece: string | PyValue): readonly (string | PyValue)[] {
  if (typeof piece === "string") return [piece];
  if (piece.kind === "constant") return [toPythonText(piece.value)];
  return piece.kind === "text" ? piece.parts : [piece];
}

/** Returns a dict with one entry added or replaced. */
export function withEntry(dict: PyDict, key: string, entry: PyEntry): PyDict {
  return { ...dict, entries: new Map([...dict.entries, [key, entry]]) };
}

/** Merges two dicts. Entries of the second override those of the first. */
export function mergeDicts(first: PyDict, second: PyDict): PyDict {
  return {
    ...first,
    entries: new Map([...first.entries, ...second.entries]),
    rest: [...first.rest, ...second.rest],
  };
}
