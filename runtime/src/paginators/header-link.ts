import { parseUrl } from "../http/url.js";
import { defineKind, type Kind } from "../kind.js";
import { parseLinkHeader } from "./link-header.js";
import type { Exchange, Paginator } from "./paginator.js";
import { checkLink, link, linkOptions, type LinkOptions } from "./link.js";
import { tokenPhrase } from "./token.js";

/** Options of `header_link`. */
export interface HeaderLinkOptions extends LinkOptions {
  /** The relation of the link to the next page. Default `next`. */
  readonly linksNextKey?: string | undefined;
}

/** Follows the `Link` header (RFC 8288) until a response has no link with the relation. */
export function headerLink(options: HeaderLinkOptions = {}): Paginator {
  const { linksNextKey = "next" } = options;
  return link({ type: "header_link", options, find: (exchange) => findLink(exchange, linksNextKey) });
}

/**
 * Finds the target of a relation. Relations are case-insensitive; a link can have several, but only its first `rel`
 * counts. A link with an `anchor` other than this page belongs to another page (RFC 8288 §3.2), and one with
 * `results="false"` leads to an empty page.
 */
export function findLink(
  { headers, url }: Pick<Exchange, "headers" | "url">,
  relation: string,
): string | undefined {
  const found = parseLinkHeader(headers.get("link") ?? "").find(({ params }) => {
    const relations = (params.get("rel") ?? "").toLowerCase().split(/\s+/);
    const anchor = params.get("anchor");
    const isHere = anchor === undefined || parseUrl(anchor, url)?.href === parseUrl(url)?.href;
    const isEmpty = params.get("results") === "false";
    return isHere && !isEmpty && relations.includes(relation.toLowerCase());
  });
  return found?.target;
}

/** The spec's `{"type": "header_link"}`. */
export const headerLinkKind: Kind = /* @__PURE__ */ defineKind<HeaderLinkOptions>(() => ({
  family: "paginator",
  type: "header_link",
  factory: "headerLink",
  summary:
    'Follows the `Link` header (RFC 8288): `Link: <https://api.example.com/items?page=2>; rel="next"`.',
  options: {
    linksNextKey: {
      type: "text",
      default: "next",
      description: "The relation (`rel`) of the link to the next page, not a header name.",
    },
    ...linkOptions(),
  },
  check: checkLink,
  phrase: (options) => tokenPhrase("paginated by the `Link` header", options),
  examples: [
    { type: "header_link" },
    { type: "header_link", links_next_key: "successor" },
    { type: "header_link", limit: 100, limit_param: "per_page", stop_after_short_page: true },
  ],
}));
