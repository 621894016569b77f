import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { throwUnusable } from "./page-info.js";
import { bodyPathOption, checkExclusive, pageSizeOptions, type PageSize } from "./page-params.js";
import { token } from "./token.js";

/** Options of `last_record`. */
export interface LastRecordOptions extends PageSize {
  /** Selector of the value within a record. */
  readonly path: Selector;
  /** Query parameter of the value. */
  readonly param?: string | undefined;
  /** Dotted path in the JSON body, instead of a query parameter. */
  readonly bodyPath?: string | undefined;
}

/** Requests the records after the last one, `?after=42`, until a page is empty (keyset paging). Records must be sorted by the value. */
export function lastRecord(options: LastRecordOptions): Paginator {
  const { path, param = null, bodyPath = null, ...size } = options;
  const paginator = token({
    type: "last_record",
    options: { ...size, cursorParam: param, cursorBodyPath: bodyPath, stopAfterEmptyPage: true },
    find: ({ records }) => {
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
  summary: "Requests the records after the last one (keyset paging): `?after=42`. Ends with an empty page.",
  options: {
    path: {
      type: "selector",
      required: true,
      description: "Selector of the value within a record. Records must be sorted by it.",
    },
    param: { type: "text", description: "Query parameter of the value." },
    bodyPath: bodyPathOption("the value"),
    ...pageSizeOptions(),
  },
  check: (options) => [
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
    { type: "last_record", path: "id", body_path: "search.after", limit: 10, limit_body_path: "search.size" },
  ],
}));
