import type { JsonValue } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import { kindOf } from "../kinds.js";
import { toSnakeCase } from "../options.js";
import type { MergedResource } from "./origin.js";
import type { KindUse, SpecInput } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own } from "../values.js";
import { quote } from "../wording.js";

const BRACES = '"raw": true beside it takes all braces as they are';

/** What a body is read with. */
export interface BodyContext {
  readonly reader: TemplateReader;
  readonly report: Report;
  readonly paginator: KindUse;
  readonly inputs: readonly SpecInput[];
}

/** Reads `json` or `data`; a paginator or a parameter that goes into the body brings an empty JSON object along. */
export function readBody(merged: MergedResource, context: BodyContext): KindUse | undefined {
  const { report, paginator, inputs } = context;
  const endpoint = own(merged.value, "endpoint");
  const json = own(endpoint, "json") ?? undefined;
  const data = own(endpoint, "data") ?? undefined;
  if (!isEmpty(json) && !isEmpty(data)) {
    const message = "a request has one body: give json or data, not both";
    report({ code: "conflicting-options", message, path: merged.at("endpoint", "data"), at: "key" });
  }
  const body = isEmpty(data) ? readJson(merged, json, context) : readData(merged, data as JsonValue, context);
  const writer = bodyWriter(paginator, inputs);
  if (writer === undefined) return body;
  if (body?.kind.type === "raw") {
    const message = `${quote(writer)} goes into a JSON body or a form: write "json", or an object as "data"`;
    report({ code: "conflicting-options", message, path: merged.at("endpoint", "data"), at: "key" });
  }
  return body ?? toBody("json", {});
}

function readJson(merged: MergedResource, json: unknown, { reader }: BodyContext): KindUse | undefined {
  if (!isObject(json)) return undefined;
  const pathOf = (name: string): Path => merged.at("endpoint", "json", name);
  return toBody("json", reader.readEntries(json, { ...placeOf(merged), pathOf }));
}

function readData(merged: MergedResource, data: JsonValue, { reader }: BodyContext): KindUse {
  const template = reader.readValue(data, { ...placeOf(merged), path: merged.at("endpoint", "data") });
  return toBody(typeof template === "string" ? "raw" : "form", template);
}

function toBody(type: string, template: JsonValue): KindUse {
  return { kind: kindOf("body", type), options: { template } };
}

function placeOf(merged: MergedResource): { readonly hint: string; readonly isRaw: boolean } {
  return { hint: BRACES, isRaw: own(own(merged.value, "endpoint"), "raw") === true };
}

/** dlt sends no body for data without contents. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === "";
}

/** What writes into the body: a parameter, or an option of the paginator. */
function bodyWriter(paginator: KindUse, inputs: readonly SpecInput[]): string | undefined {
  const input = inputs.find((one) => one.in === "body");
  if (input) return input.name;
  const option = Object.entries(paginator.options).find(
    ([name, value]) => /bodyPath$/i.test(name) && typeof value === "string",
  );
  return option && toSnakeCase(option[0]);
}
