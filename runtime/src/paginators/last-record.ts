import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Paginator } from "./paginator.js";
import { select, type Selector } from "../select/path.js";
import { unusable } from "./page-info.js";
import { bodyPathOption, checkPlaces, pageSizeOptions, type PageSize } from "./place-options.js";
import { token } from "./token.js";

/** Pages by a value of the last record: keyset paging. */
export interface LastRecordOptions extends PageSize {
  /** Where the value is, within a record. */
  readonly path: Selector;
  /** Query parameter of the value. */
  readonly param?: string;
  /** Dotted path in the JSON body, in place of a query parameter. */
  readonly bodyPath?: string;
}

/** Asks for what follows the last record, `?after=42`, until nothing follows: records must come in the value's order. */
export function lastRecord(options: LastRecordOptions): Paginator {
  const { path, param = null, bodyPath = null, ...size } = options;
  const paginator = token({
    type: "last_record",
    options: { ...size, cursorParam: param, cursorBodyPath: bodyPath, stopAfterEmptyPage: true },
    find: ({ records }) => {
      const [value] = select(path, records.at(-1)) ?? [];
      return (value ?? unusable(value, path, "value of the last record")) as JsonValue;
    },
  });
  return { ...paginator, options };
}

/** The spec's `{"type": "last_record"}`. */
export const lastRecordKind: Kind = /* @__PURE__ */ defineKind<LastRecordOptions>(() => ({
  family: "paginator",
  type: "last_record",
  factory: "lastRecord",
  summary: "Asks for what follows the last record (keyset paging): `?after=42`. Ends with an empty page.",
  options: {
    path: {
      type: "selector",
      required: true,
      description: "Where the value is, within a record; records must come in its order.",
    },
    param: { type: "text", description: "Query parameter of the value." },
    bodyPath: bodyPathOption("the value"),
    ...pageSizeOptions(),
  },
  check: (options) => [
    ...checkPlaces(options, "param", "bodyPath"),
    ...checkPlaces(options, "limitParam", "limitBodyPath"),
    ...(options["param"] == null && options["bodyPath"] == null
      ? [{ message: "where does the value go? Give `param` or `body_path`" }]
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
