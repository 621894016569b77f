import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { isNone } from "./page-info.js";
import { token, type TokenOptions } from "./token.js";
import { checkToken, tokenOptions, tokenPhrase } from "./token-options.js";

/** Pages by a cursor in the body. */
export interface CursorOptions extends TokenOptions {
  /** Where the cursor is. Default `cursors.next`. */
  readonly cursorPath?: Selector;
}

/** Sends the cursor of each response with the next request; ends where there is none, or `0`, `""` or `false`. */
export function cursor(options: CursorOptions = {}): Paginator {
  const { cursorPath = ["cursors", "next"] } = options;
  return token({
    type: "cursor",
    options,
    find: ({ body }) => {
      const found = select(cursorPath, body)?.[0];
      return isNone(found) ? undefined : (found as JsonValue);
    },
  });
}

/** The spec's `{"type": "cursor"}`. */
export const cursorKind: Kind = /* @__PURE__ */ defineKind<CursorOptions>(() => ({
  family: "paginator",
  type: "cursor",
  factory: "cursor",
  summary: 'Sends back a cursor of the body: `{"cursors": {"next": "abc"}}`, then `?cursor=abc`.',
  options: {
    cursorPath: {
      type: "selector",
      default: "cursors.next",
      description:
        "Where the cursor is; of several matches the first. The paging ends where it is missing, `null`, `false`, `0` or empty.",
    },
    ...tokenOptions(),
  },
  check: checkToken,
  phrase: (options) => tokenPhrase("paginated by cursor", options),
  examples: [
    { type: "cursor" },
    { type: "cursor", cursor_path: "meta.next", cursor_param: "after", limit: 100 },
    {
      type: "cursor",
      cursor_path: "page.end",
      cursor_body_path: "variables.after",
      has_more_path: "page.more",
    },
  ],
}));
