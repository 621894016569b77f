import type { SyntaxNode } from "@lezer/common";
import type { Frame } from "./heap.js";
import { toPythonText } from "./literals.js";
import type { Span } from "./nodes.js";

/** The value of a Python expression, as far as it is known without running it. */
export type PyValue =
  | PyConstant
  | PyText
  | PyList
  | PyDict
  | PyReference
  | PyCall
  | PyUnknown
  | PyChoice
  | PyFunction
  | PyClass
  | PyObject
  | PyResource
  | PyHandle;

interface PyBase {
  /** Position of the value in the text, even if it was reached through a name. */
  readonly origin: Span;
}

/** A value that statements can change in place. */
interface PyHolder extends PyBase {
  /** Time of its creation, by the clock of the heap. */
  born?: number;
}

/** Text, a number, a Boolean or `None`. */
export interface PyConstant extends PyBase {
  readonly kind: "constant";
  readonly value: string | number | boolean | null;
  /** Whether it was computed, for example by an f-string, instead of written as a literal. */
  readonly isComputed?: boolean;
  /** The parameter whose default it is. */
  readonly parameter?: string;
  /** Whether it is a `float`: Python writes 2.0, JSON has 2. */
  readonly isFloat?: boolean;
  /** Whether it is a date or a time in ISO 8601, as an object of Python. */
  readonly isTime?: boolean;
  /** Whether it is a duration in seconds, as an object of Python. */
  readonly isDuration?: boolean;
}

/** Text with unknown parts. */
export interface PyText extends PyBase {
  readonly kind: "text";
  readonly parts: readonly (string | PyValue)[];
}

/** A list, a tuple, a set or the items of an iterator. */
export interface PyList extends PyHolder {
  readonly kind: "list";
  /** Its type if it is not a list. */
  readonly type?: "tuple" | "set" | "iterator" | undefined;
  /** Items. An unknown item with `isSpread` represents any number of items. */
  items: readonly PyValue[];
}

/** An entry of a dict. */
export interface PyEntry {
  readonly key: Span;
  readonly value: PyValue;
  /** The key, if it is not a text. */
  readonly given?: PyConstant | undefined;
}

/** A dict. */
export interface PyDict extends PyHolder {
  readonly kind: "dict";
  entries: ReadonlyMap<string, PyEntry>;
  /** Values under unknown keys. */
  rest: readonly PyValue[];
}

/** An external value: `dlt.secrets["x"]`, `os.environ["X"]` or a parameter. */
export interface PyReference extends PyBase {
  readonly kind: "reference";
  readonly store: "secrets" | "config" | "environment" | "parameter";
  /** Key as written; empty for a bare `dlt.secrets.value`. */
  readonly key: string;
  /** Default value. */
  readonly fallback?: PyValue;
  /** Whether it may be missing: a parameter whose default is `None`. */
  readonly isOptional?: boolean;
  /** Type of a parameter as annotated, such as `int`. */
  readonly annotation?: string;
}

/** A call with an unknown result. */
export interface PyCall extends PyBase {
  readonly kind: "call";
  /** Full name with imports resolved, or the expression as written. */
  readonly callee: string;
  /** Whether the name of the callee comes from an import. */
  readonly isImported?: boolean;
  readonly positional: readonly PyValue[];
  readonly keywords: ReadonlyMap<string, PyValue>;
  /** The object whose method is called. */
  readonly on?: PyValue;
}

/** Any other value. */
export interface PyUnknown extends PyBase {
  readonly kind: "unknown";
  /** Noun for messages, such as `lambda`, `name` or `comparison`. */
  readonly what: string;
  /** Full name with imports resolved. */
  readonly name?: string;
  /** Whether the name comes from an import. */
  readonly isImported?: boolean;
  /** Whether it represents any number of items of a list. */
  readonly isSpread?: boolean;
  /** The facts that follow if it is true. */
  readonly condition?: Condition;
  /** Values from which it is computed. */
  readonly of?: readonly PyValue[];
  /** If it is a method: the method and its object, whose class is not in the source. */
  readonly bound?: { readonly object: PyValue; readonly method: string };
}

/** The condition on which a branch depends. */
export interface Condition {
  /** The condition as written. */
  readonly test: Span;
  /** External values that are given if the condition holds. */
  readonly given: readonly PyReference[];
  /** External values that are missing if the condition holds. */
  readonly missing: readonly PyReference[];
}

/** One of two values, depending on an unknown condition. An absent value stands for a missing entry or item. */
export interface PyChoice extends PyBase {
  readonly kind: "choice";
  readonly condition: Condition;
  readonly then?: PyValue | undefined;
  readonly otherwise?: PyValue | undefined;
}

/** A function or a lambda of the source. */
export interface PyFunction extends PyBase {
  readonly kind: "function";
  readonly name: string;
  /** Definition: `FunctionDefinition` or `LambdaExpression`. */
  readonly node: SyntaxNode;
  /** Frame in which its free names are looked up. */
  readonly frame: Frame;
  readonly defaults: ReadonlyMap<string, PyValue>;
  /** Decorators, evaluated. */
  readonly decorators: readonly PyValue[];
  /** The object or class that a method is bound to. */
  readonly self?: PyValue;
  /** Arguments that `functools.partial` has set. */
  readonly preset?: Pick<PyCall, "positional" | "keywords">;
}

/** A class of the source. */
export interface PyClass extends PyHolder {
  readonly kind: "class";
  readonly name: string;
  readonly bases: readonly PyValue[];
  readonly decorators: readonly PyValue[];
  /** Names of its annotated attributes. */
  readonly fields: readonly string[];
  entries: ReadonlyMap<string, PyEntry>;
}

/** An instance of a class of the source. */
export interface PyObject extends PyHolder {
  readonly kind: "object";
  readonly of: PyClass;
  /** The call that created it. */
  readonly call: PyCall;
  entries: ReadonlyMap<string, PyEntry>;
}

/** A resource that is not an endpoint: the call of a function decorated with `@dlt.resource`, or `dlt.resource(…)`. */
export interface PyResource extends PyBase {
  readonly kind: "resource";
  readonly name?: string;
  /** The records that it yields, if they are known. */
  readonly records?: readonly PyValue[];
  /** Keywords of `dlt.resource`, such as `primary_key`. */
  readonly hints?: PyCall["keywords"];
}

/** The resources that a configuration creates, or one of them. */
export interface PyHandle extends PyBase {
  readonly kind: "handle";
  /** Identity of the evaluated call. */
  readonly site: number;
  /** Name of the resource; absent if the handle stands for all. */
  readonly resource?: string;
}

/** Creates a constant that is written as a literal. */
export function constant(value: PyConstant["value"], origin: Span): PyConstant {
  return { kind: "constant", value, origin };
}

/** Creates a list. */
export function listValue(items: readonly PyValue[], origin: Span): PyList {
  return { kind: "list", items, origin };
}

/** Creates a tuple. */
export function tupleValue(items: readonly PyValue[], origin: Span): PyList {
  return { kind: "list", type: "tuple", items, origin };
}

/** Creates a set. Removes duplicate constants. */
export function setValue(items: readonly PyValue[], origin: Span): PyList {
  return { kind: "list", type: "set", items: withoutDoubles(items), origin };
}

function withoutDoubles(items: readonly PyValue[]): readonly PyValue[] {
  const constants = new Set<PyConstant["value"]>();
  return items.filter((item) => {
    if (item.kind !== "constant") return true;
    const isNew = !constants.has(item.value);
    constants.add(item.value);
    return isNew;
  });
}

/** Creates an empty dict. */
export function emptyDict(origin: Span): PyDict {
  return { kind: "dict", entries: new Map(), rest: [], origin };
}

/** Creates an unknown value. */
export function unknown(what: string, origin: Span, more: Partial<PyUnknown> = {}): PyUnknown {
  return { ...more, kind: "unknown", what, origin };
}

/** Whether a value is text without unknown parts. */
export function isTextConstant(value: PyValue | undefined): value is PyConstant & { readonly value: string } {
  return value?.kind === "constant" && typeof value.value === "string";
}

/** Whether a value is `None`. */
export function isNone(value: PyValue | undefined): boolean {
  return value?.kind === "constant" && value.value === null;
}

/** Whether all items of a list are known, each as one item. */
export function isWhole(value: PyValue | undefined): value is PyList {
  return value?.kind === "list" && !value.items.some(isUncertainItem);
}

/** Whether an item of a list stands for any number of items, or for none. */
export function isUncertainItem(item: PyValue): boolean {
  return (
    (item.kind === "unknown" && item.isSpread === true) ||
    (item.kind === "choice" && (!item.then || !item.otherwise))
  );
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
  if (piece.kind === "constant") return [toPythonText(piece)];
  return piece.kind === "text" ? piece.parts : [piece];
}

/** Merges two dicts into a new one. Entries of the second override those of the first. */
export function mergeDicts(first: PyDict, second: PyDict): PyDict {
  return {
    kind: "dict",
    origin: first.origin,
    entries: new Map([...first.entries, ...second.entries]),
    rest: [...first.rest, ...second.rest],
  };
}

/** Maximum number of pairs of values to compare. */
const maxComparisons = 20_000;
/** Maximum depth of nested values to compare. */
const maxCompared = 200;

/** Whether two values are equal as far as they are known. */
export function isSame(a: PyValue | undefined, b: PyValue | undefined): boolean {
  let left = maxComparisons;
  let depth = 0;
  const sameEntries = (some: PyDict["entries"], others: PyDict["entries"]): boolean =>
    some.size === others.size && [...some].every(([key, { value }]) => same(value, others.get(key)?.value));
  const sameParts = (part: string | PyValue, other: string | PyValue | undefined): boolean =>
    typeof part === "string" || typeof other === "string" ? part === other : same(part, other);
  const same = (first: PyValue | undefined, second: PyValue | undefined): boolean => {
    if (first === second) return true;
    left -= 1;
    if (!first || !second || left < 0 || depth > maxCompared) return false;
    depth += 1;
    const result = compare(first, second);
    depth -= 1;
    return result;
  };
  const compare = (first: PyValue, second: PyValue): boolean => {
    if (first.kind === "constant" && second.kind === "constant") return first.value === second.value;
    if (first.kind === "reference" && second.kind === "reference")
      return first.store === second.store && first.key === second.key;
    if (first.kind === "list" && second.kind === "list")
      return (
        first.type === second.type &&
        first.items.length === second.items.length &&
        first.items.every((item, index) => same(item, second.items[index]))
      );
    if (first.kind === "dict" && second.kind === "dict")
      return first.rest.length === second.rest.length && sameEntries(first.entries, second.entries);
    const all = (some: readonly PyValue[] = [], others: readonly PyValue[] = []): boolean =>
      some.length === others.length && some.every((one, index) => same(one, others[index]));
    if (first.kind === "call" && second.kind === "call" && !all(argumentsIn(first), argumentsIn(second)))
      return false;
    if (first.kind === "unknown" && second.kind === "unknown" && !all(first.of, second.of)) return false;
    if (first.kind === "text" && second.kind === "text")
      return (
        first.parts.length === second.parts.length &&
        first.parts.every((part, index) => sameParts(part, second.parts[index]))
      );
    if (first.kind === "choice" && second.kind === "choice")
      return (
        isSameSpan(first.condition.test, second.condition.test) &&
        same(first.then, second.then) &&
        same(first.otherwise, second.otherwise)
      );
    if (first.kind === "object" && second.kind === "object")
      return isSameSpan(first.of.origin, second.of.origin) && sameEntries(first.entries, second.entries);
    if (first.kind === "function" && second.kind === "function" && first.frame !== second.frame) return false;
    return first.kind === second.kind && isSameSpan(first.origin, second.origin);
  };
  return same(a, b);
}

function isSameSpan(a: Span, b: Span): boolean {
  return a.from === b.from && a.to === b.to;
}

/** Lists the values on which the result of a call depends. */
export function argumentsIn({ positional, keywords, on }: PyCall): readonly PyValue[] {
  return [...positional, ...keywords.values(), ...(on ? [on] : [])];
}

/** Whether a value contains one of the given external values. */
export function mentions(value: PyValue, references: readonly PyReference[]): boolean {
  const seen = new Set<PyValue>();
  const search = (part: PyValue | string | undefined): boolean => {
    if (part === undefined || typeof part === "string" || seen.has(part)) return false;
    seen.add(part);
    switch (part.kind) {
      case "reference":
        return references.some((one) => one.key === part.key && one.store === part.store);
      case "text":
        return part.parts.some(search);
      case "list":
        return part.items.some(search);
      case "dict":
        return [...part.entries.values()].some((entry) => search(entry.value)) || part.rest.some(search);
      case "call":
        return part.positional.some(search) || [...part.keywords.values()].some(search);
      case "choice":
        return search(part.then) || search(part.otherwise);
      default:
        return false;
    }
  };
  return search(value);
}
