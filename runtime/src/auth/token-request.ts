import { within } from "../http/attempts.js";
import type { AuthContext } from "./auth.js";
import { parseUrl } from "../client/client.js";
import { AuthError, ConnectorError, Fault, TimeoutError } from "../errors.js";
import { platform } from "../platform.js";
import { receiveAny } from "../http/receive.js";
import { joinUrl, type Draft } from "../http/request.js";
import { select, type Selector } from "../select/path.js";
import { send, type Sending } from "../http/send.js";
import { steps } from "../read/steps.js";

/** The body of the answer to a token request, and where it was sent. */
export interface TokenReply {
  readonly body: unknown;
  readonly origin: string;
}

/**
 * Makes a request for a token: to whatever origin, with nothing but its own headers. Its failures are those of other
 * requests, and retried with the request that needs the token; a 4xx is an `AuthError`.
 */
export async function requestToken(context: AuthContext, draft: Draft): Promise<TokenReply> {
  const { client, timeoutMs } = context;
  const url = joinUrl(await client.baseUrl(), draft.url);
  const origin = parseUrl(url)?.origin;
  if (!origin) throw new Fault(ConnectorError, "INVALID_OPTIONS", "the URL for tokens cannot be used");
  const refusal = { reason: "" };
  const sending = toSending(context, origin, refusal);
  try {
    // Not by the caller's signal: others wait for the same token, and a refresh token may be worth one answer only.
    const { signal } = new platform.AbortController();
    const run = (inner: Sending["signal"]): Promise<{ readonly body: unknown }> =>
      send({ ...sending, signal: inner }, { ...draft, url });
    const answer = await within(timeoutMs, signal, run);
    if (answer) return { body: answer.body, origin };
    const message = `no whole answer within ${timeoutMs / 1000} s`;
    throw new Fault(TimeoutError, "TIMEOUT", message, { retries: Infinity });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { family, code, message, details } = error;
    const { status = 0, retries, retryAt } = details;
    const isRefused = status > 399 && status < 500 && !retries && !retryAt;
    throw new Fault(
      isRefused ? AuthError : family,
      isRefused ? "NO_CREDENTIALS" : code,
      `token request to ${origin}: ${message}${refusal.reason}`,
      details,
    );
  }
}

/** RFC 6749 §5.2: nothing else of the answer to a refused request is repeated. */
const refusals =
  /"error"\s*:\s*"(invalid_request|invalid_client|invalid_grant|unauthorized_client|unsupported_grant_type|invalid_scope)"/;

function toSending(context: AuthContext, origin: string, refusal: { reason: string }): Sending {
  const { client, resource } = context;
  const { name, path, select: selector, paginator } = resource;
  return {
    ...context,
    client: {
      ...client,
      options: { ...client.options, headers: {} },
      isTrusted: (url) => Promise.resolve(parseUrl(url)?.origin === origin),
    },
    resource: {
      name,
      path,
      select: selector,
      paginator,
      auth: null,
      actions: {
        [steps]: {},
        rules: [],
        readsBody: true,
        judge: ({ text }) => {
          const word = refusals.exec(text)?.[1];
          refusal.reason = word ? ` (${word})` : "";
          return false;
        },
      },
    },
    options: {},
    receive: receiveAny,
    observe: () => undefined,
  };
}

/** The token in a reply. */
export function readToken({ body, origin }: TokenReply, selector: Selector): string {
  const token = select(selector, body)?.[0];
  if (typeof token === "number" || (token && typeof token === "string")) return String(token);
  const message = `token request to ${origin}: no token at ${selector.join(".")} in the reply`;
  throw new Fault(AuthError, "NO_CREDENTIALS", message);
}

/** The lifetime of a token in milliseconds: `expires_in` of the reply where it is a number, else the default. */
export function readLifetime({ body }: TokenReply, byDefaultMs: number): number {
  const seconds = parseFloat(String(select(["expires_in"], body)?.[0]));
  return Math.max(0, Number.isFinite(seconds) ? seconds * 1000 : byDefaultMs);
}
