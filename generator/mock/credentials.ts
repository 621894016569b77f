import type { IncomingHttpHeaders } from "node:http";
import type { CallIr, JsonIr } from "../ir/source-ir.js";
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
}

type Options = CallIr["options"];

/** How a scheme sends what, as seen by the server. */
interface Scheme {
  readonly where: (options: Options) => string;
  /** The credential in the request, in the form that `template` has once its secrets are put in. */
  readonly find: (places: CredentialPlaces, options: Options) => string | undefined;
  readonly template: (options: Options) => string;
  readonly challenge?: string;
}

/** The schemes by the spec's word; a new auth kind is one more entry. */
const schemes: Readonly<Record<string, Scheme>> = {
  api_key: {
    where: (options) => `${location(options)} "${text(options["name"], "Authorization")}"`,
    find: (places, options) => findKey(places, location(options), text(options["name"], "Authorization")),
    template: (options) => text(options["apiKey"], "{secrets.api_key}"),
  },
  bearer: {
    where: () => `header "Authorization: Bearer …"`,
    find: ({ headers }) => afterScheme("bearer", headers),
    template: (options) => text(options["token"], "{secrets.token}"),
    challenge: "Bearer",
  },
  http_basic: {
    where: () => `header "Authorization: Basic …"`,
    find: ({ headers }) => fromBase64(afterScheme("basic", headers)),
    template: (options) =>
      `${text(options["username"], "{secrets.username}")}:${text(options["password"], "{secrets.password}")}`,
    challenge: 'Basic realm="mock", charset="UTF-8"',
  },
};

/** Compiles an auth scheme; any value will do, unless the secrets say which one. Throws for an unknown kind. */
export function compileCredentials(auth: CallIr | null | undefined, secrets: Secrets): CredentialCheck {
  if (!auth) return { problem: () => undefined };
  const scheme = Object.hasOwn(schemes, auth.type) ? schemes[auth.type] : undefined;
  if (!scheme) throw new Error(`the mock server does not know the auth kind "${auth.type}"`);
  const { options } = auth;
  const template = scheme.template(options);
  const known = new Map(Object.entries(secrets).map(([name, value]) => [`secrets.${name}`, value]));
  const expected = fillTemplate(template, (name) => known.get(name));
  // What is left of the template when every secret is empty.
  const blank = fillTemplate(template, () => "");
  const isInQuery = auth.type === "api_key" && location(options) === "query";
  return {
    problem: (places) => {
      const found = scheme.find(places, options)?.trim();
      if (!found || found === blank?.trim()) return `missing credentials: ${scheme.where(options)}`;
      return expected === undefined || found === expected
        ? undefined
        : `wrong credentials: ${scheme.where(options)}`;
    },
    ...(scheme.challenge && { challenge: scheme.challenge }),
    ...(isInQuery && { secretParam: text(options["name"], "Authorization") }),
  };
}

function text(option: JsonIr | undefined, byDefault: string): string {
  return typeof option === "string" ? option : byDefault;
}

function location(options: Options): string {
  const given = text(options["location"], "header");
  return given === "param" ? "query" : given;
}

function findKey({ headers, query }: CredentialPlaces, place: string, name: string): string | undefined {
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
