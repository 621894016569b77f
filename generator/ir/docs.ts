import { printSegments } from "../spec/selector/segments.js";
import type { ParentsPart } from "../spec/plan-parts.js";
import type { SpecResource, SpecSelector } from "../spec/spec.js";
import { factsOf, type Calls } from "./calls.js";

/**
 * The documentation of a method: what it reads, then the request in one line with how the read is split, then what makes
 * it incremental and what becomes of its records. Paragraphs are parted by empty lines.
 */
export function methodDocs(
  resource: SpecResource,
  { paginator, plan, body, decode, rateLimit, auth: own, method: name }: Calls & { readonly method: string },
): string {
  const { method, path, auth } = resource;
  const parts = [
    `\`${method} ${path}\`${body ? ` with ${body.phrase}` : ""}`,
    ...plan.flatMap(({ phrase }) => (phrase === "" ? [] : [phrase])),
    paginator.phrase,
  ];
  const sentences = [
    `${parts.join(", ")}.`,
    resource.select === undefined && "Finds out from the first response where its records are.",
    decode && `Reads ${decode.phrase}.`,
    auth === null && "Sends no credentials.",
    own && `Authenticated by ${own.phrase}.`,
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

/** What leaves records out, or makes others of them. */
function shapeDocs({ shape }: SpecResource, name: string): string {
  const notes = shape.map((use) => use.kind.note?.(factsOf(use)));
  const hooks = shape.flatMap(({ kind }) => (kind.hook ? [`hooks.${name}.${kind.hook}`] : []));
  const functions = hooks.length > 0 && `Records go through ${listNames([...new Set(hooks)])}.`;
  return [...notes, functions].filter(Boolean).join(" ");
}

/** `["meta", "updated_at"]` → `meta.updated_at`. */
function fieldOf({ selector }: SpecSelector): string {
  return printSegments(selector).replace(/^\$\.?/, "");
}

/** What a parameter says that stands in for a parent's records. */
export function parentParamDocs({ parent, values, params = {}, batch }: ParentsPart, name: string): string {
  const placeholder = params[name] ?? "";
  const field = fieldOf(values[placeholder] ?? { selector: [] });
  const others = Object.keys(params).filter((other) => other !== name);
  const together = others.length > 0 ? ` Goes together with ${listNames(others)}.` : "";
  const several = batch ? `, or of several joined by \`${batch.join}\`` : "";
  return `The \`${field}\` of one of \`${parent}\`${several}: reads only what belongs to it. Left out, all of \`${parent}\` are read first.${together}`;
}

/** The documentation of a record type: what it is and what identifies it. */
export function recordDocs(resource: SpecResource, description: string | undefined): string {
  const what = sentence(description ?? `A record of \`${resource.name}\``);
  if (resource.primaryKey.length === 0) return what;
  return `${what} Identified by ${listNames(resource.primaryKey)}.`;
}

function listNames(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter(Boolean).join(" and ");
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
