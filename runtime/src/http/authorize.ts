import type { AuthContext, Auth, Credentials } from "../auth/auth.js";
import type { Client } from "../client/client.js";
import type { EventBody } from "../client/options.js";
import { expand } from "../client/template.js";
import type { Source } from "../descriptor.js";
import { AuthError, ReadFailure, foreign, toPlainText, type Clean } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { FetchSignal } from "../platform.js";
import { mergeHeaders, pair, untrustedOrigin, withQuery, type PlacedRequest } from "./request.js";
import type { RetryPolicy } from "./retry.js";
import { send, type SendContext, type SignedRequest } from "./send.js";
import type { UnsignedRequest } from "./transport.js";
import { joinUrl, parseUrl } from "./url.js";

/** The part of a read that its credentials depend on. */
export interface AuthorizeContext {
  readonly client: Client;
  readonly resource: { readonly auth?: Auth | null } & Pick<Source, "foreignOrigins">;
  readonly options: { readonly headers?: JsonObject | undefined };
  readonly policy: RetryPolicy;
  readonly timeoutMs: number;
  readonly clean: Clean;
  readonly emit: (event: EventBody, warning?: string) => void;
  /** The untrusted origins that this read has reported. */
  readonly foreignOrigins: Set<string>;
}

/** The attempt that credentials are for. */
export interface AuthorizedAttempt {
  readonly page: number;
  readonly signal: FetchSignal;
  readonly warn: (message: string) => void;
}

/**
 * Returns the function that adds credentials and the headers of options to one hop of a request. An untrusted origin gets
 * neither of them, and no other secret of the spec. The same applies to later hops (`hasLeft`).
 */
export function authorize(context: AuthorizeContext, attempt: AuthorizedAttempt): SendContext["authorize"] {
  const { client, resource, options } = context;
  const { auth = client.source.auth } = resource;
  return async (placed, hasLeft) => {
    const isTrusted = await client.isTrusted(placed.url);
    if (!isTrusted || hasLeft) {
      const request = withoutSecrets(client, placed);
      if (!isTrusted) reportOrigin(context, attempt.page, placed);
      return request;
    }
    const { method, url, body } = placed;
    const headers = mergeHeaders(placed.headers, client.options.headers, options.headers);
    const complete = { method, url, headers, body };
    if (!auth) return complete;
    return withCredentials(complete, await auth.credentials(toAuthContext(context, attempt, complete)));
  };
}

/** Reports an untrusted origin, once per read, or rejects it. The spec itself may name any origin. */
function reportOrigin(context: AuthorizeContext, page: number, { url, via = "spec" }: PlacedRequest): void {
  const { client, resource, foreignOrigins, emit, clean } = context;
  const given = parseUrl(url)?.origin ?? "";
  if (foreignOrigins.has(given)) return;
  const origin = toPlainText(foreign(given), clean);
  const choice = `a ${via} leads to the origin ${foreign(given)}, which is not in \`allowedOrigins\``;
  const { foreignOrigins: policy = client.source.foreignOrigins } = resource;
  if (via !== "spec" && policy === "error") throw new ReadFailure(AuthError, "UNTRUSTED_ORIGIN", choice);
  foreignOrigins.add(given);
  const warning = via === "spec" ? undefined : toPlainText(`${choice}: it gets no credentials`, clean);
  emit({ type: "foreign_origin", page, origin, via }, warning);
}

function toAuthContext(
  { client, policy, timeoutMs }: AuthorizeContext,
  { signal, warn }: AuthorizedAttempt,
  request: UnsignedRequest,
): AuthContext {
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
    // The request may go to any origin; a redirect to another one gets neither its headers nor its body.
    send: (own, ownSignal = signal, observe) => {
      const origin = parseUrl(own.url)?.origin;
      const secretHeaders = Object.keys(own.headers).filter((name) => name !== "accept");
      const placed = { ...own, secretHeaders, hasSecretBody: own.body !== undefined };
      const guard = (hop: PlacedRequest, hasLeft: boolean): SignedRequest =>
        parseUrl(hop.url)?.origin === origin && !hasLeft ? toUnsigned(hop) : withoutSecrets(client, hop);
      return send({ client, policy, signal: ownSignal, authorize: guard, observe }, placed);
    },
  };
}

function toUnsigned({ method, url, headers, body }: PlacedRequest): UnsignedRequest {
  return { method, url, headers, body };
}

/** Returns the request for an untrusted origin. Throws if the URL or body contains a secret. */
function withoutSecrets({ redactor }: Client, placed: PlacedRequest): SignedRequest {
  const { secretHeaders = [], hasSecretBody, url, headers, body = "" } = placed;
  const { isSecret, clean } = redactor;
  if (hasSecretBody || isSecret(url) || isSecret(body)) throw untrustedOrigin(url);
  // `clean` also finds a short secret that is the whole value.
  const kept = Object.entries(headers).filter(
    ([name, value]) => !secretHeaders.includes(name) && clean(value) === value,
  );
  return { ...toUnsigned(placed), headers: Object.fromEntries(kept), isForeign: true };
}

/** Adds credentials. Headers replace headers of the same name; query parameters are appended. */
function withCredentials(
  request: UnsignedRequest,
  { headers, query = {}, cookies, body = request.body, renew }: Credentials,
): SignedRequest {
  const merged = mergeHeaders(request.headers, headers);
  const cookie =
    cookies && [merged["cookie"], ...Object.entries(cookies).map(pair)].filter(Boolean).join("; ");
  const url = withQuery(request.url, Object.entries(query));
  return { method: request.method, url, body, renew, headers: cookie ? { ...merged, cookie } : merged };
}
