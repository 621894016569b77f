import type { PyCall, PyEntry, PyValue } from "../python/values.js";

/** How a class of dlt is written as a block of the spec. */
interface KnownClass {
  /** The block's `type`. */
  readonly type: string;
  /** The positional parameters of its constructor, in order (reference §6, §9, §14). */
  readonly parameters: readonly string[];
  /** Older names of parameters. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const PAGINATORS: Readonly<Record<string, KnownClass>> = {
  SinglePagePaginator: { type: "single_page", parameters: [] },
  HeaderLinkPaginator: { type: "header_link", parameters: ["links_next_key"] },
  HeaderCursorPaginator: { type: "header_cursor", parameters: ["cursor_key", "cursor_param"] },
  JSONLinkPaginator: { type: "json_link", parameters: ["next_url_path"] },
  JSONResponsePaginator: { type: "json_link", parameters: ["next_url_path"] },
  JSONResponseCursorPaginator: {
    type: "cursor",
    parameters: ["cursor_path", "cursor_param", "cursor_body_path"],
  },
  OffsetPaginator: {
    type: "offset",
    parameters: [
      "limit",
      "offset",
      "offset_param",
      "limit_param",
      "total_path",
      "maximum_offset",
      "stop_after_empty_page",
    ],
    aliases: { initial_limit: "limit", initial_offset: "offset" },
  },
  PageNumberPaginator: {
    type: "page_number",
    parameters: ["base_page", "page", "page_param", "total_path", "maximum_page", "stop_after_empty_page"],
    aliases: { initial_page: "base_page" },
  },
};

const AUTHS: Readonly<Record<string, KnownClass>> = {
  BearerTokenAuth: { type: "bearer", parameters: ["token"] },
  APIKeyAuth: { type: "api_key", parameters: ["name", "api_key", "location"] },
  HttpBasicAuth: { type: "http_basic", parameters: ["username", "password"] },
  HTTPBasicAuth: { type: "http_basic", parameters: ["username", "password"] },
  OAuth2ClientCredentials: {
    type: "oauth2_client_credentials",
    parameters: [
      "access_token",
      "access_token_url",
      "client_id",
      "client_secret",
      "access_token_request_data",
      "default_token_expiration",
      "session",
    ],
  },
};

const INCREMENTAL: KnownClass = {
  type: "incremental",
  parameters: [
    "cursor_path",
    "initial_value",
    "last_value_func",
    "primary_key",
    "end_value",
    "row_order",
    "allow_external_schedulers",
    "on_cursor_value_missing",
    "lag",
    "range_start",
    "range_end",
  ],
};

/** The words that dlt knows as `type` of a paginator. */
export const PAGINATOR_TYPES: readonly string[] = [
  "auto",
  "json_response",
  ...Object.values(PAGINATORS).map(({ type }) => type),
];

/** The words that dlt knows as `type` of an auth block. */
export const AUTH_TYPES: readonly string[] = Object.values(AUTHS).map(({ type }) => type);

/** An instance of a known class, written as a block. */
export interface Instance {
  readonly type: string;
  readonly entries: ReadonlyMap<string, PyEntry>;
  /** Arguments that the class does not take. */
  readonly rest: readonly PyValue[];
}

/** Reads `OffsetPaginator(100)` and the like; nothing for other calls. */
export function readPaginatorClass(call: PyCall): Instance | undefined {
  return readInstance(call, PAGINATORS);
}

/** Reads `BearerTokenAuth(token=…)` and the like; nothing for other calls. */
export function readAuthClass(call: PyCall): Instance | undefined {
  return readInstance(call, AUTHS);
}

/** Reads `dlt.sources.incremental("updated_at", …)`; nothing for other calls. */
export function readIncrementalClass(call: PyCall): Instance | undefined {
  return readInstance(call, { incremental: INCREMENTAL, Incremental: INCREMENTAL });
}

function readInstance(
  { callee, positional, keywords }: PyCall,
  classes: Readonly<Record<string, KnownClass>>,
): Instance | undefined {
  const name = callee.split(".").at(-1) ?? callee;
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (!known) return undefined;
  const entries = new Map<string, PyEntry>();
  const rest: PyValue[] = [];
  positional.forEach((value, index) => {
    const key = known.parameters[index];
    if (key === undefined) rest.push(value);
    else entries.set(key, { key: value.origin, value });
  });
  for (const [word, value] of keywords)
    entries.set(known.aliases?.[word] ?? word, { key: value.origin, value });
  return { type: known.type, entries, rest };
}
