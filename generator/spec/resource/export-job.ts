import type { Report } from "../load/document.js";
import { kindOf, readUse } from "../kinds.js";
import { parseSelector } from "../selector/selector.js";
import type { KindUse, SpecSelector, SpecValue } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own, type Raw, textOf } from "../values.js";
import { readJsonAt } from "./bodies.js";
import type { MergedResource } from "./merged-resource.js";
import { bindPath, type PathLocation } from "./path.js";

/** The export job of an endpoint, and the placeholders of its paths. */
export interface ExportJob {
  readonly use: KindUse;
  readonly named: ReadonlySet<string>;
}

/** The context for reading an export job. */
export interface ExportJobContext {
  readonly report: Report;
  readonly reader: TemplateReader;
  /** The endpoint's params, and the location of its path. */
  readonly params: Raw;
  readonly location: PathLocation;
}

function rawJob(merged: MergedResource): Raw | undefined {
  const raw = own(own(merged.value, "endpoint"), "export_job");
  return isObject(raw) ? raw : undefined;
}

/** Whether an endpoint reads the results of an export job. */
export function hasExportJob(merged: MergedResource): boolean {
  return rawJob(merged) !== undefined;
}

/** Returns the path of the download, if the responses of the job contain its URL. */
export function resultPathOf(merged: MergedResource): string | undefined {
  const hasUrl = textOf(own(rawJob(merged), "url_path")) !== undefined;
  return hasUrl && (own(own(merged.value, "endpoint"), "path") ?? undefined) === undefined
    ? "{job.url}"
    : undefined;
}

/** Reads `export_job`. Its paths are templates, like `endpoint.path`. */
export function readExportJob(merged: MergedResource, context: ExportJobContext): ExportJob | undefined {
  const raw = rawJob(merged);
  if (!raw) return undefined;
  const { report } = context;
  const path = merged.at("endpoint", "export_job");
  if (textOf(own(raw, "url_path")) !== undefined && resultPathOf(merged) === undefined) {
    const message = "url_path gives the URLs of the downloads: remove the path of the endpoint, or url_path";
    report({ code: "conflicting-options", message, path: [...path, "url_path"], at: "key" });
  }
  const { create: _create, poll: _poll, ...rest } = raw;
  const { kind, options } = readUse(
    kindOf("plan", "export_job"),
    { ...rest, create: {}, poll: {} },
    { path, report },
  );
  const named = new Set<string>();
  const requests = (["create", "poll"] as const).map(
    (name) => [name, readRequest(name, merged, { ...context, named })] as const,
  );
  const uses = Object.fromEntries(requests.filter(([, request]) => Object.keys(request).length > 0));
  return { use: { kind, options: { ...uses, ...withoutRequests(options) } }, named };
}

function withoutRequests({ create: _create, poll: _poll, ...rest }: KindUse["options"]): KindUse["options"] {
  return rest;
}

function readRequest(
  name: "create" | "poll",
  merged: MergedResource,
  { report, reader, params, location, named }: ExportJobContext & { readonly named: Set<string> },
): Readonly<Record<string, SpecValue>> {
  const path = merged.at("endpoint", "export_job", name);
  const raw = own(rawJob(merged), name);
  if (!isObject(raw)) return {};
  const { path: _path, json: _json, ...rest } = raw;
  const kind = kindOf("plan", "export_job");
  const read = readUse(
    kind,
    { [name]: rest, ...(name === "poll" && { create: {} }) },
    {
      path: path.slice(0, -1),
      report,
      reader,
    },
  ).options[name];
  const text = textOf(own(raw, "path"));
  const bound =
    text === undefined ? undefined : bindPath(text, params, { ...location, path: [...path, "path"] });
  for (const each of bound?.named ?? []) named.add(each);
  const json = readJsonAt(["export_job", name, "json"], merged, reader);
  const method = textOf(own(raw, "method"));
  return {
    ...(bound && { path: bound.path }),
    ...(isObject(read) && read),
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(json && { json }),
  };
}

/** Adds the selectors of the values of `{job.name}` that the templates of the resource name. */
export function withJobValues(use: KindUse, reader: TemplateReader): KindUse {
  const names = reader
    .namesOf("job")
    .filter((name) => name !== "job.url" || use.options["url"] === undefined);
  const values = names.flatMap((name): readonly (readonly [string, SpecSelector])[] => {
    const selector = parseSelector(name.slice("job.".length));
    return selector.ok ? [[name, { selector: selector.segments }]] : [];
  });
  if (values.length === 0) return use;
  return { ...use, options: { ...use.options, values: Object.fromEntries(values) } };
}
