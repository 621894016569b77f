import { AuthError, ConnectorError, ReadFailure, foreign, isReadFailure } from "../errors.js";
import { withTimeout } from "../http/attempts.js";
import type { UnsignedRequest } from "../http/transport.js";
import { parseUrl } from "../http/url.js";
import { platform } from "../platform.js";
import { printSelector, select, type Selector } from "../select/path.js";
import type { AuthContext } from "./auth.js";

/** The response to a token request. */
export interface TokenResponse {
  readonly body: unknown;
  /** The origin of the token endpoint, for messages. */
  readonly origin: string;
}

/** The codes of RFC 6749 §5.2. Errors contain nothing else from the response, because it may repeat credentials. */
const refusals =
  /"error"\s*:\s*"(invalid_request|invalid_client|invalid_grant|unauthorized_client|unsupported_grant_type|invalid_scope)"/;

/**
 * Sends a token request to any origin, with only its own headers. Throws an `AuthError` for a 4xx status. Other failures
 * are retried together with the request that needs the token.
 */
export async function requestToken(
  context: AuthContext,
  request: UnsignedRequest,
  observe?: Parameters<AuthContext["send"]>[2],
): Promise<TokenResponse> {
  const url = await context.resolveUrl(request.url);
  const origin = parseUrl(url)?.origin;
  if (!origin)
    throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", "the URL for token requests is invalid");
  // Ignores the caller's signal: other reads wait for the same token, and some refresh tokens work only once.
  const { signal } = new platform.AbortController();
  try {
    const { body } = await withTimeout({ timeoutMs: context.timeoutMs, signal }, (inner) =>
      context.send({ ...request, url }, inner, observe),
    );
    return { body, origin };
  } catch (error) {
    if (!isReadFailure(error)) throw error;
    const { family, code, message, details } = error;
    const { status = 0, retries, retryAt, response } = details;
    const isRefused = status > 399 && status < 500 && !retries && !retryAt;
    const refusal = refusals.exec(response?.body ?? "")?.[1];
    const what = status ? `status ${status}${refusal ? ` (${refusal})` : ""}` : message;
    throw new ReadFailure(
      isRefused ? AuthError : family,
      isRefused ? "NO_CREDENTIALS" : code,
      `token request to ${origin}: ${what}`,
      { ...details, response: undefined },
    );
  }
}

/** Returns the token in a response. */
export function readToken({ body, origin }: TokenResponse, selector: Selector): string {
  const token = select(selector, body)?.[0];
  if (typeof token === "number" || typeof token === "bigint" || (token && typeof token === "string"))
    return String(token);
  // Some servers reject a request with status 200. A code is a short word; any other text may repeat credentials.
  const error = select(["error"], body)?.[0];
  const why =
    typeof error === "string" && /^\w{1,40}$/.test(error) ? `: its \`error\` is ${foreign(error)}` : "";
  const message = `token request to ${origin}: the response has no token at \`${printSelector(selector)}\`${why}`;
  throw new ReadFailure(AuthError, "NO_CREDENTIALS", message);
}

/** Returns the lifetime of a token in milliseconds: `expires_in` or `expires_at` of the response, or the default. */
export function readLifetime({ body }: TokenResponse, byDefault: number): number {
  const seconds = parseFloat(String(select(["expires_in"], body)?.[0]));
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const end = String(select(["expires_at"], body)?.[0]);
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(end) ? Date.parse(end) : NaN;
  return Number.isFinite(time) ? Math.max(0, time - Date.now()) : byDefault;
}
