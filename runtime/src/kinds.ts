// The exports for the generator: the description of every kind, and the detection of paging and records.
export { isKind } from "./kind.js";
export type {
  BodyFormat,
  ClientOption,
  FieldChange,
  Kind,
  KindFamily,
  KindOptions,
  Option,
  OptionProblem,
  OptionType,
  OptionValue,
} from "./kind.js";

export { autoKind } from "./paginators/auto.js";
export { cursorKind } from "./paginators/cursor.js";
export { headerCursorKind } from "./paginators/header-cursor.js";
export { headerLinkKind } from "./paginators/header-link.js";
export { jsonLinkKind, jsonResponseKind } from "./paginators/json-link.js";
export { lastRecordKind } from "./paginators/last-record.js";
export { nextRequestKind } from "./paginators/next-request.js";
export { offsetKind } from "./paginators/offset.js";
export { pageNumberKind } from "./paginators/page-number.js";
export { pathParamsKind } from "./paginators/path-params.js";
export { singlePageKind } from "./paginators/single-page.js";

export { apiKeyKind } from "./auth/api-key.js";
export { bearerKind } from "./auth/bearer.js";
export { customAuthKind } from "./auth/custom.js";
export { httpBasicKind } from "./auth/http-basic.js";
export { jwtKind } from "./auth/jwt.js";
export { oauth2ClientCredentialsKind } from "./auth/oauth2-client-credentials.js";
export { oauth2RefreshTokenKind } from "./auth/oauth2-refresh-token.js";
export { oneOfKind } from "./auth/one-of.js";
export { sessionTokenKind } from "./auth/session-token.js";

export { formBodyKind } from "./bodies/form-body.js";
export { jsonBodyKind } from "./bodies/json-body.js";
export { rawBodyKind } from "./bodies/raw-body.js";

export { csvKind } from "./decoders/csv.js";
export { jsonKind } from "./decoders/json.js";
export { jsonLinesKind } from "./decoders/json-lines.js";
export { textLinesKind } from "./decoders/text-lines.js";

export { cookieJarKind } from "./http/cookie-jar.js";
export { queryEncoderKind } from "./http/query-encoder.js";
export { responseActionsKind } from "./http/response-actions.js";
export { rateLimitKind } from "./limit/rate-limit.js";

export { incrementalKind } from "./plans/incremental.js";
export { exportJobKind } from "./plans/export-job.js";
export { parentsKind } from "./plans/parents.js";
export { partitionsKind } from "./plans/partitions.js";
export { runStartKind } from "./plans/run-start.js";
export { staticRecordsKind } from "./plans/static-records.js";
export { syncTokenKind } from "./plans/sync-token.js";

export { columnsKind, rowsKind } from "./select/columnar.js";
export { keyedKind } from "./select/keyed.js";

export { addKind } from "./shapers/add.js";
export { flattenKind } from "./shapers/flatten.js";
export { filterKind, mapKind } from "./shapers/hook.js";
export { includeKind } from "./shapers/include.js";
export { removeKind } from "./shapers/remove.js";
export { renameKind } from "./shapers/rename.js";
export { whereKind } from "./shapers/where.js";

export { detectPaging, detectRecordsPath } from "./paginators/detect.js";
export type { DetectedPaging, PagingSample } from "./paginators/detect.js";
export { walkBody, wordsOf } from "./paginators/walk-body.js";
export type { Found as BodyField } from "./paginators/walk-body.js";

export type { QueryNodes, QueryOperand, QuerySegment, QueryTest } from "./select/query-segment.js";
export type { PatternStep, Patterns, QueryPattern } from "./select/pattern.js";
export type { Path, Query, Selector } from "./select/path.js";

export { clientRules } from "./client/check-options.js";
