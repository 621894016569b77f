import type { JsonObject } from "@connector-gen/runtime";
import { detectPaging, walkBody, type BodyField } from "@connector-gen/runtime/kinds";
import type { Candidate, FirstPage, OwnParam } from "./candidate.js";
import { count } from "./finding.js";
import { fieldWords, headerPages, pageParams, paramWords } from "./known-shapes.js";
import { ownParam, targetOf, wholeOf } from "./own-params.js";
import { moreOptions } from "./paging-cursors.js";
import { toSelector } from "./selectors.js";

/** Finds paging by page numbers and offsets that the response or the spec contains. */
export function rangeCandidates(page: FirstPage): readonly Candidate[] {
  return [...ownRange(page), ...shownOffsets(page), ...shownPages(page), ...headerPageNumbers(page)];
}

/** Fields with the number of pages and the number of records. */
interface Totals {
  readonly pages?: BodyField;
  readonly records?: BodyField;
}

/**
 * Finds totals by their names. A `total` below the number of records on this page can only be the number of pages.
 */
function totalsOf({ exchange }: FirstPage): Totals {
  const length = exchange.records.length;
  const numbers = [...walkBody(exchange.body, 4)].filter(({ value }) => wholeOf(value) !== undefined);
  const pages = numbers.find(({ words }) => fieldWords.pages.test(words));
  // `count` may count this page, beside a `total` of all records.
  const [records] = numbers
    .filter(({ words, value }) => fieldWords.records.test(words) && (wholeOf(value) ?? 0) >= length)
    .sort((a, b) => (wholeOf(b.value) ?? 0) - (wholeOf(a.value) ?? 0));
  const small = numbers.find(({ words, value }) => words === "total" && (wholeOf(value) ?? 0) < length);
  const counted = pages ?? (small && (wholeOf(small.value) ?? 0) > 0 ? small : undefined);
  return { ...(counted && { pages: counted }), ...(records && { records }) };
}

/** Returns the paginator options that end a read: a total, a flag, or none, which leaves the empty page. */
function stopOptions(page: FirstPage, unit: "pages" | "records"): JsonObject {
  const total = totalsOf(page)[unit];
  const selector = total && toSelector(total.path);
  if (selector !== undefined) return { total_path: selector };
  // The default is the top-level `total`, which has another meaning here.
  const hasOther = [...walkBody(page.exchange.body, 1)].some(({ name }) => name === "total");
  return { ...(hasOther && { total_path: null }), ...moreOptions(page) };
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

/** Finds an offset beside a limit in the response. */
function shownOffsets(page: FirstPage): readonly Candidate[] {
  const { type, options } = detectPaging({ ...page.exchange, headers: { get: () => null } });
  const { limit, offsetParam = "offset", limitParam = "limit" } = options;
  if (type !== "offset" || typeof limit !== "number") return [];
  if (typeof offsetParam !== "string" || typeof limitParam !== "string") return [];
  const value = {
    type: "offset",
    limit,
    ...(offsetParam !== "offset" && { offset_param: offsetParam }),
    ...(limitParam !== "limit" && { limit_param: limitParam }),
    ...stopOptions(page, "records"),
  };
  const reasons = [`the response contains ${offsetParam} and ${limitParam}`];
  return [{ value, reasons, isConclusive: true, test: "next" }];
}

/** Finds a page number, a number of pages, or both in the response. */
function shownPages(page: FirstPage): readonly Candidate[] {
  const { pages, records } = totalsOf(page);
  const numbers = [...walkBody(page.exchange.body, 4)].filter(({ value }) => wholeOf(value) !== undefined);
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
  const names = pageParams[numbered?.words ?? ""] ?? ["page"];
  const number = wholeOf(numbered?.value);
  const base = number === undefined ? undefined : Math.min(number, 1);
  const values = names.map((words): JsonObject => {
    const target = targetOf(page, "page", { words: [words], like: numbered?.name ?? "page" });
    const isDefault = target.options["page_param"] === "page";
    return {
      type: "page_number",
      ...(base !== undefined && { base_page: base }),
      ...(isDefault ? {} : target.options),
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
  const test = base === undefined ? "base" : "next";
  return [{ value, reasons, isConclusive: rivals.length === 0, test, ...(rivals.length > 0 && { rivals }) }];
}

/** Finds page numbers in headers such as `X-Page: 1`. */
function headerPageNumbers({ exchange, ...page }: FirstPage): readonly Candidate[] {
  const header = headerPages.page.find((name) => wholeOf(exchange.headers.get(name)) !== undefined);
  if (header === undefined) return [];
  const base = Math.min(wholeOf(exchange.headers.get(header)) ?? 1, 1);
  const value = { type: "page_number", base_page: base, ...stopOptions({ exchange, ...page }, "pages") };
  return [
    {
      value,
      reasons: [`the header ${header} is the page number, ${base} on the first page`],
      isConclusive: true,
      test: "next",
    },
  ];
}

/** Returns the total of records in the body or in a header, if there is one. */
export function totalRecords(page: FirstPage): number | undefined {
  const { records } = totalsOf(page);
  const header = headerPages.records.map((name) => wholeOf(page.exchange.headers.get(name)));
  return wholeOf(records?.value) ?? header.find((value) => value !== undefined);
}

/** Suggests paginators to try if more records exist but the response does not show how to request them. */
export function guesses(page: FirstPage): readonly Candidate[] {
  const { length } = page.exchange.records;
  if (length === 0) return [];
  const total = totalRecords(page);
  const stops = stopOptions(page, "pages");
  const byPage = { type: "page_number", base_page: 1, ...stops };
  const limitParam = ownParam(page, paramWords.limit);
  const byOffset = {
    type: "offset",
    limit: wholeOf(limitParam?.value) ?? length,
    ...(limitParam && toOptions(limitParam, "limit")),
    ...stopOptions(page, "records"),
  };
  const isMore = moreFlag(page);
  if (total !== undefined && total > length) {
    const last = Math.ceil(total / length);
    const records = total - (last - 1) * length;
    const reasons = [`the total is ${count(total, "record")}, and this page has ${length}`];
    return [
      {
        value: byPage,
        reasons,
        isConclusive: false,
        test: "last",
        last: { page: last, records },
        rivals: [byOffset],
      },
    ];
  }
  if (isMore === true) {
    const reasons = ["the response says that more pages follow, but not how to request them"];
    return [{ value: { ...byPage }, reasons, isConclusive: false, test: "base", rivals: [byOffset] }];
  }
  return [];
}

/** Returns whether more pages follow, if the response has a flag for it. */
export function moreFlag({ exchange }: FirstPage): boolean | undefined {
  for (const { words, value } of walkBody(exchange.body, 4)) {
    if (typeof value !== "boolean") continue;
    if (fieldWords.more.test(words)) return value;
    if (fieldWords.last.test(words)) return !value;
  }
  return undefined;
}
