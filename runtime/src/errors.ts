import type { Checkpoint } from "./checkpoint.js";
import type { HeadersLike } from "./http/transport.js";
import { innermost } from "./platform.js";
import { cut, longestMessage, toLine, toPlainText, type Clean, foreign } from "./messages.js";

export { foreign, toLine, toPlainText, toWarning } from "./messages.js";
export type { Clean } from "./messages.js";

/** The maximum length of the URL in a message. */
const longestUrl = 1000;

/** The literal `name` of every error that a read can throw, besides the reason of an aborted signal. */
export type ErrorName =
  | "ConnectorError"
  | "HttpError"
  | "NetworkError"
  | "TimeoutError"
  | "AuthError"
  | "PageError"
  | "DecodeError"
  | "IncrementalError"
  | "ValidationError";

/** The cause of an error, stable across versions. The error's class is its family. */
export type ErrorCode =
  /** An option of the factory or of a read is unknown or invalid. */
  | "INVALID_OPTIONS"
  /** A parameter is unknown, missing or invalid. */
  | "INVALID_PARAMS"
  /** The checkpoint belongs to another source, resource or parameters, or to another cursor field. */
  | "CHECKPOINT_MISMATCH"
  /** The checkpoint has been edited, or is not a checkpoint. */
  | "CHECKPOINT_INVALID"
  /** A plug-in, or a function of the options, threw its own error. */
  | "PLUGIN_FAILED"
  /** A status that counts as an error. */
  | "HTTP_STATUS"
  /** The server asks for a longer wait than `retry.maxWaitMs`. `retryAt` is the end of the wait. */
  | "RETRY_AFTER_TOO_LONG"
  /** A redirect that cannot or must not be followed. */
  | "BAD_REDIRECT"
  /** A response action asks for a retry, and no retry is left. */
  | "RETRY_REQUESTED"
  /** A response action rejects the response. */
  | "RESPONSE_REJECTED"
  /** An export job has failed on the server. */
  | "JOB_FAILED"
  /** No response, or a truncated response. */
  | "NETWORK"
  /** The option `denyPrivate` rejects the address of the host. */
  | "PRIVATE_ADDRESS"
  /** No complete response within the timeout. */
  | "TIMEOUT"
  /** A secret has no value. */
  | "MISSING_SECRET"
  /** The token endpoint rejects the request, its response contains no token, or a key or function of the options is invalid. */
  | "NO_CREDENTIALS"
  /** 401: the server does not accept the credentials. */
  | "UNAUTHORIZED"
  /** 403: the credentials do not permit the request. */
  | "FORBIDDEN"
  /** A request with a secret, or with `foreign_origins` any request, would go to an origin that is not trusted. */
  | "UNTRUSTED_ORIGIN"
  /** The selector finds nothing in the response. */
  | "SELECTOR_NO_MATCH"
  /** The same request would be sent again. */
  | "PAGINATION_LOOP"
  /** Different page numbers return the same records. */
  | "PAGE_PARAM_IGNORED"
  /** Records are missing: a page is empty, or pages are shorter than the limit, although the response announces more. */
  | "TRUNCATED"
  /** The data changed between two pages, and `onDrift` is `error`. */
  | "PAGE_DRIFT"
  /** The response lacks the total or the flag that paging depends on. */
  | "PAGE_INFO_MISSING"
  /** The total, flag, cursor or link in the response is invalid. */
  | "PAGE_INFO_INVALID"
  /** The read reached the limit of 100,000 pages. */
  | "TOO_MANY_PAGES"
  /** The body, or a line of it, is not JSON. */
  | "NOT_JSON"
  /** The body is not CSV. */
  | "NOT_CSV"
  /** The body is not UTF-8. */
  | "NOT_UTF8"
  /** The body may be truncated: it is compressed, which the transport cannot check, or its last line has no end. */
  | "BODY_UNCHECKED"
  /** The body is longer than `maxBodyBytes`. */
  | "BODY_TOO_LARGE"
  /** A record contains an integer beyond 2^53. */
  | "BIG_INTEGER"
  /** A decoder of your own, or the `data_layout` of the spec, rejects the body. */
  | "INVALID_BODY"
  /** A record does not match its schema, or cannot be transformed. */
  | "INVALID_RECORD"
  /** A record of the parent lacks a value that its children need. */
  | "PARENT_VALUE_MISSING"
  /** A record has no value in the cursor field. */
  | "CURSOR_MISSING"
  /** A value of the cursor field, or a bound, cannot be compared or converted. */
  | "CURSOR_INVALID";

/** A request in an error. Secrets are redacted. */
export interface RequestInfo {
  readonly method: string;
  readonly url: string;
}

/** A response in an error. Secrets are redacted. */
export interface ResponseInfo {
  readonly status: number;
  readonly headers: HeadersLike;
  /** The first 4,096 characters of the body. */
  readonly body: string;
  /** The URL that answered, after redirects. */
  readonly url: string;
}

/** One failed attempt. */
export interface Attempt {
  readonly code: ErrorCode;
  /** Why it failed, redacted: `502 Bad Gateway`. */
  readonly reason: string;
  /** The HTTP status, if there was a response. */
  readonly status?: number | undefined;
  /** Milliseconds until the next attempt. Absent on the last attempt. */
  readonly delayMs?: number;
}

/** The facts of a failure besides its message. */
export interface FailureDetails {
  readonly cause?: unknown;
  readonly status?: number | undefined;
  /** Milliseconds that the server asks to wait, counted from the response. */
  readonly hint?: number | undefined;
  /** The minimum delay before the next attempt, in milliseconds. Default 0. */
  readonly delayMs?: number | undefined;
  /** The maximum number of retries after failures with the same code. Default 0. */
  readonly retries?: number;
  /** Whether the server closed a reused connection before any response. */
  readonly isStale?: boolean;
  /** When the server accepts requests again. */
  readonly retryAt?: Date;
  /** The response that caused the failure, as received. */
  readonly response?: ResponseInfo | undefined;
}

// Two copies of this package (ESM beside CommonJS, or another realm) must recognize each other's failures and errors.
const brand: unique symbol = Symbol.for("@connector-gen/runtime");

/**
 * A failure whose location is not known yet. Code inside a read throws it; at the edge of the read it becomes a
 * `ConnectorError`. In its message, `foreign` marks texts from outside.
 */
export class ReadFailure extends Error {
  declare readonly family: ErrorFamily;
  declare readonly code: ErrorCode;
  declare details: FailureDetails;
  /** Every failed attempt that led to it, once there are no more retries. */
  attempts: readonly Attempt[] = [];

  /** @internal */
  // eslint-disable-next-line @typescript-eslint/class-literal-property-style -- a getter does not show when an error is inspected
  get [brand](): string {
    return "failure";
  }

  // eslint-disable-next-line max-params -- thrown in many places: an options object would be noise
  constructor(family: ErrorFamily, code: ErrorCode, message: string, details: FailureDetails = {}) {
    super(message);
    this.family = family;
    this.code = code;
    this.details = details;
  }
}

/** Whether a value is a failure made by any copy of this package. */
export function isReadFailure(value: unknown): value is ReadFailure {
  return hasBrand(value, "failure");
}

/** The class that a failure becomes. */
export type ErrorFamily = new (failure: ReadFailure, place: ErrorPlace, clean: Clean) => ConnectorError;

/** The location of a failure. */
export interface ErrorPlace {
  readonly source: string;
  /** Absent for options of the whole client. */
  readonly resource?: string;
  /** 1-based. */
  readonly page?: number;
  readonly request?: RequestInfo;
  /** The state of the read: pass it as `from` to repeat the page that failed and continue. */
  readonly checkpoint?: Checkpoint;
}

/** Any error of a read. Its message names source, resource, page, cause and request. It never contains a secret. */
export class ConnectorError extends Error {
  override readonly name: ErrorName = "ConnectorError";
  declare readonly code: ErrorCode;
  declare readonly source: string;
  /** Absent if the options of the factory are invalid. */
  declare readonly resource?: string;
  /** The page that failed, 1-based. In a read with parents, partitions or windows, the page within its sequence. */
  declare readonly page?: number;
  declare readonly request?: RequestInfo;
  /** Every failed attempt at the page, the last one included. Empty if no attempt failed. */
  declare readonly attempts: readonly Attempt[];
  /** The state of the read before the failed page. Pass it as `from` to repeat that page and continue. */
  declare readonly checkpoint?: Checkpoint;
  /** The HTTP status, if there was a response. */
  declare readonly status?: number;
  /** The response, if there was one. Not enumerable: logging the error does not print it. */
  declare readonly response?: ResponseInfo;

  /** @internal */
  // eslint-disable-next-line @typescript-eslint/class-literal-property-style -- a getter does not show when an error is inspected
  get [brand](): string {
    return "error";
  }

  /** Use `ConnectorError.from`. */
  constructor(failure: ReadFailure, place: ErrorPlace, clean: Clean) {
    const { code, attempts, details } = failure;
    const { cause, status, retryAt, response } = details;
    super(describe(failure, place, clean));
    Object.assign(this, place, { code, attempts }, status && { status }, retryAt && { retryAt });
    if (cause) Object.defineProperty(this, "cause", { value: cleanCause(cause, clean) });
    if (response) Object.defineProperty(this, "response", { value: cleanResponse(response, clean) });
  }

  /** Adds the location to a failure and redacts it. All errors of a read are created here. */
  static from(error: unknown, place: ErrorPlace, clean: Clean): ConnectorError {
    // Within a page, a `ConnectorError` comes from another read, in a plug-in: its location is not in this read.
    if (isConnectorError(error) && !place.page) return error;
    const failure = toFailure(error);
    return new failure.family(failure, place, clean);
  }
}

/**
 * Returns a failure unchanged. Any other error comes from a plug-in or a function of the options; it becomes a failure with
 * the code `PLUGIN_FAILED`.
 */
export function toFailure(cause: unknown): ReadFailure {
  if (isReadFailure(cause)) return cause;
  const { name = "Error", message = cause } = Object(cause) as { name?: string; message?: unknown };
  const text = foreign(name === "Error" ? message : `${name}: ${String(message)}`);
  if (/call stack|recursion/.test(text))
    return new ReadFailure(ValidationError, "INVALID_RECORD", `a value is nested too deeply (${text})`, {
      cause,
    });
  const what = `a plug-in or an option's function failed: ${text}`;
  return new ReadFailure(ConnectorError, "PLUGIN_FAILED", what, { cause });
}

/** The response counts as an error: by its status, a redirect or a response action. */
export class HttpError extends ConnectorError {
  override readonly name = "HttpError";
  declare readonly status: number;
  /** With `RETRY_AFTER_TOO_LONG`: when the server accepts requests again. */
  declare readonly retryAt?: Date;
}

/** There was no response, or it was truncated. */
export class NetworkError extends ConnectorError {
  override readonly name = "NetworkError";
}

/** The response was not complete within the timeout. */
export class TimeoutError extends ConnectorError {
  override readonly name = "TimeoutError";
}

/** A secret is missing, or the server rejects the credentials (`status` 401 or 403). */
export class AuthError extends ConnectorError {
  override readonly name = "AuthError";
}

/** Paging cannot continue: a loop, an invalid total, flag, cursor or link, or a selector without a match. */
export class PageError extends ConnectorError {
  override readonly name = "PageError";
}

/** The format of the body is unexpected. */
export class DecodeError extends ConnectorError {
  override readonly name = "DecodeError";
}

/** The cursor field of a record is missing, null or not comparable. */
export class IncrementalError extends ConnectorError {
  override readonly name = "IncrementalError";
}

/** A record does not match its schema in the client's `schemas`. */
export class ValidationError extends ConnectorError {
  override readonly name = "ValidationError";
}

/** `analytics.courses page 3: 502 Bad Gateway after 4 attempts: GET https://api.example.com/v1/courses?page=3` */
function describe(
  { message, attempts, details }: ReadFailure,
  { source, resource, page, request }: ErrorPlace,
  clean: Clean,
): string {
  const from = clean(details.response?.url ?? request?.url ?? "");
  const place = `${source}${resource ? `.${resource}` : ""}${page ? ` page ${page}` : ""}`;
  const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : "";
  const other = from === request?.url ? "" : `, answered by ${toLine(from, longestUrl)}`;
  const where = request ? `: ${request.method} ${toLine(request.url, longestUrl)}${other}` : "";
  const room = longestMessage - tries.length - where.length;
  return toLine(`${place}: ${toPlainText(message, clean)}`, room) + tries + where;
}

/** Redacts the body before it is truncated, because half a secret would not be recognized. */
function cleanResponse({ headers, body, url, ...rest }: ResponseInfo, clean: Clean): ResponseInfo {
  const start = clean(body.slice(0, 8192)).slice(0, 4096);
  return { ...rest, headers: cleanHeaders(headers, clean), body: start, url: clean(url) };
}

/** Redacts the headers of a response. */
export function cleanHeaders(headers: HeadersLike, clean: Clean): HeadersLike {
  return {
    get: (name) => {
      const value = headers.get(name);
      // The value of a cookie may be too short to be found as a secret.
      return value && (/^set-cookie/i.test(name) ? "[redacted]" : clean(value));
    },
  };
}

function hasBrand(value: unknown, name: string): boolean {
  return (Object(value) as { readonly [brand]?: string })[brand] === name;
}

/** Whether a value is an error made by any copy of this package. */
export function isConnectorError(value: unknown): value is ConnectorError {
  return hasBrand(value, "error");
}

function isNamed(value: unknown, name: ErrorName): boolean {
  return isConnectorError(value) && value.name === name;
}

/** Whether a value is an `HttpError` made by any copy of this package. */
export function isHttpError(value: unknown): value is HttpError {
  return isNamed(value, "HttpError");
}

/** Whether a value is a `NetworkError` made by any copy of this package. */
export function isNetworkError(value: unknown): value is NetworkError {
  return isNamed(value, "NetworkError");
}

/** Whether a value is a `TimeoutError` made by any copy of this package. */
export function isTimeoutError(value: unknown): value is TimeoutError {
  return isNamed(value, "TimeoutError");
}

/** Whether a value is an `AuthError` made by any copy of this package. */
export function isAuthError(value: unknown): value is AuthError {
  return isNamed(value, "AuthError");
}

/** Whether a value is a `PageError` made by any copy of this package. */
export function isPageError(value: unknown): value is PageError {
  return isNamed(value, "PageError");
}

/** Whether a value is a `DecodeError` made by any copy of this package. */
export function isDecodeError(value: unknown): value is DecodeError {
  return isNamed(value, "DecodeError");
}

/** Whether a value is an `IncrementalError` made by any copy of this package. */
export function isIncrementalError(value: unknown): value is IncrementalError {
  return isNamed(value, "IncrementalError");
}

/** Whether a value is a `ValidationError` made by any copy of this package. */
export function isValidationError(value: unknown): value is ValidationError {
  return isNamed(value, "ValidationError");
}

/** Copies the innermost error, because errors of other libraries may contain requests with their headers. */
function cleanCause(cause: unknown, clean: Clean): Error {
  const { message = cause, name, stack, code } = innermost(cause);
  const text = (value: unknown): string => clean(cut(String(value)));
  const copy = new Error(toLine(text(message)));
  const lines = text(stack ?? "")
    .split("\n")
    .slice(0, 50);
  return Object.assign(
    copy,
    name && { name: toLine(text(name)) },
    code && { code: typeof code === "number" ? code : toLine(text(code)) },
    stack && { stack: lines.map((line) => toLine(line)).join("\n") },
  );
}
