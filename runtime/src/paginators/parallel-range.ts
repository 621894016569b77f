import type { ReadSession } from "../read/session.js";
import type { Paginator } from "./paginator.js";
import { readInParallel, type Forecast } from "./parallel-pages.js";
import { isInRecords, range, unitsBefore, type Range, type RangePosition } from "./range.js";

/** Creates the paginator of a range whose pages can be read in parallel: the implementation of `offset` and `page_number`. */
export function parallelRange(spec: Range): Paginator {
  return {
    ...range(spec),
    parallel: (session, last) =>
      readInParallel(session as ReadSession, last, (position) =>
        toForecast(spec, position as unknown as RangePosition),
      ),
  };
}

/** What a position tells about the pages after it, if they are as large as the largest one so far. */
function toForecast(spec: Range, { at, seen, size = 0, total }: RangePosition): Forecast {
  const { unit, maximum = Infinity } = spec;
  const page = { at, count: size, seen, read: seen, size, isExact: true };
  const step = size > 0 && spec.next ? spec.next(page) - at : spec.step;
  const left = typeof total === "number" ? total - unitsBefore(spec, page) : undefined;
  const pages = left && left / (isInRecords(spec) ? (unit === "records" ? step : size) : 1);
  const end = pages === undefined ? Infinity : at + Math.ceil(pages) * step;
  return { at, step, end: Math.min(end, maximum), isPromised: pages !== undefined };
}
