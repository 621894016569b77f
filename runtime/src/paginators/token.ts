import { ReadFailure, PageError } from "../errors.js";
import { toText, type JsonValue } from "../json.js";
import type { Exchange, PageRequest, Paginator, Step } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { toFlag, unusable } from "./page-info.js";
import { place, type Placed } from "./place.js";
import type { PageSize } from "./place-options.js";

/** What the paginators of tokens have in common: where the token goes, and what ends the paging besides its absence. */
export interface TokenOptions extends PageSize {
  /** Query parameter of the cursor. Default `cursor`. */
  readonly cursorParam?: string | null;
  /** Dotted path in the JSON body, in place of a query parameter; there the cursor may be any JSON. */
  readonly cursorBodyPath?: string | null;
  /** Header of the request, in place of a query parameter. */
  readonly cursorHeader?: string | null;
  /** Where the response says whether there is more. */
  readonly hasMorePath?: Selector | null;
  /** Whether a page without records is the end. Default false: its cursor counts. */
  readonly stopAfterEmptyPage?: boolean;
}

/** A token: what each response says to ask for next. */
export interface Token {
  readonly type: string;
  readonly options: TokenOptions;
  /** The token in a response; `undefined` where there is none. */
  readonly find: (exchange: Exchange) => JsonValue | undefined;
}

/** The state of paging by tokens: nothing on the first page. */
interface TokenPosition {
  readonly cursor?: JsonValue;
}

/** The paginator of a token; `cursor` and `header_cursor` find it in different places. */
export function token(spec: Token): Paginator {
  const { type, options } = spec;
  return {
    type,
    options,
    start: {},
    request: (position) => put(options, (position as TokenPosition).cursor),
    next: (_, exchange) => advance(spec, exchange),
  };
}

function put(options: TokenOptions, cursor: JsonValue | undefined): PageRequest {
  const { cursorParam, cursorBodyPath, cursorHeader, limit, limitParam, limitBodyPath } = options;
  const size: Placed = [limit, limitParam ?? "limit", limitBodyPath];
  if (cursor === undefined || !cursorHeader)
    return place([cursor, cursorParam ?? "cursor", cursorBodyPath], size);
  return { ...place(size), headers: { [cursorHeader]: toText(cursor) } };
}

function advance({ options, find }: Token, exchange: Exchange): Step {
  const { body, records, isSecret } = exchange;
  const { hasMorePath, stopAfterEmptyPage, cursorBodyPath } = options;
  if (stopAfterEmptyPage && records.length === 0) return { stop: "empty_page" };
  const flag = hasMorePath ? select(hasMorePath, body)?.[0] : true;
  const hasMore = toFlag(flag) ?? unusable(flag, hasMorePath ?? [], "true or false");
  if (!hasMore) return { stop: "has_more_false" };
  const cursor = find(exchange);
  if (cursor === undefined) {
    const warning = hasMorePath ? "there is more, says the response, but it names no cursor" : undefined;
    return { stop: "no_next", warning };
  }
  if (typeof cursor === "object" && !cursorBodyPath)
    throw unfit("is no scalar: only a JSON body can take it (`cursor_body_path`)");
  if (isSecret(toText(cursor))) throw unfit("holds a secret, which must not get into checkpoints");
  return { next: { cursor } };
}

function unfit(why: string): ReadFailure {
  return new ReadFailure(PageError, "PAGE_INFO_INVALID", `the cursor of the next page ${why}`);
}
