// What the generator needs: the description of every kind, and the detection of paging and records.
export type { ClientOption, Kind, Option, OptionProblem, OptionType } from "./kind.js";

export { autoKind } from "./paginators/auto.js";
export { cursorKind } from "./paginators/cursor.js";
export { headerCursorKind } from "./paginators/header-cursor.js";
export { headerLinkKind } from "./paginators/header-link.js";
export { jsonLinkKind, jsonResponseKind } from "./paginators/json-link.js";
export { lastRecordKind } from "./paginators/last-record.js";
export { offsetKind } from "./paginators/offset.js";
export { pageNumberKind } from "./paginators/page-number.js";
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

export { detectPaging, detectRecordsPath } from "./paginators/detect.js";
export type { DetectedPaging, PagingSample } from "./paginators/detect.js";
export { walkBody, wordsOf } from "./paginators/walk-body.js";
export type { Found as BodyField } from "./paginators/walk-body.js";

export type { QueryNodes, QueryOperand, QuerySegment, QueryTest } from "./select/query-segment.js";
export type { PatternStep, Patterns, QueryPattern } from "./select/pattern.js";
export type { Path, Query, Selector } from "./select/path.js";

export { clientRules } from "./client/check-options.js";
