import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { Path, Problem, Span } from "./load/document.js";
import { kindsOf, readKind, shorthandsOf } from "./kinds.js";
import { isImplied, type Row, rowsOf } from "./options.js";
import { doubledPlaceholders, referencesOf } from "./template/placeholders.js";
import { copy, isObject, listOf, once, own, valueAt } from "./values.js";
import { describe, nearest, quote } from "./wording.js";

/** How to treat a literal secret: report an error, or replace it by `{secrets.x}` with a warning. */
export type LiteralSecrets = "error" | "extract";

/** A spec without literal secrets: no later stage, message or hash can reveal one. */
export interface ExtractedSecrets {
  /** The value of the spec, with every literal secret replaced by `{secrets.x}`. */
  readonly value: JsonValue;
  readonly problems: readonly Problem[];
  /** The secrets themselves, for masking. */
  readonly secrets: readonly string[];
  /** The paths of the values to mask. */
  readonly masked: readonly Path[];
}

/** Header names that carry credentials, without a leading `x-`. */
const secretHeader =
  /(?:^|-)(?:(?:proxy-)?authorization|api-?key|access-?key|subscription-?key|auth-?key|token|secret|password|passwd|pwd)$/;
/** Query parameters that carry credentials: those that dlt redacts, and similar ones. */
const secretParam =
  /^(?:(?:x-)?api-?(?:key|secret)|(?:access|auth|private|refresh|session)-?token|client-?(?:secret|assertion)|private-?key|secret|assertion|passphrase|password|passwd|pwd)$/;
/** Names that carry credentials only sometimes: the value decides. */
const ambiguousParam = /^(?:key|token)$/;

/** Replaces a masked value that cannot become a `{secrets.x}`. */
const mask = "•••";

/** Finds literal secrets and replaces them by `{secrets.x}`. */
export function extractLiteralSecrets(spec: JsonValue, mode: LiteralSecrets): ExtractedSecrets {
  const extraction: Extraction = {
    value: copyRequests(spec),
    mode,
    problems: [],
    secrets: new Set(),
    masked: [],
    names: new Map(),
    reserveUsed: once(() => {
      for (const [, name] of JSON.stringify(spec).matchAll(/\{secrets\.(\w+)\}/g))
        reserve(name ?? "", extraction);
    }),
  };
  visitEndpoint(["client"], "", extraction);
  visitEndpoint(["resource_defaults", "endpoint"], "default", extraction);
  listOf(own(spec, "resources")).forEach((resource, index) => {
    const name = own(resource, "name");
    const path: Path = ["resources", index];
    if (typeof resource === "string") visitUrl(path, extraction);
    else visitEndpoint([...path, "endpoint"], typeof name === "string" ? name : String(index), extraction);
  });
  const { value, problems, secrets, masked } = extraction;
  return { value, problems, secrets: [...secrets], masked };
}

/** The state of an extraction. */
interface Extraction {
  /** The copy of the spec in which secrets are replaced. */
  readonly value: JsonValue;
  readonly mode: LiteralSecrets;
  readonly problems: Problem[];
  readonly secrets: Set<string>;
  readonly masked: Path[];
  /** Secrets by their names; an empty string for names that the spec uses itself. */
  readonly names: Map<string, string>;
  /**
   * Reserves the names in the spec. Few specs contain a literal secret, so the text is searched only when the first one
   * is found.
   */
  readonly reserveUsed: () => void;
}

/**
 * Copies the parts that describe requests, in which secrets are replaced. Does not copy schemas, which are most of a
 * large spec.
 */
function copyRequests(spec: JsonValue): JsonValue {
  if (!isObject(spec)) return copy(spec);
  return mapObject(spec, (value, key) => {
    if (key === "schemas") return value;
    if (key !== "resources" && key !== "resource_defaults") return copy(value);
    return Array.isArray(value) ? value.map(copyEndpoint) : copyEndpoint(value);
  });
}

function copyEndpoint(resource: JsonValue): JsonValue {
  return isObject(resource)
    ? mapObject(resource, (value, key) => (key === "endpoint" ? copy(value) : value))
    : resource;
}

function mapObject(object: JsonObject, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** A value that may be or contain a secret, and the resource or scheme that owns it. */
interface OwnedValue {
  readonly value: unknown;
  readonly owner: string;
}

/** Searches the client or an endpoint. */
function visitEndpoint(path: Path, owner: string, extraction: Extraction): void {
  const endpoint = valueAt(extraction.value, path);
  if (typeof endpoint === "string") visitUrl(path, extraction);
  visitUrl([...path, "path"], extraction);
  visitBaseUrl([...path, "base_url"], extraction);
  visitAuth([...path, "auth"], owner, extraction);
  for (const [name, value] of entries(own(endpoint, "headers"))) {
    if (!secretHeader.test(name.toLowerCase())) continue;
    extractHeader([...path, "headers", name], { value, owner }, extraction);
  }
  for (const [name, value] of entries(own(endpoint, "params"))) {
    if (!isSecretParam(name, value)) continue;
    extract([...path, "params", name], { text: value, name, owner }, extraction);
  }
  for (const keys of [["next"], ["export_job", "create"], ["export_job", "poll"]])
    if (isObject(keys.reduce(own, endpoint))) visitEndpoint([...path, ...keys], owner, extraction);
  // In a raw body, a placeholder would be literal text.
  const isRaw = own(endpoint, "raw") === true;
  for (const key of isRaw ? [] : ["json", "data"]) {
    visitObject([...path, key], { value: own(endpoint, key), owner }, extraction);
  }
}

/** Searches the query of a URL. */
function visitUrl(path: Path, extraction: Extraction): void {
  const text = valueAt(extraction.value, path);
  if (typeof text !== "string") return;
  for (const match of text.matchAll(/[?&]([^=&#?]*)=([^&#]*)/g)) {
    const [whole, name = "", secret = ""] = match;
    if (!isSecretParam(name, secret)) continue;
    const offset = match.index + whole.length - secret.length;
    extract(path, { text: secret, name, owner: "", range: { offset, length: secret.length } }, extraction);
  }
}

function visitBaseUrl(path: Path, extraction: Extraction): void {
  const text = valueAt(extraction.value, path);
  // Credentials in a base URL are reported elsewhere; here they are only masked.
  if (typeof text === "string" && text.includes("@")) extraction.masked.push(path);
  visitUrl(path, extraction);
}

function visitAuth(path: Path, owner: string, extraction: Extraction): void {
  const auth = valueAt(extraction.value, path);
  if (typeof auth === "string") {
    const words = [...kindsOf("auth").map((kind) => kind.type), ...shorthandsOf("auth")];
    // An unknown word may be the token itself.
    const isWord = nearest(auth, words) !== undefined || words.some((word) => word.includes(auth));
    if (!isWord) replace(path, mask, extraction);
    return;
  }
  const kind = readKind("auth", auth)?.kind;
  const rows = kind ? rowsOf(kind) : [];
  const given = rows.filter(({ key }) => isObject(auth) && Object.hasOwn(auth, key)).map(({ name }) => name);
  for (const { name, main, option } of rows) {
    if (isImplied(option) && !given.includes(name)) reserve(main, extraction);
  }
  for (const [key, value] of entries(auth)) {
    const row = rows.find((known) => known.key === key);
    if (key !== "type") visitOption([...path, key], { row, value, owner }, extraction);
  }
}

function visitOption(
  path: Path,
  { row, value, owner }: OwnedValue & { readonly row: Row | undefined },
  extraction: Extraction,
): void {
  const type = row?.option.type;
  if (row?.main === "password" && isDummy(value)) return;
  if (type === "secret" && typeof value === "string")
    extract(path, { text: value, name: row?.main ?? "", owner }, extraction);
  else if (type === "object" && isObject(value)) visitObject(path, { value, owner }, extraction);
  else if (type === "kinds" && isObject(value))
    for (const [name] of entries(value)) visitAuth([...path, name], name, extraction);
  // A value under an unknown key or of a wrong type may be a secret.
  else if (!row || type === "secret" || type === "object" || type === "kinds")
    hideValues(path, value, extraction);
}

/** Searches an object at any depth, by the names of its fields and headers. */
function visitObject(path: Path, { value, owner }: OwnedValue, extraction: Extraction): void {
  const items = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : entries(value);
  const [first, second] = listOf(value);
  // A form may be a list of pairs.
  if (typeof first === "string" && isSecretParam(first, second))
    extract([...path, 1], { text: second, name: first, owner }, extraction);
  for (const [key, item] of items) {
    const itemPath = [...path, key];
    const name = String(key);
    if (typeof item === "object") visitObject(itemPath, { value: item, owner }, extraction);
    else if (path.at(-1) === "headers" && secretHeader.test(name.toLowerCase()))
      extractHeader(itemPath, { value: item, owner }, extraction);
    else if (isSecretParam(name, item)) extract(itemPath, { text: item, name, owner }, extraction);
  }
}

function extractHeader(path: Path, { value, owner }: OwnedValue, extraction: Extraction): void {
  if (typeof value !== "string") return;
  const header = String(path.at(-1));
  // The scheme is not secret and stays in the header: `Bearer {secrets.token}`.
  const scheme = /^(?:Bearer|Basic|Token|ApiKey|Digest) +/i.exec(value)?.[0] ?? "";
  const name = /^authorization$/i.test(header) ? "token" : header;
  const text = value.slice(scheme.length);
  extract(path, { text, name, owner, range: { offset: scheme.length, length: text.length } }, extraction);
}

function extract(
  path: Path,
  found: { text: unknown; name: string; owner: string; range?: Span },
  extraction: Extraction,
): void {
  const { text, range } = found;
  if (typeof text !== "string" || text === "" || holdsSecret(text) || holdsValue(text)) return;
  // `{{secrets.token}}` has a diagnostic of its own.
  if (doubledPlaceholders(text)[0]?.length === text.length) return;
  const name = nameFor(found, text, extraction);
  const placeholder = quote(`{secrets.${name}}`);
  const what = `${describe(extraction.value, path)} holds a literal secret`;
  const problem = { code: "literal-secret", path, ...(range && { text: range }) };
  if (extraction.mode === "error") {
    const message = `${what}: write ${placeholder} and pass the value to the generated factory, or use --literal-secrets extract`;
    extraction.problems.push({ ...problem, message });
  } else {
    const message = `${what}, replaced by ${placeholder}: pass the value to the generated factory and remove it from the spec`;
    extraction.problems.push({ ...problem, message, severity: "warning" });
  }
  const whole = String(valueAt(extraction.value, path));
  const { offset, length } = range ?? { offset: 0, length: whole.length };
  const template = `${whole.slice(0, offset)}{secrets.${name}}${whole.slice(offset + length)}`;
  extraction.secrets.add(text);
  replace(path, template, extraction);
}

/** Reserves a name that the spec uses itself. */
function reserve(name: string, { names }: Extraction): void {
  names.set(name, "");
}

/** Chooses the name of a secret: different secrets have different names, with their owner or a number. */
function nameFor(
  { name, owner }: { readonly name: string; readonly owner: string },
  secret: string,
  { names, reserveUsed }: Extraction,
): string {
  reserveUsed();
  const plain = toName(name);
  const candidates = [plain, toName(`${owner}_${plain}`)];
  for (let number = 2; ; number += 1) {
    const candidate = candidates.shift() ?? `${plain}_${number}`;
    if ((names.get(candidate) ?? secret) !== secret) continue;
    names.set(candidate, secret);
    return candidate;
  }
}

/** Hides every value under a key that no auth scheme has: a misspelt `token` holds a token. */
function hideValues(path: Path, value: unknown, extraction: Extraction): void {
  listOf(value).forEach((item, index) => hideValues([...path, index], item, extraction));
  for (const [key, item] of entries(value)) hideValues([...path, key], item, extraction);
  if (typeof value === "string" && !holdsSecret(value)) replace(path, mask, extraction);
  if (typeof value === "number") replace(path, 0, extraction);
}

function replace(path: Path, value: JsonValue, extraction: Extraction): void {
  extraction.masked.push(path);
  const holder = valueAt(extraction.value, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder !== "object" || holder === null || key === undefined) return;
  // Assignment to `__proto__` would change the prototype.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Masks secrets in a text, keeping its length: the given spans, and every other occurrence of the secrets. */
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
  // A secret may occur again, as behind a YAML anchor. Short secrets are skipped: they would mask unrelated text.
  const long = secrets.filter((secret) => secret.length >= 6).slice(0, 100);
  return long.reduce((all, secret) => all.replaceAll(secret, hide), masked);
}

/** Masks the values of keys that hold secrets, line by line, in texts that cannot be parsed. */
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
  // A misspelt or unclosed placeholder is not a literal secret: it is reported as a placeholder.
  return referencesOf(text, "secrets").length > 0 || /(?<!\{)\{\s*secrets?\b/.test(text);
}

/** Whether a text takes its value from an option, a parent's record or a partition. */
function holdsValue(text: string): boolean {
  return /(?<!\{)\{(?:config|resources|partitions|incremental)\.[^{}]+\}/.test(text);
}

/**
 * Whether a password is not secret. APIs whose key is the user name accept any password; their documentation says `X`, or
 * nothing.
 */
function isDummy(password: unknown): boolean {
  return (
    typeof password === "string" &&
    /^(?:.{0,3}|none|any|unused|dummy|any(?:thing|string)|api_token|x-oauth-basic)$/i.test(password)
  );
}

function isSecretParam(name: string, value: unknown): value is string {
  if (typeof value !== "string") return false;
  const plain = name.toLowerCase().replaceAll("_", "-");
  if (secretParam.test(plain)) return true;
  return ambiguousParam.test(plain) && /^(?=.*\d)(?=.*[a-z])[\w.~+/=-]{16,}$/i.test(value);
}

/** Converts a text to the name of a secret, in snake_case. */
function toName(text: string): string {
  const name = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  const trimmed = name.replace(/^_/, "").replace(/_$/, "");
  return /^[a-z]/.test(trimmed) ? trimmed : `secret_${trimmed}`;
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}
