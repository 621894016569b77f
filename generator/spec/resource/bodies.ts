import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import { kindOf } from "../kinds.js";
import { toSnakeCase } from "../options.js";
import type { MergedResource } from "./merged-resource.js";
import type { KindUse, SpecInput } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own } from "../values.js";
import { quote, typeName } from "../wording.js";

const bracesHint = 'add "raw": true to make all braces literal';

/** The context for reading a body. */
export interface BodyContext {
  readonly reader: TemplateReader;
  readonly report: Report;
  readonly paginator: KindUse;
  readonly inputs: readonly SpecInput[];
}

/** Reads `json` or `data`. A paginator or a parameter that writes into the body adds an empty JSON object. */
export function readBody(merged: MergedResource, context: BodyContext): KindUse | undefined {
  const { report, paginator, inputs } = context;
  const endpoint = own(merged.value, "endpoint");
  const json = own(endpoint, "json") ?? undefined;
  const data = own(endpoint, "data") ?? undefined;
  if (!isEmpty(json) && !isEmpty(data)) {
    const message = "a request has one body: remove json or data";
    report({ code: "conflicting-options", message, path: merged.at("endpoint", "data"), at: "key" });
  }
  const body = isEmpty(data) ? readJson(merged, context) : readData(merged, data as JsonValue, context);
  const writer = bodyWriter(paginator, inputs);
  if (writer === undefined) return body;
  if (body?.kind.type === "raw") {
    const message = `${quote(writer)} needs a JSON or form body: write "json", or an object in "data"`;
    report({ code: "conflicting-options", message, path: merged.at("endpoint", "data"), at: "key" });
  }
  const template = body?.kind.type === "form" ? undefined : (body?.options["template"] ?? {});
  checkBodyPaths(merged, template as JsonValue | undefined, context);
  return body ?? toBody("json", {});
}

/** Checks that the paginator's values fit into the JSON body: lists on their paths must exist and have the index. */
function checkBodyPaths(
  merged: MergedResource,
  template: JsonValue | undefined,
  { paginator, report }: BodyContext,
): void {
  const next = own(own(merged.value, "endpoint"), "next") ?? undefined;
  for (const [name, path] of Object.entries(paginator.options)) {
    if (!/bodyPath$/i.test(name) || typeof path !== "string") continue;
    // A cursor is sent from the second page on.
    const body = next !== undefined && !name.startsWith("limit") ? (own(next, "json") ?? {}) : template;
    const fault = body === undefined ? undefined : faultOfPath(path, body as JsonValue);
    if (!fault) continue;
    const at = own(own(own(merged.value, "endpoint"), "paginator"), toSnakeCase(name));
    const key = toSnakeCase(name);
    const place = at === undefined ? merged.at("endpoint", "json") : merged.at("endpoint", "paginator", key);
    report({ code: "bad-body-path", message: `${key} ${quote(path)}: ${fault}`, path: place });
  }
}

/** Follows a dotted path into a template. Missing objects are created; lists and scalars are not. */
function faultOfPath(path: string, template: JsonValue): string | undefined {
  let body: unknown = template;
  const names = path.split(".");
  for (const [index, name] of names.entries()) {
    // A placeholder may become any value.
    if (body == null || isPlaceholder(body)) return undefined;
    const where = index === 0 ? "the body" : quote(names.slice(0, index).join("."));
    if (Array.isArray(body)) {
      const last = body.length - 1;
      if (!/^(?:0|[1-9]\d*)$/.test(name))
        return `${where} is a list: write the index of an item${last > 0 ? `, from 0 to ${last}` : ", 0"}`;
      if (Number(name) > last)
        return `${where} has ${body.length === 1 ? "1 item" : `${body.length} items`}, and ${name} is not the index of one: indexes count from 0`;
    } else if (!isObject(body))
      return `${where} is ${typeName(body)}: make it an object, or write another path`;
    const brackets = /^(.+)\[(\d+)\]$/.exec(name);
    if (brackets && own(body, name) === undefined)
      return `write the index as a part of its own: ${quote(path.replaceAll(/\[(\d+)\]/g, ".$1"))}`;
    body = own(body, name);
  }
  return undefined;
}

function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && /^\{[^{}]+\}$/.test(value);
}

function readJson(merged: MergedResource, { reader }: BodyContext): KindUse | undefined {
  const json = readJsonAt(["json"], merged, reader);
  return json && toBody("json", json);
}

/** Reads the template of a JSON body at keys of the endpoint. */
export function readJsonAt(
  keys: readonly string[],
  merged: MergedResource,
  reader: TemplateReader,
): JsonObject | undefined {
  const json = keys.reduce<unknown>(own, own(merged.value, "endpoint"));
  if (!isObject(json)) return undefined;
  const pathOf = (name: string): Path => merged.at("endpoint", ...keys, name);
  return reader.readEntries(json, { ...textOptions(merged), pathOf });
}

function readData(merged: MergedResource, data: JsonValue, { reader }: BodyContext): KindUse {
  const template = reader.readValue(data, { ...textOptions(merged), path: merged.at("endpoint", "data") });
  return toBody(typeof template === "string" ? "raw" : "form", template);
}

function toBody(type: string, template: JsonValue): KindUse {
  return { kind: kindOf("body", type), options: { template } };
}

function textOptions(merged: MergedResource): { readonly hint: string; readonly isRaw: boolean } {
  return { hint: bracesHint, isRaw: own(own(merged.value, "endpoint"), "raw") === true };
}

/** As in dlt, empty data means no body. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === "";
}

/** The parameter or the paginator option that writes into the body. */
function bodyWriter(paginator: KindUse, inputs: readonly SpecInput[]): string | undefined {
  const input = inputs.find((one) => one.in === "body");
  if (input) return input.name;
  const option = Object.entries(paginator.options).find(
    ([name, value]) => /bodyPath$/i.test(name) && typeof value === "string",
  );
  return option && toSnakeCase(option[0]);
}
