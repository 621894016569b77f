import { detectPaging, toQuery, type DetectedPaging } from "./detect.js";
import { ReadFailure, PageError } from "../errors.js";
import { toJson } from "../exact-json.js";
import { toText, type JsonObject } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Position } from "../checkpoint.js";
import type { Exchange, Paginator, Step } from "./paginator.js";
import { cursor } from "./cursor.js";
import { headerLink } from "./header-link.js";
import { jsonLink } from "./json-link.js";
import { pageNumber } from "./page-number.js";
import { singlePage } from "./single-page.js";

/** The position: the detected paginator, and its own position. */
interface AutoPosition {
  readonly type: DetectedPaging["type"];
  readonly options: JsonObject;
  readonly at: Position;
  /** For page numbers that are assumed to start at 0: a fingerprint of the first page. */
  readonly first?: number;
}

/**
 * Detects the paging from the first response of each read and uses it for the whole read. A warning says what was
 * detected and how to write it in the spec. See `detectPaging` for the supported styles.
 */
export function auto(): Paginator {
  return {
    type: "auto",
    options: {},
    start: {},
    request: (position) => {
      const chosen = read(position);
      return chosen ? toPaginator(chosen).request(chosen.at) : {};
    },
    next: (position, exchange) => {
      const chosen = read(position);
      return chosen ? continuePaging(chosen, exchange) : begin(exchange);
    },
  };
}

function read(position: Position): AutoPosition | undefined {
  return "type" in position ? (position as unknown as AutoPosition) : undefined;
}

function begin(exchange: Exchange): Step {
  const detected = detectPaging(exchange);
  const { type, options } = detected.isFollowed ? detected : single;
  const paginator = toPaginator({ type, options });
  // The first request has no page number. The number of its page is known only if the response has it.
  const isGuess = type === "page_number" && options["basePage"] === undefined;
  const first = isGuess && exchange.records.length > 0 ? { first: fingerprint(exchange.records) } : {};
  const step = advance({ type, options, at: paginator.start, ...first }, exchange);
  const warning = announce(detected, exchange);
  return warning === undefined
    ? step
    : { ...step, warning: [warning, step.warning].filter(Boolean).join(". ") };
}

const single: Pick<DetectedPaging, "type" | "options"> = { type: "single_page", options: {} };

function advance(chosen: AutoPosition, exchange: Exchange): Step {
  const step = toPaginator(chosen).next(chosen.at, exchange);
  return step.next ? { ...step, next: { ...chosen, at: step.next } } : step;
}

/** Handles the pages after the first, and detects wrong guesses. */
function continuePaging({ first, ...chosen }: AutoPosition, exchange: Exchange): Step {
  const step = advance(chosen, exchange);
  const next = step.next && read(step.next);
  if (chosen.type === "cursor" && next && toText(next.at) === toText(chosen.at)) {
    const message = `the response repeats the cursor: the API seems to ignore the guessed parameter ${paramOf(chosen)}; add a paginator to the spec`;
    throw new ReadFailure(PageError, "PAGINATION_LOOP", message);
  }
  if (first === undefined || first !== fingerprint(exchange.records)) return step;
  const fix = toSpec({ type: chosen.type, options: { basePage: 1, ...chosen.options } });
  const message = `page 1 repeats the first page: the API seems to number its pages from 1; write ${fix}`;
  if (next) throw new ReadFailure(PageError, "PAGE_PARAM_IGNORED", message);
  return { ...step, warning: message };
}

/** Describes the detected paging and how to write it in the spec. */
function announce(detected: DetectedPaging, { body }: Exchange): string | undefined {
  if (body == null) return undefined;
  const { reason, isFollowed } = detected;
  const goal = isFollowed ? "" : " to read all pages";
  const result = isFollowed ? reason : `only one page is read, although ${reason}`;
  return `the spec does not specify the paging: ${result}; write "paginator": ${toSpec(detected)}${goal}, or run \`connector-gen detect\``;
}

/** Prints a paginator for the spec: `{"type":"json_link","next_url_path":"$.next"}`. */
function toSpec({ type, options }: Pick<DetectedPaging, "type" | "options">): string {
  const entries = Object.entries(options).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    Array.isArray(value) ? toQuery(value as readonly string[]) : value,
  ]);
  return JSON.stringify({ type, ...(Object.fromEntries(entries) as JsonObject) });
}

function paramOf({ options }: AutoPosition): string {
  return `\`${toText(options["cursorParam"] ?? "cursor")}\``;
}

function toPaginator({ type, options }: Pick<AutoPosition, "type" | "options">): Paginator {
  switch (type) {
    case "header_link":
      return headerLink(options);
    case "json_link":
      return jsonLink(options);
    case "page_number":
      return pageNumber(options);
    case "cursor":
      return cursor(options);
    case "offset":
    case "single_page":
      return singlePage();
    default:
      return type satisfies never;
  }
}

/** Hashes records for comparison: the records themselves must not become part of a checkpoint. */
function fingerprint(records: readonly unknown[]): number {
  let value = 0;
  for (const character of toJson(records)) value = (value * 31 + character.charCodeAt(0)) % 2 ** 46;
  return value;
}

/** The spec's `"auto"`, the default paginator. */
export const autoKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "paginator",
  type: "auto",
  factory: "auto",
  summary:
    "Detects the paging from the first response of each read: a `Link` header, a link in the body, a number of pages, or a cursor. `connector-gen detect` writes the result into the spec.",
  options: {},
  phrase: () => "paginated as the first response indicates",
  examples: [{ type: "auto" }],
}));
