import type { AuthContext, Auth, Credentials } from "../auth/auth.js";
import type { Client } from "../client/client.js";
import { expand } from "../client/template.js";
import { AuthError, ReadFailure } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { FetchSignal } from "../platform.js";
import { mergeHeaders, pair, withQuery } from "./request.js";
import type { RetryPolicy } from "./retry.js";
import { send, type SignedRequest } from "./send.js";
import type { UnsignedRequest } from "./transport.js";
import { joinUrl, parseUrl } from "./url.js";

/** The part of a read that its credentials depend on. */
export interface AuthorizeContext {
  readonly client: Client;
  readonly auth: Auth | null | undefined;
  /** The headers of the client's and of the read's options. */
  readonly headers: readonly (JsonObject | undefined)[];
  readonly policy: RetryPolicy;
  readonly timeoutMs: number;
  readonly signal: FetchSignal;
  readonly warn: (message: string) => void;
}

/**
 * Adds credentials and the headers of options to one hop of a request. Another origin gets neither of them, and no
 * header of the spec that holds a secret.
 */
export async function authorize(context: AuthorizeContext, request: UnsignedRequest): Promise<SignedRequest> {
  const { client, auth, headers } = context;
  if (!(await client.isTrusted(request.url))) return withoutSecrets(client, request);
  const complete = { ...request, headers: mergeHeaders(request.headers, ...headers) };
  return withCredentials(complete, (await auth?.credentials(toAuthContext(context, complete))) ?? {});
}

function toAuthContext(context: AuthorizeContext, request: UnsignedRequest): AuthContext {
  const { client, policy, signal, timeoutMs, warn } = context;
  const { lookup, redactor, option } = client;
  return {
    client,
    request,
    lookup,
    option,
    warn,
    expand: (template) => expand(template, lookup),
    redact: redactor.add,
    resolveUrl: async (path) => joinUrl(await client.baseUrl(), path),
    timeoutMs,
    // The request may go to any origin; a redirect to another one gets no secrets.
    send: (own, ownSignal = signal) =>
      send(
        {
          client,
          policy,
          signal: ownSignal,
          authorize: (hop) =>
            Promise.resolve(isSameOrigin(hop.url, own.url) ? hop : withoutSecrets(client, hop)),
        },
        own,
      ),
  };
}

function isSameOrigin(a: string, b: string): boolean {
  return parseUrl(a)?.origin === parseUrl(b)?.origin;
}

/** A request for an origin that is not trusted. */
function withoutSecrets({ redactor }: Client, request: UnsignedRequest): UnsignedRequest {
  const { isSecret, clean } = redactor;
  if (isSecret(request.url) || isSecret(request.body ?? "")) {
    const message = "the request holds a secret, and its origin is not in `allowedOrigins`";
    throw new ReadFailure(AuthError, "UNTRUSTED_ORIGIN", message);
  }
  // `clean` also finds a short secret that is the whole value.
  const headers = Object.entries(request.headers).filter(([, value]) => clean(value) === value);
  return { ...request, headers: Object.fromEntries(headers) };
}

/** Adds credentials. Headers replace those of the same name; query parameters are appended. */
function withCredentials(
  request: UnsignedRequest,
  { headers, query = {}, cookies = {}, body = request.body, renew }: Credentials,
): SignedRequest {
  const merged = mergeHeaders(request.headers, headers);
  const jar = [merged["cookie"], ...Object.entries(cookies).map(pair)].filter(Boolean).join("; ");
  return {
    ...request,
    renew,
    url: withQuery(request.url, Object.entries(query)),
    headers: jar ? { ...merged, cookie: jar } : merged,
    ...(body !== undefined && { body }),
  };
}
