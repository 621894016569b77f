import type { IncomingHttpHeaders } from "node:http";
import { isSelector, type CallIr, type JsonIr, type KindIr, type OptionIr } from "../ir/source-ir.js";
import { compileEnvelope } from "./envelope.js";
import { fillTemplate } from "./template.js";

/** The values that the mock expects, by the name in `{secrets.name}`. */
export type Secrets = Readonly<Record<string, string>>;

/** Where credentials may stand in a request. */
export interface CredentialPlaces {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

/** Checks the credentials of requests to one resource. */
export interface CredentialCheck {
  /** What is wrong with a request's credentials, without repeating them. */
  readonly problem: (places: CredentialPlaces) => string | undefined;
  /** The `WWW-Authenticate` of a refusal. */
  readonly challenge?: string;
  /** The query parameter that carries a secret. */
  readonly secretParam?: string;
  /** What clients ask for before anything else, where that is below the base URL: a token. */
  readonly token?: TokenEndpoint;
}

/** Where tokens are asked for, and what the answer is. */
export interface TokenEndpoint {
  /** A template, relative to the base URL. */
  readonly path: string;
  readonly reply: JsonIr;
}

type Options = CallIr["options"];

/** A scheme with its options. */
type Auth = Pick<KindIr, "type" | "options" | "calls">;

/** How a scheme sends what, as seen by the server. */
interface Scheme {
  readonly where: (options: Options) => string;
  /** The credential in the request, in the form that `template` has once its secrets are put in. */
  readonly find: (places: CredentialPlaces, options: Options) => string | undefined;
  /** Left out, any credential will do: it is a token, which the secrets do not tell. */
  readonly template?: (options: Options) => string;
  readonly challenge?: string;
  /** The option that says where tokens are asked for. */
  readonly tokenUrl?: string;
}

const bearer = {
  where: () => `header "Authorization: Bearer …"`,
  find: ({ headers }: CredentialPlaces) => afterScheme("bearer", headers),
  challenge: "Bearer",
};

/** The schemes by the spec's word; a new auth kind is one more entry, unless any request will do. */
const schemes: Readonly<Record<string, Scheme>> = {
  api_key: {
    where: keyPlace,
    find: findKey,
    template: (options) => text(options["prefix"], "") + text(options["apiKey"], "{secrets.api_key}"),
  },
  bearer: { ...bearer, template: (options) => text(options["token"], "{secrets.token}") },
  http_basic: {
    where: () => `header "Authorization: Basic …"`,
    find: ({ headers }) => fromBase64(afterScheme("basic", headers)),
    template: (options) =>
      `${text(options["username"], "{secrets.username}")}:${text(options["password"], "{secrets.password}")}`,
    challenge: 'Basic realm="mock", charset="UTF-8"',
  },
  jwt: { ...bearer, tokenUrl: "tokenUrl" },
  oauth2_client_credentials: { ...bearer, tokenUrl: "accessTokenUrl" },
  oauth2_refresh_token: { ...bearer, tokenUrl: "tokenUrl" },
  session_token: { where: keyPlace, find: findKey, tokenUrl: "loginUrl" },
};

/** Compiles an auth scheme; any value will do, unless the secrets say which one. Throws for an unknown kind. */
export function compileCredentials(auth: Auth | null | undefined, secrets: Secrets): CredentialCheck {
  // What a function sends is not known, and what stands in a body is not looked at.
  const isUnknown = auth?.type === "custom" || auth?.options["location"] === "body";
  if (!auth || isUnknown) return { problem: () => undefined };
  if (auth.type === "one_of") return compileChoice(auth, secrets);
  const scheme = Object.hasOwn(schemes, auth.type) ? schemes[auth.type] : undefined;
  if (!scheme) throw new Error(`the mock server does not know the auth kind "${auth.type}"`);
  const { options } = auth;
  const template = scheme.template?.(options) ?? "{token}";
  const known = new Map(Object.entries(secrets).map(([name, value]) => [`secrets.${name}`, value]));
  const expected = fillTemplate(template, (name) => known.get(name));
  // What is left of the template when every secret is empty.
  const blank = fillTemplate(template, () => "");
  const token = compileToken(scheme, options);
  return {
    problem: (places) => {
      const found = scheme.find(places, options)?.trim();
      if (!found || found === blank?.trim()) return `missing credentials: ${scheme.where(options)}`;
      return expected === undefined || found === expected
        ? undefined
        : `wrong credentials: ${scheme.where(options)}`;
    },
    ...(scheme.challenge && { challenge: scheme.challenge }),
    ...(scheme.find === findKey && location(options) === "query" && { secretParam: nameOf(options) }),
    ...(token && { token }),
  };
}

/** Any of several schemes will do. */
function compileChoice({ calls = {} }: Auth, secrets: Secrets): CredentialCheck {
  const checks = Object.values(calls).map((call) => compileCredentials(call, secrets));
  const merged = checks.reduceRight<Partial<CredentialCheck>>((all, check) => ({ ...all, ...check }), {});
  return {
    ...merged,
    problem: (places) => {
      const problems = checks.map(({ problem }) => problem(places));
      if (problems.includes(undefined)) return undefined;
      return problems.find((each) => each?.startsWith("wrong")) ?? problems[0] ?? "missing credentials";
    },
  };
}

/** A URL of its own is another server's. */
function compileToken({ tokenUrl }: Scheme, options: Options): TokenEndpoint | undefined {
  const path = tokenUrl === undefined ? undefined : options[tokenUrl];
  if (typeof path !== "string" || /^(?:https?:|\{)/i.test(path)) return undefined;
  const token = "mock-token";
  const selector = options["tokenPath"];
  if (!isSelector(selector))
    return { path, reply: { access_token: token, token_type: "bearer", expires_in: 3600 } };
  return { path, reply: compileEnvelope(["user"])([], [{ path: selector.selector, value: token }]) };
}

function text(option: OptionIr | undefined, byDefault: string): string {
  return typeof option === "string" ? option : byDefault;
}

function location(options: Options): string {
  const given = text(options["location"], "header");
  return given === "param" ? "query" : given;
}

function nameOf(options: Options): string {
  return text(options["name"], "Authorization");
}

function keyPlace(options: Options): string {
  return `${location(options)} "${nameOf(options)}"`;
}

function findKey({ headers, query }: CredentialPlaces, options: Options): string | undefined {
  const place = location(options);
  const name = nameOf(options);
  if (place === "query") return query.get(name) ?? undefined;
  if (place === "cookie") return findCookie(headers.cookie ?? "", name);
  const found = headers[name.toLowerCase()];
  return typeof found === "string" ? found : found?.[0];
}

function findCookie(header: string, name: string): string | undefined {
  const pairs = header.split(";").map((pair) => pair.trim().split("="));
  const found = pairs.find(([key]) => key === name);
  return found && decodeCookie(found.slice(1).join("="));
}

/** Cookie values are opaque (RFC 6265); clients that percent-encode them are understood all the same. */
function decodeCookie(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The credentials after the scheme's name, which is case-insensitive (RFC 9110 §11.1). */
function afterScheme(scheme: string, { authorization = "" }: IncomingHttpHeaders): string | undefined {
  const [name = "", ...rest] = authorization.split(" ");
  return name.toLowerCase() === scheme ? rest.join(" ") : undefined;
}

function fromBase64(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}
