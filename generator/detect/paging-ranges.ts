import type { JsonObject } from "@connector-gen/runtime";
import type { BodyField } from "@connector-gen/runtime/kinds";
import { isObject } from "../spec/values.js";
import type { Candidate, FirstPage, OwnParam } from "./candidate.js";
import { pageObjectOf } from "./envelope.js";
import { count } from "./finding.js";
import { fieldWords, headerPages, pageParams, paramWords } from "./known-shapes.js";
import { inStyleOf, ownParam, targetOf, wholeOf } from "./own-params.js";
import { headerPagesOf, numbersOf, stopOptions, totalRecords, totalsOf } from "./paging-totals.js";
import { toSelector } from "./selectors.js";

/** Finds paging by page numbers and offsets that the response or the spec contains. */
export function rangeCandidates(page: FirstPage): readonly Candidate[] {
  return [...ownRange(page), ...shownPages(page), ...headerPageNumbers(page), ...shownOffsets(page)];
}

/** Finds page parameters that the spec sends: `page=1`, or `offset=0` and `limit=50`. */
function ownRange(page: FirstPage): readonly Candidate[] {
  const pageParam = ownParam(page, paramWords.page);
  const offsetParam = ownParam(page, paramWords.offset);
  const limitParam = ownParam(page, paramWords.limit);
  const base = wholeOf(pageParam?.value);
  if (pageParam && base !== undefined && base <= 1) {
    const value = {
      type: "page_number",
      base_page: base,
      ...toOptions(pageParam, "page"),
      ...stopOptions(page, "pages"),
    };
    const reasons = [`the spec sends ${pageParam.name}=${base}`];
    return [{ value, reasons, isConclusive: true, test: "next" }];
  }
  const limit = wholeOf(limitParam?.value) ?? page.exchange.records.length;
  if (!offsetParam || wholeOf(offsetParam.value) !== 0 || limit === 0) return [];
  const value = {
    type: "offset",
    limit,
    ...toOptions(offsetParam, "offset"),
    ...(limitParam && toOptions(limitParam, "limit")),
    ...stopOptions(page, "records"),
  };
  return [
    {
      value,
      reasons: [`the spec sends ${offsetParam.name}=0`],
      isConclusive: limitParam !== undefined,
      test: "next",
    },
  ];
}

function toOptions({ name, bodyPath }: OwnParam, what: "page" | "offset" | "limit"): JsonObject {
  if (bodyPath !== undefined) return { [`${what}_body_path`]: bodyPath };
  return name === what ? {} : { [`${what}_param`]: name };
}

/** The page-size parameter that usually accompanies an offset parameter, both in words. */
const limitOf: Readonly<Record<string, string>> = {
  skip: "limit",
  start: "limit",
  from: "size",
  "start at": "max results",
  "start index": "count",
  "start row": "rows",
  "first result": "max results",
};

/** Finds an offset in the response, beside a limit or a total. */
function shownOffsets(page: FirstPage): readonly Candidate[] {
  const { length } = page.exchange.records;
  const numbers = numbersOf(page);
  const shown = numbers.find(({ words, value, siblings }) => {
    const offset = wholeOf(value) ?? 2;
    const isFirst = offset === 0 || (offset === 1 && words === "start index");
    return paramWords.offset.test(words) && isFirst && (hasLimit(numbers, siblings) || isCounted(page));
  });
  if (!shown || length === 0) return [];
  const limits = numbers.filter(({ words, path }) => paramWords.limit.test(words) && path !== shown.path);
  const size = limits.find(({ siblings, value }) => siblings === shown.siblings && (wholeOf(value) ?? 0) > 0);
  const total = totalsOf(page).records;
  // `size` and `count` beside an offset may count the records of this page, which is as long as a full one.
  const limit = size && size !== total ? (wholeOf(size.value) ?? length) : length;
  const byDefault = isSolr(numbers) ? "rows" : (limitOf[shown.words] ?? "limit");
  const named = size && /^(count|items per page)$/.test(size.words) ? undefined : size?.name;
  const limitName = named ?? inStyleOf(shown.name, byDefault);
  const start = wholeOf(shown.value) ?? 0;
  const value = {
    type: "offset",
    limit,
    ...(start > 0 && { offset: start }),
    ...paramOptions(page, "offset", shown.name),
    ...paramOptions(page, "limit", limitName),
    // No total for an offset from 1: such an offset is one more than the number of records before it.
    ...(start > 0 ? { total_path: null } : stopOptions(page, "records")),
  };
  const what = size ? `${shown.name} and ${size.name}` : shown.name;
  return [{ value, reasons: [`the response contains ${what}`], isConclusive: true, test: "next" }];
}

function hasLimit(numbers: readonly BodyField[], siblings: BodyField["siblings"]): boolean {
  return numbers.some((each) => each.siblings === siblings && paramWords.limit.test(each.words));
}

function isCounted(page: FirstPage): boolean {
  return (totalRecords(page) ?? 0) > page.exchange.records.length;
}

function isSolr(numbers: readonly BodyField[]): boolean {
  return numbers.some(({ words }) => words === "num found");
}

/** Returns the options that put a parameter into the body if the request has one, otherwise into the query. */
function paramOptions(page: FirstPage, what: "page" | "offset" | "limit", name: string): JsonObject {
  if (isObject(page.body)) return { [`${what}_body_path`]: name };
  return name === what ? {} : { [`${what}_param`]: name };
}

/** Finds a page number, a number of pages, or both in the response. */
function shownPages(page: FirstPage): readonly Candidate[] {
  const { pages, records } = totalsOf(page);
  const numbers = numbersOf(page);
  const size = numbers.find(({ words }) => fieldWords.size.test(words));
  const shown = numbers.find(
    ({ words, siblings }) =>
      fieldWords.page.test(words) &&
      (pages?.siblings === siblings || size?.siblings === siblings || records !== undefined),
  );
  // Spring's `number` is the page number only beside the number of pages.
  const numbered =
    shown ?? numbers.find(({ words, siblings }) => words === "number" && siblings === pages?.siblings);
  if (!pages && !numbered) return [];
  const like = numbered?.name ?? "page";
  const names = pageParams[numbered?.words ?? ""] ?? ["page"];
  const number = wholeOf(numbered?.value);
  const base = number === undefined ? undefined : Math.min(number, 1);
  const targets = [
    ...names.map((words) => targetOf(page, "page", { words: [words], like }).options),
    ...bracketed(numbered ?? pages),
  ];
  const values = targets.map((options): JsonObject => {
    const isDefault = options["page_param"] === "page";
    return {
      type: "page_number",
      ...(base !== undefined && { base_page: base }),
      ...(isDefault ? {} : options),
      ...stopOptions(page, "pages"),
    };
  });
  const [value, ...rivals] = values;
  if (!value) return [];
  const reasons = [
    ...(numbered
      ? [
          `${toSelector(numbered.path) ?? numbered.words} is the page number, ${number ?? 0} on the first page`,
        ]
      : []),
    ...(pages ? [`${toSelector(pages.path) ?? pages.words} is the number of pages`] : []),
  ];
  const test = base === undefined ? "number" : "next";
  const isConclusive = names.length === 1;
  const { page_param: _, page_body_path: _path, ...options } = value;
  const others = otherPages(page, like).map((each): JsonObject => ({ ...options, ...each }));
  return [{ value, reasons, isConclusive, test, ...(rivals.length > 0 && { rivals }), others }];
}

/** Returns other parameters for the page number, from APIs whose responses show it as `page`. */
function otherPages(page: FirstPage, like: string): readonly JsonObject[] {
  const words = ["page", "page number", "page no", "p"].map((each) => inStyleOf(like, each));
  return ["page[number]", ...words].map((name) => paramOptions(page, "page", name));
}

/** Returns the page number's parameter in brackets: `pagination.page` may be `pagination[page]`, `page.number` `page[number]`. */
function bracketed(field: BodyField | undefined): readonly JsonObject[] {
  const object = field && pageObjectOf(field);
  return object === undefined ? [] : [{ page_param: `${object}[${object === "page" ? "number" : "page"}]` }];
}

/** Finds page numbers in headers such as `X-Page: 1`, or the number of pages. */
function headerPageNumbers(page: FirstPage): readonly Candidate[] {
  const { headers } = page.exchange;
  const header = headerPages.page.find((name) => wholeOf(headers.get(name)) !== undefined);
  const stops = stopOptions(page, "pages");
  if (header === undefined) {
    const pages = headerPagesOf(page);
    if (pages === undefined) return [];
    const reasons = [`the header ${pages} is the number of pages`];
    return [{ value: { type: "page_number", ...stops }, reasons, isConclusive: true, test: "number" }];
  }
  const base = Math.min(wholeOf(headers.get(header)) ?? 1, 1);
  const reasons = [`the header ${header} is the page number, ${base} on the first page`];
  const value = { type: "page_number", base_page: base, ...stops };
  return [{ value, reasons, isConclusive: true, test: "next" }];
}

/** Creates the candidate for `?page=`, which nothing in the response suggests. */
export function pageGuess(page: FirstPage): Candidate {
  const stops = stopOptions(page, "pages");
  const { length } = page.exchange.records;
  const total = totalRecords(page);
  const value = { type: "page_number", base_page: 1, ...paramOptions(page, "page", "page"), ...stops };
  if (total === undefined || total <= length || length === 0)
    return { value, reasons: [], isConclusive: false, test: "number" };
  const last = Math.ceil(total / length);
  const records = total - (last - 1) * length;
  const reasons = [`the total is ${count(total, "record")}, and this page has ${length}`];
  return { value, reasons, isConclusive: false, test: "last", last: { page: last, records } };
}

/** Suggests offsets, then other names of the page number, if the response shows only that there are more pages. */
export function rangeGuesses(page: FirstPage): readonly Candidate[] {
  const limitParam = ownParam(page, paramWords.limit);
  const limit = wholeOf(limitParam?.value) ?? page.exchange.records.length;
  const stops = stopOptions(page, "records");
  const like = styleOf(page);
  const offsets = ["offset", "skip", "start", "from"].map((words): Candidate => {
    const name = inStyleOf(like, words);
    const limitName = inStyleOf(like, limitOf[words] ?? "limit");
    const size = limitParam ? toOptions(limitParam, "limit") : paramOptions(page, "limit", limitName);
    const value = { type: "offset", limit, ...paramOptions(page, "offset", name), ...size, ...stops };
    return { value, reasons: [`${name} takes the offset`], isConclusive: false, test: "next" };
  });
  const numbers = ["page number", "p"].map((words): Candidate => {
    const name = inStyleOf(like, words);
    const value = { ...pageGuess(page).value, ...paramOptions(page, "page", name) };
    return { value, reasons: [`${name} takes the page number`], isConclusive: false, test: "number" };
  });
  return [...offsets, ...numbers];
}

/** Returns a name from the response whose style new parameters follow, preferably one of several words. */
export function styleOf({ exchange, own }: FirstPage): string {
  const [record] = exchange.records;
  const around = Object.keys(isObject(exchange.body) ? exchange.body : {});
  // `Count`, `Data` and `Total` have one word each.
  if (around.length > 1 && around.every((name) => /^[A-Z][a-z]/.test(name))) return "Aa";
  const names = [...own.map(({ name }) => name), ...around, ...Object.keys(isObject(record) ? record : {})];
  return names.find((name) => /[a-z][A-Z]|_[a-z]/.test(name) && !name.startsWith("_")) ?? "a_b";
}
