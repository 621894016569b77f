export type { JsonObject, JsonValue } from "./json.js";
export type { NoParams, ParamPlace, Resource, ResourceShape, OptionSource, Source } from "./descriptor.js";
export type { Checkpoint } from "./read/checkpoint.js";
export type {
  ClientOptions,
  EventBody,
  EventPlace,
  Logger,
  ReadEvent,
  ReadOptions,
  Secret,
} from "./client/options.js";
export type { Page } from "./read/pages.js";
export type { RecordStream } from "./read/record-stream.js";
export type { RetryPolicy } from "./http/retry.js";
export type { SignalLike } from "./platform.js";
export type { HeadersLike } from "./http/retry-after.js";
export type {
  FetchInit,
  FetchLike,
  FetchResponse,
  Transport,
  WireRequest,
  WireResponse,
} from "./http/transport.js";
export type { Path, Query, Selector } from "./select/path.js";
export { query } from "./select/query.js";
export type { QuerySegment } from "./select/query.js";
export { patterns } from "./select/pattern.js";
export { unicodePatterns } from "./select/pattern-unicode.js";
export type { PatternStep, Patterns, QueryPattern } from "./select/pattern.js";
export type { QueryNodes, QueryOperand, QueryTest } from "./select/filter.js";
export { fetchTransport } from "./http/transport.js";

export { defineSchemas } from "./read/validate.js";
export type { SchemaLike, Schemas } from "./read/validate.js";

export { createReader } from "./read/reader.js";
export type { Reader } from "./read/reader.js";

export {
  AuthError,
  ConnectorError,
  DecodeError,
  HttpError,
  IncrementalError,
  NetworkError,
  PageError,
  TimeoutError,
  ValidationError,
  isAuthError,
  isConnectorError,
  isDecodeError,
  isHttpError,
  isIncrementalError,
  isNetworkError,
  isPageError,
  isTimeoutError,
  isValidationError,
} from "./errors.js";
export type { Attempt, ErrorCode, ErrorName, RequestInfo } from "./errors.js";

export type { Exchange, PageRequest, Paginator, Position, Step, StopReason } from "./paginators/paginator.js";
export { auto, autoKind } from "./paginators/auto.js";
export { cursor, cursorKind } from "./paginators/cursor.js";
export type { CursorOptions } from "./paginators/cursor.js";
export { detectRecords } from "./paginators/detect-records.js";
export { headerCursor, headerCursorKind } from "./paginators/header-cursor.js";
export type { HeaderCursorOptions } from "./paginators/header-cursor.js";
export { headerLink, headerLinkKind } from "./paginators/header-link.js";
export type { HeaderLinkOptions } from "./paginators/header-link.js";
export { jsonLink, jsonLinkKind, jsonResponseKind } from "./paginators/json-link.js";
export type { JsonLinkOptions } from "./paginators/json-link.js";
export { offset, offsetKind } from "./paginators/offset.js";
export type { OffsetOptions } from "./paginators/offset.js";
export { pageNumber, pageNumberKind } from "./paginators/page-number.js";
export type { PageNumberOptions } from "./paginators/page-number.js";
export type { RangeStops } from "./paginators/range.js";
export { lastRecord, lastRecordKind, type LastRecordOptions } from "./paginators/last-record.js";
export { singlePage, singlePageKind } from "./paginators/single-page.js";
export type { PageSize } from "./paginators/place-options.js";
export type { TokenOptions } from "./paginators/token.js";

export type { Auth, AuthContext, Credentials } from "./auth/auth.js";
export { apiKey, apiKeyKind } from "./auth/api-key.js";
export type { ApiKeyOptions } from "./auth/api-key.js";
export { apiKeyInBody } from "./auth/api-key-in-body.js";
export { bearer, bearerKind } from "./auth/bearer.js";
export type { BearerOptions } from "./auth/bearer.js";
export { customAuth, customAuthKind } from "./auth/custom.js";
export type { AuthRequest, Authorize } from "./auth/custom.js";
export { httpBasic, httpBasicKind } from "./auth/http-basic.js";
export type { HttpBasicOptions } from "./auth/http-basic.js";
export { jwt, jwtKind } from "./auth/jwt.js";
export type { JwtOptions } from "./auth/jwt.js";
export type { JwtAlgorithm } from "./auth/jwt-sign.js";
export { oauth2ClientCredentials, oauth2ClientCredentialsKind } from "./auth/oauth2-client-credentials.js";
export type { OAuth2ClientCredentialsOptions } from "./auth/oauth2-client-credentials.js";
export { oauth2RefreshToken, oauth2RefreshTokenKind } from "./auth/oauth2-refresh-token.js";
export type { OAuth2RefreshTokenOptions, OnTokenRefresh, TokenRefresh } from "./auth/oauth2-refresh-token.js";
export { oneOf, oneOfKind } from "./auth/one-of.js";
export { sessionToken, sessionTokenKind } from "./auth/session-token.js";
export type { SessionTokenOptions } from "./auth/session-token.js";

export type { ClientOption, Kind, Option, OptionProblem, OptionType } from "./kind.js";

export type { Part, Plan, ReadState, Slot, SplitContext } from "./plans/plan.js";
export { plan } from "./plans/planned-read.js";
export { incremental } from "./plans/incremental.js";
export type { IncrementalOptions } from "./plans/incremental.js";
export { parents } from "./plans/parents.js";
export type { ParentsOptions } from "./plans/parents.js";
export { partitions } from "./plans/partitions.js";
export type { Partitions } from "./plans/partitions.js";

export { formBody } from "./bodies/form-body.js";
export { jsonBody } from "./bodies/json-body.js";
export { rawBody } from "./bodies/raw-body.js";
export type { Body, BodyContext, BodyText } from "./bodies/body.js";
export { queryEncoder } from "./http/query-encoder.js";
export type { QueryEncoderOptions } from "./http/query-encoder.js";
export type { QueryEncoder, QueryPair } from "./http/request.js";
export type { Decoder } from "./decoders/decoder.js";
export { csv } from "./decoders/csv.js";
export type { CsvOptions } from "./decoders/csv.js";
export { jsonLines } from "./decoders/json-lines.js";
export type { JudgedResponse, ResponseActions } from "./http/actions.js";
export { responseActions } from "./http/response-actions.js";
export type { ResponseRule } from "./http/response-actions.js";
export type { Shaper, ShapeContext } from "./shapers/shaper.js";
export { add } from "./shapers/add.js";
export { flatten } from "./shapers/flatten.js";
export type { FlattenOptions } from "./shapers/flatten.js";
export { hook } from "./shapers/hook.js";
export { include } from "./shapers/include.js";
export { remove } from "./shapers/remove.js";
export { rename } from "./shapers/rename.js";
export { where } from "./shapers/where.js";
export type { Condition } from "./shapers/where.js";
export type { Limiter } from "./limit/limiter.js";
export { rateLimit } from "./limit/rate-limit.js";
export type { RateLimitOptions } from "./limit/rate-limit.js";

export { detectPaging, detectRecordsPath } from "./paginators/detect.js";
export type { DetectedPaging, PagingSample } from "./paginators/detect.js";
export { walkBody, wordsOf } from "./paginators/walk-body.js";
export type { Found as BodyField } from "./paginators/walk-body.js";
