// The interfaces that plug-ins implement: paginators, auth schemes, bodies, decoders, shapers, limiters, transports and
// more.
import {
  AuthError,
  ConnectorError,
  DecodeError,
  HttpError,
  IncrementalError,
  NetworkError,
  PageError,
  ReadFailure,
  TimeoutError,
  ValidationError,
  foreign,
  type ErrorCode,
  type ErrorFamily,
} from "./errors.js";

export type { Position } from "./checkpoint.js";
export { expand, expandValue } from "./client/template.js";
export type { Lookup, Params } from "./client/template.js";
export type { ErrorCode, FailureDetails } from "./errors.js";
export type { JsonObject, JsonValue } from "./json.js";
export type { FetchSignal } from "./platform.js";
export type { OptionSource, ParamLocation, Resource, ResourceShape, Source } from "./descriptor.js";

export type { Auth, AuthContext, AuthResult, Credentials } from "./auth/auth.js";
export type { Body, BodyContext, BodyText } from "./bodies/body.js";
export type { BodyDecoder, Decoder } from "./decoders/decoder.js";
export type { Cookies } from "./http/cookie-jar.js";
export type { QueryEncoder, QueryPair } from "./http/query-encoder.js";
export type { JudgedResponse, ResponseActions } from "./http/response-actions.js";
export type {
  FetchInit,
  FetchLike,
  FetchResponse,
  HeadersLike,
  Transport,
  UnsignedRequest,
  WireRequest,
  WireResponse,
} from "./http/transport.js";
export { fetchTransport } from "./http/fetch-transport.js";
export type { Limiter } from "./limit/limiter.js";
export type {
  Drift,
  Exchange,
  PageRequest,
  Paginator,
  ReplacedRequest,
  Step,
  StopReason,
} from "./paginators/paginator.js";
export { select } from "./select/path.js";
export type { Path, Query, Selector } from "./select/path.js";
export type { ShapeContext, Shaper } from "./shapers/shaper.js";

/** The facts of a failure in a plug-in. */
export interface PluginFailure {
  /**
   * Whether another attempt may succeed. The retry policy limits the attempts. Has no effect in a shaper, which runs after
   * the attempt. Default false.
   */
  readonly retryable?: boolean | undefined;
  /** The cause of the failure. Errors contain a redacted copy of it. */
  readonly cause?: unknown;
  /** The HTTP status of the failure. */
  readonly status?: number | undefined;
}

/**
 * Ends the attempt with a `ConnectorError`. The code determines its class: `fail("NOT_JSON", …)` throws a `DecodeError`.
 * Source, resource, page and request are added to the message; secrets in it are redacted.
 */
export function fail(code: ErrorCode, message: string, failure: PluginFailure = {}): never {
  const { retryable = false, cause, status } = failure;
  throw new ReadFailure(families[code], code, foreign(message), {
    cause,
    status,
    retries: retryable ? Infinity : 0,
  });
}

const families: Readonly<Record<ErrorCode, ErrorFamily>> = {
  INVALID_OPTIONS: ConnectorError,
  INVALID_PARAMS: ConnectorError,
  CHECKPOINT_MISMATCH: ConnectorError,
  CHECKPOINT_INVALID: ConnectorError,
  PLUGIN_FAILED: ConnectorError,
  HTTP_STATUS: HttpError,
  RETRY_AFTER_TOO_LONG: HttpError,
  BAD_REDIRECT: HttpError,
  RETRY_REQUESTED: HttpError,
  RESPONSE_REJECTED: HttpError,
  JOB_FAILED: HttpError,
  NETWORK: NetworkError,
  PRIVATE_ADDRESS: NetworkError,
  TIMEOUT: TimeoutError,
  MISSING_SECRET: AuthError,
  NO_CREDENTIALS: AuthError,
  UNAUTHORIZED: AuthError,
  FORBIDDEN: AuthError,
  UNTRUSTED_ORIGIN: AuthError,
  SELECTOR_NO_MATCH: PageError,
  PAGINATION_LOOP: PageError,
  PAGE_PARAM_IGNORED: PageError,
  TRUNCATED: PageError,
  PAGE_DRIFT: PageError,
  PAGE_INFO_MISSING: PageError,
  PAGE_INFO_INVALID: PageError,
  TOO_MANY_PAGES: PageError,
  NOT_JSON: DecodeError,
  NOT_CSV: DecodeError,
  NOT_UTF8: DecodeError,
  BODY_UNCHECKED: DecodeError,
  BODY_TOO_LARGE: DecodeError,
  BIG_INTEGER: DecodeError,
  INVALID_BODY: DecodeError,
  INVALID_RECORD: ValidationError,
  PARENT_VALUE_MISSING: ConnectorError,
  CURSOR_MISSING: IncrementalError,
  CURSOR_INVALID: IncrementalError,
};
