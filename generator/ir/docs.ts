import { printSegments } from "../spec/selector/segments.js";
import type { ParentsPart } from "../spec/plan-parts.js";
import type { SpecResource, SpecSelector } from "../spec/spec.js";
import { factsOf, type Calls } from "./calls.js";

/**
 * Returns the documentation of a method. Its paragraphs, separated by empty lines, are the description, the request with its
 * splitting and paging, the incremental cursor, and the filters and hooks.
 */
export function methodDocs(
  resource: SpecResource,
  {
    paginator,
    pageRequests,
    plan,
    body,
    decode,
    layout,
    rateLimit,
    auth: own,
    method: name,
  }: Calls & { readonly method: string },
): string {
  const { method, auth } = resource;
  const isStatic = plan.some(({ type }) => type === "static_records");
  const parts = [
    `\`${method} ${pathOf(resource)}\`${body ? ` with ${body.phrase}` : ""}`,
    ...[...plan, paginator, ...pageRequests].flatMap(({ phrase }) => (phrase === "" ? [] : [phrase])),
  ];
  const sentences = [
    isStatic ? "Records from the spec, without a request." : `${parts.join(", ")}.`,
    resource.select === undefined && "Finds the records in the first response.",
    layout && `The records are ${layout.phrase}.`,
    decode && `The response is ${decode.phrase}.`,
    auth === null && "Sends no credentials.",
    own && `Authenticated with ${own.phrase}.`,
    rateLimit && `At most ${rateLimit.phrase}.`,
  ];
  return [
    resource.description,
    sentences.filter(Boolean).join(" "),
    ...resource.plan.map((use) => use.kind.note?.(factsOf(use))),
    shapeDocs(resource, name),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Returns the path with a leading slash. Returns URLs, and templates that may be URLs, unchanged. */
function pathOf({ path }: SpecResource): string {
  return /^(\/|\{|https?:)/i.test(path) ? path : `/${path}`;
}

/** Describes the filters and hooks of a resource. */
function shapeDocs({ shape }: SpecResource, name: string): string {
  const notes = shape.map((use) => use.kind.note?.(factsOf(use)));
  const hooks = shape.flatMap(({ kind }) => (kind.hook ? [`hooks.${name}.${kind.hook}`] : []));
  const functions = hooks.length > 0 && `Passes the records to ${listNames([...new Set(hooks)])}.`;
  return [...notes, functions].filter(Boolean).join(" ");
}

/** `["meta", "updated_at"]` → `meta.updated_at`. */
function fieldOf({ selector }: SpecSelector): string {
  return printSegments(selector).replace(/^\$\.?/, "");
}

/** Returns the documentation of a parameter that replaces a value of the parent's records. */
export function parentParamDocs({ parent, values, params = {}, batch }: ParentsPart, name: string): string {
  const placeholder = params[name] ?? "";
  const field = fieldOf(values[placeholder] ?? { selector: [] });
  const several = batch ? `, or of several records, joined by \`${batch.join}\`` : "";
  const value = `The \`${field}\` of a record of \`${parent}\`${several}.`;
  if (Object.keys(params).length > 1) return value;
  return `${value} Reads only what belongs to it. If omitted, reads all \`${parent}\` first.`;
}

/** Returns the documentation of interfaces whose parameters together identify one record of the parent. */
export function paramUnionDocs(
  { parent }: ParentsPart,
  method: string,
): { readonly base: string; readonly one: string; readonly all: string } {
  return {
    base: `Parameters of \`${method}\` for one or all records of \`${parent}\`.`,
    one: `Parameters of \`${method}\` that name one record of \`${parent}\`. Reads only what belongs to it.`,
    all: `Parameters of \`${method}\` without a record of \`${parent}\`. Reads all \`${parent}\` first.`,
  };
}

/** Returns the documentation of a record type: its description and its primary key. */
export function recordDocs(resource: SpecResource, description: string | undefined): string {
  const what = sentence(description ?? `A record of \`${resource.name}\``);
  if (resource.primaryKey.length === 0) return what;
  return `${what} Primary key: ${listNames(resource.primaryKey)}.`;
}

function listNames(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter(Boolean).join(" and ");
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
