import type { Kind, Option } from "@connector-gen/runtime/kinds";
import { findKind } from "../../spec/kinds.js";
import { rowsOf } from "../../spec/options.js";
import { constant, type PyCall, type PyDict, type PyEntry, type PyValue } from "../python/values.js";

/** A class of dlt and its block in a spec. */
interface KnownClass {
  /** `type` of the block. */
  readonly type: string;
  /** Positional parameters of the constructor, in order. */
  readonly parameters: readonly string[];
  /** Current names of parameters by their older names. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const paginatorClasses: Readonly<Record<string, KnownClass>> = {
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

const authClasses: Readonly<Record<string, KnownClass>> = {
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

const incrementalClass: KnownClass = {
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

/** Paginator types of dlt. */
export const paginatorTypes: readonly string[] = [
  "auto",
  "json_response",
  ...Object.values(paginatorClasses).map(({ type }) => type),
];

/** Auth types of dlt. */
export const authTypes: readonly string[] = Object.values(authClasses).map(({ type }) => type);

/** Returns the parameters of the constructor of an auth class, in order. */
export function authParameters(callee: string): readonly string[] | undefined {
  const name = callee.split(".").at(-1) ?? callee;
  return Object.hasOwn(authClasses, name) ? authClasses[name]?.parameters : undefined;
}

/** An instance of a known class as a block. */
export interface Instance {
  readonly type: string;
  readonly entries: ReadonlyMap<string, PyEntry>;
  /** Excess positional arguments. */
  readonly rest: readonly PyValue[];
}

/** Returns an instance as a block with its `type`. */
export function blockOf({ type, entries, rest }: Instance, origin: PyValue["origin"]): PyDict {
  const typeEntry: PyEntry = { key: origin, value: constant(type, origin) };
  return { kind: "dict", entries: new Map([["type", typeEntry], ...entries]), rest, origin };
}

/** Returns the option of a kind to which a key of its block belongs. */
export function optionOf(family: Kind["family"], type: string, key: string): Option | undefined {
  const kind = findKind(family, type);
  return kind && rowsOf(kind).find((row) => row.key === key)?.option;
}

/** Reads the construction of a paginator, such as `OffsetPaginator(100)`. Returns `undefined` for other calls. */
export function readPaginatorClass(call: PyCall): Instance | undefined {
  return readInstance(call, paginatorClasses);
}

/** Reads the construction of an auth class, such as `BearerTokenAuth(token=…)`. Returns `undefined` for other calls. */
export function readAuthClass(call: PyCall): Instance | undefined {
  return readInstance(call, authClasses);
}

/** Reads `dlt.sources.incremental("updated_at", …)`. Returns `undefined` for other calls. */
export function readIncrementalClass(call: PyCall): Instance | undefined {
  return readInstance(call, { incremental: incrementalClass, Incremental: incrementalClass });
}

/** Modules of dlt, of its verified sources, and of `requests` whose classes have these names. */
const knownModules = /^(?:dlt|requests)(?:\.|$)|(?:^|\.)(?:rest_api|rest_client)(?:\.|$)/;

/** Whether a name belongs to dlt: it comes from one of dlt's modules, or has no import, as in a snippet. */
function isOfDlt({ callee, isImported }: Pick<PyCall, "callee" | "isImported">): boolean {
  const module = callee.split(".").slice(0, -1).join(".");
  if (knownModules.test(module)) return true;
  return isImported !== true && /^(?:|paginators|auth|sources)$/.test(module);
}

function readInstance(call: PyCall, classes: Readonly<Record<string, KnownClass>>): Instance | undefined {
  const { callee, positional, keywords } = call;
  const name = callee.split(".").at(-1) ?? callee;
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (!known || !isOfDlt(call)) return undefined;
  const entries = new Map<string, PyEntry>();
  const rest: PyValue[] = [];
  positional.forEach((value, index) => {
    const key = known.parameters[index];
    if (key === undefined) rest.push(value);
    else entries.set(key, { key: value.origin, value });
  });
  for (const [keyword, value] of keywords)
    entries.set(known.aliases?.[keyword] ?? keyword, { key: value.origin, value });
  return { type: known.type, entries, rest };
}
