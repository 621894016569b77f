import type { Exchange, PageRequest, ResourceShape } from "@connector-gen/runtime/plugin";
import type { ResourceIr, SourceIr } from "../ir/source-ir.js";
import type { FirstPage } from "./candidate.js";
import { found, undecided, type Finding, type FindingKey } from "./finding.js";
import type { Gaps } from "./gaps.js";
import { findCursor } from "./incremental-cursor.js";
import { collectParams } from "./own-params.js";
import { concludePaging, planPaging, singleRecord } from "./paging.js";
import { findPrimaryKey } from "./primary-key.js";
import { probeResource, type ProbeResult } from "./probe.js";
import { findRecords, type RecordsLocation } from "./records.js";
import { explain, paramsOf, refusalOf, withoutSplit, type Detection } from "./resource-requests.js";
import type { Trial } from "./second-page.js";

/** The findings for one resource. */
export interface ResourceReport {
  readonly name: string;
  readonly index: number;
  /** The first request, with redacted secrets, and its response. */
  readonly request?: Pick<ProbeResult, "method" | "url" | "status"> & { readonly records: number };
  readonly findings: readonly Finding[];
  /** Why the resource could not be read and how to fix it. */
  readonly problem?: string;
}

/** Detects the missing keys of a resource. Reports errors in `problem` instead of throwing them. */
export async function detectResource(detection: Detection, gaps: Gaps): Promise<ResourceReport> {
  const { name, index } = gaps;
  const resource = detection.source.resources.find((each) => each.name === name);
  const shape = detection.live.resources[name];
  if (!resource || !shape) return { name, index, findings: [], problem: "unknown resource" };
  if (gaps.keys.size === 0) return { name, index, findings: [] };
  const refusal = refusalOf(detection, resource);
  if (refusal !== undefined) return { name, index, findings: [], problem: refusal };
  try {
    return await detect({ detection, gaps, resource, shape });
  } catch (error) {
    return { name, index, findings: [], problem: explain(error, detection, resource) };
  }
}

interface Case {
  readonly detection: Detection;
  readonly gaps: Gaps;
  readonly resource: ResourceIr;
  readonly shape: ResourceShape;
}

async function detect({ detection, gaps, resource, shape }: Case): Promise<ResourceReport> {
  const { name, index, keys, isSingle } = gaps;
  const { source, live, transport, options, isReplay } = detection;
  const known = collectParams(resource);
  let location: RecordsLocation | undefined;
  let page: FirstPage | undefined;
  let trial: Trial | undefined;
  const plan = (exchange: Exchange): PageRequest | undefined => {
    page = { ...known, exchange };
    const hasNoPages = location !== undefined && (!location.path || location.isOne);
    if (!keys.has("paginator") || hasNoPages || isOneRecord(page, gaps)) return undefined;
    trial = planPaging(page);
    return isReplay ? undefined : trial?.second?.request;
  };
  const result = await probeResource({
    source: live,
    resource: isReplay ? withoutSplit(shape) : shape,
    options,
    params: paramsOf(detection, resource, shape),
    transport,
    plan,
    ...(keys.has("data_selector") && {
      select: (body: unknown) => {
        location = findRecords(body, { name, path: resource.path, isSingle });
        return location.path ?? [];
      },
    }),
  });
  const findings = conclude({ result, gaps, resource, source }, { location, page, trial });
  const { method, url, status, first } = result;
  return { name, index, request: { method, url, status, records: first.records.length }, findings };
}

/** Whether a body holds one record: the path identifies one thing and the spec's selector matches at most one record. */
function isOneRecord({ exchange }: FirstPage, { isSingle, keys }: Gaps): boolean {
  return isSingle && !keys.has("data_selector") && exchange.records.length < 2;
}

interface Outcome {
  readonly result: ProbeResult;
  readonly gaps: Gaps;
  readonly resource: ResourceIr;
  readonly source: SourceIr;
}

interface Observed {
  readonly location: RecordsLocation | undefined;
  readonly page: FirstPage | undefined;
  readonly trial: Trial | undefined;
}

function conclude(outcome: Outcome, { location, page, trial }: Observed): readonly Finding[] {
  const { result, gaps, resource } = outcome;
  const { keys } = gaps;
  const findings = new Map<FindingKey, Finding>();
  if (location) findings.set("data_selector", location.finding);
  if (location && !location.path) {
    const blocked = (key: FindingKey): Finding => undecided(key, ["depends on the data selector"]);
    for (const key of ["paginator", "primary_key"] as const)
      if (keys.has(key)) findings.set(key, blocked(key));
    return [...findings.values()];
  }
  const isOne = location?.isOne ?? (page !== undefined && isOneRecord(page, gaps));
  if (keys.has("paginator") && page)
    findings.set("paginator", isOne ? singleRecord() : concludePaging(page, trial, result.second));
  const isMapped = resource.shape.some(({ hook }) => hook === "map");
  const { records } = result;
  if (keys.has("primary_key")) {
    const hints = { name: resource.name, path: resource.path, isChild: isChild(resource) };
    findings.set(
      "primary_key",
      isMapped
        ? undecided("primary_key", ["a map hook returns the records, so their fields are unknown"])
        : findPrimaryKey(records, hints),
    );
  }
  const cursor =
    keys.has("incremental") && !isMapped && !isOne
      ? findCursor(records, { children: childrenOf(outcome) })
      : undefined;
  if (cursor) findings.set("incremental", cursor);
  const { bigInteger } = result;
  if (bigInteger !== undefined && gaps.lacksBigIntegers) {
    const what = bigInteger ? `\`${bigInteger}\` holds` : "a record is";
    const reasons = [`${what} an integer beyond 2^53, which a number would round`];
    findings.set("big_integers", found("big_integers", "string", { confidence: "sure", reasons }));
  }
  return [...findings.values()];
}

function isChild({ plan }: ResourceIr): boolean {
  return plan.some(({ type }) => type === "parents");
}

function childrenOf({ source, resource }: Outcome): readonly string[] {
  return source.resources
    .filter(({ plan }) =>
      plan.some(({ type, options }) => type === "parents" && options["parent"] === resource.name),
    )
    .map(({ name }) => name);
}
