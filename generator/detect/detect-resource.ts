import { isConnectorError, type ClientOptions, type JsonValue, type Source } from "@connector-gen/runtime";
import type { Exchange, PageRequest, ResourceShape } from "@connector-gen/runtime/plugin";
import type { KindIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import type { FirstPage } from "./candidate.js";
import { found, undecided, type Finding, type FindingKey } from "./finding.js";
import type { Gaps } from "./gaps.js";
import { findCursor } from "./incremental-cursor.js";
import { collectParams } from "./own-params.js";
import { concludePaging, planPaging, singleRecord } from "./paging.js";
import { findPrimaryKey } from "./primary-key.js";
import { probeResource, type ProbeResult } from "./probe.js";
import type { RecordingTransport } from "./recording-transport.js";
import { findRecords, type RecordsLocation } from "./records.js";
import type { Trial } from "./second-page.js";

/** Input of a detection that all resources share. */
export interface Detection {
  readonly source: SourceIr;
  readonly live: Source;
  readonly transport: RecordingTransport;
  /** Client options. Secrets that are missing here come from the environment. */
  readonly options: ClientOptions & Readonly<Record<string, unknown>>;
  /** Parameter values by name, for every resource that has the parameter. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether the only response comes from a file, so that nothing is sent. */
  readonly isReplay: boolean;
}

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

/** Returns the values of the method's parameters and, in a replay, placeholders for the values from its plan. */
function paramsOf(
  { params, isReplay }: Detection,
  resource: ResourceIr,
  shape: ResourceShape,
): Readonly<Record<string, JsonValue>> {
  const given = resource.params.flatMap(({ name, type }): readonly (readonly [string, JsonValue])[] => {
    const text = params[name];
    if (text === undefined) return isReplay ? [[name, "1"]] : [];
    return [[name, type.kind === "number" ? Number(text) : type.kind === "boolean" ? text === "true" : text]];
  });
  if (!isReplay) return Object.fromEntries(given);
  const planned = Object.keys(withoutSplit(shape).params ?? {}).filter((name) => name.includes("."));
  return Object.fromEntries([...given, ...planned.map((name) => [name, "1"] as const)]);
}

/** Removes the plan of a resource, so that it reads no parents, and makes the plan's values parameters. */
function withoutSplit(shape: ResourceShape): ResourceShape {
  const { plan, ...rest } = shape;
  const names = (plan?.parts ?? []).flatMap(({ type, options }) => {
    if (type === "parents") return Object.keys((options as { readonly values: object }).values);
    if (type === "partitions") return Object.keys(options).map((name) => `partitions.${name}`);
    return ["start_value", "end_value", "initial_value", "last_value"].map((name) => `incremental.${name}`);
  });
  // A replay cannot request a token.
  return {
    ...rest,
    auth: null,
    params: { ...rest.params, ...Object.fromEntries(names.map((name) => [name, "parent"] as const)) },
  };
}

/** Returns why no request can be sent for a resource, if so. */
function refusalOf({ source, params, isReplay }: Detection, resource: ResourceIr): string | undefined {
  if (isReplay) return undefined;
  const missing = resource.params.filter(({ name, required }) => required && params[name] === undefined);
  if (missing.length > 0) {
    const flags = missing.map(({ name }) => `--param ${name}=…`).join(" ");
    return `missing parameters: pass ${flags}, or a saved response with --from`;
  }
  const auth = resource.auth === undefined ? source.auth : resource.auth;
  if (auth?.type === "custom")
    return "its credentials come from a function in the app: pass a saved response with --from";
  if (auth?.type === "oauth2_refresh_token")
    return "authentication would replace the refresh token, and detect cannot store the new one: pass a saved response with --from";
  return undefined;
}

/** Returns the runtime's message without the resource name, and how to fix the problem. */
function explain(error: unknown, { source }: Detection, resource: ResourceIr): string {
  if (!(error instanceof Error)) return String(error);
  if (!isConnectorError(error)) return error.message;
  const prefix = escapeRegExp(`${error.source}.${error.resource}`);
  const message = error.message.replace(new RegExp(`^${prefix}( page \\d+)?: `), "");
  const parent = error.resource === resource.name ? "" : `parent ${error.resource}: `;
  return `${parent}${message}${hintOf(error.code, { source, resource, message })}`;
}

function hintOf(
  code: string,
  { source, resource, message }: { source: SourceIr; resource: ResourceIr; message: string },
): string {
  if (code === "UNAUTHORIZED" || code === "FORBIDDEN") {
    const auth = resource.auth === undefined ? source.auth : resource.auth;
    if (!auth) return "\nThe spec has no credentials for this resource: add client.auth";
    const names = environmentOf(auth, source);
    return names.length === 0
      ? ""
      : `\nThe API rejected the credentials: check ${names.join(" and ")} in the environment`;
  }
  const missing = source.config.find(({ option }) => message.includes(`\`${option}\` has no value`));
  return missing ? `\nPass it with --config ${missing.name}=…` : "";
}

/** Returns the environment variables that hold the credentials. */
function environmentOf(auth: KindIr, { secrets }: SourceIr): readonly string[] {
  const text = JSON.stringify(auth);
  return secrets.filter(({ name }) => text.includes(`{secrets.${name}}`)).map(({ env }) => env);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
