import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { throwUnusable } from "./page-info.js";
import { checkEnds, endOptions, type EndOptions } from "./page-end.js";
import { bodyPathOption, checkExclusive, pageSizeOptions, type PageSize } from "./page-params.js";
import { token } from "./token.js";

/** Options of `last_record`. */
export interface LastRecordOptions extends PageSize, Omit<EndOptions, "stopAfterEmptyPage"> {
  /** Selector of the value within a record. */
  readonly path: Selector;
  /** Query parameter of the value. */
  readonly param?: string | undefined;
  /** Dotted path in the JSON body, instead of a query parameter. */
  readonly bodyPath?: string | undefined;
}

/**
 * Requests the records after the last one, `?after=42`, until a page is empty or a flag ends the paging (keyset paging).
 * Records must be sorted by the value.
 */
export function lastRecord(options: LastRecordOptions): Paginator {
  const { path, param = null, bodyPath = null, ...rest } = options;
  // An empty page has no last record. It contradicts a flag for more pages.
  const stopAfterEmptyPage = !(rest.hasMorePath ?? rest.hasMoreHeader ?? rest.endPath);
  const paginator = token({
    type: "last_record",
    options: { ...rest, cursorParam: param, cursorBodyPath: bodyPath, stopAfterEmptyPage },
    find: ({ records }) => {
      if (records.length === 0) return undefined;
      const [value] = select(path, records.at(-1)) ?? [];
      return (value ?? throwUnusable(value, path, "the value of the last record")) as JsonValue;
    },
  });
  return { ...paginator, options };
}

/** The spec's `{"type": "last_record"}`. */
export const lastRecordKind: Kind = /* @__PURE__ */ defineKind<LastRecordOptions>(() => ({
  family: "paginator",
  type: "last_record",
  factory: "lastRecord",
  summary:
    "Requests the records after the last one (keyset paging): `?after=42`. Ends with an empty page, or by a flag.",
  options: {
    path: {
      type: "selector",
      required: true,
      description: "Selector of the value within a record. Records must be sorted by it.",
    },
    param: { type: "text", description: "Query parameter of the value." },
    bodyPath: bodyPathOption("the value"),
    ...pageSizeOptions(),
    ...flagOptions(),
  },
  check: (options) => [
    ...checkEnds(options),
    ...checkExclusive(options, "param", "bodyPath"),
    ...checkExclusive(options, "limitParam", "limitBodyPath"),
    ...(options["param"] == null && options["bodyPath"] == null
      ? [{ message: "set `param` or `body_path`: each request must contain the value" }]
      : []),
  ],
  phrase: ({ path, limit }) => {
    const phrase = `paginated by the last record's \`${String(path).replace(/^\$\./, "")}\``;
    return typeof limit === "number" ? `${phrase}, ${limit} records per page` : phrase;
  },
  examples: [
    { type: "last_record", path: "id", param: "after" },
    { type: "last_record", path: "id", param: "since_id", limit: 50, limit_param: "per_page" },
    { type: "last_record", path: "id", param: "starting_after", has_more_path: "has_more" },
    { type: "last_record", path: "id", body_path: "search.after", limit: 10, limit_body_path: "search.size" },
  ],
}));

/** The conditions for the end. An empty page always ends the paging. */
function flagOptions(): Omit<ReturnType<typeof endOptions>, "stopAfterEmptyPage"> {
  const { stopAfterEmptyPage: _always, ...options } = endOptions(true);
  return options;
}
