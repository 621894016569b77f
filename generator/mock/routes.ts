import type { OptionIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { parseTemplate } from "./template.js";

/** A resource and the path at which the mock serves it. */
export interface Route {
  readonly source: SourceIr;
  readonly resource: ResourceIr;
  /** Segments of the path. A placeholder matches any text except an empty one. */
  readonly segments: readonly Segment[];
}

/** Returns the resource with the request for further pages; `undefined` if they are requested like the first page. */
export function nextResource(resource: ResourceIr): ResourceIr | undefined {
  const next = resource.pageRequests.find(({ type }) => type === "next")?.options;
  if (!next) return undefined;
  const { path = resource.path, method = resource.method } = next;
  return { ...resource, path: path as string, method: method as string, query: [] };
}

/** Returns the path placeholders that a paginator fills, and their values for the first page. */
function pathParamsOf({ pageRequests }: ResourceIr): Readonly<Record<string, OptionIr>> {
  const values = pageRequests.find(({ type }) => type === "path_params")?.options["values"];
  return (values as { readonly object: Readonly<Record<string, OptionIr>> } | undefined)?.object ?? {};
}

/** Returns the resource with the request for the first page, if its path differs because it lacks a cursor. */
export function firstResource(resource: ResourceIr): ResourceIr | undefined {
  const absent = Object.entries(pathParamsOf(resource)).filter(([, value]) => value === null);
  const path = absent.reduce((text, [name]) => text.replaceAll(`/{${name}}`, ""), resource.path);
  return path === resource.path ? undefined : { ...resource, path };
}

/** Copies the paginator's values from the path to the query, where paging styles read them. */
export function withPathParams({ resource, segments }: Route, url: URL): URL {
  const inPath = pathParamsOf(resource);
  const result = new URL(url);
  const texts = splitPath(url.pathname) ?? [];
  segments.forEach(({ name = "" }, index) => {
    const text = texts[index] ?? "";
    if (Object.hasOwn(inPath, name) && text !== inPath[name]) result.searchParams.set(name, text);
  });
  return result;
}

/** One segment of a path, percent-decoded. */
export interface Segment {
  readonly pattern: RegExp;
  readonly isWildcard: boolean;
  /** The placeholder, if the segment consists of it alone. */
  readonly name?: string;
  /** Whether the segment contains a secret from `{secrets.x}`. */
  readonly isSecret: boolean;
}

/** The result of matching a request: a route, or the methods that its path allows. */
export type Match<R extends Route> = { readonly route: R } | { readonly allow: readonly string[] };

/** Returns the path prefix of a source: its name if there are several sources, then the path of its base URL. */
export function mountPath(source: SourceIr, isOnly: boolean): string {
  const prefix = isOnly ? "" : `/${encodeURIComponent(source.name)}`;
  return prefix + basePath(source.baseUrl).replace(/\/+$/, "");
}

/** Returns the path template of a base URL without its origin, which may be the placeholder `{config.base_url}`. */
function basePath(baseUrl: string): string {
  const path = withoutQuery(baseUrl).replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*|^\{[^{}]*\}/i, "");
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? "";
}

/** Returns the path template of a resource below `mount`, joined as the runtime joins it. */
export function resourcePath(mount: string, resource: ResourceIr): string {
  const path = withoutQuery(resource.path).replace(/^https?:\/\/[^/]*/i, "");
  return path === "" ? mount || "/" : `${mount}/${path.replace(/^\/+/, "")}`;
}

/** Compiles the route of a resource. */
export function compileRoute(source: SourceIr, resource: ResourceIr, isOnly: boolean): Route {
  const path = resourcePath(mountPath(source, isOnly), resource);
  return { source, resource, segments: path.slice(1).split("/").map(compileSegment) };
}

function compileSegment(template: string): Segment {
  const pieces = parseTemplate(template);
  const names = pieces.flatMap((piece) => ("name" in piece ? [piece.name] : []));
  const pattern = pieces
    .map((piece) => ("text" in piece ? escapeRegExp(decode(piece.text)) : "[^]+"))
    .join("");
  const [only] = names;
  return {
    ...(only !== undefined && pieces.length === 1 && { name: only }),
    pattern: new RegExp(`^${pattern}$`, "u"),
    isWildcard: names.length > 0,
    isSecret: names.some((name) => name.startsWith("secrets.")),
  };
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Splits the path of a request into decoded segments. Returns `undefined` for invalid percent-encoding. */
export function splitPath(pathname: string): readonly string[] | undefined {
  try {
    return pathname.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  return splitPath(`/${text}`)?.[0] ?? text;
}

/** Finds the route of a request: the one with the most literal path, then with the best match of static parameters. */
export function findRoute<R extends Route>(
  routes: readonly R[],
  request: { readonly method: string; readonly path: readonly string[]; readonly query: URLSearchParams },
): Match<R> | undefined {
  const found = routes.filter((route) => matchesPath(route, request.path));
  if (found.length === 0) return undefined;
  const allowed = found.filter(({ resource }) => resource.method === request.method);
  const ranks = allowed.map((route) => ({ route, rank: rank(route, request.query) }));
  const [best] = ranks.sort((a, b) => a.rank - b.rank);
  return best ? { route: best.route } : { allow: [...new Set(found.map(({ resource }) => resource.method))] };
}

/** Whether a path, split into segments, matches a route. */
export function matchesPath({ segments }: Route, path: readonly string[]): boolean {
  return (
    segments.length === path.length && segments.every(({ pattern }, index) => pattern.test(path[index] ?? ""))
  );
}

/**
 * Ranks a route; smaller is better. Resources may share a path and differ in a static parameter (`state=open`,
 * `state=closed`). The parameter affects only the rank, because a paginator may overwrite it.
 */
function rank({ segments, resource }: Route, query: URLSearchParams): number {
  const wildcards = segments.filter(({ isWildcard }) => isWildcard).length;
  const texts = resource.query.flatMap(({ name, value }) =>
    typeof value === "object" ? [] : [{ name, text: String(value) }],
  );
  const given = texts.filter(({ text }) => !text.includes("{"));
  const fitting = given.filter(({ name, text }) => query.getAll(name).includes(text));
  return wildcards * 1000 - fitting.length * 2 + given.length;
}
