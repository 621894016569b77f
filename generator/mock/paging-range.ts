import type { KindIr, OptionIr } from "../ir/source-ir.js";
import { valueAt } from "./json.js";
import { describeEnd, metadataAt, numberOf, slice, textOf, type Range } from "./page-slice.js";
import type { BadRequest, PagedList, PageRequest, PageSlice, Paging } from "./paging.js";

type Options = KindIr["options"];

const defaultSize = 20;
/** Maximum page size if the spec sets none. */
const maxSize = 1000;

/** Pages by offset: `?offset=20&limit=10`. */
export function offsetPaging({ options }: KindIr, { count }: PagedList): Paging {
  return (request) => {
    const size = readSize(request, options);
    const start = readWhole(request, inputOf(options, "offset"), 0);
    if (typeof size !== "number") return size;
    if (typeof start !== "number") return start;
    return sliceWithMetadata({ start, size, count }, options, "records");
  };
}

/** Pages by number: `?page=2`. */
export function pageNumberPaging({ options }: KindIr, { count }: PagedList): Paging {
  const base = numberOf(options["basePage"], 0);
  return (request) => {
    const size = readSize(request, options);
    const number = readWhole(request, inputOf(options, "page"), base);
    if (typeof size !== "number") return size;
    if (typeof number !== "number") return number;
    if (number < base) return { problem: `page numbers start at ${base}` };
    return sliceWithMetadata({ start: (number - base) * size, size, count }, options, "pages");
  };
}

/** Returns a page with its metadata. `unit` is the default unit of totals in this paging style. */
function sliceWithMetadata(range: Range, options: Options, unit: "records" | "pages"): PageSlice {
  const page = slice(range);
  const isInRecords = textOf(options["totalOf"], unit) === "records";
  const total = isInRecords ? range.count : Math.ceil(range.count / range.size);
  const ends = describeEnd(options, page.end >= range.count);
  const { totalHeader } = options;
  const isInHeader = typeof totalHeader === "string";
  return {
    ...page,
    metadata: [...(isInHeader ? [] : metadataAt(options["totalPath"], ["total"], total)), ...ends.metadata],
    headers: { ...ends.headers, ...(isInHeader && { [totalHeader]: String(total) }) },
  };
}

/** The location of a value in a request: a query parameter, or a path in the body. */
interface Input {
  readonly param: string;
  readonly bodyPath: OptionIr | undefined;
}

/** Returns the location of a value from options such as `limitParam` and `limitBodyPath`. */
export function inputOf(options: Options, name: "limit" | "offset" | "page"): Input {
  return { param: textOf(options[`${name}Param`], name), bodyPath: options[`${name}BodyPath`] };
}

/** Returns the requested page size, at most the spec's limit. */
export function readSize(request: PageRequest, options: Options): number | BadRequest {
  const input = inputOf(options, "limit");
  const limit = numberOf(options["limit"], maxSize);
  const size = readWhole(request, input, Math.min(defaultSize, limit));
  if (typeof size !== "number") return size;
  return size === 0 ? { problem: `${input.param} must be at least 1` } : Math.min(size, limit);
}

function readWhole(
  { url, body }: PageRequest,
  { param, bodyPath }: Input,
  defaultNumber: number,
): number | BadRequest {
  const isInBody = typeof bodyPath === "string";
  const given = isInBody ? valueAt(body, bodyPath) : url.searchParams.get(param);
  if (given === null || given === undefined) return defaultNumber;
  const text = typeof given === "string" ? given : JSON.stringify(given);
  const name = isInBody ? bodyPath : param;
  return /^\d{1,15}$/.test(text)
    ? Number(text)
    : { problem: `${name} must be a whole number, not ${isInBody ? text : `"${text}"`}` };
}
