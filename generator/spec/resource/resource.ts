import { readActions } from "./actions.js";
import { readBody } from "./bodies.js";
import type { Report } from "../load/document.js";
import { readHeaders } from "./headers.js";
import { hasExportJob, readExportJob, resultPathOf, withJobValues } from "./export-job.js";
import { addRange, checkRange, type Incremental, readIncremental, withPaging } from "./incremental.js";
import { readLayout } from "./layout.js";
import { hasRecords, readStaticResource } from "./static-resource.js";
import { checkSchema } from "../record/json-schema-check.js";
import type { FieldMemo } from "../record/json-schema-refs.js";
import { kindOf, needsBody, readKindUse, readUse } from "../kinds.js";
import { rowsOf } from "../options.js";
import { type MergedResource, mergeResource } from "./merged-resource.js";
import { type Paging, readPaging } from "./paging.js";
import { pageParamsOf } from "./page-params.js";
import { readPageRequests } from "./page-requests.js";
import { sortParams } from "./params.js";
import { type Parents, readParents } from "./parents.js";
import { checkPartitions, readPartitions } from "./partitions.js";
import { type BoundPath, bindPath } from "./path.js";
import { readBigIntegers, readForeignOrigins, readRateLimit, readRetry } from "./policies.js";
import { readRecord, schemaCheck } from "../record/record.js";
import { findPartitions } from "../plan-parts.js";
import type { KindUse, SpecResource } from "../spec.js";
import { readSteps } from "./processing-steps.js";
import { createTemplateReader, type ParentUse, type TemplateReader } from "../template/template-reader.js";
import { millisecondsOf } from "../grammar/durations.js";
import { given, listOf, objectOf, own, type Raw, textOf } from "../values.js";
import { describe } from "../wording.js";

/** The context that all resources of a spec share. */
export interface ResourceContext {
  readonly root: Raw;
  readonly report: Report;
  readonly schemas: Raw;
  readonly fields: FieldMemo;
  readonly onRef: (name: string) => void;
  /** The names of all resources. */
  readonly names: readonly string[];
  /** The client's. */
  readonly paginator: KindUse | undefined;
  readonly auth: KindUse | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A resource, and the fields of other resources that it names. */
export interface ReadResource {
  readonly resource: SpecResource;
  readonly uses: readonly ParentUse[];
}

/** Reads and normalises the resource at an index. Reports problems that the grammar cannot check. */
export function readResource(index: number, context: ResourceContext): ReadResource {
  const { root, report } = context;
  const raw = listOf(own(root, "resources"))[index];
  const merged = mergeResource((raw ?? null) as never, own(root, "resource_defaults"), index);
  if (hasRecords(merged)) return readStaticResource(merged, context);
  const { value } = merged;
  const endpoint = objectOf(own(value, "endpoint"));
  const client = own(root, "client");
  const decode = readDecoder(merged, report);
  const paging = readPaging(merged, { ...context, decode });
  const split = readSplit(merged, paging, context);
  const layout = readLayout(merged, paging.select, report);
  const record = readRecord(merged, split.shape, { ...context, layout });
  const auth = readAuth(merged, endpoint, report);
  checkAuth(merged, {
    auth: auth === undefined ? context.auth : auth,
    hasBody: !!split.request.body,
    context,
  });
  const resource: SpecResource = {
    name: textOf(own(value, "name")) ?? "",
    method: (textOf(own(endpoint, "method")) ?? "GET").toUpperCase(),
    ...split.request,
    ...paging,
    selectRequired:
      (own(endpoint, "data_selector_required") ?? own(client, "data_selector_required")) !== false,
    shape: split.shape,
    plan: split.plan,
    ...record,
    selected: own(value, "selected") !== false,
    ...given({
      description: textOf(own(value, "description")),
      encode: readEncoder(merged, client, report),
      decode,
      layout,
      actions: readActions(merged, report),
      auth,
      rateLimit: readRateLimit(own(endpoint, "rate_limit"), {
        path: merged.at("endpoint", "rate_limit"),
        report,
      }),
      retry: readRetry(own(endpoint, "retry")),
      timeoutMs: millisecondsOf(own(endpoint, "timeout")),
      bigIntegers: readBigIntegers(own(endpoint, "big_integers")),
      foreignOrigins: readForeignOrigins(own(endpoint, "foreign_origins")),
      recordType: textOf(own(value, "record_type")),
      methodName: textOf(own(value, "method_name")),
    }),
  };
  return { resource, uses: split.uses };
}

/** Reads the decoder; `undefined` for standard JSON. */
export function readDecoder(merged: MergedResource, report: Report): KindUse | undefined {
  const raw = own(own(merged.value, "endpoint"), "decoder");
  const use = readKindUse("decoder", raw, { path: merged.at("endpoint", "decoder"), report });
  return use?.kind.isDefault && Object.keys(use.options).length === 0 ? undefined : use;
}

/** Reads the query encoder. Each key that the endpoint omits is that of the client. */
function readEncoder(merged: MergedResource, client: unknown, report: Report): KindUse | undefined {
  const endpoint = own(merged.value, "endpoint");
  const kind = kindOf("encoder");
  const given = Object.fromEntries(
    rowsOf(kind).map(({ key }) => [key, own(endpoint, key) ?? own(client, key)] as const),
  );
  const use = readUse(kind, given, { path: merged.at("endpoint"), report });
  return Object.keys(use.options).length > 0 ? use : undefined;
}

type Request = Pick<SpecResource, "path" | "query" | "inputs" | "headers" | "body" | "pageRequests">;

interface Split {
  readonly request: Request;
  readonly shape: readonly KindUse[];
  readonly plan: readonly KindUse[];
  readonly uses: readonly ParentUse[];
}

/** Reads the request, the steps, and what both use: partitions, a parent, a range. */
function readSplit(merged: MergedResource, paging: Paging, context: ResourceContext): Split {
  const { root, report, names } = context;
  const partitions = readPartitions(merged, report);
  const lists = findPartitions({ plan: partitions ? [partitions] : [] });
  const incremental = readIncremental(merged, report);
  const scope = {
    report,
    resources: names,
    partitions: Object.keys(lists),
    isIncremental: incremental !== undefined && incremental.use.kind.type !== "sync_token",
    hasJob: hasExportJob(merged),
  };
  const reader = createTemplateReader(scope);
  const { resolved, job, ...request } = readRequest(merged, { paging, reader, incremental, context });
  const requested = reader.uses;
  const stepReader = createTemplateReader(scope);
  const steps = readSteps(merged, { reader: stepReader, report });
  const parents = readParents(merged, {
    root,
    report,
    requested,
    added: stepReader.uses,
    resolved,
    inputs: request.inputs,
  });
  checkPartitions(lists, { merged, readers: [reader, stepReader], report });
  if (incremental) {
    const names = (placeholder: string): boolean =>
      reader.names(placeholder) || incremental.added.some(([, template]) => template === `{${placeholder}}`);
    checkRange(incremental, { report, names, isChild: !!parents.part });
  }
  const { paginator, select } = paging;
  const incrementalUse = incremental && {
    ...incremental,
    use: withPaging(incremental, { paginator, hasSelector: select !== undefined, report }),
  };
  return {
    request: { ...request, inputs: [...request.inputs, ...parents.inputs] },
    shape: [...parents.shape, ...steps],
    plan: [
      ...planOf({ partitions, parents, incremental: incrementalUse, hasRange: reader.hasRange }),
      ...(job ? [withJobValues(job, reader)] : []),
    ],
    uses: [...requested, ...stepReader.uses, ...parents.included],
  };
}

function planOf({
  partitions,
  parents,
  incremental,
  hasRange,
}: {
  partitions: KindUse | undefined;
  parents: Parents;
  incremental: Incremental | undefined;
  hasRange: boolean;
}): readonly KindUse[] {
  const isFiltered = hasRange || (incremental?.added.length ?? 0) > 0;
  const range = incremental && {
    ...incremental.use,
    options: {
      ...incremental.use.options,
      ...(!isFiltered && incremental.use.kind.type === "incremental" && { serverFilter: false }),
    },
  };
  return [partitions, parents.part, range].filter((part) => part !== undefined);
}

interface RequestContext {
  readonly paging: Paging;
  readonly reader: TemplateReader;
  readonly incremental: Incremental | undefined;
  readonly context: ResourceContext;
}

function readRequest(
  merged: MergedResource,
  { paging, reader, incremental, context }: RequestContext,
): Request & Pick<BoundPath, "resolved"> & { readonly job: KindUse | undefined } {
  const { report } = context;
  const endpoint = own(merged.value, "endpoint");
  const params = objectOf(own(endpoint, "params"));
  const text =
    resultPathOf(merged) ?? textOf(own(endpoint, "path")) ?? textOf(own(merged.value, "name")) ?? "";
  const place = {
    path: merged.at("endpoint", "path"),
    param: (name: string) => merged.at("endpoint", "params", name),
    isDefault: (name: string) => merged.isDefault("endpoint", "params", name),
    page: pageParamsOf(paging.paginator),
    reader,
    report,
  };
  const { paginator } = paging;
  const bound = bindPath(text, params, place);
  const pages = readPageRequests(merged, { report, reader, paginator, params, bound, location: place });
  const job = readExportJob(merged, { report, reader, params, location: place });
  const named = new Set([...pages.named, ...(job?.named ?? [])]);
  const { query, inputs } = sortParams(params, named, place);
  checkInputs(merged, params, context);
  const body = readBody(merged, { reader, report, inputs, paginator });
  return {
    pageRequests: pages.uses,
    job: job?.use,
    path: bound.path,
    resolved: bound.resolved,
    query: incremental ? addRange(query, incremental, { inputs, report }) : query,
    inputs,
    headers: readHeaders(merged, { client: context.headers, reader, report }),
    ...(body && { body }),
  };
}

function checkInputs(merged: MergedResource, params: Raw, context: ResourceContext): void {
  const inputs: readonly (readonly [string, unknown])[] = Object.entries(params).filter(
    ([, value]) => own(value, "type") === "input",
  );
  for (const [name, value] of inputs) {
    const schema = own(value, "schema");
    checkSchema(schema, merged.at("endpoint", "params", name, "schema"), schemaCheck(schema, context));
  }
}

/** Credentials in the body need a body. */
function checkAuth(
  merged: MergedResource,
  {
    auth,
    hasBody,
    context,
  }: { auth: KindUse | null | undefined; hasBody: boolean; context: ResourceContext },
): void {
  if (!auth || hasBody || !needsBody(auth)) return;
  const what = describe(context.root, merged.path);
  const message = `the API key is sent in the body, but ${what} has none: add "json": {} to its endpoint, or choose another location`;
  const path =
    own(own(merged.value, "endpoint"), "auth") === undefined ? merged.path : merged.at("endpoint", "auth");
  context.report({ code: "conflicting-options", message, path, at: "key" });
}

/** `null` disables the client's authentication. */
function readAuth(merged: MergedResource, endpoint: Raw, report: Report): KindUse | null | undefined {
  const raw = own(endpoint, "auth");
  if (raw === undefined || raw === null) return raw;
  return readKindUse("auth", raw, { path: merged.at("endpoint", "auth"), report });
}
