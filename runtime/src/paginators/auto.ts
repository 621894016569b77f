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
import { offsetRange, type OffsetOptions } from "./offset.js";
import { pageNumberRange } from "./page-number.js";
import { range } from "./range.js";
import { singlePage } from "./single-page.js";

/** The position: the detected paginator, and its own position. */
interface AutoPosition {
  readonly type: DetectedPaging["type"];
  readonly options: JsonObject;
  readonly at: Position;
  /** On the second page, if a guess may be wrong: a fingerprint of the first page. */
  readonly first?: number;
}

/**
 * Detects the paging from the first response of each read and uses it for the whole read. A warning states the detected
 * paging and how to write it in the spec. Paging that cannot be followed is an error. See `detectPaging` for the styles.
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
  const { type, options, reason, isFollowed } = detectPaging(exchange);
  const advice = `the spec does not specify the paging: ${reason}`;
  if (!isFollowed) {
    const message = `${advice}; add a paginator to the spec, or "single_page" if there are no more records`;
    throw new ReadFailure(PageError, "PAGE_INFO_MISSING", message);
  }
  const warning =
    exchange.body == null
      ? undefined
      : `${advice}; write "paginator": ${toSpec({ type, options })}, or run \`connector-gen detect\``;
  if (type === "single_page") return { stop: type, warning };
  // The parameters of page numbers and offsets are guessed, and so is a missing number of the first page.
  const isGuess = (type === "page_number" || type === "offset") && exchange.records.length > 0;
  const first = isGuess ? { first: fingerprint(exchange.records) } : {};
  const step = advance({ type, options, at: toPaginator({ type, options }).start, ...first }, exchange);
  return { ...step, warning: [warning, step.warning].filter(Boolean).join(". ") };
}

function advance(chosen: AutoPosition, exchange: Exchange): Step {
  const step = toPaginator(chosen).next(chosen.at, exchange);
  return step.next ? { ...step, next: { ...chosen, at: step.next } } : step;
}

/** Handles the pages after the first, and detects wrong guesses. */
function continuePaging({ first, ...chosen }: AutoPosition, exchange: Exchange): Step {
  const isRepeated = first !== undefined && first === fingerprint(exchange.records);
  if (isRepeated && chosen.type === "page_number" && chosen.options["basePage"] === undefined)
    return startFromOne(chosen, exchange);
  const step: Step = isRepeated ? {} : advance(chosen, exchange);
  const next = step.next && read(step.next);
  if (isRepeated || (chosen.type === "cursor" && next && toText(next.at) === toText(chosen.at))) {
    const code = isRepeated ? "PAGE_PARAM_IGNORED" : "PAGINATION_LOOP";
    const what = isRepeated ? "the second page equals the first" : "the response repeats the cursor";
    const message = `${what}: the API seems to ignore the guessed parameter ${paramOf(chosen)}; add a paginator to the spec`;
    throw new ReadFailure(PageError, code, message);
  }
  return step;
}

/** Page 1 repeats the first page: the API counts from 1. Leaves out its records and continues with page 2. */
function startFromOne({ type, options }: AutoPosition, exchange: Exchange): Step {
  const chosen = { type, options: { basePage: 1, ...options } };
  const at = { at: 1, seen: 0 };
  const step = advance({ ...chosen, at }, { ...exchange, previous: undefined });
  const warning = `page 1 repeats the first page, and is left out: the API counts its pages from 1; write ${toSpec(chosen)}`;
  return { ...step, records: [], warning };
}

/** Prints a paginator for the spec: `{"type":"json_link","next_url_path":"$.next"}`. */
function toSpec({ type, options }: Pick<DetectedPaging, "type" | "options">): string {
  const entries = Object.entries(options).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    Array.isArray(value) ? toQuery(value as readonly string[]) : value,
  ]);
  return JSON.stringify({ type, ...(Object.fromEntries(entries) as JsonObject) });
}

function paramOf({ type, options }: AutoPosition): string {
  const names = { cursor: "cursorParam", offset: "offsetParam", page_number: "pageParam" } as const;
  const name =
    type === "cursor" || type === "offset" || type === "page_number" ? options[names[type]] : undefined;
  return `\`${toText(name ?? (type === "page_number" ? "page" : type))}\``;
}

function toPaginator({ type, options }: Pick<AutoPosition, "type" | "options">): Paginator {
  switch (type) {
    case "header_link":
      return headerLink(options);
    case "json_link":
      return jsonLink(options);
    case "page_number":
      return range(pageNumberRange(options));
    case "cursor":
      return cursor(options);
    case "offset":
      return range(offsetRange({ ...(options as JsonObject & OffsetOptions), stopAfterShortPage: true }));
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
    "Detects the paging from the first response of each read: a `Link` header, a link in the body, a number of pages, a cursor, or an offset. It is an error if there are more records, but no way to them. `connector-gen detect` writes the result into the spec.",
  options: {},
  phrase: () => "paginated as the first response indicates",
  examples: [{ type: "auto" }],
}));
