import {
  createReader,
  type JsonObject,
  type JsonValue,
  type Resource,
  type Source,
} from "@connector-gen/runtime";
import { isError } from "../../generator/diagnostics.js";
import { buildSource } from "../../generator/ir/build.js";
import { importDlt, type DltImport } from "../../generator/import/dlt.js";
import { toLiveSource } from "../../generator/live/live-source.js";
import type { Spec } from "../../generator/spec/spec.js";
import { isObject, own } from "../../generator/spec/values.js";
import { parseText } from "../spec/parse-text.js";

/** Describes an import: its messages, and for each configuration the first requests of each resource. */
export async function describeImport(file: string, text: string): Promise<string> {
  const { imports, diagnostics } = importDlt(file, text);
  const lines = diagnostics.map(
    ({ line, severity, code, message }) => `${line} ${severity} ${code}: ${message}`,
  );
  for (const one of imports) lines.push("", ...(await describeConfig(one)));
  return `${lines.join("\n").trim()}\n`;
}

async function describeConfig({ name, spec, diagnostics }: DltImport): Promise<readonly string[]> {
  const { spec: parsed, diagnostics: problems } = await parseText(JSON.stringify(spec), {
    file: "spec.json",
  });
  const messages = diagnostics.map(({ line, code, message }) => `${line} ${code}: ${message}`);
  const errors = problems.filter(isError).map(({ message }) => `error: ${message}`);
  const requests = parsed ? await requestsOf(parsed, spec) : [];
  const hooks = (spec["resources"] as JsonValue[]).flatMap((resource) => {
    const steps = own(resource, "processing_steps");
    return steps === undefined ? [] : [`${String(own(resource, "name"))} ${JSON.stringify(steps)}`];
  });
  return [`[${name}]`, ...messages, ...errors, ...requests, ...hooks];
}

/** Reads two pages of every resource, and lists the requests. */
async function requestsOf(spec: Spec, raw: JsonObject): Promise<readonly string[]> {
  const source = toLiveSource(buildSource(spec));
  const lines: string[] = [];
  for (const [name, resource] of Object.entries(source.resources)) {
    const inputs = Object.keys(resource.params ?? {});
    lines.push(`${name}:${inputs.length > 0 ? ` ${inputs.join(", ")}` : ""}`);
    const seen = await requestsFor(source, resource as unknown as Resource<object, object>, raw);
    lines.push(...seen.map((line) => `  ${line}`));
  }
  return lines;
}

/** Requests to list per resource: enough for a grandchild. */
const maxRequests = 3;

async function requestsFor(
  source: Source,
  resource: Resource<object, object>,
  raw: JsonObject,
): Promise<readonly string[]> {
  const seen: string[] = [];
  const options = Object.fromEntries(
    Object.entries(source.options ?? {}).map(([key, { option }]) => [
      option,
      String(own(own(raw, "client"), "base_url")).startsWith(`{${key}}`)
        ? "https://base-url.test"
        : `<${key.replace(/^\w+\./, "")}>`,
    ]),
  );
  const reader = createReader(source, {
    ...options,
    ...(JSON.stringify(raw).includes('{"type":"custom"}') && {
      authorize: () => ({ headers: { authorization: "<custom>" } }),
    }),
    fetch: async (input: unknown, init: RequestInit | undefined) => {
      const request = new Request(input as string, init);
      seen.push(await describeRequest(request));
      if (seen.length >= maxRequests) throw new Error("enough requests");
      return answer(request, raw, seen.length);
    },
    retry: { maxRetries: 0 },
  });
  const params = Object.entries(resource.params ?? {}).filter(([, where]) => where === "path");
  try {
    const read = reader.read(resource, Object.fromEntries(params.map(([name]) => [name, `<${name}>`])), {
      maxPages: 2,
      readAhead: false,
    });
    for await (const page of read.pages()) if (page.isLast) break;
  } catch (error) {
    // The client's handling of responses is not tested here.
    if (seen.length === 0) seen.push(`! ${String(error).split("\n")[0]}`);
  }
  return seen;
}

async function describeRequest(request: Request): Promise<string> {
  const { method, url } = request;
  const headers = [...request.headers].filter(
    ([name]) => !/^(?:accept|accept-.*|user-agent|content-.*)$/.test(name),
  );
  const shown = headers.map(([name, value]) => ` ${name}: ${value}`).sort();
  const body = await request.text();
  return `${method} ${decodeURIComponent(url.replaceAll("+", " "))}${shown.join("")}${body && ` ${body}`}`;
}

/** Responds with a body that matches the configuration: one record at every selector, and the values that paginators need. */
function answer(request: Request, raw: JsonObject, count: number): Response {
  const limits = JSON.stringify(raw).match(/"limit":\d+/g) ?? [];
  const size = Math.max(1, ...limits.map((limit) => Number(limit.slice(8))));
  const records = Array.from({ length: size }, (_, index) => record(raw, count * 1000 + index));
  const all = [raw, ...(raw["resources"] as JsonValue[]), own(raw, "resource_defaults"), own(raw, "client")];
  const body: Record<string, unknown> = {};
  let isList = false;
  for (const holder of all) {
    const endpoint = own(holder, "endpoint") ?? holder;
    const selector = own(endpoint, "data_selector");
    if (typeof selector === "string" && /^[\w.]+$/.test(selector)) setAt(body, selector, records);
    else if (selector === "$") isList = true;
    const paginator = own(endpoint, "paginator");
    for (const [key, value] of [
      ["total_path", 1000],
      ["cursor_path", "next-cursor"],
      ["next_url_path", `${new URL(request.url).origin}/next-page`],
      ["has_more_path", true],
    ] as const) {
      const path = own(paginator, key);
      if (typeof path === "string" && path !== "") setAt(body, path, value);
    }
  }
  const isPlain = isList || Object.keys(body).length === 0;
  return Response.json(isPlain ? records : body);
}

/** A record with every field that a cursor, a child or an included field names. */
function record(raw: JsonObject, id: number): Record<string, unknown> {
  const text = JSON.stringify(raw);
  const fields: Record<string, unknown> = { id };
  for (const [, path = ""] of text.matchAll(/\{resources\.\w+\.([\w.]+)\}/g))
    setAt(fields, path, `{${path}}`);
  for (const [, path = ""] of text.matchAll(/"cursor_path":"([\w.]+)","(?!cursor)/g))
    if (!path.startsWith("paging")) setAt(fields, path, "2024-06-01T00:00:00Z");
  return fields;
}

function setAt(target: Record<string, unknown>, path: string, value: unknown): void {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    target[first] ??= value;
    return;
  }
  const inner = isObject(target[first]) ? { ...(target[first] as Record<string, unknown>) } : {};
  target[first] = inner;
  setAt(inner, rest.join("."), value);
}
