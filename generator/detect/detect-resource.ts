import { isConnectorError, type ClientOptions, type JsonValue, type Source } from "@connector-gen/runtime";
import type { Exchange, PageRequest, ResourceShape } from "@connector-gen/runtime/plugin";

import type { KindIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { ask, type Answered } from "./ask.js";
import type { FirstPage } from "./candidate.js";
import { undecided, type Finding, type FindingKey } from "./finding.js";
import type { Gaps } from "./gaps.js";
import { findCursor } from "./incremental-cursor.js";
import { collectParams } from "./own-params.js";
import { concludePaging, planPaging, singleRecord } from "./paging.js";
import { findPrimaryKey } from "./primary-key.js";
import { findRecords, type RecordsPlace } from "./records.js";
import type { Trial } from "./second-page.js";
import type { Wire } from "./wire.js";

/** Whom to ask, and with what. */
export interface Detection {
  readonly source: SourceIr;
  readonly live: Source;
  readonly wire: Wire;
  /** Secrets that are not here come from the environment. */
  readonly options: ClientOptions & Readonly<Record<string, unknown>>;
  /** Parameters by name, for each resource that has them. */
  readonly params: Readonly<Record<string, string>>;
  /** The one response comes from a file: nothing is asked for. */
  readonly isReplay: boolean;
}

/** What came out for one resource. */
export interface ResourceReport {
  readonly name: string;
  readonly index: number;
  /** Secrets are redacted. */
  readonly request?: Pick<Answered, "method" | "url" | "status"> & { readonly records: number };
  readonly findings: readonly Finding[];
  /** Why the resource could not be read, and what to do about it. */
  readonly problem?: string;
}

/** Finds out what a resource leaves open. Whatever goes wrong is the report's problem. */
export async function detectResource(detection: Detection, gaps: Gaps): Promise<ResourceReport> {
  const { name, index } = gaps;
  const resource = detection.source.resources.find((each) => each.name === name);
  const shape = detection.live.resources[name];
  if (!resource || !shape) return { name, index, findings: [], problem: "there is no such resource" };
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
  const { source, live, wire, options, isReplay } = detection;
  const known = collectParams(resource);
  let place: RecordsPlace | undefined;
  let page: FirstPage | undefined;
  let trial: Trial | undefined;
  const plan = (exchange: Exchange): PageRequest | undefined => {
    page = { ...known, exchange };
    if (!keys.has("paginator") || (place && (!place.path || place.isOne)) || isOneRecord(page, gaps))
      return undefined;
    trial = planPaging(page);
    return isReplay ? undefined : trial?.ask?.request;
  };
  const answered = await ask({
    source: live,
    resource: isReplay ? withoutSplit(shape) : shape,
    options,
    params: paramsOf(detection, resource, shape),
    wire,
    plan,
    ...(keys.has("data_selector") && {
      select: (body: unknown) => {
        place = findRecords(body, { name, path: resource.path, isSingle });
        return place.path ?? [];
      },
    }),
  });
  const findings = conclude({ answered, gaps, resource, source }, { place, page, trial });
  const { method, url, status, first } = answered;
  return { name, index, request: { method, url, status, records: first.records.length }, findings };
}

/** With a selector of the spec's own, a path to one thing whose body is no list holds one record. */
function isOneRecord({ exchange }: FirstPage, { isSingle, keys }: Gaps): boolean {
  return isSingle && !keys.has("data_selector") && exchange.records.length < 2;
}

interface Outcome {
  readonly answered: Answered;
  readonly gaps: Gaps;
  readonly resource: ResourceIr;
  readonly source: SourceIr;
}

interface Found {
  readonly place: RecordsPlace | undefined;
  readonly page: FirstPage | undefined;
  readonly trial: Trial | undefined;
}

function conclude(outcome: Outcome, { place, page, trial }: Found): readonly Finding[] {
  const { answered, gaps, resource } = outcome;
  const { keys } = gaps;
  const findings = new Map<FindingKey, Finding>();
  if (place) findings.set("data_selector", place.finding);
  if (place && !place.path) {
    const waits = (key: FindingKey): Finding => undecided(key, ["it depends on where the records are"]);
    for (const key of ["paginator", "primary_key"] as const) if (keys.has(key)) findings.set(key, waits(key));
    return [...findings.values()];
  }
  const isOne = place?.isOne ?? (page !== undefined && isOneRecord(page, gaps));
  if (keys.has("paginator") && page)
    findings.set("paginator", isOne ? singleRecord() : concludePaging(page, trial, answered.second));
  const isMapped = resource.shape.some(({ type, options }) => type === "hook" && isMap(options));
  const { records } = answered;
  if (keys.has("primary_key")) {
    const hints = { name: resource.name, path: resource.path, isChild: isChild(resource) };
    findings.set(
      "primary_key",
      isMapped
        ? undecided("primary_key", ["a map hook makes the records: only it knows their fields"])
        : findPrimaryKey(records, hints),
    );
  }
  const cursor =
    keys.has("incremental") && !isMapped && !isOne
      ? findCursor(records, { children: childrenOf(outcome) })
      : undefined;
  if (cursor) findings.set("incremental", cursor);
  return [...findings.values()];
}

function isMap(options: unknown): boolean {
  return (
    typeof options === "object" && options !== null && (options as { readonly hook?: unknown }).hook === "map"
  );
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

/** Values of the method's parameters, and in a replay of everything that a plan would give. */
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

/** A resource that reads no parents: what its plan would give are parameters. */
function withoutSplit(shape: ResourceShape): ResourceShape {
  const { plan, ...rest } = shape;
  const names = (plan?.parts ?? []).flatMap(({ type, options }) => {
    if (type === "parents") return Object.keys((options as { readonly values: object }).values);
    if (type === "partitions") return Object.keys(options).map((name) => `partitions.${name}`);
    return ["start_value", "end_value", "initial_value", "last_value"].map((name) => `incremental.${name}`);
  });
  // A token that would have to be asked for is not in the file.
  return {
    ...rest,
    auth: null,
    params: { ...rest.params, ...Object.fromEntries(names.map((name) => [name, "parent"] as const)) },
  };
}

/** What cannot be asked for from here, before anything is. */
function refusalOf({ source, params, isReplay }: Detection, resource: ResourceIr): string | undefined {
  if (isReplay) return undefined;
  const missing = resource.params.filter(({ name, required }) => required && params[name] === undefined);
  if (missing.length > 0) {
    const flags = missing.map(({ name }) => `--param ${name}=…`).join(" ");
    return `its method needs ${missing.map(({ name }) => name).join(", ")}: give ${flags}, or a response with --from`;
  }
  const auth = resource.auth === undefined ? source.auth : resource.auth;
  if (auth?.type === "custom")
    return "its credentials come from a function of the app: give a response with --from";
  if (auth?.type === "oauth2_refresh_token")
    return "signing in would replace the refresh token, and nothing here stores the new one: give a response with --from";
  return undefined;
}

/** The runtime's message without its place, and what to do about it. */
function explain(error: unknown, { source }: Detection, resource: ResourceIr): string {
  if (!(error instanceof Error)) return String(error);
  if (!isConnectorError(error)) return error.message;
  const place = `${error.source}.${error.resource}`;
  const message = error.message.replace(new RegExp(`^${escape(place)}( page \\d+)?: `), "");
  const where = error.resource === resource.name ? "" : `its parent ${error.resource}: `;
  return `${where}${message}${hintOf(error.code, { source, resource, message })}`;
}

function hintOf(
  code: string,
  { source, resource, message }: { source: SourceIr; resource: ResourceIr; message: string },
): string {
  if (code === "UNAUTHORIZED" || code === "FORBIDDEN") {
    const auth = resource.auth === undefined ? source.auth : resource.auth;
    if (!auth) return "\nThe spec sends no credentials here: say how the API is authenticated in client.auth";
    const names = environmentOf(auth, source);
    const verb = names.length === 1 ? "is" : "are";
    return names.length === 0
      ? ""
      : `\n${names.join(" and ")} in the environment ${verb} what was sent: the API does not accept ${names.length === 1 ? "it" : "them"}`;
  }
  const missing = source.config.find(({ option }) => message.includes(`\`${option}\` has no value`));
  return missing ? `\nGive it with --config ${missing.name}=…` : "";
}

/** The environment variables that credentials are made of. */
function environmentOf(auth: KindIr, { secrets }: SourceIr): readonly string[] {
  const text = JSON.stringify(auth);
  return secrets.filter(({ name }) => text.includes(`{secrets.${name}}`)).map(({ env }) => env);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
