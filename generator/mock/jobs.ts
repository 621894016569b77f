import {
  isSelector,
  toJson,
  type JsonIr,
  type KindIr,
  type OptionIr,
  type ResourceIr,
  type SourceIr,
} from "../ir/source-ir.js";

import { merge, wrapAt } from "./layout.js";
import { compileRoute, mountPath, type Route } from "./routes.js";

/** A request of an export job, which the mock answers as done at once. */
export interface JobRoute extends Route {
  /** The answer to a client that sees the server at an origin. */
  readonly answer: (origin: string) => {
    readonly body: JsonIr;
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** The export job of a resource; `undefined` if it has none. */
function jobOf({ plan }: ResourceIr): KindIr | undefined {
  return plan.find(({ type }) => type === "export_job");
}

/** A resource as it is served: the results of a job have a path of their own. */
export function servedResource(resource: ResourceIr): ResourceIr {
  return jobOf(resource) && resource.path === "{job.url}"
    ? { ...resource, path: `/exports/${encodeURIComponent(resource.name)}/result` }
    : resource;
}

/** Compiles the requests that create and poll the export job of a resource. */
export function compileJobs(source: SourceIr, resource: ResourceIr, isOnly: boolean): readonly JobRoute[] {
  const job = jobOf(resource);
  if (!job) return [];
  const mount = mountPath(source, isOnly);
  const folder = `${mount}/exports/${encodeURIComponent(resource.name)}`;
  const { create, poll } = job.options;
  const answer: JobRoute["answer"] = (origin) => ({
    body: answerOf(job, `${origin}${folder}/result`),
    headers: { Location: `${origin}${folder}` },
  });
  const requests = [
    { method: "POST", path: "", ...requestOf(create) },
    { method: "GET", path: `/exports/${encodeURIComponent(resource.name)}`, ...requestOf(poll) },
  ];
  return requests.map((request) => ({
    ...compileRoute(source, { ...resource, ...request, query: [] }, isOnly),
    answer,
  }));
}

function requestOf(option: OptionIr | undefined): Partial<Pick<ResourceIr, "method" | "path">> {
  const { method, path } = (option === undefined ? {} : toJson(option)) as {
    readonly method?: string;
    readonly path?: string;
  };
  return { ...(method !== undefined && { method }), ...(path !== undefined && { path }) };
}

/** An answer that says that the job is done, where its results are, and what its placeholders are. */
function answerOf({ options }: KindIr, url: string): JsonIr {
  const { status, done, url: urlPath, values } = options;
  const isMany = isSelector(urlPath) && urlPath.selector.includes("[*]");
  const [word = "done"] = Array.isArray(done) ? (done as readonly string[]) : [];
  const placeholders = Object.values(
    (values as { readonly object?: Readonly<Record<string, OptionIr>> } | undefined)?.object ?? {},
  );
  return [
    isSelector(urlPath) ? wrapAt(urlPath)(isMany ? [url] : url) : {},
    isSelector(status) ? wrapAt(status)(word) : {},
    ...placeholders.map((selector) => wrapAt(selector)(1)),
  ].reduce<JsonIr>(merge, {});
}
