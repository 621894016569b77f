import { PageError, ReadFailure } from "../errors.js";
import { toPlain } from "../exact-json.js";
import { toText, type JsonObject, type JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { link } from "../paginators/link.js";
import { isAbsent } from "../paginators/page-info.js";
import type { Exchange, PageRequest, Paginator } from "../paginators/paginator.js";
import { printSelector, select, type Selector } from "../select/path.js";
import type { Partition, SplitContext, Splitter } from "./plan.js";

/** The token in the last page of a read with which the next read starts. */
export interface SyncTokenOptions {
  /** Selector of the token in the body. */
  readonly path: Selector;
  /** Query parameter of the token in later reads. */
  readonly param?: string | undefined;
  /** Dotted path of the token in the JSON body of later reads. */
  readonly bodyPath?: string | undefined;
  /** Without a parameter or a path: a later read begins with the page that this cursor or link would request. */
  readonly as?: "cursor" | "link" | undefined;
  /** Query parameters that are sent only without a token. */
  readonly initialParams?: readonly string[] | undefined;
  /** Statuses with which the API rejects an old token. Default 410. */
  readonly resetOn?: readonly number[] | undefined;
}

/**
 * Sends the token of the last page of a read with the next read, which returns only changes. If the API rejects the token,
 * everything is read again, with a warning.
 */
export function syncToken(options: SyncTokenOptions): Splitter {
  return { type: "sync_token", options, split: (context) => [toPartition(options, context)] };
}

/** A token, with its source and use: a token of another spec cannot be used. */
interface Entry {
  readonly token: JsonValue;
  readonly path: string;
  readonly as: string;
}

function toPartition(options: SyncTokenOptions, { before, partition, resume }: SplitContext): Partition {
  const { path, param, bodyPath, as = "cursor", resetOn = [410] } = options;
  const place = { path: path.join("."), as: param === undefined && bodyPath === undefined ? as : "value" };
  const entry = before.sequences?.[JSON.stringify(partition.key)] as Entry | undefined;
  const isOurs = entry?.path === place.path && entry.as === place.as;
  // `null`: everything is read.
  let token: JsonValue = resume ? (resume["token"] ?? null) : isOurs ? entry.token : null;
  let latest: JsonValue = resume?.["latest"] ?? null;
  const observe = (exchange: Exchange, isLast: boolean): void => {
    const found = findToken(options, exchange);
    if (found !== null) latest = found;
    else if (isLast && latest === null && token === null) checkMissing(path, exchange);
  };
  return {
    values: {},
    key: [],
    resume: { token, latest },
    snapshot: () => ({ token, latest }),
    paginate: (paginator) => withToken(paginator, { options, token, observe }),
    recover: (error) => {
      const { status } = Object(error) as { readonly status?: unknown };
      if (token === null || !resetOn.some((one) => one === status)) return undefined;
      token = latest = null;
      return `the API does not accept the token of the last read any more (${String(status)}): everything is read again`;
    },
    outcome: (): JsonObject => ({ ...place, token: latest ?? token }),
  };
}

interface Tokens {
  readonly options: SyncTokenOptions;
  readonly token: JsonValue;
  readonly observe: (exchange: Exchange, isLast: boolean) => void;
}

function withToken(paginator: Paginator, { options, token, observe }: Tokens): Paginator {
  const isValue = options.param !== undefined || options.bodyPath !== undefined;
  return {
    type: paginator.type,
    options: paginator.options,
    start: token === null || isValue ? paginator.start : (token as JsonObject),
    request: (position) => {
      const request = paginator.request(position);
      return token === null ? request : addToken(request, options, token);
    },
    next: (position, exchange) => {
      const step = paginator.next(position, exchange);
      observe(exchange, !step.next);
      return step;
    },
  };
}

function addToken(
  request: PageRequest,
  { param, bodyPath, initialParams = [] }: SyncTokenOptions,
  token: JsonValue,
): PageRequest {
  const omitted = Object.fromEntries(initialParams.map((name) => [name, null]));
  return {
    ...request,
    query: { ...omitted, ...request.query, ...(param !== undefined && { [param]: token as string }) },
    body: { ...request.body, ...(bodyPath !== undefined && { [bodyPath]: token }) },
  };
}

/** Returns the token of a page: a value, or the position of a paginator; `null` if there is none. */
function findToken(
  { path, param, bodyPath, as = "cursor" }: SyncTokenOptions,
  exchange: Exchange,
): JsonValue {
  const find = ({ body }: Exchange): unknown => select(path, body)?.[0];
  const found = find(exchange);
  if (isAbsent(found)) return null;
  const isValue = param !== undefined || bodyPath !== undefined;
  if (as === "link" && !isValue) return link({ type: as, options: {}, find }).next({}, exchange).next ?? null;
  // JSON has no `bigint`. In a query, the text is the same.
  const token = toPlain(found as JsonValue);
  if (typeof token === "object" && bodyPath === undefined)
    throw invalid(path, "is not a scalar: only a JSON body can hold it (`state_body_path`)");
  if (exchange.isSecret(toText(token)))
    throw invalid(path, "contains a secret, which must not become part of a checkpoint");
  if (isValue) return token;
  return token === found ? { cursor: token } : { cursor: token, isJson: true };
}

function invalid(path: Selector, why: string): ReadFailure {
  const message = `the state of the next read, at \`${printSelector(path)}\`, ${why}`;
  return new ReadFailure(PageError, "PAGE_INFO_INVALID", message);
}

/** Throws if the last page lacks the path: every read would be a full read. `null` means that the API has no token yet. */
function checkMissing(path: Selector, { body }: Exchange): void {
  if (body === undefined || select(path, body)?.[0] !== undefined) return;
  const message = `the last page has nothing at \`${printSelector(path)}\`, where the state of the next read should be: correct \`state_path\``;
  throw new ReadFailure(PageError, "PAGE_INFO_MISSING", message);
}

/** The spec's `incremental` with `state_path`. */
export const syncTokenKind: Kind = /* @__PURE__ */ defineKind<SyncTokenOptions>(() => ({
  family: "plan",
  type: "sync_token",
  key: "incremental",
  factory: "syncToken",
  summary: "Sends a token of the last page with the next read, which returns only changes.",
  options: {
    path: {
      type: "selector",
      key: "state_path",
      required: true,
      description:
        "For APIs with sync tokens: the selector of a token or link in the last page. The next run sends it, and the API returns only changes. Without `state_param` and `state_body_path`, the next run begins where a next page with this cursor or link would.",
      examples: ["nextSyncToken", "['@odata.deltaLink']"],
    },
    param: {
      type: "text",
      key: "state_param",
      description: "With `state_path`: the query parameter of the token.",
      examples: ["syncToken"],
    },
    bodyPath: {
      type: "text",
      key: "state_body_path",
      description: "With `state_path`: the dotted path of the token in the JSON body.",
      examples: ["sync.token"],
    },
    as: {
      type: "choice",
      choices: ["cursor", "link"],
      default: "cursor",
      isDerived: true,
      description: "Whether the paginator follows cursors or links.",
    },
    initialParams: {
      type: "names",
      key: "initial_params",
      description: "With `state_path`: query parameters that are sent as long as there is no token.",
      examples: ["timeMin"],
    },
    resetOn: {
      type: "list",
      key: "reset_on",
      items: { type: "whole", minimum: 400 },
      default: [410],
      description:
        "With `state_path`: the statuses by which the API refuses an old token. The token is dropped, and everything is read again, with a warning.",
      examples: [[410, 409]],
    },
  },
  check: ({ param, bodyPath }) =>
    param !== undefined && bodyPath !== undefined
      ? [
          {
            option: "bodyPath",
            message: "state_param and state_body_path are mutually exclusive: remove one of them",
          },
        ]
      : [],
  phrase: () => "",
  note: ({ path }) =>
    `Incremental by the token \`${String(path).replace(/^\$\.?/, "")}\` of the last page. A read that starts \`from\` a checkpoint requests only changes.`,
  examples: [
    { state_path: "nextSyncToken", state_param: "syncToken", initial_params: ["since"] },
    { state_path: "sync.token", state_param: "token", reset_on: [410, 409] },
  ],
}));
