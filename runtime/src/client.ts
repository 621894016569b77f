import type { Source } from "./descriptor.js";
import { Fault } from "./errors.js";
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
  /** Spent by retries, refilled by answers: a dead API is not asked pages times attempts. */
  readonly budget: { tokens: number };
}

/** Tokens that a client may spend on retries before answers refill them. */
export const retryBudget = 500;

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
    budget: { tokens: retryBudget },
  };
}

/** The origin of an absolute URL. Its text stays out of the error: it may hold anything. */
export function originOf(url: string): string {
  try {
    return new platform.URL(url).origin;
  } catch {
    throw new Fault(
      "ConnectorError",
      "INVALID_OPTIONS",
      "the base URL or an allowed origin is not an absolute URL",
    );
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
    const mend = `pass \`${option}\` in the client's options or set ${env}`;
    throw new Fault("AuthError", "MISSING_SECRET", `the secret \`${key}\` is missing: ${mend}`);
  };
}

async function call(option: string, value: unknown): Promise<unknown> {
  if (typeof value !== "function") return value;
  try {
    return await (value as () => unknown)();
  } catch (cause) {
    throw new Fault("AuthError", "MISSING_SECRET", `the function given as \`${option}\` failed`, { cause });
  }
}

function readConfig(option: string, given: Readonly<Record<string, unknown>>): string {
  const value = given[option];
  if (typeof value === "string" && value) return value;
  throw new Fault("ConnectorError", "INVALID_OPTIONS", `the option \`${option}\` is missing`);
}
