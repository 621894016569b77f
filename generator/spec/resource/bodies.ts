import type { JsonValue } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import { kindOf } from "../kinds.js";
import { toSnakeCase } from "../options.js";
import type { MergedResource } from "./origin.js";
import type { KindUse, SpecInput } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own } from "../values.js";
import { quote } from "../wording.js";

const bracesHint = 'add "raw": true to make all braces literal';

/** What reading a body needs. */
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
  const body = isEmpty(data) ? readJson(merged, json, context) : readData(merged, data as JsonValue, context);
  const writer = bodyWriter(paginator, inputs);
  if (writer === undefined) return body;
  if (body?.kind.type === "raw") {
    const message = `${quote(writer)} needs a JSON or form body: write "json", or an object in "data"`;
    report({ code: "conflicting-options", message, path: merged.at("endpoint", "data"), at: "key" });
  }
  return body ?? toBody("json", {});
}

function readJson(merged: MergedResource, json: unknown, { reader }: BodyContext): KindUse | undefined {
  if (!isObject(json)) return undefined;
  const pathOf = (name: string): Path => merged.at("endpoint", "json", name);
  return toBody("json", reader.readEntries(json, { ...textOptions(merged), pathOf }));
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
