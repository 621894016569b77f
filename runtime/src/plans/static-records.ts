import { checkRecords } from "../client/schemas.js";
import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { transform } from "../read/fetch-page.js";
import { createPageIterator, type PageIterator } from "../read/page.js";
import { warn, type ReadSession } from "../read/session.js";
import type { Splitter } from "./plan.js";

/** Reads records that the spec lists, in one page and without a request. */
export function staticRecords(records: readonly JsonValue[]): Splitter {
  const read = (session: ReadSession): PageIterator => readStatic(session, records);
  return {
    type: "static_records",
    options: records,
    split: () => [{ values: {}, key: [], resume: {}, read: read as never }],
  };
}

function readStatic(session: ReadSession, given: readonly JsonValue[]): PageIterator {
  const { schema, options, emit, checkpointAt } = session;
  let isRead = false;
  return createPageIterator(async () => {
    if (isRead) return undefined;
    isRead = true;
    const { records } = await transform(session, { records: given, step: { stop: "single_page" } });
    const problem = schema && (await checkRecords(records, schema, options.validate));
    if (problem) warn(session, 1, problem);
    emit({ type: "page", page: 1, url: "", records: records.length });
    return { records, number: 1, isLast: true, url: "", checkpoint: checkpointAt(1, null) };
  });
}

/** The spec's `records`. */
export const staticRecordsKind: Kind = /* @__PURE__ */ defineKind<{ records: readonly JsonValue[] }>(() => ({
  family: "plan",
  type: "static_records",
  key: "records",
  factory: "staticRecords",
  positional: true,
  summary: "Records that the spec lists, in place of an endpoint. Other resources may use them as parents.",
  options: {
    records: {
      type: "list",
      items: { type: "json" },
      minimum: 1,
      description: "The records. Braces are literal.",
    },
  },
  phrase: () => "",
  examples: [[{ region: "eu" }, { region: "us", beta: true }]],
}));
