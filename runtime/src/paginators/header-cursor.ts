import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { token, type TokenOptions } from "./token.js";
import { checkToken, tokenOptions, tokenPhrase } from "./token-options.js";

/** Pages by a cursor in a header. */
export interface HeaderCursorOptions extends TokenOptions {
  /** The header of the response. Default `next`. */
  readonly cursorKey?: string;
}

/** Sends the cursor of each response's header with the next request, until a response has no such header. */
export function headerCursor(options: HeaderCursorOptions = {}): Paginator {
  const { cursorKey = "next" } = options;
  return token({
    type: "header_cursor",
    options,
    find: ({ headers }) => headers.get(cursorKey) ?? undefined,
  });
}

/** The spec's `{"type": "header_cursor"}`. */
export const headerCursorKind: Kind = /* @__PURE__ */ defineKind<HeaderCursorOptions>(() => ({
  family: "paginator",
  type: "header_cursor",
  factory: "headerCursor",
  summary: "Sends back a cursor of a response header: `X-Next: abc`, then `?cursor=abc`.",
  options: {
    cursorKey: {
      type: "text",
      default: "next",
      description:
        "The response's header; its case does not matter. The paging ends where it is missing; an empty one is a cursor too.",
    },
    ...tokenOptions(),
  },
  check: checkToken,
  phrase: (options) => tokenPhrase("paginated by a cursor in a header", options),
  examples: [
    { type: "header_cursor" },
    { type: "header_cursor", cursor_key: "X-Next", cursor_param: "from", limit: 50 },
  ],
}));
