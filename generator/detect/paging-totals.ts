import type { JsonObject } from "@connector-gen/runtime";
import type { BodyField } from "@connector-gen/runtime/kinds";
import type { FirstPage } from "./candidate.js";
import { envelopeOf } from "./envelope.js";
import { fieldWords, headerPages, paramWords } from "./known-shapes.js";
import { wholeOf } from "./own-params.js";
import { toSelector } from "./selectors.js";

/** Fields with the number of pages and the number of records. */
export interface Totals {
  readonly pages?: BodyField;
  readonly records?: BodyField;
}

/**
 * Finds totals by their names in the records' envelope. A `total` below the number of records on this page can only be the
 * number of pages.
 */
export function totalsOf(page: FirstPage): Totals {
  const { length } = page.exchange.records;
  const numbers = numbersOf(page);
  const pages = numbers.find(({ words }) => fieldWords.pages.test(words));
  // Beside a `total` of all records, `count` may count those of this page.
  const [records] = numbers
    .filter(({ path, words, value }) => isRecordTotal(path, words) && (wholeOf(value) ?? 0) >= length)
    .sort((a, b) => (wholeOf(b.value) ?? 0) - (wholeOf(a.value) ?? 0));
  const small = numbers.find(({ words, value }) => words === "total" && (wholeOf(value) ?? 0) < length);
  const counted = pages ?? (small && (wholeOf(small.value) ?? 0) > 0 ? small : undefined);
  return { ...(counted && { pages: counted }), ...(records && { records }) };
}

/** Whether a field is a total of records, such as `hits: { total: { value: 60 } }`. */
function isRecordTotal(path: readonly string[], words: string): boolean {
  if (words === "value" || words === "count") return words === "count" || path.at(-2) === "total";
  // JSON-LD and OData write a prefix: `hydra:totalItems`, `@odata.count`.
  return fieldWords.records.test(words.replace(/^(hydra|odata) /, ""));
}

/** Lists the whole numbers of the records' envelope. */
export function numbersOf(page: FirstPage): readonly BodyField[] {
  return envelopeOf(page).filter(({ value }) => wholeOf(value) !== undefined);
}

/** Returns the total of records in the body or in a header, if there is one. */
export function totalRecords(page: FirstPage): number | undefined {
  const { records } = totalsOf(page);
  return wholeOf(records?.value) ?? headerTotal(page, "records")?.value;
}

/** Whether the total may count this page only, because of its name and because the page looks full. */
export function isWeakTotal(page: FirstPage): boolean {
  const { records } = totalsOf(page);
  return records !== undefined && fieldWords.count.test(records.words) && isFullPage(page);
}

/** Common default page sizes. */
const defaultSizes = [10, 20, 25, 30, 40, 50, 100, 200, 250, 500, 1000];

/**
 * Whether there may be more records: the page is as long as the default page of many APIs, or as the request or the
 * response says that pages are.
 */
export function isFullPage(page: FirstPage): boolean {
  const { length } = page.exchange.records;
  const isAsked = page.own.some(
    ({ words, value }) => paramWords.limit.test(words) && wholeOf(value) === length,
  );
  const isNamed = envelopeOf(page).some(
    ({ words, value }) => fieldWords.size.test(words) && value === length,
  );
  return length > 0 && (isAsked || isNamed || defaultSizes.includes(length));
}

function headerTotal(
  { exchange }: FirstPage,
  what: "pages" | "records",
): { readonly name: string; readonly value: number } | undefined {
  return headerPages[what]
    .flatMap((name) => ({ name, value: wholeOf(exchange.headers.get(name)) }))
    .find((each): each is { name: string; value: number } => each.value !== undefined);
}

/** Returns the paginator options that end a read: a total or a flag. Without options, an empty page ends it. */
export function stopOptions(page: FirstPage, unit: "pages" | "records"): JsonObject {
  const totals = totalsOf(page);
  const ofPages = unit === "pages" ? unit : undefined;
  const counted = totals[unit];
  const selector = counted && toSelector(counted.path);
  if (selector !== undefined) return { total_path: selector };
  const header = headerTotal(page, unit);
  if (header) return { total_header: header.name };
  const isCounted = !isWeakTotal(page) && ofPages;
  const other = isCounted && totals.records && toSelector(totals.records.path);
  if (other) return { total_path: other, total_of: "records" };
  const otherHeader = isCounted && headerTotal(page, "records");
  if (otherHeader) return { total_header: otherHeader.name, total_of: "records" };
  // The default is the top-level `total`, which has another meaning here.
  const hasOther = envelopeOf(page).some(({ path }) => path.length === 1 && path[0] === "total");
  return { ...(hasOther && { total_path: null }), ...flagOptions(page) };
}

/** Returns the paginator options for a flag that says whether more pages follow, if the response has one. */
function flagOptions(page: FirstPage): JsonObject {
  const flags = envelopeOf(page).filter(({ value }) => typeof value === "boolean");
  const more = flags.find(({ words }) => fieldWords.more.test(words));
  const last = flags.find(({ words }) => fieldWords.last.test(words));
  const selector = toSelector((more ?? last)?.path ?? []);
  if (selector === undefined || !(more ?? last)) return {};
  return more ? { has_more_path: selector } : { end_path: selector };
}

/**
 * Returns the paginator options for the flag beside a cursor or link. A flag that marks this page as the last one
 * contradicts them, so it may have another meaning.
 */
export function flagBesideNext(page: FirstPage): JsonObject {
  const options = flagOptions(page);
  return "end_path" in options && moreFlag(page) !== true ? {} : options;
}

/** Returns whether more pages follow, if the response has a flag for it. */
export function moreFlag(page: FirstPage): boolean | undefined {
  for (const { words, value } of envelopeOf(page)) {
    if (typeof value !== "boolean") continue;
    if (fieldWords.more.test(words)) return value;
    if (fieldWords.last.test(words)) return !value;
  }
  return undefined;
}

/** Returns the name of the header with the number of pages, if the response has one. */
export function headerPagesOf(page: FirstPage): string | undefined {
  return headerTotal(page, "pages")?.name;
}
