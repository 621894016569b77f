import { AuthError, HttpError, ReadFailure, foreign } from "../errors.js";
import { parseJson } from "../json.js";
import { isAmong, type RetryPolicy } from "./retry.js";
import { isQuotaUsedUp, readRetryAfter } from "./retry-after.js";
import type { HeadersLike, WireResponse } from "./transport.js";

/** The failure of a status that counts as an error. Its message quotes the API's own words. */
export function toStatusFailure(
  { status, statusText, headers }: WireResponse,
  body: string,
  policy: RetryPolicy,
): ReadFailure {
  const words = readErrorText(body);
  const message = describeStatus(status, statusText) + (words ? `: "${foreign(words)}"` : "");
  if (isWorthRetrying(status, headers, policy)) {
    const hint = readRetryAfter(headers, Date.now(), status);
    return new ReadFailure(HttpError, "HTTP_STATUS", message, { status, hint, retries: Infinity });
  }
  const code = status === 401 ? "UNAUTHORIZED" : status === 403 ? "FORBIDDEN" : "HTTP_STATUS";
  return new ReadFailure(code === "HTTP_STATUS" ? HttpError : AuthError, code, message, { status });
}

/** `404 Not Found`; the text is the server's. */
export function describeStatus(status: number, statusText: string): string {
  return statusText ? `${status} ${foreign(statusText)}` : String(status);
}

/** `X-Should-Retry` decides if it is there. A 403 is a rate limit if the quota is used up. */
function isWorthRetrying(status: number, headers: HeadersLike, policy: RetryPolicy): boolean {
  const advice = headers.get("x-should-retry");
  if (advice === "true" || advice === "false") return advice === "true";
  if (status === 403) return isQuotaUsedUp(headers) || headers.get("retry-after") !== null;
  return isAmong(status, policy.statuses);
}

/** The short text of a JSON error: `message`, `detail` or `title` at the top, in `error` or in `errors[0]`. */
function readErrorText(body: string): string | undefined {
  const root = parseJson(body) as Partial<Record<"error" | "errors", unknown>> | undefined;
  const [first] = [root?.errors].flat();
  for (const value of [root, root?.error, first] as unknown[]) {
    const { message, detail, title } = Object(value) as Readonly<Record<string, unknown>>;
    for (const text of [message, detail, title, value]) if (text && typeof text === "string") return text;
  }
  return undefined;
}
