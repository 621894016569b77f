import type { JsonValue } from "@connector-gen/runtime";
import type { Path } from "../../spec/load/document.js";
import { escapeTemplate } from "../../spec/template/placeholders.js";
import { toPythonText } from "../python/literals.js";
import type { Span } from "../python/nodes.js";
import { callResource } from "../python/calls.js";
import { plainMember } from "../python/classes.js";
import {
  type Condition,
  isNone,
  mentions,
  type PyConstant,
  type PyDict,
  type PyReference,
  type PyValue,
} from "../python/values.js";
import type { Evaluator } from "../python/evaluator.js";
import { findSecretStrings, isSecretName } from "./credentials.js";
import { findTimeFormat } from "./time-format.js";
import { createOptionNames, namesOfKey, type OptionNames } from "./option-names.js";
import { identityOf, joinKnown, nameOfPath, nameOfValue, nounOf } from "./value-names.js";

/** A position in the spec and the kind of value that it accepts. */
export interface Target {
  readonly path: Path;
  /**
   * How text is read: `template` and `header` keep their braces, which are placeholders of dlt or of a client header;
   * `literal` escapes braces; `plain` allows no placeholders.
   */
  readonly text: "template" | "header" | "literal" | "plain";
  /** Whether the value is a credential, and whether it is secret. */
  readonly credential?: "secret" | "credential" | undefined;
  /** Whether the value must not contain a secret. */
  readonly isPublic?: boolean;
  /** Whether the path of the endpoint ends in a placeholder. Without a paginator, only one page is read then. */
  readonly isSingleEntity?: boolean;
  /** Keys of an endpoint that the resource defaults or the client set. */
  readonly inherited?: ReadonlySet<string>;
  /** Name of the resource, to distinguish options with the same name. */
  readonly owner?: string;
}

/** A value that the spec contains in another form or not at all. */
export interface Loss extends Span {
  readonly code: "replaced-by-option" | "replaced-by-hook" | "omitted" | "assumed";
  readonly path: Path;
  /** Noun for the value, such as `lambda`; absent if the source has no value. */
  readonly what?: string;
  /** What the spec contains instead, as a clause. */
  readonly instead: string;
}

/** Text that was computed from several parts of the source. */
export interface Composed extends Span {
  readonly path: Path;
}

/** A literal secret of the source. */
export interface LiteralSecret {
  readonly path: Path;
  readonly secret: string;
}

/** Converts values of Python expressions to JSON of a spec, and records the values that it cannot convert. */
export interface Converter {
  /** The Python source. */
  readonly text: string;
  readonly losses: readonly Loss[];
  readonly composed: readonly Composed[];
  /** Source positions of the spec's values by the JSON text of their path. */
  readonly origins: ReadonlyMap<string, Span>;
  readonly literals: readonly LiteralSecret[];
  /** String literals that no message may show. */
  readonly hidden: readonly Span[];
  /** Converts a value to JSON. Returns `undefined` if the value is omitted. */
  convert(value: PyValue, target: Target): JsonValue | undefined;
  /** Converts a dict, each entry with `convert`, and omits entries without a result. */
  convertDict(dict: PyDict, target: Target, convert: ConvertEntry): Record<string, JsonValue>;
  /**
   * Returns the alternative of a choice that the spec contains, and records the assumption. Returns other values
   * unchanged.
   */
  settle(value: PyValue, target: Target): PyValue;
  /** Records that a value is omitted and, optionally, the consequence. Returns `undefined`. */
  omit(value: PyValue, target: Target, consequence?: string): JsonValue | undefined;
  /** Records that a typed function in the factory's options replaces a value. */
  replaceByHook(value: PyValue, target: Target, hook: string): void;
  /** Adds an option of the generated factory for a missing value and records it. Returns its placeholder. */
  addOption(target: Target, origin?: Span): string;
  /** Replaces a literal secret by an option. Returns its placeholder. */
  replaceSecret(value: PyConstant, target: Target): string;
  /** Returns the resource that a function decorated with `@dlt.resource` stands for, and any other value unchanged. */
  callResource(value: PyValue): PyValue;
  /**
   * Finds the time format that a function writes: empty text if the function changes nothing, `undefined` if it writes no
   * time format.
   */
  formatOf(fn: PyValue): string | undefined;
  /** Records the replacement of a value in the spec. */
  report(loss: Loss): void;
  /** Records the source position of a value. */
  recordOrigin(path: Path, origin: Span): void;
  /** Hides a string literal from all messages. */
  hide(literal: Span): void;
}

/** Converts one entry of a dict. */
type ConvertEntry = (value: PyValue, target: Target, key: string) => JsonValue | undefined;

/** The converter with its records and the names of its options. */
interface State extends Converter {
  readonly losses: Loss[];
  readonly composed: Composed[];
  readonly names: OptionNames;
}

/** Creates a converter for the values of a Python source. */
export function createConverter(evaluator: Evaluator): Converter {
  const { text } = evaluator;
  const origins = new Map<string, Span>();
  const literals: LiteralSecret[] = [];
  const hidden: Span[] = [];
  const state: State = {
    text,
    losses: [],
    composed: [],
    origins,
    literals,
    hidden,
    names: createOptionNames(),
    convert: (value, target) => convertValue(state, value, target),
    convertDict: (dict, target, convert) => {
      state.recordOrigin(target.path, dict.origin);
      const entries = [...dict.entries].flatMap(([name, { value, given }]): [string, JsonValue][] => {
        const key = given ? String(given.value) : name;
        const own: Target = { ...target, path: [...target.path, key] };
        const settled = state.settle(value, own);
        const converted = convert(settled, own, key);
        return converted === undefined ? [] : [[key, converted]];
      });
      for (const value of dict.rest) state.omit(value, target);
      return Object.fromEntries(entries);
    },
    settle: (value, target) => settleChoice(state, value, target),
    callResource: (value) => callResource(evaluator, value),
    formatOf: (fn) => findTimeFormat(evaluator, fn),
    report: (loss) => void state.losses.push(loss),
    omit: (value, target, consequence) => {
      const instead = consequence === undefined ? "omitted" : `omitted: ${consequence}`;
      recordLoss(state, value, { target, code: "omitted", instead });
      return undefined;
    },
    replaceByHook: (value, target, hook) => {
      const instead = `replaced by ${hook}, a typed function in the factory's options`;
      recordLoss(state, value, { target, code: "replaced-by-hook", instead });
    },
    addOption: ({ path }, { from, to } = origins.get("[]") ?? { from: 0, to: 0 }) => {
      const candidates = [nameOfPath(path)];
      const option = `{config.${state.names.choose({ scope: "config", identity: "", candidates })}}`;
      const instead = `added the option ${option} of the generated factory`;
      state.losses.push({ code: "replaced-by-option", path, instead, from, to });
      return option;
    },
    replaceSecret: ({ value, origin }, target) => {
      const { path } = target;
      state.recordOrigin(path, origin);
      const secret = String(value);
      const candidates = nameCandidates(nameOfPath(path), target);
      const name = state.names.choose({ scope: "secrets", identity: secret, candidates });
      literals.push({ path, secret });
      return `{secrets.${name}}`;
    },
    recordOrigin: (path, origin) => {
      const id = JSON.stringify(path);
      if (!origins.has(id)) origins.set(id, origin);
    },
    hide: (literal) => void hidden.push(literal),
  };
  return state;
}

function convertValue(state: State, value: PyValue, target: Target): JsonValue | undefined {
  state.recordOrigin(target.path, value.origin);
  switch (value.kind) {
    case "constant": {
      if (value.isDuration) return convertOther(state, value, target);
      if (value.isComputed) recordComposed(state, value, target);
      const { value: content } = value;
      return typeof content === "string" && target.text === "literal" ? escapeTemplate(content) : content;
    }
    case "list":
      return convertList(state, value.items, target);
    case "dict":
      return state.convertDict(value, target, (entry, own) => state.convert(entry, own));
    case "text":
      if (target.text === "plain") return state.omit(value, target);
      recordComposed(state, value, target);
      return composeText(state, value.parts, target);
    case "object": {
      const member = plainMember(value);
      return member ? state.convert(member, target) : convertOther(state, value, target);
    }
    case "choice": {
      const settled = state.settle(value, target);
      return settled === value ? convertOther(state, value, target) : state.convert(settled, target);
    }
    case "reference":
    case "call":
    case "unknown":
    case "function":
    case "class":
    case "resource":
    case "handle":
      return convertOther(state, value, target);
    default:
      return value satisfies never;
  }
}

function convertOther(state: State, value: PyValue, target: Target): JsonValue | undefined {
  return target.text === "plain" ? state.omit(value, target) : composeText(state, [value], target);
}

/** Kinds of values that a spec can only contain as a whole: no option can replace them. */
const structures = new Set<PyValue["kind"]>(["dict", "list", "call", "object"]);

function settleChoice(state: State, value: PyValue, target: Target): PyValue {
  if (value.kind !== "choice") return value;
  const { condition, then, otherwise } = value;
  const hasThen = then !== undefined && !isNone(then);
  const hasOtherwise = otherwise !== undefined && !isNone(otherwise);
  const isBoth = hasThen && hasOtherwise;
  const byDefault = outcomeByDefault(condition);
  const areStructures = isBoth && structures.has(then.kind) && structures.has(otherwise.kind);
  if (isBoth && !areStructures && byDefault === undefined) return value;
  const isThen = hasThen && !(hasOtherwise && byDefault === false);
  const chosen = isThen ? then : hasOtherwise ? otherwise : (then ?? otherwise);
  if (!chosen) return value;
  // `{"token": token} if token else None`: without the token, there would be nothing to send.
  const isMentioned = mentions(chosen, isThen ? condition.given : condition.missing);
  const isCredential = target.credential !== undefined || target.path.includes("headers");
  const isExact = !isBoth && isMentioned && (isCredential || structures.has(chosen.kind));
  if (!isExact && (hasThen || hasOtherwise))
    state.report({
      code: "assumed",
      path: target.path,
      instead: isThen ? "true" : "false",
      from: condition.test.from,
      to: condition.test.to,
    });
  return state.settle(chosen, target);
}

/** Returns whether a condition holds for parameters that are `None` by default. Returns `undefined` for other conditions. */
function outcomeByDefault({ given, missing }: Condition): boolean | undefined {
  const isNoneByDefault = ({ store, isOptional, fallback }: PyReference): boolean =>
    store === "parameter" && isOptional === true && !fallback;
  if (given.some(isNoneByDefault)) return false;
  return missing.some(isNoneByDefault) ? true : undefined;
}

function convertList(state: State, items: readonly PyValue[], target: Target): JsonValue {
  const converted: JsonValue[] = [];
  for (const item of items) {
    // No option can replace an unknown number of items.
    const isSpread = item.kind === "unknown" && item.isSpread === true;
    const own: Target = { ...target, path: [...target.path, converted.length] };
    const value = isSpread ? state.omit(item, target) : state.convert(state.settle(item, own), own);
    if (value !== undefined) converted.push(value);
  }
  return converted;
}

function composeText(state: State, given: readonly (string | PyValue)[], target: Target): string {
  const settled = given.map((part) => (typeof part === "string" ? part : state.settle(part, target)));
  const parts = target.text === "template" ? withFixedNames(settled) : settled;
  return parts
    .map((part) => {
      if (typeof part === "string") return target.text === "literal" ? escapeTemplate(part) : part;
      if (part.kind === "constant" && !part.isDuration) return toPythonText(part);
      if (part.kind === "reference") return convertReference(state, part, target);
      return replaceByOption(state, part, { target, isWhole: parts.length === 1 });
    })
    .join("");
}

/** Marks an unknown part of a text. */
const mark = "\u0000";

/**
 * Replaces the names of resources in `{resources.x.y}` by fixed names, which `fixedName` also gives to the resources
 * themselves.
 */
function withFixedNames(parts: readonly (string | PyValue)[]): readonly (string | PyValue)[] {
  const unknown = parts.filter((part) => typeof part !== "string");
  const marked = parts.map((part) => (typeof part === "string" ? part : mark)).join("");
  let next = 0;
  const pieces = marked.split(/(\{resources\.[^.{}]*\.|\0)/);
  return pieces.flatMap((piece): readonly (string | PyValue)[] => {
    if (piece === mark) return unknown.slice(next, ++next);
    const known = piece.split(mark);
    next += known.length - 1;
    if (known.length === 1) return piece === "" ? [] : [piece];
    const [, name = ""] = /^\{resources\.([^]*)\.$/.exec(piece) ?? [];
    return [`{resources.${joinKnown(name.split(mark)) ?? "unknown"}.`];
  });
}

function convertReference(state: State, reference: PyReference, target: Target): string {
  const { key, store, fallback } = reference;
  const isSecret = fallback?.kind === "reference" && fallback.store === "secrets";
  const scope = scopeOf(isSecret ? "secrets" : store, key, target);
  const base = nameOfPath(target.path);
  const name = state.names.choose(
    key === ""
      ? { scope, identity: `${target.owner ?? ""}.${base}`, candidates: nameCandidates(base, target) }
      : { scope, identity: key.toLowerCase(), candidates: namesOfKey(key) },
  );
  const placeholder = `{${scope}.${name}}`;
  // `token or os.environ["TOKEN"]`: the app passes the value, whatever its origin.
  const isStored = fallback?.kind === "reference" && fallback.store !== "parameter";
  if (fallback && !isNone(fallback) && !isStored) {
    const instead = `pass it as the option ${placeholder}`;
    recordLoss(state, { ...fallback, what: "default" }, { target, code: "omitted", instead });
  }
  return placeholder;
}

function replaceByOption(
  state: State,
  value: PyValue,
  { target, isWhole }: { readonly target: Target; readonly isWhole: boolean },
): string {
  const scope = target.credential ? "secrets" : "config";
  const key = nameOfPath(target.path);
  const isNamed = isWhole && value.kind !== "unknown" && key !== "path";
  const name = isNamed ? key : (nameOfValue(value, state.text) ?? key);
  const candidates = nameCandidates(name, target);
  const identity = identityOf(value, state.text);
  const option = `{${scope}.${state.names.choose({ scope, identity, candidates })}}`;
  recordLoss(state, value, { target, code: "replaced-by-option", instead: replacedBy(option) });
  return option;
}

function replacedBy(option: string): string {
  return `replaced by the option ${option} of the generated factory`;
}

function recordComposed(state: State, { origin: { from, to } }: PyValue, { path }: Target): void {
  state.composed.push({ from, to, path });
}

function recordLoss(
  state: State,
  value: PyValue & { readonly what?: string },
  { target, ...loss }: Pick<Loss, "code" | "instead"> & { readonly target: Target },
): void {
  const { from, to } = value.origin;
  if (target.credential) hideStrings(state, value.origin);
  state.losses.push({ ...loss, path: target.path, what: value.what ?? nounOf(value), from, to });
}

/** Hides the literals in a credential's code that may be secrets. */
function hideStrings(state: State, { from, to }: Span): void {
  for (const { offset, length } of findSecretStrings(state.text.slice(from, to)))
    state.hide({ from: from + offset, to: from + offset + length });
}

function scopeOf(store: PyReference["store"], key: string, target: Target): "secrets" | "config" {
  if (target.isPublic) return "config";
  if (store === "secrets" || target.credential === "secret") return "secrets";
  if (store === "config") return "config";
  return target.credential || isSecretName(key) ? "secrets" : "config";
}

function nameCandidates(base: string, { owner }: Target): readonly string[] {
  return owner === undefined ? [base] : [base, `${owner}_${base}`];
}
