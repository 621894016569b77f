import type { Credentials } from "./auth.js";
import { parseUrl, type Client } from "./client.js";
import { decodeJson } from "./decode.js";
import { AuthError, ConnectorError, Fault, HttpError, NetworkError, innermost } from "./errors.js";
import { platform, type FetchSignal } from "./platform.js";
import type { Reading } from "./reading.js";
import { mergeHeaders, withCredentials, type Draft } from "./request.js";
import { isAmong, type RetryPolicy } from "./retry.js";
import { isQuotaUsedUp, readRetryAfter, type HeadersLike } from "./retry-after.js";
import { expand } from "./template.js";
import type { WireResponse } from "./transport.js";

/** A whole answer whose status does not count as an error. */
export interface Answer {
  /** The decoded body; `undefined` where there is none: with 204, to `HEAD`, and when a response action ends the paging. */
  readonly body: unknown;
  readonly isIgnored: boolean;
  /** After redirects, without credentials. */
  readonly url: string;
  readonly headers: HeadersLike;
}

/** What sending needs to know besides the request. */
export interface Sending extends Reading {
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Aborted by the caller, or by the attempt's timeout. */
  readonly signal: FetchSignal;
  /** Told of the headers of every response. */
  readonly onHeaders: (headers: HeadersLike) => void;
}

const maxRedirects = 5;
const defaultBodyLimit = 2 ** 28;

/** Makes one attempt: request, redirects, whole body, decoding. Throws a `Fault` for anything but a usable answer. */
export async function send(sending: Sending, draft: Draft): Promise<Answer> {
  const { client, policy, resource, signal } = sending;
  const limit = client.options.maxBodyBytes ?? defaultBodyLimit;
  let renewals = 0;
  for (let target = draft, hops = 0; ; hops++) {
    const { request, renew } = await authorize(sending, target);
    for (const [name, value] of Object.entries(request.headers)) {
      // A line break would end the header: what follows would be another one.
      if (!/[^\t -~\x80-\xff]/.test(value)) continue;
      const message = `the header \`${name}\` holds a line break or a character that headers cannot carry`;
      throw new Fault(ConnectorError, "INVALID_OPTIONS", message);
    }
    const response = await answered("no answer", client.transport.send({ ...request, signal }));
    const { status, statusText, headers } = response;
    sending.onHeaders(headers);
    const isError = status < 200 || status > 399;
    const decoding = status < 300 ? resource.decode?.start() : undefined;
    const reading = response.text(limit, resource.actions ? undefined : decoding?.push);
    // How the body of an error ends does not matter.
    const text = isError ? await reading.catch(() => "") : await answered("the body broke off", reading);
    if (status === 401 && renew && !renewals++) {
      renew();
      continue;
    }
    if (isError || status < 300) {
      const isIgnored = resource.actions?.judge({ status, statusText, headers, text }) ?? false;
      if (isError && !isIgnored) throw toStatusFault(response, policy);
      const hasBody = !isIgnored && status !== 204 && draft.method !== "HEAD";
      decoding?.push(text);
      const body = hasBody
        ? decoding
          ? decoding.end()
          : decodeJson(text, headers.get("content-type"))
        : undefined;
      return { body, isIgnored, url: target.url, headers };
    }
    const location = hops < maxRedirects ? headers.get("location") : null;
    target = redirect(client, target, { status, location });
  }
}

/**
 * Credentials are added per hop, and only where they may go: another origin gets neither them nor the headers of
 * options, and none of the spec's that hold a secret.
 */
async function authorize(sending: Sending, draft: Draft): Promise<Authorized> {
  const { client, resource, options } = sending;
  const { source, lookup, redactor } = client;
  const auth = resource.auth === undefined ? source.auth : resource.auth;
  if (await client.isTrusted(draft.url)) {
    const headers = mergeHeaders(draft.headers, client.options.headers, options.headers);
    const request = { ...draft, headers };
    const expandSecrets = (template: string): Promise<string> => expand(template, lookup);
    const context = { ...sending, request, expand: expandSecrets, redact: redactor.add };
    const credentials = (await auth?.credentials(context)) ?? {};
    return { request: withCredentials(request, credentials), renew: credentials.renew };
  }
  const isClean = (text: string): boolean => redactor.clean(text) === text;
  if (!isClean(draft.url) || !isClean(draft.body ?? "")) {
    throw new Fault(
      AuthError,
      "FORBIDDEN",
      "a secret in the URL or body for an origin that `allowedOrigins` does not name",
    );
  }
  const headers = Object.fromEntries(Object.entries(draft.headers).filter(([, value]) => isClean(value)));
  return { request: { ...draft, headers } };
}

/** A request with its credentials, and how these are replaced. */
interface Authorized {
  readonly request: Draft;
  readonly renew?: Credentials["renew"] | undefined;
}

/** The next hop. Never from https to http, never to a user name, never to another origin with a secret in the URL. */
function redirect(
  { redactor }: Client,
  from: Draft,
  { status, location }: { status: number; location: string | null },
): Draft {
  const here = new platform.URL(from.url);
  const target = location === null ? undefined : parseUrl(location, from.url);
  const isSafe =
    target &&
    ["https:", here.protocol].includes(target.protocol) &&
    (target.origin === here.origin || redactor.clean(target.href) === target.href);
  if (!isSafe)
    throw new Fault(HttpError, "BAD_REDIRECT", `${status} to ${location} is not followed`, { status });
  const becomesGet = from.method !== "HEAD" && (status === 303 || (status < 303 && from.method === "POST"));
  const { body, ...bodiless } = from;
  return becomesGet ? { ...bodiless, method: "GET", url: target.href } : { ...from, url: target.href };
}

function toStatusFault({ status, statusText, headers }: WireResponse, policy: RetryPolicy): Fault {
  const message = `${status} ${statusText}`.trim();
  const now = Date.now();
  const hint = readRetryAfter(headers, now);
  const retries = isWorthRetrying(status, headers, policy) ? Infinity : 0;
  if (retries === 0 && (status === 401 || status === 403)) {
    return new Fault(AuthError, status === 401 ? "UNAUTHORIZED" : "FORBIDDEN", message, { status });
  }
  if (retries > 0 && hint !== undefined && hint > policy.maxWait * 1000) {
    // The last date that there is: hints may be absurd.
    const retryAt = new Date(Math.min(now + hint, 8.64e15));
    const until = `${message}; asked to wait until ${retryAt.toJSON()}, longer than \`maxWait\``;
    return new Fault(HttpError, "RETRY_AFTER_TOO_LONG", until, { status, retryAt });
  }
  return new Fault(HttpError, "HTTP_STATUS", message, { status, hint, retries });
}

/** `X-Should-Retry` has the last word; 403 is a rate limit where the quota is used up. */
function isWorthRetrying(status: number, headers: HeadersLike, policy: RetryPolicy): boolean {
  const advice = headers.get("x-should-retry");
  if (advice === "true" || advice === "false") return advice === "true";
  if (status === 403) return isQuotaUsedUp(headers) || headers.get("retry-after") !== null;
  return isAmong(status, policy.statuses);
}

/** Turns the rejection of the network into a fault that is worth another try. */
async function answered<T>(what: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    // Undici counts the bytes that a socket has received: some before there was an answer means an old connection.
    const { code, message = cause, socket } = innermost(cause);
    const isStale = what === "no answer" && (socket?.bytesRead ?? 0) > 0;
    throw new Fault(NetworkError, "NETWORK", `${what} (${String(code ?? message)})`, {
      cause,
      isStale,
      retries: Infinity,
    });
  }
}
