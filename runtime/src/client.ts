import type { Source } from "./descriptor.js";
import { AuthError, ConnectorError, Fault } from "./errors.js";
import type { ClientOptions } from "./options.js";
import { platform } from "./platform.js";
import { createRedactor, type Redactor } from "./redact.js";
import { expand, type Lookup } from "./template.js";
import { fetchTransport, type Transport } from "./transport.js";

/** What all reads of one client share. */
export interface Client {
  readonly source: Source;
  readonly options: ClientOptions;
  readonly transport: Transport;
  readonly redactor: Redactor;
  /** Values of `secrets.x` and `config.x`; every secret becomes known to the redactor on the way. */
  readonly lookup: Lookup;
  /** The base URL with its config values. */
  readonly baseUrl: () => Promise<string>;
  /** Whether a URL is of the base URL's origin or of an allowed one: only these are sent secrets. */
  readonly isTrusted: (url: string) => Promise<boolean>;
}

/** Puts a client together; asks nothing of the network. */
export function createClient(source: Source, options: ClientOptions): Client {
  const redactor = createRedactor();
  const lookup = createLookup(source, options, redactor);
  const baseUrl = async (): Promise<string> => options.baseUrl ?? (await expand(source.baseUrl, lookup));
  return {
    source,
    options,
    transport: options.transport ?? fetchTransport(options.fetch),
    redactor,
    lookup,
    baseUrl,
    isTrusted: async (url) => {
      const allowed = [await baseUrl(), ...(options.allowedOrigins ?? [])].map(originOf);
      return allowed.includes(originOf(url));
    },
  };
}

/** The origin of an absolute URL. Its text stays out of the error: it may hold anything. */
export function originOf(url: string): string {
  try {
    return new platform.URL(url).origin;
  } catch {
    throw new Fault(ConnectorError, "INVALID_OPTIONS", "`baseUrl` or an allowed origin is no absolute URL");
  }
}

function createLookup(source: Source, options: ClientOptions, redactor: Redactor): Lookup {
  const given = options as Readonly<Record<string, unknown>>;
  return async (name) => {
    const dot = name.indexOf(".");
    const key = name.slice(dot + 1);
    if (name.startsWith("config.")) return readConfig(source.config?.[key] ?? key, given);
    const { option = key, env = key } = source.secrets?.[key] ?? {};
    const value = await call(option, given[option]);
    const secret = (typeof value === "string" && value) || platform.process?.env?.[env];
    if (secret) {
      redactor.add(secret);
      return secret;
    }
    throw new Fault(
      AuthError,
      "MISSING_SECRET",
      `secret \`${key}\` is missing: pass \`${option}\` or set ${env}`,
    );
  };
}

async function call(option: string, value: unknown): Promise<unknown> {
  if (typeof value !== "function") return value;
  try {
    return await (value as () => unknown)();
  } catch (cause) {
    throw new Fault(AuthError, "MISSING_SECRET", `the function \`${option}\` failed`, { cause });
  }
}

function readConfig(option: string, given: Readonly<Record<string, unknown>>): string {
  const value = given[option];
  if (typeof value === "string" && value) return value;
  throw new Fault(ConnectorError, "INVALID_OPTIONS", `option \`${option}\` is missing`);
}
