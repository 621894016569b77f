import { ReadFailure, PageError } from "../errors.js";
import type { Option } from "../kind.js";
import { select, type Selector } from "../select/path.js";
import { throwUnusable, toWhole } from "./page-info.js";
import type { Exchange } from "./paginator.js";

/** The location of the total number of records or pages in a response. */
export interface TotalOptions {
  /** Selector of the total. An explicit path must exist; `null` ignores totals. Default `total`, if it exists. */
  readonly totalPath?: Selector | null | undefined;
  /** Response header with the total, instead of a selector. It must exist. */
  readonly totalHeader?: string | null | undefined;
  /** The unit of the total. Default: records for offsets, pages for page numbers. */
  readonly totalOf?: "records" | "pages" | undefined;
}

/** Returns the total of a response, or `undefined` if it states no valid total. */
export function readTotal(
  options: TotalOptions,
  { body, headers, records }: Exchange,
  isRequired: boolean,
): number | undefined {
  const { totalHeader } = options;
  const where = totalHeader ? [totalHeader] : totalPathOf(options);
  if (!where) return undefined;
  // `Content-Range: items 0-4/8`
  const found = totalHeader ? headers.get(totalHeader)?.replace(/^.*\//, "") : select(where, body)?.[0];
  // Some APIs send `Long.MAX_VALUE` for an unknown total.
  if (typeof found === "bigint" && !isTotalNamed(options)) return undefined;
  const total = toWhole(found);
  // An empty page may end the paging without a total.
  if (total !== undefined || records.length === 0 || (found == null && !isRequired)) return total;
  return throwUnusable(found, where, "a whole number");
}

/** Whether the spec names the total. Such a total must exist and be correct. */
export function isTotalNamed({ totalPath, totalHeader }: TotalOptions): boolean {
  return totalPath != null || totalHeader != null;
}

/** Whether the spec states the location or the unit of the total. */
export function isTotalStated(options: TotalOptions): boolean {
  return isTotalNamed(options) || options.totalOf !== undefined;
}

/** Throws because the pages contradict a total that the spec names. */
export function throwWrongTotal(options: TotalOptions, total: number, least: string): never {
  const place = options.totalHeader ?? totalPathOf(options)?.join(".");
  const message = `the response states a total of ${total} at ${place}, but there are ${least}: correct its place or \`total_of\`, or set \`total_path\` to null`;
  throw new ReadFailure(PageError, "PAGE_INFO_INVALID", message);
}

function totalPathOf({ totalPath = ["total"] }: TotalOptions): Selector | null {
  return totalPath;
}

/** Describes the options of `TotalOptions`. */
export function totalOptions(unit: "records" | "pages"): {
  readonly [K in keyof Required<TotalOptions>]: Option;
} {
  return {
    totalPath: {
      type: "selector",
      nullable: true,
      default: "total",
      description: `Selector of the total number of ${unit}. An explicit path must exist and be right; the default is optional, and ignored if the records contradict it. \`null\` ignores totals.`,
    },
    totalHeader: {
      type: "text",
      nullable: true,
      description:
        "Response header with the total, case-insensitive, instead of `total_path`. It must exist. Of `Content-Range`, the number after the slash.",
    },
    totalOf: {
      type: "choice",
      choices: ["records", "pages"],
      default: unit,
      description: "What the total counts.",
    },
  };
}
