import type { Source } from "../descriptor.js";
import { AuthError, ConnectorError, Fault } from "../errors.js";
import type { ClientOptions } from "./options.js";
import { platform, type UrlLike } from "../platform.js";
import { createRedactor, type Redactor } from "./redact.js";
import { expand, type Lookup } from "./template.js";
import { fetchTransport, type Transport } from "../http/transport.js";

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
  const baseUrl = async (): Promise<string> => {
    const url = options.baseUrl ?? (await expand(source.baseUrl, lookup));
    originOf(url);
    return url;
  };
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

/** Parses a URL without a user name. The platform's own error repeats its input, which may hold anything. */
export function parseUrl(url: string, base?: string): UrlLike | undefined {
  try {
    const parsed = new platform.URL(url, base);
    return parsed.username || parsed.password ? undefined : parsed;
  } catch {
    return undefined;
  }
}

function originOf(url: string): string {
  const origin = parseUrl(url)?.origin;
  if (origin) return origin;
  throw new Fault(ConnectorError, "INVALID_OPTIONS", "`baseUrl` or an allowed origin cannot be used");
}

/** Finds the value of a placeholder in the options, that of a secret also in the environment. */
function createLookup(source: Source, options: ClientOptions, redactor: Redactor): Lookup {
  return async (name) => {
    const { option, env } = source.options?.[name] ?? { option: name };
    const given = (options as Readonly<Record<string, unknown>>)[option];
    let value: unknown;
    let cause: unknown;
    try {
      value = typeof given === "function" ? await (given as () => unknown)() : given;
      value ||= platform.process?.env?.[env ?? ""];
    } catch (error) {
      cause = error;
    }
    if (typeof value !== "string" || !value) {
      const message = `no value for \`${option}\`${env ? ` or ${env} in the environment` : ""}`;
      throw env
        ? new Fault(AuthError, "MISSING_SECRET", message, { cause })
        : new Fault(ConnectorError, "INVALID_OPTIONS", message);
    }
    if (env) redactor.add(value, name);
    return value;
  };
}
