import { printSegments } from "../spec/selector/segments.js";
import type {
  SpecCondition,
  SpecIncremental,
  SpecPart,
  SpecRateLimit,
  SpecResource,
  SpecSelector,
} from "../spec/spec.js";
import type { Calls } from "./calls.js";

type Parents = SpecPart & { readonly type: "parents" };

/**
 * The documentation of a method. Its paragraphs, separated by empty lines, are the description, the request with its
 * splitting and paging, the incremental cursor, and the filters and hooks.
 */
export function methodDocs(
  resource: SpecResource,
  { paginator, auth: own, method: name }: Pick<Calls, "paginator" | "auth"> & { readonly method: string },
): string {
  const { method, body, auth } = resource;
  const parts = [
    `\`${method} ${pathOf(resource)}\`${body ? ` with ${bodies[body.type]}` : ""}`,
    ...splits(resource.plan),
    paginator.phrase,
  ];
  const sentences = [
    `${parts.join(", ")}.`,
    resource.select === undefined && "Finds the records in the first response.",
    resource.decode && `The response is ${decoders[resource.decode.type]}.`,
    auth === null && "Sends no credentials.",
    own && `Authenticated with ${own.phrase}.`,
    resource.rateLimit && limitDocs(resource.rateLimit),
  ];
  const incremental = resource.plan.find((part) => part.type === "incremental");
  return [
    resource.description,
    sentences.filter(Boolean).join(" "),
    incremental && incrementalDocs(incremental),
    shapeDocs(resource, name),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** The path with a leading slash; whole URLs, and templates that may be one, as they are. */
function pathOf({ path }: SpecResource): string {
  return /^(\/|\{|https?:)/i.test(path) ? path : `/${path}`;
}

const bodies = { json: "a JSON body", form: "a form body", raw: "a raw body" } as const;
const decoders = { jsonl: "JSON Lines", csv: "CSV" } as const;

/** The splitting of a read: ``once per record of `users` `` and ``once per `region` ``. */
function splits(plan: readonly SpecPart[]): readonly string[] {
  return plan.flatMap((part) => {
    if (part.type === "parents")
      return [`once per ${part.batch ? `${part.batch.size} records` : "record"} of \`${part.parent}\``];
    if (part.type === "partitions") return [`once per ${listNames(Object.keys(part.partitions))}`];
    return [];
  });
}

/** The filters and hooks of a resource. */
function shapeDocs({ shape }: SpecResource, name: string): string {
  const conditions = shape.flatMap((step) => (step.type === "where" ? step.conditions : []));
  const hooks = shape.flatMap((step) => (step.type === "hook" ? [`hooks.${name}.${step.hook}`] : []));
  const sentences = [
    conditions.length > 0 && `Keeps only records whose ${conditions.map(conditionDocs).join(" and ")}.`,
    hooks.length > 0 && `Passes the records to ${listNames([...new Set(hooks)])}.`,
  ];
  return sentences.filter(Boolean).join(" ");
}

const comparisons = {
  eq: "is",
  ne: "is not",
  lt: "is below",
  le: "is at most",
  gt: "is above",
  ge: "is at least",
  in: "is one of",
} as const;

function conditionDocs({ path, operator, value }: SpecCondition): string {
  const field = `\`${fieldOf(path)}\``;
  if (operator === "exists") return `${field} is ${value === false ? "missing" : "present"}`;
  const values = operator === "in" && Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return `${field} ${comparisons[operator]} ${values.map((each) => `\`${JSON.stringify(each)}\``).join(" or ")}`;
}

function incrementalDocs({ cursor, initial, end, window, serverFilter }: SpecIncremental): string {
  const range = [
    initial !== undefined && initial !== null && `from \`${toText(initial)}\``,
    end !== undefined && end !== null && `to \`${toText(end)}\``,
  ].filter(Boolean);
  const sentences = [
    `Incremental by \`${fieldOf(cursor)}\`${range.length > 0 ? `, ${range.join(" ")}` : ""}${window === undefined ? "" : `, in windows of \`${window}\``}.${serverFilter ? "" : " The client filters: every read requests all records."}`,
    serverFilter &&
      (end === undefined || end === null) &&
      "A read that starts `from` a checkpoint requests only new records.",
  ];
  return sentences.filter(Boolean).join(" ");
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `["meta", "updated_at"]` → `meta.updated_at`. */
function fieldOf({ selector }: SpecSelector): string {
  return printSegments(selector).replace(/^\$\.?/, "");
}

const periods: Readonly<Record<number, string>> = {
  1_000: "per second",
  60_000: "per minute",
  3_600_000: "per hour",
};

function limitDocs({ requests, perMs = 1_000, concurrency }: SpecRateLimit): string {
  const unit = periods[perMs] ?? `per ${perMs / 1000} seconds`;
  const count = (limit: number): string => `${limit} ${limit === 1 ? "request" : "requests"}`;
  const limits = [
    requests !== undefined && `${count(requests)} ${unit}`,
    concurrency !== undefined && `${requests === undefined ? count(concurrency) : concurrency} at a time`,
  ];
  return `At most ${limits.filter(Boolean).join(", ")}.`;
}

/** The documentation of a parameter that replaces a value of the parent's records. */
export function parentParamDocs({ parent, values, params, batch }: Parents, name: string): string {
  const placeholder = params[name] ?? "";
  const field = fieldOf(values[placeholder] ?? { selector: [] });
  const several = batch ? `, or of several records, joined by \`${batch.join}\`` : "";
  const value = `The \`${field}\` of a record of \`${parent}\`${several}.`;
  if (Object.keys(params).length > 1) return value;
  return `${value} Reads only what belongs to it. If omitted, reads all \`${parent}\` first.`;
}

/** The documentation of the interfaces of parameters that name one record of the parent together. */
export function paramUnionDocs(
  { parent }: Parents,
  method: string,
): { readonly base: string; readonly one: string; readonly all: string } {
  return {
    base: `Parameters of \`${method}\` for one or all records of \`${parent}\`.`,
    one: `Parameters of \`${method}\` that name one record of \`${parent}\`. Reads only what belongs to it.`,
    all: `Parameters of \`${method}\` without a record of \`${parent}\`. Reads all \`${parent}\` first.`,
  };
}

/** The documentation of a record type: its description and its primary key. */
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
