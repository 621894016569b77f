import { defineKind, type Kind, type Option } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { link } from "./link.js";

/** Options of `json_link`. */
export interface JsonLinkOptions {
  /** Selector of the link in the body. Default `next`. */
  readonly nextUrlPath?: Selector | undefined;
}

/** Follows the link in the body, absolute or relative, until a response has none. */
export function jsonLink(options: JsonLinkOptions = {}): Paginator {
  const { nextUrlPath = ["next"] } = options;
  return link({ type: "json_link", options, find: ({ body }) => select(nextUrlPath, body)?.[0] });
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

function describe(): Kind & { readonly options: { readonly nextUrlPath: Option } } {
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
          "Selector of the link in the body, absolute or relative; of several matches, the first. The paging ends if it is missing, `null`, `false` or empty.",
      },
    },
    phrase: () => "paginated by links in the body",
    examples: [
      { type: "json_link" },
      { type: "json_link", next_url_path: "paging.next.href" },
      { type: "json_link", next_url_path: "['@odata.nextLink']" },
    ],
  };
}
