import type { Source } from "../descriptor.js";
import { AuthError, ConnectorError, ReadFailure } from "../errors.js";
import { fetchTransport } from "../http/fetch-transport.js";
import type { OriginState } from "../http/origin-state.js";
import type { Transport } from "../http/transport.js";
import { originOf } from "../http/url.js";
import type { JsonValue } from "../json.js";
import { platform } from "../platform.js";
import type { ClientOptions } from "./options.js";
import { addHeaders, createRedactor, type Redactor } from "./redact.js";
import { expand, type Lookup } from "./template.js";

/** The state that all reads of one client share. */
export interface Client {
  readonly source: Source;
  readonly options: ClientOptions;
  readonly transport: Transport;
  /** The transport with the cookies of the client; absent if it keeps none. */
  readonly withCookies?: Pick<Transport, "send"> | undefined;
  readonly redactor: Redactor;
  /** The state of each origin, which all reads share. */
  readonly origins: Map<string, OriginState>;
  /** Returns the value of `secrets.x` or `config.x`. Adds every secret to the redactor. */
  readonly lookup: Lookup;
  /** Returns an option of the factory by its name or its placeholder. */
  readonly option: (name: string) => unknown;
  /** Returns the base URL with its config values. */
  readonly baseUrl: () => Promise<string>;
  /** Whether a URL has the origin of the base URL or an allowed one. Only these origins receive secrets. */
  readonly isTrusted: (url: string) => Promise<boolean>;
}

/** Creates a client from checked options. Sends no request. */
export function createClient(source: Source, options: ClientOptions): Client {
  if (options.denyPrivate && !options.transport?.deniesPrivate) {
    const message = "`denyPrivate` needs Node's transport: omit `fetch` and `transport`";
    throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
  }
  const redactor = createRedactor();
  // A plug-in can fail, and repeat a secret, before the first request needs the secret.
  for (const [name, { option, env }] of Object.entries(source.options ?? {})) {
    const value = optionsByName(options)[option] || readEnv(env);
    if (env && typeof value === "string") redactor.add(value, { name, isGiven: true });
  }
  addHeaders(redactor, options.headers, { isGiven: true });
  const lookup = createLookup(source, options, redactor);
  const baseUrl = async (): Promise<string> => {
    const url = options.baseUrl ?? (await expand(source.baseUrl, lookup));
    requireOrigin(url);
    return url;
  };
  let allowed: readonly string[] | undefined;
  const transport = options.transport ?? fetchTransport(options.fetch);
  return {
    source,
    options,
    transport,
    withCookies: source.cookies?.over(transport, redactor),
    redactor,
    origins: new Map(),
    lookup,
    option: (name) => optionsByName(options)[source.options?.[name]?.option ?? name],
    baseUrl,
    isTrusted: async (url) => {
      const base = originOf(await baseUrl());
      allowed ??= (options.allowedOrigins ?? []).map(requireOrigin);
      const origin = requireOrigin(url);
      return origin === base || allowed.includes(origin);
    },
  };
}

function requireOrigin(url: string): string {
  const origin = originOf(url);
  if (origin) return origin;
  const message = "`baseUrl` and `allowedOrigins` must be URLs such as https://api.example.com";
  throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
}

function optionsByName(options: ClientOptions): Readonly<Record<string, unknown>> {
  return options as Readonly<Record<string, unknown>>;
}

/** Reads an environment variable. Deno throws if the program may not read it. */
function readEnv(name = ""): string | undefined {
  try {
    return platform.process?.env?.[name];
  } catch {
    return undefined;
  }
}

/** Creates the lookup of placeholders: in the options and, for secrets, in the environment. */
function createLookup(source: Source, options: ClientOptions, redactor: Redactor): Lookup {
  return async (name): Promise<JsonValue> => {
    const { option, env } = source.options?.[name] ?? { option: name };
    const given = optionsByName(options)[option];
    let value: unknown;
    let cause: unknown;
    try {
      value = typeof given === "function" ? await (given as () => unknown)() : given;
      value ||= readEnv(env);
    } catch (error) {
      cause = error;
    }
    if (typeof value !== "string" || !value) {
      const factory = source.factory ?? "the factory";
      const how = `pass { ${option} } to ${factory}${env ? ` or set ${env}` : ""}`;
      const problem = cause ? "failed" : value ? "must be a text" : "has no value";
      const what = `${cause ? "the function " : ""}\`${option}\` ${problem}`;
      const code = env ? "MISSING_SECRET" : "INVALID_OPTIONS";
      throw new ReadFailure(env ? AuthError : ConnectorError, code, `${what}: ${how}`, { cause });
    }
    if (env) redactor.add(value, { name, isGiven: value === given });
    return value;
  };
}
