import type { Credentials } from "../auth/auth.js";
import { parseUrl, type Client } from "../client/client.js";
import { decodeJson } from "../decoders/decoder.js";
import { AuthError, Fault, HttpError, NetworkError, innermost } from "../errors.js";
import { platform, type FetchSignal } from "../platform.js";
import type { Reading } from "../read/reading.js";
import { mergeHeaders, withCredentials, type Draft } from "./request.js";
import { isAmong, type RetryPolicy } from "./retry.js";
import { isQuotaUsedUp, readRetryAfter, type HeadersLike } from "./retry-after.js";
import type { Steps } from "../read/steps.js";
import { expand } from "../client/template.js";
import type { WireResponse } from "./transport.js";

/** What a response comes to. */
export interface Received {
  /** The decoded body; `undefined` where there is none: with 204, to `HEAD`, and when a response action ends the paging. */
  readonly body: unknown;
  readonly isIgnored?: boolean;
}

/** A whole answer whose status does not count as an error. */
export interface Answer extends Received {
  /** After redirects, without credentials. */
  readonly url: string;
  readonly headers: HeadersLike;
}

/** What sending needs to know besides the request. */
export interface Sending extends Reading, Pick<Steps, "observe" | "receive"> {
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  /** Aborted by the caller, or by the attempt's timeout. */
  readonly signal: FetchSignal;
}

const maxRedirects = 5;
const defaultBodyLimit = 2 ** 28;

/** Makes one attempt: request, redirects, whole body, decoding. Throws a `Fault` for anything but a usable answer. */
export async function send(sending: Sending, draft: Draft): Promise<Answer> {
  const { client, signal } = sending;
  let isRenewed = false;
  for (let target = draft, hops = 0; ; hops++) {
    const { renew, ...request } = await authorize(sending, target);
    const response = await answered("no answer", client.transport.send({ ...request, signal }));
    const { status, headers } = response;
    sending.observe(sending, headers);
    const settle = await sending.receive(sending, response);
    if (status === 401 && renew && !isRenewed) {
      isRenewed = true;
      renew();
      continue;
    }
    if (status < 300 || isError(response)) return { ...settle(), url: target.url, headers };
    target = redirect(client, target, {
      status,
      location: hops < maxRedirects ? headers.get("location") : null,
    });
  }
}

/** The step `receive` of most reads: errors go by the status, other bodies are JSON. */
export async function receiveJson(sending: Sending, response: WireResponse): Promise<() => Received> {
  const text = await readText(sending, response);
  return () => {
    if (isError(response)) throw toStatusFault(response, sending.policy);
    return { body: hasBody(sending, response) ? decodeJson(text, response.headers) : undefined };
  };
}

/** Whether the status counts as an error. */
export function isError({ status }: WireResponse): boolean {
  return status < 200 || status > 399;
}

/** Whether there is anything to decode. */
export function hasBody({ resource }: Sending, { status }: WireResponse): boolean {
  return status !== 204 && resource.method !== "HEAD";
}

/** The whole body. How that of an error ends does not matter. */
export function readText(
  { client }: Sending,
  response: WireResponse,
  push?: (text: string) => void,
): Promise<string> {
  const reading = response.text(client.options.maxBodyBytes ?? defaultBodyLimit, push);
  return isError(response) ? reading.catch(() => "") : answered("the body broke off", reading);
}

/** A request with its credentials, and how these are replaced. */
export interface Authorized extends Draft {
  readonly renew?: Credentials["renew"] | undefined;
}

/**
 * Credentials are added per hop, and only where they may go: another origin gets neither them nor the headers of
 * options, and none of the spec's that hold a secret.
 */
async function authorize(sending: Sending, draft: Draft): Promise<Authorized> {
  const { client, resource, options } = sending;
  const { source, lookup, redactor } = client;
  const { isSecret } = redactor;
  if (await client.isTrusted(draft.url)) {
    const { auth = source.auth } = resource;
    const request = {
      ...draft,
      headers: mergeHeaders(draft.headers, client.options.headers, options.headers),
    };
    const expandSecrets = (template: string): Promise<string> => expand(template, lookup);
    const context = { ...sending, request, expand: expandSecrets, redact: redactor.add };
    return withCredentials(request, (await auth?.credentials(context)) ?? {});
  }
  if (isSecret(draft.url) || isSecret(draft.body ?? "")) {
    throw new Fault(AuthError, "FORBIDDEN", "a secret for an origin that is not in `allowedOrigins`");
  }
  const headers = Object.entries(draft.headers).filter(([, value]) => !isSecret(value));
  return { ...draft, headers: Object.fromEntries(headers) };
}

/** The next hop. Never from https to http, never to a user name, never to another origin with a secret in the URL. */
function redirect(
  { redactor }: Client,
  from: Draft,
  { status, location }: { status: number; location: string | null },
): Draft {
  const here = new platform.URL(from.url);
  const target = location === null ? undefined : parseUrl(location, from.url);
  if (
    !target ||
    !["https:", here.protocol].includes(target.protocol) ||
    (target.origin !== here.origin && redactor.isSecret(target.href))
  )
    throw new Fault(HttpError, "BAD_REDIRECT", `${status} to ${location} is not followed`, { status });
  const url = target.href;
  if (from.method === "HEAD" || (status !== 303 && (status > 303 || from.method !== "POST")))
    return { ...from, url };
  const { body, ...bodiless } = from;
  return { ...bodiless, method: "GET", url };
}

/** What a status that counts as an error comes to. */
export function toStatusFault({ status, statusText, headers }: WireResponse, policy: RetryPolicy): Fault {
  const message = `${status} ${statusText}`.trim();
  if (!isWorthRetrying(status, headers, policy)) {
    return status === 401 || status === 403
      ? new Fault(AuthError, status === 401 ? "UNAUTHORIZED" : "FORBIDDEN", message, { status })
      : new Fault(HttpError, "HTTP_STATUS", message, { status });
  }
  const hint = readRetryAfter(headers, Date.now());
  return new Fault(HttpError, "HTTP_STATUS", message, { status, hint, retries: Infinity });
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
