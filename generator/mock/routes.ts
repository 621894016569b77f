import type { ResourceIr, SourceIr } from "../ir/source-ir.js";
import { parseTemplate } from "./template.js";

/** A resource under the address at which the mock serves it. */
export interface Route {
  readonly source: SourceIr;
  readonly resource: ResourceIr;
  /** One per path segment; a placeholder matches anything but nothing. */
  readonly segments: readonly Segment[];
}

/** One segment of a path, percent-decoded. */
export interface Segment {
  readonly pattern: RegExp;
  readonly isWildcard: boolean;
  /** Whether what stands here comes from `{secrets.x}`. */
  readonly isSecret: boolean;
}

/** What a path leads to: a route, or the methods that it would take. */
export type Match<R extends Route> = { readonly route: R } | { readonly allow: readonly string[] };

/** The path under which a source is served: its name, where there are several sources, and its base URL's own path. */
export function mountPath(source: SourceIr, isOnly: boolean): string {
  const prefix = isOnly ? "" : `/${encodeURIComponent(source.name)}`;
  return prefix + basePath(source.baseUrl).replace(/\/+$/, "");
}

/** The path of a base URL, still a template. The origin goes, even where it is the placeholder `{config.base_url}`. */
function basePath(baseUrl: string): string {
  const path = withoutQuery(baseUrl).replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*|^\{[^{}]*\}/i, "");
  return path === "" || path.startsWith("/") ? path : `/${path}`;
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? "";
}

/** Where a resource stands below `mount`, still a template: joined as the reader joins it (reference §5). */
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
  return {
    pattern: new RegExp(`^${pattern}$`, "u"),
    isWildcard: names.length > 0,
    isSecret: names.some((name) => name.startsWith("secrets.")),
  };
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Splits the path of a request into decoded segments; nothing when its percent-encoding is broken. */
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

/** Finds the route of a request: the most literal path, then the one whose static query parameters fit best. */
export function findRoute<R extends Route>(
  routes: readonly R[],
  request: { readonly method: string; readonly path: readonly string[]; readonly query: URLSearchParams },
): Match<R> | undefined {
  const found = routes.filter((route) => leadsTo(route, request.path));
  if (found.length === 0) return undefined;
  const allowed = found.filter(({ resource }) => resource.method === request.method);
  const ranks = allowed.map((route) => ({ route, rank: rank(route, request.query) }));
  const [best] = ranks.sort((a, b) => a.rank - b.rank);
  return best ? { route: best.route } : { allow: [...new Set(found.map(({ resource }) => resource.method))] };
}

/** Whether a path, split into its segments, is that of a route. */
export function leadsTo({ segments }: Route, path: readonly string[]): boolean {
  return segments.length === path.length && segments.every(({ pattern }, at) => pattern.test(path[at] ?? ""));
}

/**
 * Smaller is better. Two resources may share a path and differ in a static parameter (`state=open`, `state=closed`);
 * it only ranks them, because a paginator may overwrite static parameters.
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
