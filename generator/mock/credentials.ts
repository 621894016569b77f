import type { IncomingHttpHeaders } from "node:http";
import { isSelector, type JsonIr, type KindIr } from "../ir/source-ir.js";
import { compileEnvelope } from "./envelope.js";
import type { Secrets } from "./mock.js";
import { textOf } from "./page-slice.js";
import { fillTemplate } from "./template.js";

/** The parts of a request that may carry credentials. */
export interface CredentialParts {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

/** Checks the credentials of requests to one resource. */
export interface CredentialCheck {
  /** Returns the problem with a request's credentials, if there is one. The text does not repeat them. */
  readonly problem: (parts: CredentialParts) => string | undefined;
  /** `WWW-Authenticate` header of a 401 response. */
  readonly challenge?: string;
  /** Query parameter that carries a secret. */
  readonly secretParam?: string;
  /** Token endpoint, if it is below the base URL. */
  readonly token?: TokenEndpoint;
}

/** A token endpoint and the body of its responses. */
export interface TokenEndpoint {
  /** Path template, relative to the base URL. */
  readonly path: string;
  readonly body: JsonIr;
  readonly headers?: Readonly<Record<string, string>>;
}

type Options = KindIr["options"];

/** An auth block of the spec. */
type Auth = Pick<KindIr, "type" | "options" | "calls">;

/** An auth scheme on the server's side. */
interface Scheme {
  /** Describes the location of the credential, for messages. */
  readonly where: (options: Options) => string;
  /** Returns the credential in a request, in the form of `template` with its secrets filled in. */
  readonly find: (parts: CredentialParts, options: Options) => string | undefined;
  /** Template of the expected credential. Default: any credential, because it is a token. */
  readonly template?: (options: Options) => string;
  readonly challenge?: string;
  /** Name of the option with the URL of the token endpoint. */
  readonly tokenUrl?: string;
}

const bearer = {
  where: () => `header "Authorization: Bearer …"`,
  find: ({ headers }: CredentialParts) => afterScheme("bearer", headers),
  challenge: "Bearer",
};

/** Schemes by their type in the spec. */
const schemes: Readonly<Record<string, Scheme>> = {
  api_key: {
    where: keyLocation,
    find: findKey,
    template: (options) => textOf(options["prefix"], "") + textOf(options["apiKey"], "{secrets.api_key}"),
  },
  bearer: { ...bearer, template: (options) => textOf(options["token"], "{secrets.token}") },
  http_basic: {
    where: () => `header "Authorization: Basic …"`,
    find: ({ headers }) => fromBase64(afterScheme("basic", headers)),
    template: (options) =>
      `${textOf(options["username"], "{secrets.username}")}:${textOf(options["password"], "{secrets.password}")}`,
    challenge: 'Basic realm="mock", charset="UTF-8"',
  },
  jwt: { ...bearer, tokenUrl: "tokenUrl" },
  oauth2_client_credentials: { ...bearer, tokenUrl: "accessTokenUrl" },
  oauth2_refresh_token: { ...bearer, tokenUrl: "tokenUrl" },
  session_token: { where: keyLocation, find: findKey, tokenUrl: "loginUrl" },
};

/** Compiles an auth scheme. Accepts any value unless `secrets` has the expected one. Throws for an unknown type. */
export function compileCredentials(auth: Auth | null | undefined, secrets: Secrets): CredentialCheck {
  // Credentials from a function are unknown, and bodies are not checked.
  const isUnknown = auth?.type === "custom" || auth?.options["location"] === "body";
  if (!auth || isUnknown) return { problem: () => undefined };
  if (auth.type === "one_of") return compileChoice(auth, secrets);
  const scheme = Object.hasOwn(schemes, auth.type) ? schemes[auth.type] : undefined;
  if (!scheme) throw new Error(`the mock server does not support the auth type "${auth.type}"`);
  const { options } = auth;
  const template = scheme.template?.(options) ?? "{token}";
  const known = new Map(Object.entries(secrets).map(([name, value]) => [`secrets.${name}`, value]));
  const expected = fillTemplate(template, (name) => known.get(name));
  // A request with this value, the template with empty secrets, has no credentials.
  const blank = fillTemplate(template, () => "");
  const token = compileToken(scheme, options);
  return {
    problem: (parts) => {
      const found = scheme.find(parts, options)?.trim();
      if (!found || found === blank?.trim()) return `missing credentials: ${scheme.where(options)}`;
      return expected === undefined || found === expected
        ? undefined
        : `invalid credentials: ${scheme.where(options)}`;
    },
    ...(scheme.challenge && { challenge: scheme.challenge }),
    ...(scheme.find === findKey && location(options) === "query" && { secretParam: nameOf(options) }),
    ...(token && { token }),
  };
}

/** Compiles a choice of several schemes, any of which is accepted. */
function compileChoice({ calls = {} }: Auth, secrets: Secrets): CredentialCheck {
  const checks = Object.values(calls).map((call) => compileCredentials(call, secrets));
  const merged = checks.reduceRight<Partial<CredentialCheck>>((all, check) => ({ ...all, ...check }), {});
  return {
    ...merged,
    problem: (parts) => {
      const problems = checks.map(({ problem }) => problem(parts));
      if (problems.includes(undefined)) return undefined;
      return problems.find((each) => each?.startsWith("invalid")) ?? problems[0] ?? "missing credentials";
    },
  };
}

/** Compiles the token endpoint. An absolute URL belongs to another server. */
function compileToken({ tokenUrl }: Scheme, options: Options): TokenEndpoint | undefined {
  const path = tokenUrl === undefined ? undefined : options[tokenUrl];
  if (typeof path !== "string" || /^(?:https?:|\{)/i.test(path)) return undefined;
  const token = "mock-token";
  const { tokenPath: selector, tokenHeader, tokenCookie } = options;
  if (typeof tokenHeader === "string") return { path, body: {}, headers: { [tokenHeader]: token } };
  if (typeof tokenCookie === "string")
    return { path, body: {}, headers: { "Set-Cookie": `${tokenCookie}=${token}; Path=/; HttpOnly` } };
  if (!isSelector(selector))
    return { path, body: { access_token: token, token_type: "bearer", expires_in: 3600 } };
  return { path, body: compileEnvelope(["user"])([], [{ path: selector.selector, value: token }]) };
}

function location({ location: given, name, tokenCookie }: Options): string {
  const where = textOf(given, tokenCookie !== undefined && name === undefined ? "cookie" : "header");
  return where === "param" ? "query" : where;
}

function nameOf(options: Options): string {
  const { name, tokenCookie } = options;
  return textOf(
    name,
    location(options) === "cookie" ? textOf(tokenCookie, "Authorization") : "Authorization",
  );
}

function keyLocation(options: Options): string {
  return `${location(options)} "${nameOf(options)}"`;
}

function findKey({ headers, query }: CredentialParts, options: Options): string | undefined {
  const where = location(options);
  const name = nameOf(options);
  if (where === "query") return query.get(name) ?? undefined;
  if (where === "cookie") return findCookie(headers.cookie ?? "", name);
  const found = headers[name.toLowerCase()];
  return typeof found === "string" ? found : found?.[0];
}

function findCookie(header: string, name: string): string | undefined {
  const pairs = header.split(";").map((pair) => pair.trim().split("="));
  const found = pairs.find(([key]) => key === name);
  return found && decodeCookie(found.slice(1).join("="));
}

/** Decodes a cookie value. Values are opaque (RFC 6265), but some clients percent-encode them. */
function decodeCookie(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Returns the credentials after the scheme name, which is case-insensitive (RFC 9110 §11.1). */
function afterScheme(scheme: string, { authorization = "" }: IncomingHttpHeaders): string | undefined {
  const [name = "", ...rest] = authorization.split(" ");
  return name.toLowerCase() === scheme ? rest.join(" ") : undefined;
}

function fromBase64(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}
