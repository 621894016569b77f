import type { JsonObject } from "@connector-gen/runtime";
import { isObject } from "../spec/values.js";
import type { FirstPage } from "./candidate.js";
import type { Finding } from "./finding.js";
import { judge } from "./judge-trial.js";
import { findPaginator, needOf } from "./paging.js";
import { findPrimaryKey, type KeyHints } from "./primary-key.js";
import type { Ask } from "./second-page.js";

/** Adds to a finding why it replaces the value in the spec. */
export function asCorrection(finding: Finding, why: string): Finding {
  return { ...finding, reasons: [why, ...finding.reasons] };
}

/**
 * Checks whether the paginator of a spec finds the second page. If it does not, resolves to a paginator that does; to
 * `undefined` if there is none, or if the spec's own one works.
 */
export async function checkPaginator(
  written: JsonObject,
  page: FirstPage,
  ask: Ask,
): Promise<Finding | undefined> {
  const { more } = needOf(page);
  if (page.exchange.records.length === 0) return undefined;
  const asked = { count: 0 };
  const counted: Ask = (request) => {
    asked.count += 1;
    return ask(request);
  };
  const candidate = {
    value: written,
    reasons: [],
    isConclusive: true,
    isInherited: true,
    test: "next",
  } as const;
  const judgement = await judge(candidate, page, counted);
  const works = judgement?.finding.value !== undefined && (asked.count > 0 || more === undefined);
  if (works) return undefined;
  const found = await findPaginator(page, ask);
  if (found.value === undefined || found.value === "single_page") return undefined;
  const same = JSON.stringify(found.value) === JSON.stringify(written);
  return same ? undefined : asCorrection(found, "the paginator of the spec does not find the second page");
}

/** Checks whether the records have the primary key of a spec. If they do not, returns another key. */
export function checkKey(
  written: readonly string[],
  records: readonly unknown[],
  hints: KeyHints,
): Finding | undefined {
  const rows = records.filter(isObject);
  const missing = written.find((name) => !rows.some((row) => name in row));
  if (rows.length === 0 || missing === undefined) return undefined;
  const found = findPrimaryKey(records, hints);
  if (found.value === undefined) return undefined;
  return asCorrection(found, `no record has the field ${JSON.stringify(missing)} of the spec`);
}
