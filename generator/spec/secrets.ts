import type { JsonValue } from "@connector-gen/runtime";

import type { Path, Problem, Span } from "./load/document.js";
import { kindsOf, readKind, shorthandsOf } from "./kinds.js";
import { isImplied, type Row, rowsOf } from "./options.js";
import { referencesOf } from "./template/placeholders.js";
import { copy, isObject, listOf, own, valueAt } from "./values.js";
import { describe, nearest, quote } from "./wording.js";

/** What is done with a secret that stands in a spec as it is. */
export type LiteralSecrets = "error" | "extract";

/** A spec from which no later stage, message or hash can take a secret. */
export interface Disclosed {
  /** The spec's value; each literal secret is a `{secrets.x}`. */
  readonly value: JsonValue;
  readonly problems: readonly Problem[];
  /** The secrets themselves, for masking. */
  readonly secrets: readonly string[];
  /** Where they stand. */
  readonly masked: readonly Path[];
}

/** Header names that carry credentials, without a leading `x-`. */
const SECRET_HEADER =
  /(?:^|-)(?:(?:proxy-)?authorization|api-?key|access-?key|subscription-?key|auth-?key|token|secret|password|passwd|pwd)$/;
/** Query parameters that carry credentials: dlt's list of what it redacts, and near relatives. */
const SECRET_PARAM =
  /^(?:(?:x-)?api-?(?:key|secret)|(?:access|auth|private|refresh|session)-?token|client-?(?:secret|assertion)|private-?key|secret|assertion|passphrase|password|passwd|pwd)$/;
/** Names that often carry credentials, but also much else: the value decides. */
const DOUBTFUL_PARAM = /^(?:key|token)$/;

/** What a masked piece is replaced by where it may not become a secret's name. */
const MASK = "•••";

/** Finds literal secrets and takes them out. */
export function takeSecretsOut(spec: JsonValue, mode: LiteralSecrets): Disclosed {
  const taker = new SecretTaker(copy(spec), mode);
  taker.visitPlace(["client"], "");
  taker.visitPlace(["resource_defaults", "endpoint"], "default");
  listOf(own(spec, "resources")).forEach((resource, index) => {
    const name = own(resource, "name");
    const path: Path = ["resources", index];
    if (typeof resource === "string") taker.visitUrl(path);
    else taker.visitPlace([...path, "endpoint"], typeof name === "string" ? name : String(index));
  });
  return taker.result();
}

class SecretTaker {
  readonly #value: JsonValue;
  readonly #mode: LiteralSecrets;
  readonly #problems: Problem[] = [];
  readonly #secrets = new Set<string>();
  readonly #masked: Path[] = [];
  /** By name: two different secrets never share one. */
  readonly #names = new Map<string, string>();

  constructor(value: JsonValue, mode: LiteralSecrets) {
    this.#value = value;
    this.#mode = mode;
    for (const [, name] of JSON.stringify(value).matchAll(/\{secrets\.(\w+)\}/g)) this.#reserve(name ?? "");
  }

  result(): Disclosed {
    return {
      value: this.#value,
      problems: this.#problems,
      secrets: [...this.#secrets],
      masked: this.#masked,
    };
  }

  /** Looks through a client or an endpoint. */
  visitPlace(path: Path, owner: string): void {
    const place = valueAt(this.#value, path);
    if (typeof place === "string") this.visitUrl(path);
    this.visitUrl([...path, "path"]);
    this.#visitBaseUrl([...path, "base_url"]);
    this.#visitAuth([...path, "auth"], owner);
    for (const [name, value] of entries(own(place, "headers"))) {
      if (SECRET_HEADER.test(name.toLowerCase())) this.#takeHeader([...path, "headers", name], value, owner);
    }
    for (const [name, value] of entries(own(place, "params"))) {
      if (isSecretParam(name, value)) this.#take([...path, "params", name], { text: value, name, owner });
    }
    // In a raw body, a placeholder would be text.
    const isRaw = own(place, "raw") === true;
    for (const key of isRaw ? [] : ["json", "data"])
      this.#visitObject([...path, key], own(place, key), owner);
  }

  /** Looks at the query of a path. */
  visitUrl(path: Path): void {
    const text = valueAt(this.#value, path);
    if (typeof text !== "string") return;
    for (const match of text.matchAll(/[?&]([^=&#?]*)=([^&#]*)/g)) {
      const [whole, name = "", secret = ""] = match;
      if (!isSecretParam(name, secret)) continue;
      const offset = match.index + whole.length - secret.length;
      this.#take(path, { text: secret, name, owner: "", spot: { offset, length: secret.length } });
    }
  }

  #visitBaseUrl(path: Path): void {
    const text = valueAt(this.#value, path);
    // Credentials are an error of their own in a base URL; they only must not be shown.
    if (typeof text === "string" && text.includes("@")) this.#masked.push(path);
    this.visitUrl(path);
  }

  #visitAuth(path: Path, owner: string): void {
    const auth = valueAt(this.#value, path);
    if (typeof auth === "string") {
      const words = [...kindsOf("auth").map((kind) => kind.type), ...shorthandsOf("auth")];
      // A word that names no kind may well be the token itself.
      const isWord = nearest(auth, words) !== undefined || words.some((word) => word.includes(auth));
      if (!isWord) this.#replace(path, MASK);
      return;
    }
    const kind = readKind("auth", auth)?.kind;
    const rows = kind ? rowsOf(kind) : [];
    const given = rows
      .filter(({ key }) => isObject(auth) && Object.hasOwn(auth, key))
      .map(({ name }) => name);
    for (const { name, main, option } of rows) {
      if (isImplied(option) && !given.includes(name)) this.#reserve(main);
    }
    for (const [key, value] of entries(auth)) {
      const row = rows.find((known) => known.key === key);
      if (key !== "type") this.#visitOption([...path, key], { row, value, owner });
    }
  }

  #visitOption(path: Path, found: { row: Row | undefined; value: unknown; owner: string }): void {
    const { row, value, owner } = found;
    const type = row?.option.type;
    if (type === "secret" && typeof value === "string")
      this.#take(path, { text: value, name: row?.main ?? "", owner });
    else if (type === "object" && isObject(value)) this.#visitObject(path, value, owner);
    else if (type === "kinds" && isObject(value))
      for (const [name] of entries(value)) this.#visitAuth([...path, name], name);
    // Whatever stands under a wrong key or in a wrong form may be a secret.
    else if (!row || type === "secret" || type === "object" || type === "kinds") this.#hide(path, value);
  }

  /** Looks through an object at any depth: by the names of its fields, or of headers. */
  #visitObject(path: Path, value: unknown, owner: string): void {
    const items = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : entries(value);
    const [first, second] = listOf(value);
    // A form may be a list of pairs.
    if (typeof first === "string" && isSecretParam(first, second))
      this.#take([...path, 1], { text: second, name: first, owner });
    for (const [key, item] of items) {
      const place = [...path, key];
      const name = String(key);
      if (typeof item === "object") this.#visitObject(place, item, owner);
      else if (path.at(-1) === "headers" && SECRET_HEADER.test(name.toLowerCase()))
        this.#takeHeader(place, item, owner);
      else if (isSecretParam(name, item)) this.#take(place, { text: item, name, owner });
    }
  }

  #takeHeader(path: Path, value: unknown, owner: string): void {
    const name = String(path.at(-1));
    if (typeof value !== "string") return;
    // The scheme is no secret, and belongs to the header: `Bearer {secrets.token}`.
    const scheme = /^(?:Bearer|Basic|Token|ApiKey|Digest) +/i.exec(value)?.[0] ?? "";
    const word = /^authorization$/i.test(name) ? "token" : name;
    const secret = value.slice(scheme.length);
    this.#take(path, {
      text: secret,
      name: word,
      owner,
      spot: { offset: scheme.length, length: secret.length },
    });
  }

  #take(path: Path, found: { text: unknown; name: string; owner: string; spot?: Span }): void {
    const { text, owner, spot } = found;
    if (typeof text !== "string" || text === "" || holdsSecret(text)) return;
    const name = this.#nameFor(toName(found.name), text, owner);
    const mend = quote(`{secrets.${name}}`);
    const what = `${describe(this.#value, path)} holds a literal secret`;
    const problem = { code: "literal-secret", path, ...(spot && { text: spot }) };
    if (this.#mode === "error") {
      const message = `${what}: write ${mend} and pass the value to the generated factory; --literal-secrets extract does so`;
      this.#problems.push({ ...problem, message });
    } else {
      const message = `${what}, which becomes ${mend}: pass the value to the generated factory and take it out of the spec`;
      this.#problems.push({ ...problem, message, severity: "warning" });
    }
    const whole = String(valueAt(this.#value, path));
    const { offset, length } = spot ?? { offset: 0, length: whole.length };
    const template = `${whole.slice(0, offset)}{secrets.${name}}${whole.slice(offset + length)}`;
    this.#secrets.add(text);
    this.#replace(path, template);
  }

  /** Keeps a name for the secret that it stands for in the spec itself. */
  #reserve(name: string): void {
    this.#names.set(name, "");
  }

  /** A different secret gets a different name, told apart by its owner. */
  #nameFor(name: string, secret: string, owner: string): string {
    const candidates = [name, toName(`${owner}_${name}`)];
    for (let number = 2; ; number += 1) {
      const candidate = candidates.shift() ?? `${name}_${number}`;
      if ((this.#names.get(candidate) ?? secret) !== secret) continue;
      this.#names.set(candidate, secret);
      return candidate;
    }
  }

  /** Hides a value under a key that no auth scheme has: a misspelt `token` is a token. */
  #hide(path: Path, value: unknown): void {
    listOf(value).forEach((item, index) => this.#hide([...path, index], item));
    for (const [key, item] of entries(value)) this.#hide([...path, key], item);
    if (typeof value === "string" && !holdsSecret(value)) this.#replace(path, MASK);
    if (typeof value === "number") this.#replace(path, 0);
  }

  #replace(path: Path, value: JsonValue): void {
    this.#masked.push(path);
    const holder = valueAt(this.#value, path.slice(0, -1));
    const key = path.at(-1);
    if (typeof holder !== "object" || holder === null || key === undefined) return;
    Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** Masks secrets in a text, keeping its length: where they were found, and wherever else they stand. */
export function maskText(text: string, spans: readonly Span[], secrets: readonly string[]): string {
  const pieces: string[] = [];
  let end = 0;
  for (const { offset, length } of [...spans].sort((a, b) => a.offset - b.offset)) {
    if (offset < end) continue;
    const source = text.slice(offset, offset + length);
    const isQuoted = length > 1 && (source.startsWith('"') || source.startsWith("'"));
    pieces.push(
      text.slice(end, offset),
      isQuoted ? source.charAt(0) + hide(source.slice(1, -1)) + source.slice(-1) : hide(source),
    );
    end = offset + length;
  }
  const masked = pieces.join("") + text.slice(end);
  // A YAML alias stands elsewhere than its secret. Short secrets would mask what only looks like them.
  const long = secrets.filter((secret) => secret.length >= 6).slice(0, 100);
  return long.reduce((all, secret) => all.replaceAll(secret, hide), masked);
}

/** Masks what follows a secret's key, line by line: for texts too broken to be understood. */
export function maskByKeys(text: string): string {
  const options = kindsOf("auth").flatMap((kind) =>
    rowsOf(kind).filter((row) => row.option.type === "secret"),
  );
  const names = [
    ...new Set(options.map((row) => row.key)),
    "authorization",
    "x-api-key",
    "client_secret",
  ].join("|");
  const line = new RegExp(`((?:${names})["']?[ \\t]*:[ \\t]*["']?)([^"'\\n\\r]+)`, "gi");
  return text.replaceAll(line, (whole, head: string, secret: string) =>
    secret.startsWith("{secrets.") ? whole : head + hide(secret),
  );
}

function hide(text: string): string {
  return text.replaceAll(/[^\n\r]/g, "•");
}

function holdsSecret(text: string): boolean {
  // A placeholder that is misspelt or not closed is not a literal: it has a message of its own.
  return referencesOf(text, "secrets").length > 0 || /(?<!\{)\{\s*secrets?\b/.test(text);
}

function isSecretParam(name: string, value: unknown): value is string {
  if (typeof value !== "string") return false;
  const plain = name.toLowerCase().replaceAll("_", "-");
  if (SECRET_PARAM.test(plain)) return true;
  return DOUBTFUL_PARAM.test(plain) && /^(?=.*\d)(?=.*[a-z])[\w.~+/=-]{16,}$/i.test(value);
}

/** A secret's name: snake_case letters and digits. */
function toName(text: string): string {
  const name = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  const trimmed = name.replace(/^_/, "").replace(/_$/, "");
  return /^[a-z]/.test(trimmed) ? trimmed : `secret_${trimmed}`;
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}
