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
  readonly resource: { readonly auth?: Auth | null };
  readonly options: { readonly headers?: JsonObject | undefined };
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
  const { client, resource, options } = context;
  if (!(await client.isTrusted(request.url))) return withoutSecrets(client, request);
  const { auth = client.source.auth } = resource;
  const headers = mergeHeaders(request.headers, client.options.headers, options.headers);
  const complete = { ...request, headers };
  return withCredentials(complete, (await auth?.credentials(toAuthContext(context, complete))) ?? {});
}

function toAuthContext(context: AuthorizeContext, request: UnsignedRequest): AuthContext {
  const { client, policy, signal, timeoutMs, warn } = context;
  const { lookup, option } = client;
  return {
    client,
    request,
    lookup,
    option,
    warn,
    timeoutMs,
    expand: (template) => expand(template, lookup),
    redact: client.redactor.add,
    resolveUrl: async (path) => joinUrl(await client.baseUrl(), path),
    // The request may go to any origin; a redirect to another one gets no secrets.
    send: (own, ownSignal = signal) => {
      const origin = parseUrl(own.url)?.origin;
      const guard = (hop: UnsignedRequest): UnsignedRequest =>
        parseUrl(hop.url)?.origin === origin ? hop : withoutSecrets(client, hop);
      return send({ client, policy, signal: ownSignal, authorize: guard }, own);
    },
  };
}

/** A request for an origin that is not trusted. */
function withoutSecrets({ redactor }: Client, request: UnsignedRequest): UnsignedRequest {
  const { isSecret, clean } = redactor;
  if (isSecret(`${request.url}\n${request.body ?? ""}`)) {
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
  const cookie = [merged["cookie"], ...Object.entries(cookies).map(pair)].filter(Boolean).join("; ");
  const url = withQuery(request.url, Object.entries(query));
  return { ...request, renew, url, body, headers: cookie ? { ...merged, cookie } : merged };
}
