import { jsonBody } from "../bodies/json-body.js";
import type { JsonObject, JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Paginator, ReplacedRequest } from "./paginator.js";

/** The request of every page but the first. Only the path and the method default to those of the resource. */
export interface NextRequestOptions {
  /** A template. Default: the resource's path. */
  readonly path?: string | undefined;
  /** Upper case. Default: the resource's method. */
  readonly method?: string | undefined;
  /** Query parameters; texts are templates. */
  readonly query?: Readonly<Record<string, JsonValue>> | undefined;
  /** The JSON body; texts are templates. */
  readonly json?: JsonObject | undefined;
}

/**
 * Requests every page but the first in another way: `POST /orders/_search`, then `POST /_search/scroll`. The paginator
 * adds its values to both.
 */
export function nextRequest(paginator: Paginator, options: NextRequestOptions): Paginator {
  const { path, method, query = {}, json } = options;
  const start = JSON.stringify(paginator.start);
  const replace: ReplacedRequest = {
    ...(path !== undefined && { path }),
    ...(method !== undefined && { method }),
    query,
    body: json && jsonBody(json),
    params: {},
  };
  return wrapRequest(paginator, { next: options }, (request, position) =>
    JSON.stringify(position) === start ? request : { ...request, replace },
  );
}

/** Creates a paginator with other requests. The given options are part of its data. */
export function wrapRequest(
  paginator: Paginator,
  options: object,
  change: (
    request: ReturnType<Paginator["request"]>,
    position: Paginator["start"],
  ) => ReturnType<Paginator["request"]>,
): Paginator {
  const { type, start, select, needsPrevious } = paginator;
  return {
    type,
    options: { ...paginator.options, ...options },
    start,
    request: (position) => change(paginator.request(position), position),
    next: (position, exchange) => paginator.next(position, exchange),
    needsPrevious,
    ...(select && { select: (position, body) => select.call(paginator, position, body) }),
  };
}

/** The spec's `next`. */
export const nextRequestKind: Kind = /* @__PURE__ */ defineKind<NextRequestOptions>(() => ({
  family: "pages",
  type: "next",
  key: "next",
  factory: "nextRequest",
  summary:
    "The request of every page but the first: `list_folder`, then `list_folder/continue`. Of `params` and `json`, it sends its own only.",
  options: {
    path: {
      type: "text",
      scopes: ["config", "resources", "partitions", "incremental"],
      description: "The path, as in `endpoint.path`. Default: that of the endpoint.",
      examples: ["/_search/scroll"],
    },
    method: {
      type: "text",
      description: "The request method. Default: that of the endpoint.",
      examples: ["POST"],
      check: (text) =>
        /^(?:GET|POST|PUT|PATCH|DELETE)$/i.test(text)
          ? undefined
          : "unknown method: valid methods are GET, POST, PUT, PATCH, DELETE",
    },
    query: {
      type: "object",
      key: "params",
      scopes: ["secrets", "config", "resources", "partitions", "incremental"],
      description: "Query parameters: fixed values and text with placeholders. Default: none.",
      examples: [{ version: 2 }],
    },
    json: {
      type: "object",
      scopes: ["secrets", "config", "resources", "partitions", "incremental"],
      description: "The JSON body. Default: none; the paginator may add one.",
      examples: [{ scroll: "1m" }],
    },
  },
  phrase: ({ path, method }) =>
    typeof path === "string" || typeof method === "string"
      ? `further pages from \`${[method, path].filter((part) => typeof part === "string").join(" ")}\``
      : "",
  examples: [
    { path: "/_search/scroll", method: "POST", json: { scroll: "1m" } },
    { path: "/items/continue", params: { version: 2 } },
  ],
}));
