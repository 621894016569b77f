import { detectPaging } from "@connector-gen/runtime/kinds";
import type { JsonObject } from "@connector-gen/runtime";

import type { Candidate, FirstPage, OwnParam } from "./candidate.js";
import { fieldWords, headerPages, pageParams, paramWords } from "./known-shapes.js";
import { ownParam, targetOf, wholeOf } from "./own-params.js";
import { moreOptions } from "./paging-cursors.js";
import { toSelector } from "./selectors.js";
import { count, walk, type Found } from "./words.js";

/** Paging by page numbers and offsets that the response or the spec itself shows. */
export function rangeCandidates(page: FirstPage): readonly Candidate[] {
  return [...ownRange(page), ...shownOffsets(page), ...shownPages(page), ...headerPageNumbers(page)];
}

/** What a response says of its size: how many pages, how many records. */
interface Totals {
  readonly pages?: Found;
  readonly records?: Found;
}

/**
 * Totals by their names; where a name is of no help, a number below the records of this page can only count pages, and
 * one that is a number of pages of this size does.
 */
function totalsOf({ exchange }: FirstPage): Totals {
  const length = exchange.records.length;
  const numbers = [...walk(exchange.body, 4)].filter(({ value }) => wholeOf(value) !== undefined);
  const pages = numbers.find(({ words }) => fieldWords.pages.test(words));
  // `count` may be that of this page, beside a `total` of all.
  const [records] = numbers
    .filter(({ words, value }) => fieldWords.records.test(words) && (wholeOf(value) ?? 0) >= length)
    .sort((a, b) => (wholeOf(b.value) ?? 0) - (wholeOf(a.value) ?? 0));
  const small = numbers.find(({ words, value }) => words === "total" && (wholeOf(value) ?? 0) < length);
  const counted = pages ?? (small && (wholeOf(small.value) ?? 0) > 0 ? small : undefined);
  return { ...(counted && { pages: counted }), ...(records && { records }) };
}

/** The options that end a range: a total, a flag, or nothing but an empty page. */
function stopOptions(page: FirstPage, unit: "pages" | "records"): JsonObject {
  const total = totalsOf(page)[unit];
  const selector = total && toSelector(total.path);
  if (selector !== undefined) return { total_path: selector };
  // The default is a number at the top named `total`; here that counts something else.
  const hasOther = [...walk(page.exchange.body, 1)].some(({ name }) => name === "total");
  return { ...(hasOther && { total_path: null }), ...moreOptions(page) };
}

/** The spec's own parameters: `page=1`, or `offset=0` and `limit=50`. */
function ownRange(page: FirstPage): readonly Candidate[] {
  const pageParam = ownParam(page, paramWords.page);
  const offsetParam = ownParam(page, paramWords.offset);
  const limitParam = ownParam(page, paramWords.limit);
  const at = wholeOf(pageParam?.value);
  if (pageParam && at !== undefined && at <= 1) {
    const value = {
      type: "page_number",
      base_page: at,
      ...placeOf(pageParam, "page"),
      ...stopOptions(page, "pages"),
    };
    const reasons = [`the spec asks for ${pageParam.name}=${at}`];
    return [{ value, reasons, isPlain: true, test: "next" }];
  }
  const limit = wholeOf(limitParam?.value) ?? page.exchange.records.length;
  if (!offsetParam || wholeOf(offsetParam.value) !== 0 || limit === 0) return [];
  const value = {
    type: "offset",
    limit,
    ...placeOf(offsetParam, "offset"),
    ...(limitParam && placeOf(limitParam, "limit")),
    ...stopOptions(page, "records"),
  };
  return [
    {
      value,
      reasons: [`the spec asks for ${offsetParam.name}=0`],
      isPlain: limitParam !== undefined,
      test: "next",
    },
  ];
}

function placeOf({ name, bodyPath }: OwnParam, what: "page" | "offset" | "limit"): JsonObject {
  if (bodyPath !== undefined) return { [`${what}_body_path`]: bodyPath };
  return name === what ? {} : { [`${what}_param`]: name };
}

/** An offset and a limit side by side in the response. */
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
  const reasons = [`the response tells its ${offsetParam} and its ${limitParam}`];
  return [{ value, reasons, isPlain: true, test: "next" }];
}

/** A page number, a number of pages, or both in the response. */
function shownPages(page: FirstPage): readonly Candidate[] {
  const { pages, records } = totalsOf(page);
  const numbers = [...walk(page.exchange.body, 4)].filter(({ value }) => wholeOf(value) !== undefined);
  const size = numbers.find(({ words }) => fieldWords.size.test(words));
  const shown = numbers.find(
    ({ words, siblings }) =>
      fieldWords.page.test(words) &&
      (pages?.siblings === siblings || size?.siblings === siblings || records !== undefined),
  );
  // Spring's `number` is a page number only beside its number of pages.
  const numbered =
    shown ?? numbers.find(({ words, siblings }) => words === "number" && siblings === pages?.siblings);
  if (!pages && !numbered) return [];
  const names = pageParams[numbered?.words ?? ""] ?? ["page"];
  const bases = wholeOf(numbered?.value);
  const base = bases === undefined ? undefined : Math.min(bases, 1);
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
      ? [`${toSelector(numbered.path) ?? numbered.words} is the page's number, ${bases ?? 0} on the first`]
      : []),
    ...(pages ? [`${toSelector(pages.path) ?? pages.words} counts pages`] : []),
  ];
  const test = base === undefined ? "base" : "next";
  return [{ value, reasons, isPlain: rivals.length === 0, test, ...(rivals.length > 0 && { rivals }) }];
}

/** `X-Page: 1` */
function headerPageNumbers({ exchange, ...page }: FirstPage): readonly Candidate[] {
  const header = headerPages.page.find((name) => wholeOf(exchange.headers.get(name)) !== undefined);
  if (header === undefined) return [];
  const base = Math.min(wholeOf(exchange.headers.get(header)) ?? 1, 1);
  const value = { type: "page_number", base_page: base, ...stopOptions({ exchange, ...page }, "pages") };
  return [
    {
      value,
      reasons: [`the header ${header} is the page's number, ${base} on the first`],
      isPlain: true,
      test: "next",
    },
  ];
}

/** How many records there are, where the response or a header tells. */
export function totalRecords(page: FirstPage): number | undefined {
  const { records } = totalsOf(page);
  const header = headerPages.records.map((name) => wholeOf(page.exchange.headers.get(name)));
  return wholeOf(records?.value) ?? header.find((value) => value !== undefined);
}

/** What is worth a try where nothing shows the way, but more records must be there; none is more than a guess. */
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
    ...(limitParam && placeOf(limitParam, "limit")),
    ...stopOptions(page, "records"),
  };
  const isMore = moreFlag(page);
  if (total !== undefined && total > length) {
    const last = Math.ceil(total / length);
    const records = total - (last - 1) * length;
    const reasons = [`there are ${count(total, "record")}, and ${length} are on this page`];
    return [
      {
        value: byPage,
        reasons,
        isPlain: false,
        test: "last",
        last: { page: last, records },
        rivals: [byOffset],
      },
    ];
  }
  if (isMore === true) {
    const reasons = ["the response says that there is more, and nothing in it leads there"];
    return [{ value: { ...byPage }, reasons, isPlain: false, test: "base", rivals: [byOffset] }];
  }
  return [];
}

/** What a flag of the response says of further pages. */
export function moreFlag({ exchange }: FirstPage): boolean | undefined {
  for (const { words, value } of walk(exchange.body, 4)) {
    if (typeof value !== "boolean") continue;
    if (fieldWords.more.test(words)) return value;
    if (fieldWords.last.test(words)) return !value;
  }
  return undefined;
}
