// The exports for apps: client options, streams, events, errors, and everything that generated modules import.
export type { JsonObject, JsonValue } from "./json.js";
export type { LoadColumn, LoadHints, NoParams, Resource, Source } from "./descriptor.js";
export type { Checkpoint } from "./checkpoint.js";
export type {
  ClientOptions,
  CompleteEvent,
  DiscardEvent,
  DriftEvent,
  ErrorEvent,
  ForeignOriginEvent,
  Logger,
  PageEvent,
  ReadEvent,
  ReadOptions,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  Secret,
  WarningEvent,
} from "./client/options.js";
export type { RetryOptions } from "./http/retry.js";
export type { Schemas, StandardSchema } from "./client/schemas.js";
export type { Page } from "./read/page.js";
export type { RecordStream } from "./read/record-stream.js";
export { createReader, readerKey } from "./read/reader.js";
export type { GeneratedClient, Reader } from "./read/reader.js";

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
export type { Attempt, ErrorCode, ErrorName, RequestInfo, ResponseInfo } from "./errors.js";

export { auto } from "./paginators/auto.js";
export { cursor } from "./paginators/cursor.js";
export { detectRecords } from "./paginators/detect-records.js";
export { headerCursor } from "./paginators/header-cursor.js";
export { headerLink } from "./paginators/header-link.js";
export { jsonLink } from "./paginators/json-link.js";
export { lastRecord } from "./paginators/last-record.js";
export { nextRequest } from "./paginators/next-request.js";
export { offset, parallelOffset } from "./paginators/offset.js";
export { pageNumber, parallelPageNumber } from "./paginators/page-number.js";
export { pathParams } from "./paginators/path-params.js";
export { singlePage } from "./paginators/single-page.js";

export { apiKey } from "./auth/api-key.js";
export { apiKeyInBody } from "./auth/api-key-in-body.js";
export { bearer } from "./auth/bearer.js";
export { customAuth } from "./auth/custom.js";
export type { Authorize } from "./auth/custom.js";
export { httpBasic } from "./auth/http-basic.js";
export { jwt } from "./auth/jwt.js";
export { oauth2ClientCredentials } from "./auth/oauth2-client-credentials.js";
export { oauth2RefreshToken } from "./auth/oauth2-refresh-token.js";
export type { OnTokenRefresh, TokenRefresh } from "./auth/oauth2-refresh-token.js";
export { oneOf } from "./auth/one-of.js";
export { sessionToken } from "./auth/session-token.js";

export { incremental } from "./plans/incremental.js";
export { exportJob } from "./plans/export-job.js";
export { parents } from "./plans/parents.js";
export { partitions } from "./plans/partitions.js";
export { runStart } from "./plans/run-start.js";
export { staticRecords } from "./plans/static-records.js";
export { syncToken } from "./plans/sync-token.js";
export { plan } from "./plans/planned-read.js";
export { decodeDates } from "./plans/decode-dates.js";
export type { DateFields } from "./plans/decode-dates.js";

export { integerFields } from "./read/integer-fields.js";
export type { IntegerPlaces } from "./read/integer-fields.js";

export { formBody } from "./bodies/form-body.js";
export { jsonBody } from "./bodies/json-body.js";
export { rawBody } from "./bodies/raw-body.js";

export { csv } from "./decoders/csv.js";
export { json } from "./decoders/json.js";
export { jsonLines } from "./decoders/json-lines.js";
export { textLines } from "./decoders/text-lines.js";

export { cookieJar } from "./http/cookie-jar.js";
export { queryEncoder } from "./http/query-encoder.js";
export { responseActions } from "./http/response-actions.js";

export { add } from "./shapers/add.js";
export { flatten } from "./shapers/flatten.js";
export { hook } from "./shapers/hook.js";
export { include } from "./shapers/include.js";
export { remove } from "./shapers/remove.js";
export { rename } from "./shapers/rename.js";
export { where } from "./shapers/where.js";

export { rateLimit } from "./limit/rate-limit.js";

export { columns, rows } from "./select/columnar.js";
export { keyed } from "./select/keyed.js";
export { query } from "./select/query.js";
export { patterns } from "./select/pattern.js";
export { unicodePatterns } from "./select/pattern-unicode.js";
