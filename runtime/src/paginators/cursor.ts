import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { isAbsent } from "./page-info.js";
import { checkToken, token, tokenOptions, tokenPhrase, type TokenOptions } from "./token.js";

/** Options of `cursor`. */
export interface CursorOptions extends TokenOptions {
  /** Selector of the cursor in the body. Default `cursors.next`. */
  readonly cursorPath?: Selector | undefined;
}

/** Sends the cursor of each response with the next request. Ends if it is missing, `null`, `0`, `""` or `false`. */
export function cursor(options: CursorOptions = {}): Paginator {
  const { cursorPath = ["cursors", "next"] } = options;
  return token({
    type: "cursor",
    options,
    find: ({ body }) => {
      const found = select(cursorPath, body)?.[0];
      return isAbsent(found) ? undefined : (found as JsonValue);
    },
  });
}

/** The spec's `{"type": "cursor"}`. */
export const cursorKind: Kind = /* @__PURE__ */ defineKind<CursorOptions>(() => ({
  family: "paginator",
  type: "cursor",
  factory: "cursor",
  summary:
    'Sends the cursor in the body with the next request: `{"cursors": {"next": "abc"}}`, then `?cursor=abc`.',
  options: {
    cursorPath: {
      type: "selector",
      default: "cursors.next",
      description:
        "Selector of the cursor in the body; of several matches, the first. The paging ends if it is missing, `null`, `false`, `0` or empty.",
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
    { type: "cursor", cursor_path: "next", limit: 50, stop_after_short_page: true, end_path: "is_last" },
  ],
}));
