export type { JsonObject, JsonValue } from "./json.js";
export type { NoParams, ParamPlace, Resource, ResourceShape, OptionSource, Source } from "./descriptor.js";
export type { Checkpoint } from "./checkpoint.js";
export type {
  ClientOptions,
  EventBody,
  EventPlace,
  Logger,
  ReadEvent,
  ReadOptions,
  Secret,
} from "./options.js";
export type { Page } from "./pages.js";
export type { RecordStream } from "./record-stream.js";
export type { RetryPolicy } from "./retry.js";
export type { SignalLike } from "./platform.js";
export type { HeadersLike } from "./retry-after.js";
export type {
  FetchInit,
  FetchLike,
  FetchResponse,
  Transport,
  WireRequest,
  WireResponse,
} from "./transport.js";
export type { Path } from "./select.js";
export { fetchTransport } from "./transport.js";

export { defineSchemas } from "./validate.js";
export type { SchemaLike, Schemas } from "./validate.js";

export { createReader } from "./reader.js";
export type { Reader } from "./reader.js";

export {
  AuthError,
  ConnectorError,
  DecodeError,
  HttpError,
  NetworkError,
  PageError,
  TimeoutError,
  ValidationError,
  isAuthError,
  isConnectorError,
  isDecodeError,
  isHttpError,
  isNetworkError,
  isPageError,
  isTimeoutError,
  isValidationError,
} from "./errors.js";
export type { Attempt, ErrorCode, ErrorName, RequestInfo } from "./errors.js";

export type { Exchange, PageRequest, Paginator, Position, Step, StopReason } from "./paginator.js";
export { offset, offsetKind } from "./paginators/offset.js";
export type { OffsetOptions } from "./paginators/offset.js";
export { pageNumber, pageNumberKind } from "./paginators/page-number.js";
export type { PageNumberOptions } from "./paginators/page-number.js";
export type { RangeStops } from "./paginators/range.js";
export { singlePage, singlePageKind } from "./paginators/single-page.js";

export type { Auth, AuthContext, Credentials } from "./auth.js";
export { apiKey, apiKeyKind } from "./auth/api-key.js";
export type { ApiKeyOptions } from "./auth/api-key.js";
export { bearer, bearerKind } from "./auth/bearer.js";
export type { BearerOptions } from "./auth/bearer.js";
export { httpBasic, httpBasicKind } from "./auth/http-basic.js";
export type { HttpBasicOptions } from "./auth/http-basic.js";

export type { Kind, Option, OptionProblem, OptionType } from "./kind.js";
