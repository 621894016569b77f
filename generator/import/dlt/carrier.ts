import type { JsonValue } from "@connector-gen/runtime";
import type { Path } from "../../spec/load/document.js";
import { escapeTemplate } from "../../spec/template/placeholders.js";
import { toPythonText } from "../python/literals.js";
import type { Span } from "../python/nodes.js";
import type { PyCall, PyDict, PyReference, PyUnknown, PyValue } from "../python/values.js";
import { isSecretName } from "./credentials.js";
import { createOptionNames, namesOfKey, type OptionNames } from "./names.js";

/** A place of the spec, and what may stand there. */
export interface Spot {
  readonly path: Path;
  /**
   * What text is: a `template` of dlt, or a `header` of the client, whose braces go on as they are; `literal`, whose braces
   * are only braces; `plain`, where no placeholder can stand.
   */
  readonly text: "template" | "header" | "literal" | "plain";
  /** Whether a credential belongs here. */
  readonly credential?: "secret" | "credential" | undefined;
  /** Whether no secret can stand here. */
  readonly isPublic?: boolean;
  /** The resource it belongs to: tells options of the same name apart. */
  readonly owner?: string;
}

/** Something that did not make it into the spec as it was. */
export interface Loss extends Span {
  readonly code: "became-option" | "became-hook" | "left-out";
  readonly path: Path;
  /** A noun: `lambda`; absent for what is not given at all. */
  readonly what?: string;
  /** What stands in its place, as a sentence. */
  readonly instead: string;
}

/** Text that was put together while it was read. */
export interface Composed extends Span {
  readonly path: Path;
}

/** Carries values over into a spec and takes down what becomes of those that cannot be. */
export class Carrier {
  readonly losses: Loss[] = [];
  readonly composed: Composed[] = [];
  /** Where the values of the spec stand in the Python source, by path. */
  readonly places: Map<string, Span> = new Map<string, Span>();
  /** Secrets that stood in the source as they are. */
  readonly literals: { readonly path: Path; readonly secret: string }[] = [];
  /** String literals that no message may show. */
  readonly hidden: Span[] = [];
  readonly text: string;
  readonly #names: OptionNames = createOptionNames();

  constructor(text: string) {
    this.text = text;
  }

  /** Turns a value into JSON; nothing, when it has to be left out. */
  carry(value: PyValue, spot: Spot): JsonValue | undefined {
    this.place(spot.path, value.origin);
    switch (value.kind) {
      case "constant": {
        if (value.isComputed) this.#compose(value, spot);
        const { value: content } = value;
        return typeof content === "string" && spot.text === "literal" ? escapeTemplate(content) : content;
      }
      case "list":
        return this.#carryList(value.items, spot);
      case "dict":
        return this.carryDict(value, spot, (entry, own) => this.carry(entry, own));
      case "text":
        if (spot.text === "plain") return this.leaveOut(value, spot);
        this.#compose(value, spot);
        return this.#fillIn(value.parts, spot);
      case "reference":
      case "call":
      case "unknown":
        return spot.text === "plain" ? this.leaveOut(value, spot) : this.#fillIn([value], spot);
      default:
        return value satisfies never;
    }
  }

  /** Carries a dict over, each entry by a function of its own; entries that come back empty are left out. */
  carryDict(
    dict: PyDict,
    spot: Spot,
    carry: (value: PyValue, spot: Spot, key: string) => JsonValue | undefined,
  ): Record<string, JsonValue> {
    this.place(spot.path, dict.origin);
    const entries = [...dict.entries].flatMap(([key, { value }]): [string, JsonValue][] => {
      const own: Spot = { ...spot, path: [...spot.path, key] };
      const carried = carry(value, own, key);
      return carried === undefined ? [] : [[key, carried]];
    });
    for (const value of dict.rest) this.leaveOut(value, spot);
    return Object.fromEntries(entries);
  }

  /** Takes down that a value is left out, and why that does no harm or what to do. */
  leaveOut(value: PyValue, spot: Spot, consequence = ""): JsonValue | undefined {
    this.#lose(value, spot, {
      code: "left-out",
      instead: `it is left out${consequence && `: ${consequence}`}`,
    });
    return undefined;
  }

  /** Takes down that a typed function in the factory's options stands in for a value. */
  hook(value: PyValue, spot: Spot, name: string): void {
    const instead = `${name}, a typed function in the factory's options, stands in its place`;
    this.#lose(value, spot, { code: "became-hook", instead });
  }

  /** Puts an option of the generated factory where something is needed, but not given, and says so. */
  missing(spot: Spot, origin: Span = this.places.get("[]") ?? { from: 0, to: 0 }): string {
    const name = nameOfSpot(spot);
    const option = `{config.${this.#names.choose({ scope: "config", identity: "", candidates: [name] })}}`;
    const instead = `${option}, an option of the generated factory, stands in its place`;
    const { from, to } = origin;
    this.losses.push({ code: "became-option", path: spot.path, instead, from, to });
    return option;
  }

  /** Takes a literal secret out: an option stands in its place. */
  secret(value: PyValue & { readonly kind: "constant" }, spot: Spot): string {
    this.place(spot.path, value.origin);
    const base = nameOfSpot(spot);
    const identity = String(value.value);
    const name = this.#names.choose({ scope: "secrets", identity, candidates: candidates(base, spot) });
    this.literals.push({ path: spot.path, secret: identity });
    return `{secrets.${name}}`;
  }

  /** Takes down where a value comes from. */
  place(path: Path, origin: Span): void {
    const id = JSON.stringify(path);
    if (!this.places.has(id)) this.places.set(id, origin);
  }

  #carryList(items: readonly PyValue[], spot: Spot): JsonValue {
    const carried: JsonValue[] = [];
    for (const item of items) {
      // Any number of items: there is no option that could stand for them.
      const isMany = item.kind === "unknown" && item.isSpread === true;
      const own: Spot = { ...spot, path: [...spot.path, carried.length] };
      const value = isMany ? this.leaveOut(item, spot) : this.carry(item, own);
      if (value !== undefined) carried.push(value);
    }
    return carried;
  }

  #fillIn(parts: readonly (string | PyValue)[], spot: Spot): string {
    return parts
      .map((part) => {
        if (typeof part === "string") return spot.text === "literal" ? escapeTemplate(part) : part;
        if (part.kind === "constant") return toPythonText(part.value);
        if (part.kind === "reference") return this.#refer(part, spot);
        return this.#substitute(part, { spot, isWhole: parts.length === 1 });
      })
      .join("");
  }

  #refer(reference: PyReference, spot: Spot): string {
    const { key, store, fallback } = reference;
    const scope = scopeOf(store, key, spot);
    const base = nameOfSpot(spot);
    const name = this.#names.choose(
      key === ""
        ? { scope, identity: `${spot.owner ?? ""}.${base}`, candidates: candidates(base, spot) }
        : { scope, identity: key.toLowerCase(), candidates: namesOfKey(key) },
    );
    const placeholder = `{${scope}.${name}}`;
    if (fallback && !(fallback.kind === "constant" && fallback.value === null)) {
      const instead = `give it as the option ${placeholder} where it is wanted`;
      this.#lose({ ...fallback, what: "default" }, spot, { code: "left-out", instead });
    }
    return placeholder;
  }

  #substitute(value: PyValue, { spot, isWhole }: { spot: Spot; isWhole: boolean }): string {
    const scope = spot.credential ? "secrets" : "config";
    const code = this.text.slice(value.origin.from, value.origin.to).replaceAll(/\s+/g, " ");
    const own =
      value.kind === "unknown" || (value.kind === "call" && !isWhole) ? nameOfValue(value) : undefined;
    const base = own ?? nameOfSpot(spot);
    const name = this.#names.choose({ scope, identity: code, candidates: candidates(base, spot) });
    const instead = `{${scope}.${name}}, an option of the generated factory, stands in its place`;
    this.#lose(value, spot, { code: "became-option", instead });
    return `{${scope}.${name}}`;
  }

  #compose({ origin: { from, to } }: PyValue, { path }: Spot): void {
    this.composed.push({ from, to, path });
  }

  #lose(value: PyValue & { readonly what?: string }, spot: Spot, loss: Pick<Loss, "code" | "instead">): void {
    const { from, to } = value.origin;
    if (spot.credential) this.#hideStrings(from, to);
    const what = value.what ?? nounOf(value);
    this.losses.push({ ...loss, path: spot.path, what, from, to });
  }

  #hideStrings(from: number, to: number): void {
    for (const match of this.text.slice(from, to).matchAll(/("|')(?:\\.|(?!\1)[^\\])*\1/g))
      this.hidden.push({ from: from + match.index, to: from + match.index + match[0].length });
  }
}

function scopeOf(store: PyReference["store"], key: string, spot: Spot): "secrets" | "config" {
  if (spot.isPublic) return "config";
  if (store === "secrets" || spot.credential === "secret") return "secrets";
  if (store === "config") return "config";
  return spot.credential || isSecretName(key) ? "secrets" : "config";
}

function candidates(base: string, { owner }: Spot): readonly string[] {
  return owner === undefined ? [base] : [base, `${owner}_${base}`];
}

function nameOfSpot({ path }: Spot): string {
  return path.filter((step) => typeof step === "string").at(-1) ?? "value";
}

/** Functions whose names say nothing about what they return. */
const VAGUE =
  /^(?:now|utcnow|today|isoformat|strftime|format|join|str|int|get|value|to_\w+|timestamp|call|run)$/;

function nameOfValue(value: PyUnknown | PyCall): string | undefined {
  const full = value.kind === "call" ? value.callee : value.name;
  const last = full === undefined ? undefined : /\w+$/.exec(full)?.[0];
  const name = last?.replace(/^(?:get|fetch|load|read|build|make|create|compute)_(?=\w)/, "");
  return name === undefined || VAGUE.test(name) ? undefined : name;
}

function nounOf(value: PyValue): string {
  switch (value.kind) {
    case "unknown":
      return value.what;
    case "reference":
      return value.store === "parameter" ? "parameter" : "value from outside";
    case "constant":
      return "value";
    default:
      return value.kind;
  }
}
