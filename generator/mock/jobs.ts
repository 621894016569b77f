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

/** A request of an export job. The mock reports each job as done at once. */
export interface JobRoute extends Route {
  /** Returns the response to a client that sees the server at this origin. */
  readonly respond: (origin: string) => {
    readonly body: JsonIr;
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** Returns the export job of a resource; `undefined` if it has none. */
function jobOf({ plan }: ResourceIr): KindIr | undefined {
  return plan.find(({ type }) => type === "export_job");
}

/** Returns a resource as the mock serves it. The results of a job have their own path. */
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
  const respond: JobRoute["respond"] = (origin) => ({
    body: resultBody(job, `${origin}${folder}/result`),
    headers: { Location: `${origin}${folder}` },
  });
  const requests = [
    { method: "POST", path: "", ...requestOf(create) },
    { method: "GET", path: `/exports/${encodeURIComponent(resource.name)}`, ...requestOf(poll) },
  ];
  return requests.map((request) => ({
    ...compileRoute(source, { ...resource, ...request, query: [] }, isOnly),
    respond,
  }));
}

function requestOf(option: OptionIr | undefined): Partial<Pick<ResourceIr, "method" | "path">> {
  const { method, path } = (option === undefined ? {} : toJson(option)) as {
    readonly method?: string;
    readonly path?: string;
  };
  return { ...(method !== undefined && { method }), ...(path !== undefined && { path }) };
}

/** Returns the body that reports the job as done, with the URL of its results and the values of its placeholders. */
function resultBody({ options }: KindIr, url: string): JsonIr {
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
