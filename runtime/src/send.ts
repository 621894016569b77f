import type { Client } from "./client.js";
import { originOf } from "./client.js";
import { decodeJson } from "./decode.js";
import type { ResourceShape } from "./descriptor.js";
import { Fault } from "./errors.js";
import { platform, type FetchSignal } from "./platform.js";
import { redacted } from "./redact.js";
import { withCredentials, type Draft } from "./request.js";
import { isAmong, type RetryPolicy } from "./retry.js";
import { isQuotaUsedUp, readRetryAfter, type HeadersLike } from "./retry-after.js";
import { expand } from "./template.js";
import type { WireResponse } from "./transport.js";

/** A whole answer whose status does not count as an error. */
export interface Answer {
  readonly status: number;
  /** The decoded body; `undefined` with 204. */
  readonly body: unknown;
}

/** What sending needs to know besides the request. */
export interface Sending {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly policy: RetryPolicy;
  /** Aborted by the caller, or by the attempt's timeout. */
  readonly signal: FetchSignal;
}

const maxRedirects = 5;
const defaultBodyLimit = 2 ** 28;

/** Makes one attempt: request, redirects, whole body, decoding. Throws a `Fault` for anything but a usable answer. */
export async function send(sending: Sending, draft: Draft): Promise<Answer> {
  let target = draft;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const response = await sendOnce(sending, target);
    const location = response.headers.get("location");
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
    if (!isRedirect) return await readAnswer(sending, response);
    // The connection can only be used again once the body is read.
    await response.bytes(defaultBodyLimit).catch(() => undefined);
    target = redirect(sending.client, target, { status: response.status, location });
  }
  throw new Fault("HttpError", "BAD_REDIRECT", `more than ${maxRedirects} redirects`, { status: 302 });
}

/** Credentials are added per hop, and only where they may go. */
async function sendOnce({ client, resource, signal }: Sending, draft: Draft): Promise<WireResponse> {
  const { redactor, lookup, source } = client;
  const auth = resource.auth === undefined ? source.auth : resource.auth;
  const isTrusted = await client.isTrusted(draft.url);
  const context = { expand: (template: string) => expand(template, lookup), redact: redactor.add };
  const request = !isTrusted
    ? withoutSecrets(client, draft)
    : auth
      ? withCredentials(draft, await auth.credentials(context))
      : draft;
  try {
    return await client.transport.send({ ...request, signal });
  } catch (cause) {
    throw toNetworkFault(cause, { what: "no answer", isStale: isStaleConnection(cause) });
  }
}

/** Another origin gets neither credentials nor any header that holds a secret. */
function withoutSecrets({ redactor }: Client, draft: Draft): Draft {
  const isClean = (text: string): boolean => redactor.clean(text) === text;
  if (!isClean(draft.url)) {
    const mend = "name its origin in `allowedOrigins` if it may have them";
    throw new Fault("AuthError", "FORBIDDEN", `a URL of another origin holds a secret: ${mend}`);
  }
  return {
    ...draft,
    headers: Object.fromEntries(Object.entries(draft.headers).filter(([, value]) => isClean(value))),
  };
}

function redirect(
  client: Client,
  from: Draft,
  { status, location }: { status: number; location: string },
): Draft {
  const bad = (why: string): Fault => new Fault("HttpError", "BAD_REDIRECT", `a redirect ${why}`, { status });
  let target;
  try {
    target = new platform.URL(location, from.url);
  } catch {
    throw bad("to something that is no URL");
  }
  if (!/^https?:$/.test(target.protocol)) throw bad("to something other than http");
  if (target.username || target.password) throw bad("to a URL with a user name");
  if (originOf(from.url).startsWith("https:") && target.protocol === "http:") throw bad("from https to http");
  if (target.origin !== originOf(from.url) && client.redactor.clean(target.href) !== target.href) {
    throw bad(`to another origin, with a secret in its URL (${redacted})`);
  }
  const isRewritten = status === 303 || (from.method === "POST" && (status === 301 || status === 302));
  return { ...from, method: isRewritten && from.method !== "HEAD" ? "GET" : from.method, url: target.href };
}

async function readAnswer({ client, policy }: Sending, response: WireResponse): Promise<Answer> {
  const { status, headers } = response;
  const bytes = await readBytes(response, client.options.maxBodyBytes ?? defaultBodyLimit);
  if (status >= 400 || status < 200 || (status >= 300 && status < 400)) throw toStatusFault(response, policy);
  return { status, body: status === 204 ? undefined : decodeJson(bytes, headers.get("content-type")) };
}

async function readBytes(response: WireResponse, limit: number): Promise<Uint8Array> {
  try {
    return await response.bytes(limit);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    // The body of an error is not needed: its status says more than the way it broke off.
    if (response.status >= 400) return new Uint8Array();
    throw toNetworkFault(cause, { what: "the body broke off", isStale: false });
  }
}

function toStatusFault({ status, statusText, headers }: WireResponse, policy: RetryPolicy): Fault {
  const message = `${status} ${statusText}`.trim();
  const now = Date.now();
  const hint = readRetryAfter(headers, now);
  if (!isWorthRetrying(status, headers, policy)) return rejected(status, message);
  if (hint !== undefined && hint > policy.maxWait * 1000) {
    const retryAt = new Date(now + hint);
    const wait = `${message}: the server asks to wait until ${retryAt.toISOString()}, longer than maxWait (${policy.maxWait} s)`;
    return new Fault("HttpError", "RETRY_AFTER_TOO_LONG", wait, { status, retryAt });
  }
  return new Fault("HttpError", "HTTP_STATUS", message, { status, hint, retries: Infinity });
}

/** `X-Should-Retry` has the last word; 403 is a rate limit where the quota is used up. */
function isWorthRetrying(status: number, headers: HeadersLike, policy: RetryPolicy): boolean {
  const advice = headers.get("x-should-retry");
  if (advice === "true" || advice === "false") return advice === "true";
  if (status === 403) return isQuotaUsedUp(headers) || headers.get("retry-after") !== null;
  return isAmong(status, policy.statuses);
}

function rejected(status: number, message: string): Fault {
  if (status === 401)
    return new Fault("AuthError", "UNAUTHORIZED", `${message} (are the credentials right?)`, { status });
  if (status === 403) return new Fault("AuthError", "FORBIDDEN", message, { status });
  return new Fault("HttpError", "HTTP_STATUS", message, { status });
}

function toNetworkFault(cause: unknown, { what, isStale }: { what: string; isStale: boolean }): Fault {
  if (cause instanceof Fault) return cause;
  const code = innermost(cause, "code");
  const detail = typeof code === "string" ? code : (innermost(cause, "message") ?? "unknown");
  return new Fault("NetworkError", "NETWORK", `${what} (${String(detail)})`, {
    cause,
    isStale,
    retries: Infinity,
  });
}

/** Undici counts the bytes that a socket has received: none before its first answer. */
function isStaleConnection(error: unknown): boolean {
  const { cause } = error as { readonly cause?: { readonly socket?: { readonly bytesRead?: number } } };
  return (cause?.socket?.bytesRead ?? 0) > 0;
}

/** Fetch hides the reason under one or two layers of `cause`. */
function innermost(error: unknown, key: "code" | "message"): unknown {
  let found: unknown;
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 10; depth++) {
    const layer = at as { readonly cause?: unknown; readonly code?: unknown; readonly message?: unknown };
    found = layer[key] ?? found;
    at = layer.cause;
  }
  return found;
}
