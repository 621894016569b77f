import type { Path } from "../../spec/load/document.js";
import { argumentsIn, isTextConstant, type PyDict, type PyObject, type PyValue } from "../python/values.js";

/** Returns the last name in a path of a spec. */
export function nameOfPath(path: Path): string {
  return path.filter((step) => typeof step === "string").at(-1) ?? "value";
}

/** Function names that do not describe the result. */
const vagueNames =
  /^(?:now|utcnow|today|isoformat|strftime|format|join|str|int|get|value|to_\w+|timestamp|call|run|input|getenv|lower|upper|title|encode|decode|b64encode|hexdigest|dedent|strip|lstrip|rstrip|replace|split|loads|dumps)$/;

/**
 * Returns a name for an unknown value: that of its function, of the variable to which it is assigned, or of its only
 * part.
 */
export function nameOfValue(value: PyValue, text: string): string | undefined {
  const full = value.kind === "call" ? value.callee : value.kind === "unknown" ? value.name : undefined;
  const last = full === undefined ? undefined : /\w+$/.exec(full)?.[0];
  const name = last?.replace(/^(?:get|fetch|load|read|build|make|create|compute)_(?=\w)/, "");
  if (name !== undefined && !vagueNames.test(name)) return name;
  return assignedName(value, text) ?? nameOfParts(value);
}

/** Returns the name before the equals sign: of a variable, of a parameter, or of a keyword. */
function assignedName({ origin: { from } }: PyValue, text: string): string | undefined {
  const before = text.slice(Math.max(0, from - 120), from);
  return /(?:^|[\s(,;])([A-Za-z_]\w*)\s*(?::[^=\n]*)?=\s*\(*\s*$/.exec(before)?.[1];
}

function nameOfParts(value: PyValue): string | undefined {
  const keys = new Set(keysIn(value));
  const [only] = keys;
  return keys.size === 1 ? only : undefined;
}

function keysIn(value: PyValue): readonly string[] {
  switch (value.kind) {
    case "reference":
      return value.key === "" ? [] : [value.key];
    case "text":
      return value.parts.flatMap((part) => (typeof part === "string" ? [] : keysIn(part)));
    case "choice":
      return [value.then, value.otherwise].flatMap((side) => (side ? keysIn(side) : []));
    default:
      return [];
  }
}

/** Maximum depth of nested values in an identity. */
const maxDepth = 8;

/** Returns the identity of an unknown value: equal values share an option of the generated factory. */
export function identityOf(value: PyValue, text: string, depth = 0): string {
  if (depth > maxDepth) return codeOf(value, text);
  const identify = (part: PyValue): string => identityOf(part, text, depth + 1);
  switch (value.kind) {
    case "choice": {
      const sides = [value.then, value.otherwise].map((side) => (side ? identify(side) : ""));
      return `${codeOf(value, text)} ? ${sides.join(" : ")}`;
    }
    case "text":
      return value.parts.map((part) => (typeof part === "string" ? part : identify(part))).join("+");
    case "reference":
      return `${value.store}.${value.key}`;
    case "constant":
      return JSON.stringify(value.value);
    case "call":
      return `${codeOf(value, text)} (${argumentsIn(value).map(identify).join(", ")})`;
    case "unknown":
      return `${value.name ?? codeOf(value, text)} (${(value.of ?? []).map(identify).join(", ")})`;
    case "list":
      return `[${value.items.map(identify).join(", ")}]`;
    case "dict":
      return `{${entriesOf(value).map(identify).join(", ")}}`;
    case "object":
      return `${value.of.name} {${entriesOf(value).map(identify).join(", ")}}`;
    default:
      return codeOf(value, text);
  }
}

function entriesOf({ entries }: PyDict | PyObject): readonly PyValue[] {
  return [...entries.values()].map(({ value }) => value);
}

function codeOf({ origin: { from, to } }: PyValue, text: string): string {
  return text.slice(from, to).replaceAll(/\s+/g, " ");
}

/** Returns the noun for a value in messages. */
export function nounOf(value: PyValue): string {
  switch (value.kind) {
    case "unknown":
      return value.what;
    case "reference":
      return value.store === "parameter" ? "parameter" : "external value";
    case "constant":
      return "value";
    case "choice":
      return value.origin === value.condition.test ? "value that depends on" : "conditional expression";
    case "object":
    case "resource":
    case "handle":
      return "call";
    case "function":
      return value.node.name === "LambdaExpression" ? "lambda" : "function";
    default:
      return value.kind;
  }
}

/**
 * Returns a fixed name for text with unknown parts, such as `orders` for `f"{tenant}_orders"`.
 * Equal texts have equal names, so references to a resource still find it.
 */
export function fixedName(value: PyValue | undefined): string | undefined {
  if (isTextConstant(value)) return value.value;
  if (value?.kind !== "text") return undefined;
  return joinKnown(value.parts.filter((part) => typeof part === "string"));
}

/** Joins the known parts of a name. Returns `undefined` if they have no letter. */
export function joinKnown(parts: readonly string[]): string | undefined {
  const name = parts
    .join("_")
    .replaceAll(/[^\p{L}\p{N}]*_[^\p{L}\p{N}]*/gu, "_")
    .replaceAll(/^\W+|\W+$|^_+|_+$/g, "");
  return /\p{L}/u.test(name) ? name : undefined;
}
