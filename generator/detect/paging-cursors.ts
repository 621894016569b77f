import type { JsonObject } from "@connector-gen/runtime";
import { detectPaging, walkBody, wordsOf, type BodyField } from "@connector-gen/runtime/kinds";
import { isObject } from "../spec/values.js";
import { hasPaginator, type Candidate, type FirstPage } from "./candidate.js";
import { cursorShapes, fieldWords, headerCursors, selfNamedList } from "./known-shapes.js";
import { ownParam, targetOf } from "./own-params.js";
import { toSelector } from "./selectors.js";

/** Finds paging by tokens: cursors in the body or in headers, and the last record of each page. */
export function cursorCandidates(page: FirstPage): readonly Candidate[] {
  return [...bodyCursors(page), ...headerTokens(page), ...detectedCursors(page), ...lastRecords(page)];
}

interface Shaped {
  readonly found: BodyField;
  readonly params: readonly string[];
  readonly isEmpty: boolean;
}

/** Finds cursors with known names, first those with a value, then those that are empty on this page. */
function bodyCursors(page: FirstPage): readonly Candidate[] {
  const shaped = [...walkBody(page.exchange.body, 5)].flatMap((each) => shapeOf(each));
  const cursors = [...shaped].sort((a, b) => Number(a.isEmpty) - Number(b.isEmpty));
  return cursors.slice(0, 1).flatMap((each) => toCandidate(page, each));
}

function shapeOf(found: BodyField): readonly Shaped[] {
  const { path, words, value, siblings } = found;
  const parent = wordsOf(path.at(-2) ?? "");
  const shape = cursorShapes.find((each) => each.words.test(words) && (each.under?.test(parent) ?? true));
  const isEmpty = value === null || value === "" || value === false || value === 0;
  const isScalar = typeof value === "string" || typeof value === "number";
  if (!shape || (isEmpty ? shape.isDistinctive === undefined : !isScalar)) return [];
  const isSelfNamed = siblings[selfNamedList.name] === selfNamedList.value;
  const params = isSelfNamed && words === "next cursor" ? [selfNamedList.cursorParam] : shape.params;
  return [{ found, params, isEmpty }];
}

function toCandidate(page: FirstPage, { found, params, isEmpty }: Shaped): readonly Candidate[] {
  const selector = toSelector(found.path);
  if (selector === undefined) return [];
  const stops = moreOptions(page);
  const values = params.map((words): JsonObject => {
    const { options } = targetOf(page, "cursor", { words: [words], like: found.name });
    return { type: "cursor", cursor_path: selector, ...options, ...stops };
  });
  const known = params.findIndex((words) => isKnown(page, words));
  const [value, ...rivals] =
    known > 0 ? [values[known] ?? {}, ...values.filter((_, index) => index !== known)] : values;
  if (!value) return [];
  const reasons = [isEmpty ? `${selector} is a cursor, empty on this last page` : `${selector} is a cursor`];
  if (known >= 0) reasons.push("the spec already has the parameter");
  return [
    {
      value,
      reasons,
      isConclusive: known >= 0 || rivals.length === 0,
      test: "next",
      ...(known < 0 && rivals.length > 0 && { rivals }),
    },
  ];
}

function isKnown({ own, inputs }: FirstPage, words: string): boolean {
  return own.some((param) => param.words === words) || inputs.some((name) => wordsOf(name) === words);
}

/** Returns the paginator options for a flag that says whether more pages follow. */
export function moreOptions({ exchange }: FirstPage): JsonObject {
  const flag = [...walkBody(exchange.body, 4)].find(
    ({ words, value }) => fieldWords.more.test(words) && typeof value === "boolean",
  );
  // `truncated` and similar flags have the same meaning as `has_more`.
  const selector = flag && toSelector(flag.path);
  return selector === undefined ? {} : { has_more_path: selector };
}

/** Finds cursors in headers. */
function headerTokens(page: FirstPage): readonly Candidate[] {
  const header = headerCursors.find(([name]) => (page.exchange.headers.get(name) ?? "").trim() !== "");
  if (!header) return [];
  const [name, params] = header;
  const values = params.map((words): JsonObject => {
    const { options } = targetOf(page, "cursor", { words: [words], like: "next_cursor" });
    return { type: "header_cursor", cursor_key: name, ...options };
  });
  const [value, ...rivals] = values;
  if (!value) return [];
  const reasons = [`the header ${name} holds a cursor`];
  return [
    { value, reasons, isConclusive: rivals.length === 0, test: "next", ...(rivals.length > 0 && { rivals }) },
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

/** Finds keyset paging: a flag says that more pages follow, and a parameter takes the id of the last record. */
function lastRecords(page: FirstPage): readonly Candidate[] {
  const { body, records } = page.exchange;
  const last = records.at(-1);
  const more = moreOptions(page);
  if (!hasPaginator("last_record") || !isObject(last) || !("id" in last)) return [];
  if (typeof more["has_more_path"] !== "string") return [];
  const known = ownParam(page, /^(starting after|after|after id|since id|min id)$/);
  const isSelfNamed = isObject(body) && body[selfNamedList.name] === selfNamedList.value;
  if (!known && !isSelfNamed) return [];
  const param = known?.name ?? "starting_after";
  // The paginator stops at an empty page and does not use the flag.
  const value = { type: "last_record", path: "id", param };
  const reasons = [
    `${more["has_more_path"]} says whether more pages follow, and ${param} takes the id of the last record`,
  ];
  return [{ value, reasons, isConclusive: known !== undefined, test: "next" }];
}
