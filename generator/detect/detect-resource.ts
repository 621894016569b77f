import type { Exchange, Paginator, ResourceShape } from "@connector-gen/runtime/plugin";
import type { ResourceIr } from "../ir/source-ir.js";
import { callFactory } from "../live/call-factory.js";
import { isObject } from "../spec/values.js";
import { formatOf } from "./body-format.js";
import { findChildKey, type ParentField } from "./child-key.js";
import { checkKey, checkPaginator, asCorrection } from "./check-spec.js";
import type { FirstPage } from "./candidate.js";
import { listPathOf } from "./envelope.js";
import { found, undecided, type Finding, type FindingKey } from "./finding.js";
import type { Gaps } from "./gaps.js";
import { findCursor } from "./incremental-cursor.js";
import { collectParams } from "./own-params.js";
import { findPaginator, singleRecord } from "./paging.js";
import { findPrimaryKey, type KeyHints } from "./primary-key.js";
import { probeResource, type Probe } from "./probe.js";
import { findRecords, hasId, type RecordsLocation } from "./records.js";
import { explain, paramsOf, refusalOf, withoutSplit, type Detection } from "./resource-requests.js";

/** The findings for one resource. */
export interface ResourceReport {
  readonly name: string;
  readonly index: number;
  /** The first request, with redacted secrets, and its response. */
  readonly request?: Pick<Probe, "method" | "url" | "status"> & { readonly records: number };
  readonly findings: readonly Finding[];
  /** Why the resource could not be read and how to fix it. */
  readonly problem?: string;
}

/** A report and the records on which it is based. */
export interface DetectedResource {
  readonly report: ResourceReport;
  /** Different records of all pages, as the API sends them; large integers are `bigint`. */
  readonly samples: readonly unknown[];
}

/** Detects the missing keys of a resource. Reports errors in `problem` instead of throwing them. */
export async function detectResource(detection: Detection, gaps: Gaps): Promise<ResourceReport> {
  return (await detectWithSamples(detection, gaps)).report;
}

/** Detects the missing keys of a resource, and also returns the records that the API sent. */
export async function detectWithSamples(detection: Detection, gaps: Gaps): Promise<DetectedResource> {
  const samples: unknown[] = [];
  return { report: await tryDetect(detection, gaps, samples), samples };
}

async function tryDetect(detection: Detection, gaps: Gaps, samples: unknown[]): Promise<ResourceReport> {
  const { name, index } = gaps;
  const resource = detection.source.resources.find((each) => each.name === name);
  const shape = detection.live.resources[name];
  if (!resource || !shape) return { name, index, findings: [], problem: "unknown resource" };
  if (gaps.keys.size === 0) return { name, index, findings: [] };
  const refusal = refusalOf(detection, resource);
  if (refusal !== undefined) return { name, index, findings: [], problem: refusal };
  try {
    return await detect({ detection, gaps, resource, shape, samples });
  } catch (error) {
    return { name, index, findings: [], problem: explain(error, detection, resource) };
  }
}

interface Case {
  readonly detection: Detection;
  readonly gaps: Gaps;
  readonly resource: ResourceIr;
  readonly shape: ResourceShape;
  /** Collects the records that the API sends. */
  readonly samples: unknown[];
}

async function detect(given: Case): Promise<ResourceReport> {
  const { name, index, keys, written } = given.gaps;
  const { probe, location, format } = await start(given);
  const isWhole = location !== undefined && (location.path?.length ?? 0) === 0;
  const refusal = isWhole ? errorIn(probe.first.body) : undefined;
  if (refusal !== undefined) return { name, index, findings: [], problem: refusal };
  const page = pageOf(given, probe.first, location);
  const hasNoPages = location !== undefined && (!location.path || location.isOne);
  const isOne = hasNoPages || isOneRecord(page, given.gaps);
  const paginator = !keys.has("paginator") || isOne ? undefined : await findPaginator(page, probe.ask);
  const correction =
    written.paginator && !isOne && (await checkPaginator(written.paginator, page, probe.ask));
  const wantsKey = keys.has("primary_key") && !isOne && page.exchange.records.length > 0;
  const childrenByParent = wantsKey && isChild(given.resource) ? await probe.childrenByParent() : [];
  given.samples.push(...probe.samples());
  const findings = conclude({ ...given, probe }, { location, page, paginator, childrenByParent });
  const hasKey = written.key && (location === undefined || location.path !== undefined);
  const key = hasKey && checkKey(written.key, probe.records(), hintsOf(given.resource));
  const { method, url, status, first } = probe;
  return {
    name,
    index,
    request: { method, url, status, records: first.records.length },
    findings: [
      ...(format ? [format] : []),
      ...findings,
      ...(correction ? [correction] : []),
      ...(key ? [key] : []),
    ],
  };
}

/**
 * Returns the problem if a body without an id holds an error instead of records. Omits the text of the error, which may
 * hold secrets.
 */
function errorIn(body: unknown): string | undefined {
  if (!isObject(body) || hasId(body)) return undefined;
  const names = Object.keys(body);
  const key =
    names.find(
      (name) => /^(errors?|error_?(code|message|description)|fault)$/i.test(name) && isGiven(body[name]),
    ) ?? names.find((name) => /^(ok|success)$/i.test(name) && body[name] === false);
  return key === undefined
    ? undefined
    : `the response holds an error under \`${key}\` instead of records\nCheck the request and its credentials; send it with curl to see the text of the error`;
}

/** Whether a value is neither empty nor false. */
function isGiven(value: unknown): boolean {
  return isObject(value) || Array.isArray(value) ? Object.keys(value).length > 0 : Boolean(value);
}

interface Start {
  readonly probe: Probe;
  readonly location?: RecordsLocation;
  /** The decoder, if the body is not JSON. */
  readonly format?: Finding;
}

/** Requests the first page and finds its records. If the body is not JSON, reads it again with the detected decoder. */
async function start(given: Case): Promise<Start> {
  const { gaps, detection } = given;
  const { transport } = detection;
  let started: Start | undefined;
  let problem: unknown;
  try {
    started = await request(given, given.shape, gaps.keys.has("data_selector"));
  } catch (error) {
    problem = error;
  }
  const format = gaps.keys.has("decoder")
    ? formatOf(transport.lastHeader("content-type"), transport.lastText())
    : undefined;
  if (format) {
    const { probe } = await request(given, { ...given.shape, decode: format.decode }, false);
    return { probe, format: format.finding };
  }
  const corrected = await checkSelector(given, started);
  if (corrected) return corrected;
  if (!started) throw problem;
  return started;
}

/** Looks for the records elsewhere if the selector of the spec finds none. */
async function checkSelector(given: Case, started: Start | undefined): Promise<Start | undefined> {
  const { gaps, detection } = given;
  const { selector } = gaps.written;
  const status = detection.transport.lastStatus() ?? 0;
  const isEmpty =
    started === undefined ? status >= 200 && status < 300 : started.probe.first.records.length === 0;
  if (selector === undefined || !isEmpty || given.shape.plan) return undefined;
  const other = await request(given, given.shape, true).catch(() => undefined);
  const { location } = other ?? {};
  if (!other || !location?.path || location.isOne || other.probe.first.records.length === 0) return undefined;
  const finding = asCorrection(
    location.finding,
    `the spec says ${selector}, but the response has no records there`,
  );
  return { probe: other.probe, location: { ...location, finding } };
}

async function request(
  { detection, gaps, resource }: Case,
  shape: ResourceShape,
  lacksSelector: boolean,
): Promise<Start> {
  const { live, transport, options, isReplay } = detection;
  let location: RecordsLocation | undefined;
  const probe = await probeResource({
    source: live,
    resource: isReplay ? withoutSplit(shape) : shape,
    options,
    params: paramsOf(detection, resource, shape),
    transport,
    next: (paginator, hasBody) => withNext(resource, paginator, hasBody),
    isReplay,
    ...(lacksSelector && {
      select: (body: unknown) => {
        location = findRecords(body, { name: gaps.name, path: resource.path, isSingle: gaps.isSingle });
        return location.select ?? location.path ?? [];
      },
    }),
  });
  return { probe, ...(location && { location }) };
}

/** Returns a paginator with the spec's `next`. As in the spec, its body is empty if only the paginator writes into it. */
function withNext({ pageRequests }: ResourceIr, paginator: Paginator, hasBody: boolean): Paginator {
  const next = pageRequests.find(({ type }) => type === "next");
  if (!next) return paginator;
  const options = { ...(hasBody && { json: { object: {} } }), ...next.options };
  return callFactory({ ...next, options }, paginator) as Paginator;
}

function pageOf(
  { gaps, resource }: Case,
  exchange: Exchange,
  location: RecordsLocation | undefined,
): FirstPage {
  const path = location?.path ? listPathOf({ selector: location.path }) : listPathOf(exchange);
  const key = findPrimaryKey(exchange.records, hintsOf(resource)).value;
  const { parent } = gaps;
  return {
    ...collectParams(resource),
    exchange,
    ...(path && { listPath: path }),
    ...(typeof key === "string" && { key }),
    ...(parent && { parent }),
  };
}

function hintsOf(resource: ResourceIr): KeyHints {
  return { name: resource.name, path: resource.path, isChild: isChild(resource) };
}

/** Whether a body holds one record: the path identifies one thing and the spec's selector matches at most one record. */
function isOneRecord({ exchange }: FirstPage, { isSingle, keys }: Gaps): boolean {
  return isSingle && !keys.has("data_selector") && exchange.records.length < 2;
}

interface Outcome extends Case {
  readonly probe: Probe;
}

interface Observed {
  readonly location: RecordsLocation | undefined;
  readonly page: FirstPage;
  readonly paginator: Finding | undefined;
  /** The child records: one list for each parent that was read. */
  readonly childrenByParent: readonly (readonly unknown[])[];
}

function conclude(
  outcome: Outcome,
  { location, page, paginator, childrenByParent }: Observed,
): readonly Finding[] {
  const { probe, gaps, resource } = outcome;
  const { keys } = gaps;
  const findings = new Map<FindingKey, Finding>();
  if (location) findings.set("data_selector", location.finding);
  if (location?.layout && location.path) {
    const { value, reason } = location.layout;
    const confidence = location.finding.confidence === "likely" ? "likely" : "sure";
    findings.set("data_layout", found("data_layout", value, { confidence, reasons: [reason] }));
  }
  if (location && !location.path) {
    const blocked = (key: FindingKey): Finding => undecided(key, ["depends on the data selector"]);
    for (const key of ["paginator", "primary_key"] as const)
      if (keys.has(key)) findings.set(key, blocked(key));
    return [...findings.values()];
  }
  const isOne = location?.isOne ?? isOneRecord(page, gaps);
  if (keys.has("paginator")) findings.set("paginator", paginator ?? singleRecord());
  const isMapped = resource.shape.some(({ hook }) => hook === "map");
  const records = probe.records();
  if (keys.has("primary_key")) {
    const keyField = location?.layout?.keyField;
    const hints = { ...hintsOf(resource), link: linkOf(resource), keyField };
    const { finding, include } = isMapped
      ? { finding: undecided("primary_key", ["a map hook returns the records, so their fields are unknown"]) }
      : childrenByParent.length > 1
        ? findChildKey(childrenByParent, hints)
        : { finding: findPrimaryKey(records, hints) };
    if (include !== undefined) {
      const reasons = ["the primary key needs it"];
      findings.set(
        "include_from_parent",
        found("include_from_parent", [include], { confidence: "sure", reasons }),
      );
    }
    findings.set("primary_key", finding);
  }
  const cursor =
    keys.has("incremental") && !isMapped && !isOne
      ? findCursor(records, { children: childrenOf(outcome) })
      : undefined;
  if (cursor) findings.set("incremental", cursor);
  const bigInteger = probe.bigInteger();
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

/** Returns the parent field in the requests if there is only one and the spec includes nothing from the parent yet. */
function linkOf({ plan, shape }: ResourceIr): ParentField | undefined {
  const names = plan.flatMap(({ type, options }) => {
    const values = type === "parents" ? options["values"] : undefined;
    return typeof values === "object" && values !== null && "object" in values
      ? Object.keys(values.object)
      : [];
  });
  const [, parent, field] = /^resources\.(\w+)\.(\w+)$/.exec(names[0] ?? "") ?? [];
  const includes = shape.some(({ type }) => type.startsWith("include"));
  return names.length === 1 && !includes && parent !== undefined && field !== undefined
    ? { parent, field }
    : undefined;
}

function childrenOf({ detection: { source }, resource }: Outcome): readonly string[] {
  return source.resources
    .filter(({ plan }) =>
      plan.some(({ type, options }) => type === "parents" && options["parent"] === resource.name),
    )
    .map(({ name }) => name);
}
