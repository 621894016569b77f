import type { CallIr, KindIr, OptionIr } from "../ir/source-ir.js";
import { at } from "./json.js";
import { factAt, numberOf, slice, textOf } from "./page-slice.js";
import type { BadRequest, PageAnswer, PagedList, PageRequest, Paging } from "./paging.js";

type Options = CallIr["options"];

const defaultSize = 20;
/** What an API grants at most when the spec does not name a page size. */
const largestSize = 1000;

/** `?offset=20&limit=10` */
export function offsetPaging({ options }: KindIr, { count }: PagedList): Paging {
  return (request) => {
    const size = readSize(request, options);
    const start = readWhole(request, place(options, "offset"), 0);
    if (typeof size !== "number") return size;
    if (typeof start !== "number") return start;
    return withFacts({ start, size, count, total: count }, options);
  };
}

/** `?page=2` */
export function pageNumberPaging({ options }: KindIr, { count }: PagedList): Paging {
  const base = numberOf(options["basePage"], 0);
  return (request) => {
    const size = readSize(request, options);
    const number = readWhole(request, place(options, "page"), base);
    if (typeof size !== "number") return size;
    if (typeof number !== "number") return number;
    if (number < base) return { problem: `pages are counted from ${base}` };
    return withFacts({ start: (number - base) * size, size, count, total: Math.ceil(count / size) }, options);
  };
}

/** `total` is what the style counts: records or pages. */
function withFacts(
  { total, ...cut }: Parameters<typeof slice>[0] & { readonly total: number },
  options: Options,
): PageAnswer {
  const answer = slice(cut);
  const facts = [
    ...factAt(options["totalPath"], ["total"], total),
    ...factAt(options["hasMorePath"], null, answer.end < cut.count),
  ];
  return { ...answer, facts };
}

/** Where a value stands in a request. */
interface Place {
  readonly param: string;
  readonly bodyPath: OptionIr | undefined;
}

/** Where the options say that a value goes: `limitParam` or `limitBodyPath`. */
function place(options: Options, name: "limit" | "offset" | "page"): Place {
  return { param: textOf(options[`${name}Param`], name), bodyPath: options[`${name}BodyPath`] };
}

/** The page size: what is asked for, up to the spec's limit. */
export function readSize(request: PageRequest, options: Options): number | BadRequest {
  const where = place(options, "limit");
  const most = numberOf(options["limit"], largestSize);
  const size = readWhole(request, where, Math.min(defaultSize, most));
  if (typeof size !== "number") return size;
  return size === 0 ? { problem: `${where.param} must be at least 1` } : Math.min(size, most);
}

function readWhole(
  { url, body }: PageRequest,
  { param, bodyPath }: Place,
  byDefault: number,
): number | BadRequest {
  const isInBody = typeof bodyPath === "string";
  const given = isInBody ? at(body, bodyPath) : url.searchParams.get(param);
  if (given === null || given === undefined) return byDefault;
  const text = typeof given === "string" ? given : JSON.stringify(given);
  const name = isInBody ? bodyPath : param;
  return /^\d{1,15}$/.test(text)
    ? Number(text)
    : { problem: `${name} must be a whole number, not ${isInBody ? text : `"${text}"`}` };
}
