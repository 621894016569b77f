import { defineKind, type Kind, type Option } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { tokenPhrase } from "./token.js";
import { select, type Selector } from "../select/path.js";
import { checkLink, link, linkOptions, type LinkOptions } from "./link.js";

/** Options of `json_link`. */
export interface JsonLinkOptions extends LinkOptions {
  /** Selector of the link in the body. Default `next`. */
  readonly nextUrlPath?: Selector | undefined;
}

/** Follows the link in the body, absolute or relative, until a response has none. */
export function jsonLink(options: JsonLinkOptions = {}): Paginator {
  const { nextUrlPath = ["next"] } = options;
  return link({ type: "json_link", options, find: ({ body }) => linkIn(select(nextUrlPath, body)?.[0]) });
}

/**
 * Returns the link to the next page in a list of links with relations, or in an object: `{ "href": "/items?page=2" }`.
 * Returns any other value unchanged.
 */
export function linkIn(found: unknown): unknown {
  if (Array.isArray(found)) {
    const links = found.map((link) => Object(link) as Link);
    const next = links.find(({ rel, relation = rel }) => /^next$/i.test(String(relation)));
    return links.some(({ rel, relation = rel }) => relation !== undefined) ? targetOf(next ?? {}) : found;
  }
  return targetOf(Object(found) as Link) ?? found;
}

type Link = Readonly<Partial<Record<"rel" | "relation" | "href" | "url" | "uri", unknown>>>;

function targetOf({ href, url, uri }: Link): unknown {
  return href ?? url ?? uri;
}

/** The spec's `{"type": "json_link"}`. */
export const jsonLinkKind: Kind = /* @__PURE__ */ defineKind<JsonLinkOptions>(describe);

/** The spec's `{"type": "json_response"}`: dlt's deprecated name of `json_link`. */
export const jsonResponseKind: Kind = /* @__PURE__ */ defineKind<JsonLinkOptions>(() => ({
  ...describe(),
  type: "json_response",
  deprecated: "json_link",
  summary: "The deprecated name of `json_link`.",
  examples: [{ type: "json_response", next_url_path: "paging.next" }],
}));

function describe(): Kind & {
  readonly options: { readonly [K in keyof Required<JsonLinkOptions>]: Option };
} {
  return {
    family: "paginator",
    type: "json_link",
    factory: "jsonLink",
    summary: 'Follows a link in the body: `{"next": "https://api.example.com/items?page=2"}`.',
    options: {
      nextUrlPath: {
        type: "selector",
        default: "next",
        description:
          "Selector of the link in the body, absolute or relative; of several matches, the first. Of an object, its `href`, `url` or `uri`; in a list of links with `rel` or `relation`, those of the one with `next`. The paging ends if it is missing, `null`, `false` or empty.",
      },
      ...linkOptions(),
    },
    check: checkLink,
    phrase: (options) => tokenPhrase("paginated by links in the body", options),
    examples: [
      { type: "json_link" },
      { type: "json_link", next_url_path: "paging.next.href" },
      { type: "json_link", next_url_path: "['@odata.nextLink']" },
      { type: "json_link", next_url_path: "next_page", end_path: "end_of_stream" },
      { type: "json_link", next_url_path: "paging.next", limit: 100, stop_after_empty_page: true },
    ],
  };
}
