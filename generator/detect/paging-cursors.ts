import type { JsonObject } from "@connector-gen/runtime";
import { detectPaging, walkBody, wordsOf, type BodyField } from "@connector-gen/runtime/kinds";
import { isObject } from "../spec/values.js";
import type { Candidate, FirstPage } from "./candidate.js";
import { otherTargets } from "./cursor-targets.js";
import { envelopeOf, pageObjectOf } from "./envelope.js";
import {
  cursorShapes,
  type CursorShape,
  envelopeWords,
  headerCursors,
  selfNamedList,
} from "./known-shapes.js";
import { inStyleOf, targetOf } from "./own-params.js";
import { flagBesideNext } from "./paging-totals.js";
import { toSelector } from "./selectors.js";

/** Finds paging by tokens: cursors in the body or in headers. Cursors with a value come first. */
export function cursorCandidates(page: FirstPage): readonly Candidate[] {
  const cursors = bodyCursors(page);
  const given = cursors.filter(({ isEmpty }) => !isEmpty).slice(0, 3);
  const empty = cursors.filter(({ isEmpty }) => isEmpty).slice(0, 1);
  return [
    ...given.flatMap((each) => toCandidate(page, each)),
    ...headerTokens(page),
    ...detectedCursors(page),
    ...empty.flatMap((each) => toCandidate(page, each)),
  ];
}

interface Shaped {
  readonly found: BodyField;
  /** Possible parameters in words, the likeliest first. */
  readonly params: readonly string[];
  readonly isEmpty: boolean;
}

/** Finds cursors by their names: known ones, then texts in an object `next`, then texts of the envelope that are tokens. */
function bodyCursors(page: FirstPage): readonly Shaped[] {
  const fields = [...walkBody(page.exchange.body, 5)];
  const known = fields.flatMap(shapeOf).sort((a, b) => rankOf(a) - rankOf(b));
  const inside = fields.flatMap(nextOf);
  const tokens = envelopeOf(page).flatMap(tokenOf);
  const seen = new Set<string>();
  return [...known, ...inside, ...tokens].filter(({ found }) => {
    const id = found.path.join("\0");
    return !seen.has(id) && Boolean(seen.add(id));
  });
}

function shapeOf(found: BodyField): readonly Shaped[] {
  const { path, words, value, siblings } = found;
  const parent = wordsOf(path.at(-2) ?? "");
  const shape = cursorShapes.find((each) => each.words.test(words) && (each.under?.test(parent) ?? true));
  if (!shape || (envelopeWords.next.test(parent) && !isNumeric(value) && words !== "after")) return [];
  const isEmpty = value === null || value === "" || value === false || value === 0;
  const isKey = isObject(value) && /^last evaluated key$/.test(words);
  const isToken = (typeof value === "string" && !isLink(value)) || typeof value === "number" || isKey;
  if (isEmpty ? shape.isDistinctive === undefined : !isToken) return [];
  const isSelfNamed = siblings[selfNamedList.name] === selfNamedList.value;
  const known = words === "next" && typeof value === "number" ? numberParams(value, shape) : shape.params;
  const params = isSelfNamed && words === "next cursor" ? [selfNamedList.cursorParam] : known;
  return [{ found, params, isEmpty }];
}

/** Returns the parameters for a number under `next`: a page number, or the time before which the next page starts. */
function numberParams(value: number, { params }: CursorShape): readonly string[] {
  if (value < 1e9) return [...new Set(["page", ...params])];
  return ["until", ...params.filter((words) => words !== "page")];
}

/** Ranks a specific name before a general one: `next_page_token` before `next`. */
function rankOf({ found }: Shaped): number {
  const index = cursorShapes.findIndex(({ words }) => words.test(found.words));
  return cursorShapes[index]?.isDistinctive ? 0 : 1 + index;
}

/** Finds a text in an object `next`, which the parameter of the same name takes: `next: { starting_after: "…" }`. */
function nextOf(found: BodyField): readonly Shaped[] {
  const { path, words, value } = found;
  if (!envelopeWords.next.test(wordsOf(path.at(-2) ?? "")) || typeof value !== "string" || isLink(value))
    return [];
  if (value === "" || envelopeWords.otherToken.test(words) || words === "continue") return [];
  return [{ found, params: words === "cursor" ? [words, "after"] : [words], isEmpty: false }];
}

/** Finds a text in the envelope whose name is that of a token: `offset: "itr8/rec7"`. */
function tokenOf(found: BodyField): readonly Shaped[] {
  const { words, value } = found;
  if (typeof value !== "string" || value === "" || isNumeric(value) || isLink(value) || /\s/.test(value))
    return [];
  if (!envelopeWords.token.test(words) || envelopeWords.otherToken.test(words)) return [];
  const params = [words.replace(/^next( page)? /, ""), words, "cursor", "after"];
  return [{ found, params: [...new Set(params)], isEmpty: false }];
}

function isLink(value: string): boolean {
  return /^(https?:\/\/|[/?])/i.test(value);
}

function isNumeric(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
}

function toCandidate(page: FirstPage, { found, params, isEmpty }: Shaped): readonly Candidate[] {
  const selector = toSelector(found.path);
  if (selector === undefined) return [];
  // A cursor that starts with `*` is in every response, so only an empty page shows the end.
  const hasStart = page.own.some(({ value }) => value === "*");
  const stops = { ...flagBesideNext(page), ...(hasStart && { stop_after_empty_page: true }) };
  const values = params.map((words): JsonObject => {
    const { options } = targetOf(page, "cursor", { words: [words], like: found.name });
    return { type: "cursor", cursor_path: selector, ...options, ...stops };
  });
  const known = params.findIndex((words) => isKnown(page, words));
  const sorted =
    known > 0 ? [values[known] ?? {}, ...values.filter((_, index) => index !== known)] : [...values];
  const [value, ...others] = sorted;
  if (!value) return [];
  const inBrackets = isObject(page.body) ? [] : bracketed(found, value, params[0] ?? "cursor");
  const rivals = [...others, ...inBrackets];
  const wider =
    isEmpty || known >= 0
      ? []
      : otherTargets(page, found, params).map((options): JsonObject => {
          return { type: "cursor", cursor_path: selector, ...options, ...stops };
        });
  const reasons = [isEmpty ? `${selector} is a cursor, empty on this last page` : `${selector} is a cursor`];
  if (known >= 0) reasons.push("the spec already has the parameter");
  return [
    {
      value,
      reasons,
      isConclusive: known >= 0 || params.length === 1,
      test: "next",
      ...(known < 0 && rivals.length > 0 && { rivals }),
      ...(wider.length > 0 && { others: wider }),
    },
  ];
}

/** Returns the cursor with its parameter in brackets: `pagination[cursor]` may take `pagination.next`. */
function bracketed(field: BodyField, value: JsonObject, words: string): readonly JsonObject[] {
  const object = pageObjectOf(field);
  return object === undefined
    ? []
    : [{ ...value, cursor_param: `${object}[${inStyleOf(field.name, words)}]` }];
}

function isKnown({ own, inputs }: FirstPage, words: string): boolean {
  return own.some((param) => param.words === words) || inputs.some((name) => wordsOf(name) === words);
}

/** Finds cursors in headers. */
function headerTokens(page: FirstPage): readonly Candidate[] {
  const header = headerCursors.find(([name]) => (page.exchange.headers.get(name) ?? "").trim() !== "");
  if (!header) return [];
  const [name, params] = header;
  // Microsoft writes its parameters in camel case.
  const styles = name.startsWith("X-MS-") ? ["nextCursor", "next_cursor"] : ["next_cursor", "nextCursor"];
  const options = styles.flatMap((like) =>
    params.map((words) => targetOf(page, "cursor", { words: [words], like }).options),
  );
  const unique = [...new Map(options.map((each) => [JSON.stringify(each), each])).values()];
  const values = unique.map((each): JsonObject => ({ type: "header_cursor", cursor_key: name, ...each }));
  const [value, ...rivals] = values;
  if (!value) return [];
  const reasons = [`the header ${name} holds a cursor`];
  return [
    { value, reasons, isConclusive: params.length === 1, test: "next", ...(rivals.length > 0 && { rivals }) },
  ];
}

/** Finds cursors with other names by the runtime's rules. */
function detectedCursors(page: FirstPage): readonly Candidate[] {
  const { type, options } = detectPaging({ ...page.exchange, headers: { get: () => null } });
  const path = options["cursorPath"];
  if (type !== "cursor" || !Array.isArray(path)) return [];
  const steps = path as readonly string[];
  const selector = toSelector(steps);
  const name = steps.at(-1) ?? "";
  if (selector === undefined) return [];
  const words = wordsOf(name);
  const given = typeof options["cursorParam"] === "string" ? [options["cursorParam"]] : [];
  const params = [...new Set([...given, words.replace(/^next /, ""), "cursor", words])];
  const values = params.map((each): JsonObject => {
    const target = targetOf(page, "cursor", { words: [each], like: name });
    return { type: "cursor", cursor_path: selector, ...target.options };
  });
  const [value, ...rivals] = values;
  return value
    ? [{ value, reasons: [`${selector} is a cursor`], isConclusive: false, test: "next", rivals }]
    : [];
}
