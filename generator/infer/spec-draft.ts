import { wordsOf } from "@connector-gen/runtime/kinds";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { isObject } from "../spec/values.js";
import { parseBody, type RequestSample } from "./request-sample.js";

/** The parts of a spec that follow from a request. Secrets are placeholders. */
export interface SpecDraft {
  readonly baseUrl: string;
  readonly auth?: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  readonly resource: { readonly name: string; readonly endpoint: JsonObject & { readonly path: string } };
  /** Values of the secrets by name, as in `{secrets.name}`. Never written. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Headers that are never secret, such as the operation of AWS or SOAP. Any other header becomes a secret. */
const publicHeader =
  /^(accept|accept-language|user-agent|prefer|[\w-]*version|x-amz-target|soapaction|consistencylevel|x-requested-with|x-goog-fieldmask|time-?zone)$/i;
/** Headers that belong to one connection, to a browser, or to the body. */
const droppedHeader =
  /^(host|connection|accept-encoding|content-length|content-type|origin|referer|pragma|cache-control|te|dnt|priority|upgrade-insecure-requests|sec-.*|if-.*|:.*)$/i;

/** Names of parameters, in words, that carry credentials. */
const secretWords =
  /(^| )(api key|apikey|key|token|secret|password|passwd|pwd|signature|sig|auth|credential|session|jwt|access token|client secret|pass)( |$)/;
/** Names of parameters, in words, that are credentials only beside one of those above: `?user=me` alone is a filter. */
const companionWords = /(^| )(app ?id|user)( |$)/;
/** Names of parameters, in words, that select a page. The paginator sets these parameters. */
const pageWords =
  /^(page|page number|p|offset|skip|start|start index|cursor|page token|next page token|starting after|ending before|after|continuation token|bookmark|scroll id)$/;

/** Names of parameters, in words, that set the page size. */
const sizeWords = /^(limit|count|size|rows|take|top|max results|per page|page size)$/;

/** Drafts a spec from a request. Replaces secrets by `{secrets.x}` and omits parameters that select a page. */
export function draftSpec({ method, url, headers, body }: RequestSample): SpecDraft {
  const secrets = new Map<string, string>();
  const auth = createCredentials(secrets);
  if (url.username !== "" || url.password !== "")
    auth.basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
  const kept = new Map<string, string>();
  for (const [name, value] of headers) {
    if (droppedHeader.test(name)) continue;
    if (publicHeader.test(name) && !value.includes("{secrets.")) kept.set(name, escapeBraces(value));
    else if (!auth.header(name, value)) kept.set(name, auth.keep(name, value));
  }
  const params = new Map<string, JsonValue>();
  const given = [...url.searchParams];
  const hasSecret = given.some((pair) => isSecretParam(...pair));
  const hasSize = given.some(([name]) => sizeWords.test(wordsOf(name)));
  for (const [name, value] of given) {
    // An API that gets a page size may also require the offset 0.
    if (selectsPage(name, value) && !(value === "0" && hasSize)) continue;
    const isHalf = hasSecret && companionWords.test(wordsOf(name));
    if (!isSecretParam(name, value) && !isHalf) params.set(name, toParam(value));
    else if (!auth.query(name, value)) params.set(name, auth.keep(name, value));
  }
  const parsed = body === undefined ? undefined : parseBody(body);
  const path = decodePath(url.pathname);
  const isRaw = parsed?.key === "json" && hasOnlyLiteralBraces(parsed.value);
  const endpoint = {
    path,
    ...(method !== "GET" && { method }),
    ...(params.size > 0 && { params: Object.fromEntries(params) }),
    ...(parsed && { [parsed.key]: withoutSecrets(parsed.value, { auth, isRaw }) }),
    ...(isRaw && { raw: true }),
  };
  const draft = {
    baseUrl: url.origin,
    headers: Object.fromEntries(kept),
    resource: { name: nameOfQuery(parsed?.value) ?? nameResource(path), endpoint },
  };
  const block = auth.block();
  return { ...draft, ...(block && { auth: block }), secrets: Object.fromEntries(secrets) };
}

/**
 * Collects the credentials of a request: the first becomes the auth scheme, the others become placeholders where they
 * are.
 */
interface Credentials {
  readonly basic: (username: string, password: string) => void;
  /** Returns whether the header became the auth scheme. */
  readonly header: (name: string, value: string) => boolean;
  readonly query: (name: string, value: string) => boolean;
  /** Returns a placeholder for a secret. */
  readonly keep: (name: string, value: string) => string;
  readonly block: () => JsonObject | undefined;
}

function createCredentials(secrets: Map<string, string>): Credentials {
  let block: JsonObject | undefined;
  const keep = (name: string, value: string): string => {
    // The user wrote a placeholder; its value comes from the environment.
    if (/^\{secrets\.\w+\}$/.test(value)) return value;
    const wish =
      wordsOf(name)
        .replaceAll(" ", "_")
        .replaceAll(/[^a-z0-9_]/g, "") || "secret";
    let unique = /^\d/.test(wish) ? `secret_${wish}` : wish;
    for (let n = 2; secrets.has(unique); n++) unique = `${wish}_${n}`;
    secrets.set(unique, value);
    return `{secrets.${unique}}`;
  };
  const basic = (username: string, password: string): void => {
    // Many APIs take a key as the user name, with an empty password.
    block = {
      type: "http_basic",
      username: username && keep(password === "" ? "api_key" : "username", username),
      password: password && keep("password", password),
    };
  };
  const apiKey = (name: string, value: string, location: string): boolean => {
    if (block) return false;
    block = { type: "api_key", name, api_key: keep("api_key", value), location };
    return true;
  };
  return {
    basic,
    keep,
    block: () => block,
    query: (name, value) => apiKey(name, value, "query"),
    header: (name, value) => {
      if (block || name.toLowerCase() !== "authorization") return apiKey(name, value, "header");
      const [, scheme = "", rest = ""] = /^(bearer|basic)\s+(\S.*)$/i.exec(value) ?? [];
      const [user, ...password] = scheme.toLowerCase() === "basic" ? decodeBase64(rest).split(":") : [];
      if (scheme.toLowerCase() === "bearer") block = { type: "bearer", token: keep("token", rest) };
      else if (user !== undefined && password.length > 0) basic(user, password.join(":"));
      else return apiKey(name, value, "header");
      return true;
    },
  };
}

function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

/** Whether a parameter selects a page. A date after `after` is a filter, and `*` asks for the first cursor. */
function selectsPage(name: string, value: string): boolean {
  return pageWords.test(wordsOf(name)) && value !== "*" && !/^\d{4}-\d\d/.test(value);
}

/** Whether a parameter is a secret: by its name, or because its value looks generated. */
function isSecretParam(name: string, value: string): boolean {
  return secretWords.test(wordsOf(name)) || isGenerated(value);
}

function isGenerated(value: string): boolean {
  return value.length >= 20 && /\d/.test(value) && /[A-Za-z]/.test(value) && /^[\w.~+/=-]+$/.test(value);
}

/** How the values of a body are written. */
interface BodyStyle {
  readonly auth: Credentials;
  /** Whether braces are literal. */
  readonly isRaw: boolean;
}

function withoutSecrets(value: JsonValue, style: BodyStyle): JsonValue {
  const { auth, isRaw } = style;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => withoutSecrets(item, style));
  if (typeof value === "string") {
    if (isGenerated(value)) return auth.keep("body_secret", value);
    return isRaw ? value : escapeBraces(value);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]): readonly (readonly [string, JsonValue])[] => {
      if (typeof item !== "object" && selectsPage(name, String(item))) return [];
      const isSecret = typeof item === "string" && isSecretParam(name, item);
      return [[name, isSecret ? auth.keep(name, item) : withoutSecrets(item, style)]];
    }),
  );
}

/** Whether a body has braces, as in GraphQL, and no text that would be a placeholder even with `raw`. */
function hasOnlyLiteralBraces(value: JsonValue): boolean {
  const texts = textsIn(value);
  const isPlaceholder = (text: string): boolean => /^\{[^{}]*\}$/.test(text) && !text.startsWith("{secrets.");
  return texts.some((text) => /[{}].*[\s{}]/s.test(text)) && !texts.some(isPlaceholder);
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function toParam(value: string): JsonValue {
  if (/^\{(secrets|config|resources)\.[\w.]+\}$/.test(value)) return value;
  return /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : escapeBraces(value);
}

/** Escapes braces, which would start a placeholder. */
function escapeBraces(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

/** Decodes the path of a URL, in which `{id}` is written `%7Bid%7D`. */
function decodePath(path: string): string {
  return path.replaceAll(/%7B/gi, "{").replaceAll(/%7D/gi, "}");
}

/** Words that say what a request does, not what it returns. */
const verbs = /^(search|query|list|find|filter|lookup|export|all|get|fetch|scroll|graphql)$/;

/** Names a resource after the last noun in its path: `/contacts/search` and `/contacts.list` are `contacts`. */
function nameResource(path: string): string {
  const segments = path.split("/").filter((segment) => !segment.includes("{"));
  const words = segments.map(withoutVerb).filter(isName);
  return words.filter((word) => !verbs.test(word)).at(-1) ?? words.at(-1) ?? "records";
}

/** Writes a segment in snake case, without the extension of a file and without the verb of a method. */
function withoutVerb(segment: string): string {
  const [noun = "", suffix = "", ...others] = segment.split(".");
  const isOmitted =
    others.length === 0 && (verbs.test(suffix) || /^(json|xml|csv|jsonl|php|aspx?)$/.test(suffix));
  return wordsOf(isOmitted ? noun : segment).replaceAll(" ", "_");
}

function isName(word: string): boolean {
  const isId = /^[\da-f_]{8,}$/.test(word) && /\d/.test(word);
  return !isId && /^\p{L}[\p{L}\p{N}_]*$/u.test(word) && !/^(v\d+(_\d+)*|api|rest)$/.test(word);
}

/** Names the resource of a GraphQL query after the connection in it, or else after its first field. */
function nameOfQuery(body: JsonValue | undefined): string | undefined {
  const query = isObject(body) ? body["query"] : undefined;
  if (typeof query !== "string") return undefined;
  const selections = [...query.matchAll(/(\w+)\s*(?:\([^()]*\)\s*)?\{(?=([^{}]*))/g)];
  const connection = selections.find(([, , fields = ""]) => /\b(nodes|edges|pageInfo)\b/.test(fields));
  const field = connection?.[1] ?? /^[^{]*\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(query)?.[1];
  return field === undefined ? undefined : wordsOf(field).replaceAll(" ", "_");
}

/** Names a source after its host: `https://api.example.com` is `example`. */
export function nameSource({ hostname }: URL): string {
  if (/^[\d.]+$|^\[|^localhost$/.test(hostname)) return "api";
  const labels = hostname.split(".").filter((label) => !/^(api|www|rest|data|gateway)$/.test(label));
  const name = labels.length > 1 ? labels.at(-2) : labels[0];
  return name !== undefined && /^[\w-]+$/.test(name) ? name : "api";
}
