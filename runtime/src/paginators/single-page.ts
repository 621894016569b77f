import { defineKind, type Kind } from "../kind.js";
import { describeNext } from "./next-sign.js";
import type { Paginator } from "./paginator.js";

/** Sends one request, regardless of the response. Warns if the response shows further pages. */
export function singlePage(): Paginator {
  return {
    type: "single_page",
    options: {},
    start: {},
    request: () => ({}),
    next: (_, exchange) => ({ stop: "single_page", warning: describeNext(exchange) }),
  };
}

/** The spec's `"single_page"`. */
export const singlePageKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "paginator",
  type: "single_page",
  factory: "singlePage",
  summary: "Sends one request: the response contains all records.",
  options: {},
  phrase: () => "in a single page",
  examples: [{ type: "single_page" }],
}));
