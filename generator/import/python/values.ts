import { toPythonText } from "./literals.js";
import type { Span } from "./nodes.js";

/** What can be said about the value of a Python expression without running it. */
export type PyValue = PyConstant | PyText | PyList | PyDict | PyReference | PyCall | PyUnknown;

/** Where a value stands in the text: its literal, even if a name led to it. */
interface PyBase {
  readonly origin: Span;
}

/** Text, a number, a truth value or `None`. */
export interface PyConstant extends PyBase {
  readonly kind: "constant";
  readonly value: string | number | boolean | null;
  /** Whether it was put together, as by an f-string, rather than written down. */
  readonly isComputed?: boolean;
}

/** Text in which some pieces are not known. */
export interface PyText extends PyBase {
  readonly kind: "text";
  readonly parts: readonly (string | PyValue)[];
}

/** A list or a tuple. */
export interface PyList extends PyBase {
  readonly kind: "list";
  /** An unknown item that `isSpread` stands for any number of them. */
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
  /** What it also holds, but nobody knows under which keys. */
  readonly rest: readonly PyValue[];
}

/** A value that is given from outside: `dlt.secrets["x"]`, `os.environ["X"]`, a parameter. */
export interface PyReference extends PyBase {
  readonly kind: "reference";
  readonly store: "secrets" | "config" | "environment" | "parameter";
  /** The key as it is written; empty for a bare `dlt.secrets.value`. */
  readonly key: string;
  /** What holds when it is not given. */
  readonly fallback?: PyValue;
}

/** A call whose result only Python knows. */
export interface PyCall extends PyBase {
  readonly kind: "call";
  /** The full name with imports resolved, or the expression as it is written. */
  readonly callee: string;
  readonly positional: readonly PyValue[];
  readonly keywords: ReadonlyMap<string, PyValue>;
}

/** Anything else. */
export interface PyUnknown extends PyBase {
  readonly kind: "unknown";
  /** A noun for messages: `lambda`, `name`, `conditional expression`. */
  readonly what: string;
  /** The full name with imports resolved. */
  readonly name?: string;
  /** Whether it can be called: a lambda or a function. */
  readonly isFunction?: boolean;
  /** Whether it stands for any number of items of a list. */
  readonly isSpread?: boolean;
}

/** Makes a constant that was written down. */
export function constant(value: PyConstant["value"], origin: Span): PyConstant {
  return { kind: "constant", value, origin };
}

/** Makes a value of which nothing is known. */
export function unknown(what: string, origin: Span, more: Partial<PyUnknown> = {}): PyUnknown {
  return { ...more, kind: "unknown", what, origin };
}

/** Whether a value is text that is known whole. */
export function isTextConstant(value: PyValue | undefined): value is PyConstant & { readonly value: string } {
  return value?.kind === "constant" && typeof value.value === "string";
}

/** Puts pieces together to one text: a constant, if all of them are. */
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

/** A dict with one entry put in or replaced. */
export function withEntry(dict: PyDict, key: string, entry: PyEntry): PyDict {
  return { ...dict, entries: new Map([...dict.entries, [key, entry]]) };
}

/** Two dicts as one; the second wins. */
export function mergeDicts(first: PyDict, second: PyDict): PyDict {
  return {
    ...first,
    entries: new Map([...first.entries, ...second.entries]),
    rest: [...first.rest, ...second.rest],
  };
}
