import { defineKind, type Kind } from "../kind.js";
import { isAbsent } from "./page-info.js";
import type { Paginator } from "./paginator.js";
import { checkToken, token, tokenOptions, tokenPhrase, type TokenOptions } from "./token.js";

/** Options of `header_cursor`. */
export interface HeaderCursorOptions extends TokenOptions {
  /** The response header. Default `next`. */
  readonly cursorKey?: string | undefined;
}

/** Sends the cursor in a response header with the next request, until the header is missing or empty. */
export function headerCursor(options: HeaderCursorOptions = {}): Paginator {
  const { cursorKey = "next" } = options;
  return token({
    type: "header_cursor",
    options,
    find: ({ headers }) => {
      const found = headers.get(cursorKey);
      return isAbsent(found) ? undefined : (found ?? undefined);
    },
  });
}

/** The spec's `{"type": "header_cursor"}`. */
export const headerCursorKind: Kind = /* @__PURE__ */ defineKind<HeaderCursorOptions>(() => ({
  family: "paginator",
  type: "header_cursor",
  factory: "headerCursor",
  summary: "Sends the cursor in a response header with the next request: `X-Next: abc`, then `?cursor=abc`.",
  options: {
    cursorKey: {
      type: "text",
      default: "next",
      description:
        "The response header, case-insensitive. The paging ends if it is missing, empty or `null`.",
    },
    ...tokenOptions(),
  },
  check: checkToken,
  phrase: (options) => tokenPhrase("paginated by a cursor in a header", options),
  examples: [
    { type: "header_cursor" },
    { type: "header_cursor", cursor_key: "X-Next", cursor_param: "from", limit: 50 },
    { type: "header_cursor", cursor_key: "X-Next-Page", cursor_param: "page", has_more_header: "X-Has-More" },
  ],
}));
