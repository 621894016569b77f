import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";

/** Sends one request, regardless of the response. */
export function singlePage(): Paginator {
  return {
    type: "single_page",
    options: {},
    start: {},
    request: () => ({}),
    next: () => ({ stop: "single_page" }),
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
