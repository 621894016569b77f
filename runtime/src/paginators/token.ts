import { ReadFailure, PageError } from "../errors.js";
import { toPlain } from "../exact-json.js";
import { parseJson, toText, type JsonValue } from "../json.js";
import type { Exchange, PageRequest, Paginator, Step } from "./paginator.js";
import type { Option, OptionProblem } from "../kind.js";
import { checkEnds, endChain, endOptions, type EndOptions } from "./page-end.js";
import {
  bodyPathOption,
  checkExclusive,
  pageSizeOptions,
  paramOption,
  type PageParam,
  type PageSize,
  toPageRequest,
} from "./page-params.js";

/**
 * Options of token paginators: the destination of the token, and conditions that end the paging. By default, an empty page
 * with a cursor does not end it.
 */
export interface TokenOptions extends PageSize, EndOptions {
  /** Query parameter of the cursor. Default `cursor`. */
  readonly cursorParam?: string | null | undefined;
  /** Dotted path in the JSON body, instead of a query parameter; there, the cursor can be any JSON value. */
  readonly cursorBodyPath?: string | null | undefined;
  /** Header of the request, instead of a query parameter. */
  readonly cursorHeader?: string | null | undefined;
}

/** A token: a value of each response that selects the next page. */
export interface Token {
  readonly type: string;
  readonly options: TokenOptions;
  /** Returns the token of a response, or `undefined` if there is none. */
  readonly find: (exchange: Exchange) => JsonValue | undefined;
}

/** The position: the token, absent on the first page. */
interface TokenPosition {
  readonly cursor?: JsonValue;
  /** Whether the cursor is written as JSON, because it contains an integer beyond 2^53. */
  readonly isJson?: boolean;
}

/** Creates the paginator of a token: the implementation of `cursor`, `header_cursor` and `last_record`. */
export function token(spec: Token): Paginator {
  const { type, options } = spec;
  return {
    type,
    options,
    start: {},
    needsPrevious: false,
    request: (position) => {
      const { cursor, isJson } = position as TokenPosition;
      return put(options, isJson ? (parseJson(cursor as string) as JsonValue) : cursor);
    },
    next: (position, exchange) => advance(spec, position, exchange),
  };
}

function put(options: TokenOptions, cursor: JsonValue | undefined): PageRequest {
  const { cursorParam, cursorBodyPath, cursorHeader, limit, limitParam, limitBodyPath } = options;
  const size: PageParam = [limit, limitParam ?? "limit", limitBodyPath];
  if (cursor === undefined || !cursorHeader)
    return toPageRequest([cursor, cursorParam ?? "cursor", cursorBodyPath], size);
  return { ...toPageRequest(size), headers: { [cursorHeader]: toText(cursor) } };
}

function advance({ options, find }: Token, { cursor: own }: TokenPosition, exchange: Exchange): Step {
  const end = endChain(options, exchange, { isNamed: own !== undefined, find: () => find(exchange) });
  if (end) return end;
  const cursor = find(exchange) ?? null;
  if (typeof cursor === "object" && !options.cursorBodyPath)
    throw invalidCursor("is not a scalar: only a JSON body can hold it (`cursor_body_path`)");
  if (exchange.isSecret(toText(cursor)))
    throw invalidCursor("contains a secret, which must not become part of a checkpoint");
  const plain = toPlain(cursor);
  return { next: plain === cursor ? { cursor } : { cursor: plain, isJson: true } };
}

function invalidCursor(why: string): ReadFailure {
  return new ReadFailure(PageError, "PAGE_INFO_INVALID", `the cursor of the next page ${why}`);
}

/** Describes the options of `TokenOptions`. */
export function tokenOptions(): { readonly [K in keyof Required<TokenOptions>]: Option } {
  return {
    cursorParam: paramOption("the cursor", "cursor"),
    cursorBodyPath: bodyPathOption("the cursor"),
    cursorHeader: {
      type: "text",
      nullable: true,
      description: "Header of the request that takes the cursor, instead of a query parameter.",
    },
    ...pageSizeOptions(),
    ...endOptions(false),
  };
}

/** Checks that cursor and limit have one destination each, and the conditions for the end. */
export function checkToken(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  return [
    ...checkExclusive(options, "cursorParam", "cursorBodyPath", "cursorHeader"),
    ...checkExclusive(options, "limitParam", "limitBodyPath"),
    ...checkEnds(options),
  ];
}

/** Adds the page size to a phrase: `paginated by cursor, 100 records per page`. */
export function tokenPhrase(phrase: string, { limit }: Readonly<Record<string, unknown>>): string {
  return typeof limit === "number" ? `${phrase}, ${limit} records per page` : phrase;
}
