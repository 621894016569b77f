import type { Checkpoint } from "./read/checkpoint.js";

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

/** What went wrong, stable across versions; the error's class says which family it belongs to. */
export type ErrorCode =
  /** An option of the factory or of a read cannot be used. */
  | "INVALID_OPTIONS"
  /** A parameter is unknown, missing or cannot stand where it goes. */
  | "INVALID_PARAMS"
  /** The checkpoint belongs to another source, resource, spec or parameters. */
  | "CHECKPOINT_MISMATCH"
  /** A status that counts as an error. */
  | "HTTP_STATUS"
  /** The server asks for a longer wait than `retry.maxWaitMs`; `retryAt` says until when. */
  | "RETRY_AFTER_TOO_LONG"
  /** A redirect that cannot or must not be followed. */
  | "BAD_REDIRECT"
  /** A response action asks for another try, and no try is left. */
  | "RETRY_REQUESTED"
  /** A response action says that this response is an error. */
  | "RESPONSE_REJECTED"
  | "NETWORK"
  | "TIMEOUT"
  /** No value for a secret. */
  | "MISSING_SECRET"
  /** The token endpoint refuses, its reply holds no token, a key or a function of the options cannot be used. */
  | "NO_CREDENTIALS"
  /** 401: the credentials were not accepted. */
  | "UNAUTHORIZED"
  /** 403: the credentials do not allow this. */
  | "FORBIDDEN"
  /** The selector finds nothing in the response. */
  | "SELECTOR_NO_MATCH"
  /** A request would be repeated. */
  | "PAGINATION_LOOP"
  /** The same records come again and again under different page numbers. */
  | "PAGE_PARAM_IGNORED"
  /** An empty page although the response says that there is more. */
  | "TRUNCATED"
  /** The response lacks the total or the flag that the paging goes by. */
  | "PAGE_INFO_MISSING"
  /** The total is no whole number, the flag neither true nor false, or the cursor or link of no use. */
  | "PAGE_INFO_INVALID"
  | "TOO_MANY_PAGES"
  | "NOT_JSON"
  | "NOT_CSV"
  | "NOT_UTF8"
  | "BODY_TOO_LARGE"
  | "INVALID_RECORD"
  /** A parent's record lacks a value that its children need. */
  | "PARENT_VALUE_MISSING"
  /** A row has no value in the cursor field. */
  | "CURSOR_MISSING"
  /** A value of the cursor field, or a bound, cannot be compared or converted. */
  | "CURSOR_INVALID";

/** A request as errors show it: secrets redacted. */
export interface RequestInfo {
  readonly method: string;
  readonly url: string;
}

/** One failed attempt. */
export interface Attempt {
  readonly code: ErrorCode;
  /** In words, redacted: `502 Bad Gateway`. */
  readonly reason: string;
  /** The HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  /** Milliseconds waited after it; absent on the last. */
  readonly delayMs?: number;
}

/** What a fault says besides its message. */
export interface FaultDetails {
  readonly cause?: unknown;
  readonly status?: number | undefined;
  /** Milliseconds that the server asks to wait, counted from the answer. */
  readonly hint?: number | undefined;
  /** How often at most this is worth another try; by default never. */
  readonly retries?: number;
  /** The connection was an old one, closed by the server before any answer. */
  readonly isStale?: boolean;
  /** Until when the server wants to be left alone. */
  readonly retryAt?: Date;
}

/** What went wrong, before it is known where: thrown inside a read, turned into a `ConnectorError` at its edge. */
export class Fault extends Error {
  declare readonly family: ErrorFamily;
  declare readonly code: ErrorCode;
  declare readonly details: FaultDetails;
  /** Every failed attempt that led to it, once the retries are over. */
  attempts: readonly Attempt[] = [];

  // eslint-disable-next-line max-params -- thrown in thirty places: the details are the exception
  constructor(family: ErrorFamily, code: ErrorCode, message: string, details: FaultDetails = {}) {
    super(message);
    this.family = family;
    this.code = code;
    this.details = details;
  }
}

/** The class that a fault becomes. */
export type ErrorFamily = new (fault: Fault, place: Place, clean: (text: string) => string) => ConnectorError;

/** Where a fault happened. */
export interface Place {
  readonly source: string;
  readonly resource: string;
  /** 1-based. */
  readonly page?: number;
  readonly request?: RequestInfo;
  /** Where the read stands: pass it as `from` to go on with the page that failed. */
  readonly checkpoint?: Checkpoint;
}

// Two copies of this package (ESM beside CommonJS, or another realm) must know each other's errors.
const brand = Symbol.for("@connector-gen/runtime.error");

/** Any error of a read. Its message names source, resource, page, cause and request; it never holds a secret. */
export class ConnectorError extends Error {
  override readonly name: ErrorName = "ConnectorError";
  declare readonly code: ErrorCode;
  declare readonly source: string;
  declare readonly resource: string;
  declare readonly page?: number;
  declare readonly request?: RequestInfo;
  declare readonly attempts: readonly Attempt[];
  declare readonly checkpoint?: Checkpoint;
  /** The HTTP status, if there was an answer. */
  declare readonly status?: number;

  /** Use `ConnectorError.from`. */
  constructor(fault: Fault, place: Place, clean: (text: string) => string) {
    const { code, attempts, details } = fault;
    const { cause, status, retryAt } = details;
    super(clean(describe(fault, place)), cause ? { cause: cleanCause(cause, clean) } : undefined);
    Object.assign(this, place, { code, attempts }, status && { status }, retryAt && { retryAt });
  }

  /** The one door: whatever leaves a read is placed and redacted here; what is no fault stays as it is. */
  static from(error: unknown, place: Place, clean: (text: string) => string): unknown {
    return error instanceof Fault ? new error.family(error, place, clean) : error;
  }
}

Object.defineProperty(ConnectorError.prototype, brand, { value: true });

/** The server answered with a status that counts as an error. */
export class HttpError extends ConnectorError {
  override readonly name = "HttpError";
  declare readonly status: number;
  /** With `RETRY_AFTER_TOO_LONG`: when the server may be asked again. */
  declare readonly retryAt?: Date;
}

/** No answer, or an answer that broke off. */
export class NetworkError extends ConnectorError {
  override readonly name = "NetworkError";
}

/** No whole answer within the timeout. */
export class TimeoutError extends ConnectorError {
  override readonly name = "TimeoutError";
}

/** A secret is missing, or the server does not accept the credentials (then `status` is 401 or 403). */
export class AuthError extends ConnectorError {
  override readonly name = "AuthError";
}

/** The paging cannot go on: a loop, a total or flag that cannot be used, a selector that finds nothing. */
export class PageError extends ConnectorError {
  override readonly name = "PageError";
}

/** The body is not what it should be. */
export class DecodeError extends ConnectorError {
  override readonly name = "DecodeError";
}

/** The cursor field of a row is missing, null or not comparable. */
export class IncrementalError extends ConnectorError {
  override readonly name = "IncrementalError";
}

/** A record does not fit its schema. */
export class ValidationError extends ConnectorError {
  override readonly name = "ValidationError";
}

/** `analytics.courses page 3: 502 Bad Gateway after 4 attempts: GET https://api.example.com/v1/courses?page=3` */
function describe({ message, attempts }: Fault, { source, resource, page, request }: Place): string {
  const place = `${source}.${resource}${page ? ` page ${page}` : ""}`;
  const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : "";
  return `${place}: ${message}${tries}${request ? `: ${request.method} ${request.url}` : ""}`;
}

/** Whether a value is an error of this package, made by whichever copy of it. */
export function isConnectorError(value: unknown): value is ConnectorError {
  return typeof value === "object" && value !== null && (value as { [brand]?: unknown })[brand] === true;
}

function isNamed(value: unknown, name: ErrorName): boolean {
  return isConnectorError(value) && value.name === name;
}

export function isHttpError(value: unknown): value is HttpError {
  return isNamed(value, "HttpError");
}

export function isNetworkError(value: unknown): value is NetworkError {
  return isNamed(value, "NetworkError");
}

export function isTimeoutError(value: unknown): value is TimeoutError {
  return isNamed(value, "TimeoutError");
}

export function isAuthError(value: unknown): value is AuthError {
  return isNamed(value, "AuthError");
}

export function isPageError(value: unknown): value is PageError {
  return isNamed(value, "PageError");
}

export function isDecodeError(value: unknown): value is DecodeError {
  return isNamed(value, "DecodeError");
}

export function isIncrementalError(value: unknown): value is IncrementalError {
  return isNamed(value, "IncrementalError");
}

export function isValidationError(value: unknown): value is ValidationError {
  return isNamed(value, "ValidationError");
}

/** What is read of the errors of other libraries. */
export interface ForeignError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** Of undici's errors: the connection. */
  readonly socket?: { readonly bytesRead?: number };
}

/** A copy of what is at the bottom: errors of other libraries may hold requests, headers and all. */
function cleanCause(cause: unknown, clean: (text: string) => string): Error {
  const { name, message = cause, code } = innermost(cause);
  return Object.assign(new Error(clean(String(message))), { name, code });
}

/** The error at the bottom of a chain of causes: `fetch` hides the reason under one or two layers. */
export function innermost(error: unknown): ForeignError {
  let layer = Object(error) as ForeignError;
  for (let depth = 0; layer.cause && depth < 10; depth++) layer = Object(layer.cause) as ForeignError;
  return layer;
}
