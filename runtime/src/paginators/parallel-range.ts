import type { KindOptions, Option } from "../kind.js";
import type { ReadSession } from "../read/session.js";
import type { Paginator } from "./paginator.js";
import { readInParallel, type Forecast } from "./parallel-pages.js";
import { isTotalStated } from "./range-total.js";
import { isInRecords, range, unitsBefore, type Range, type RangePosition } from "./range.js";

/** Creates the paginator of a range whose pages can be read in parallel. */
export function parallelRange(spec: Range): Paginator {
  return {
    ...range(spec),
    parallel: (session, last) =>
      readInParallel(session as ReadSession, last, (position) =>
        toForecast(spec, position as unknown as RangePosition),
      ),
  };
}

/** The option that decides whether the pages of a range can be read in parallel. */
export const parallelOption: Option = {
  type: "flag",
  isPrinted: false,
  description:
    "Whether a read can request several pages at once: then the client's option `concurrency` applies to the pages, too. It adds to the bundle of an app. Default: whether the spec has `total_path`, `total_header` or `total_of`.",
};

/** Whether the spec selects pages in parallel. */
export function isParallel(options: KindOptions): boolean {
  return options["parallel"] === undefined ? isTotalStated(options) : options["parallel"] === true;
}

/** Returns the expected pages after a position, if they are as large as the largest page so far. */
function toForecast(spec: Range, { at, seen, size = 0, total }: RangePosition): Forecast {
  const { unit, maximum = Infinity } = spec;
  const page = { at, count: size, seen, read: seen, size, isExact: true };
  const step = size > 0 && spec.next ? spec.next(page) - at : spec.step;
  const left = typeof total === "number" ? total - unitsBefore(spec, page) : undefined;
  const pages = left && left / (isInRecords(spec) ? (unit === "records" ? step : size) : 1);
  const end = pages === undefined ? Infinity : at + Math.ceil(pages) * step;
  return { at, step, end: Math.min(end, maximum), isPromised: pages !== undefined };
}
