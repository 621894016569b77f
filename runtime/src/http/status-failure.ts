import { AuthError, HttpError, ReadFailure, foreign, type ErrorCode } from "../errors.js";
import { parseJson } from "../json.js";
import { isAmong, type RetryPolicy } from "./retry.js";
import { isQuotaUsedUp, readRetryAfter } from "./retry-after.js";
import type { HeadersLike, WireResponse } from "./transport.js";

/** The codes of statuses, and how to fix them. */
const outcomes: Readonly<Record<number, readonly [code: ErrorCode, fix: string]>> = {
  401: ["UNAUTHORIZED", "check the credentials"],
  403: ["FORBIDDEN", "check the credentials and their permissions"],
  404: ["HTTP_STATUS", "check the path"],
};

/** Returns the failure for a status that counts as an error. Its message quotes the API. */
export function toStatusFailure(
  { status, statusText, headers }: WireResponse,
  body: string,
  { policy, foreignOrigin }: { readonly policy: RetryPolicy; readonly foreignOrigin: string | undefined },
): ReadFailure {
  const message = describeStatus(status, statusText, body);
  if (isWorthRetrying(status, headers, policy)) {
    const hint = readRetryAfter(headers, Date.now(), status);
    return new ReadFailure(HttpError, "HTTP_STATUS", message, { status, hint, retries: Infinity });
  }
  const [code = "HTTP_STATUS", advice] = outcomes[status] ?? [];
  const isRefused = code !== "HTTP_STATUS";
  const fix =
    isRefused && foreignOrigin !== undefined
      ? `no credentials were sent to ${foreign(foreignOrigin)}: add it to \`allowedOrigins\` to send them`
      : advice;
  return new ReadFailure(isRefused ? AuthError : HttpError, code, fix ? `${message}; ${fix}` : message, {
    status,
  });
}

/** Describes a status with texts of the server: `404 Not Found: "no such order"`. */
export function describeStatus(status: number, statusText: string, body = ""): string {
  const words = readErrorText(body);
  const text = statusText ? `${status} ${foreign(statusText)}` : String(status);
  return words ? `${text}: "${foreign(words)}"` : text;
}

/** `X-Should-Retry` decides if it is present. A 403 is a rate limit if the quota is used up. */
function isWorthRetrying(status: number, headers: HeadersLike, policy: RetryPolicy): boolean {
  const advice = headers.get("x-should-retry");
  if (advice === "true" || advice === "false") return advice === "true";
  if (status === 403) return isQuotaUsedUp(headers) || headers.get("retry-after") !== null;
  return isAmong(status, policy.statuses);
}

/**
 * Returns the short text of a JSON error: at the top level, in `error`, or in the first item of `errors`, `errorMessages` or
 * a list.
 */
function readErrorText(body: string): string | undefined {
  const [root] = [parseJson(body) as ErrorBody | readonly ErrorBody[] | null | undefined].flat();
  for (const value of [root, root?.error, root?.errors, root?.errorMessages].flat()) {
    for (const text of [...explanations.map((name) => (Object(value) as ErrorBody)[name]), value])
      if (text && typeof text === "string") return text;
  }
  return undefined;
}

/** The properties of a JSON error that explain it, the best one first. */
const explanations = ["message", "detail", "title", "description", "error_description", "reason"] as const;

type ErrorBody = Readonly<
  Record<"error" | "errors" | "errorMessages" | (typeof explanations)[number], unknown>
>;
