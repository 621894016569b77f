import type { Report } from "../load/document.js";
import { kindOf, readUse } from "../kinds.js";
import type { KindUse } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own, type Raw, textOf } from "../values.js";
import { readJsonAt } from "./bodies.js";
import type { MergedResource } from "./merged-resource.js";
import { describePageParams, looksPaged } from "./page-params.js";
import { bindPath, type BoundPath, type PathLocation } from "./path.js";

/** The context for reading the requests of further pages. */
export interface PageRequestsContext {
  readonly report: Report;
  readonly reader: TemplateReader;
  readonly paginator: KindUse;
  /** The endpoint's params and path. */
  readonly params: Raw;
  readonly bound: BoundPath;
  readonly location: PathLocation;
}

/** The requests of pages, apart from the paginator's parameters. */
export interface PageRequests {
  /** Innermost first. */
  readonly uses: readonly KindUse[];
  /** The names of the placeholders in the path and in `next.path`. */
  readonly named: ReadonlySet<string>;
}

/** Reads how further pages are requested: `next`, and placeholders of the path that the paginator fills. */
export function readPageRequests(merged: MergedResource, context: PageRequestsContext): PageRequests {
  const { bound, params } = context;
  const next = readNext(merged, context);
  const paged = new Map([...bound.paged, ...(next?.bound?.paged ?? [])]);
  checkFixed(params, context);
  const inPath: KindUse[] =
    paged.size > 0
      ? [
          {
            kind: kindOf("pages", "path_params"),
            options: { path: bound.path, values: Object.fromEntries(paged) },
          },
        ]
      : [];
  return {
    uses: [...(next ? [next.use] : []), ...inPath],
    named: new Set([...bound.named, ...(next?.bound?.named ?? [])]),
  };
}

interface Next {
  readonly use: KindUse;
  /** `next.path`. */
  readonly bound: BoundPath | undefined;
}

function readNext(
  merged: MergedResource,
  { report, reader, paginator, params, location }: PageRequestsContext,
): Next | undefined {
  const raw = own(own(merged.value, "endpoint"), "next") ?? undefined;
  if (!isObject(raw)) return undefined;
  const path = merged.at("endpoint", "next");
  if (paginator.kind.type === "single_page") {
    const message =
      "next is the request of further pages, but the paginator reads one page: choose another one";
    report({ code: "conflicting-options", message, path, at: "key" });
  }
  const text = textOf(own(raw, "path"));
  const at = { ...location, path: [...path, "path"] };
  const bound = text === undefined ? undefined : bindPath(text, params, at);
  const method = textOf(own(raw, "method"));
  const { path: _path, json: _json, ...rest } = raw;
  const json = readJsonAt(["next", "json"], merged, reader) ?? (writesBody(paginator) ? {} : undefined);
  const { kind, options } = readUse(kindOf("pages", "next"), rest, { path, report, reader });
  const use: KindUse = {
    kind,
    options: {
      ...(bound && { path: bound.path }),
      ...options,
      ...(method !== undefined && { method: method.toUpperCase() }),
      ...(json && { json }),
    },
  };
  return { use, bound };
}

/** Whether a paginator puts its cursor or number into the body. */
function writesBody({ options }: KindUse): boolean {
  return Object.entries(options).some(([name, path]) => /bodyPath$/i.test(name) && typeof path === "string");
}

/** Warns about a page number or cursor that is fixed in the path: all pages would be the same. */
function checkFixed(params: Raw, { paginator, bound, location }: PageRequestsContext): void {
  const { page } = location;
  if (page.names.size === 0 && paginator.kind.type !== "auto") return;
  for (const name of bound.named) {
    const value = own(params, name);
    if (!looksPaged(name) || bound.paged.has(name) || value === undefined || isObject(value)) continue;
    const message = `{${name}} in the path is ${JSON.stringify(value)} on every page: ${describePageParams(page)}`;
    location.reader.warn({ code: "fixed-page", message }, { path: location.param(name) });
  }
}
