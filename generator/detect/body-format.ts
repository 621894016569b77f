import { csv, jsonLines } from "@connector-gen/runtime";
import type { JsonValue } from "@connector-gen/runtime";
import type { Decoder } from "@connector-gen/runtime/plugin";
import { isObject, parseJson } from "../spec/values.js";
import { found, type Finding } from "./finding.js";

/** A body format other than JSON. */
export interface BodyFormat {
  readonly finding: Finding;
  readonly decode: Decoder;
}

/** Recognises CSV and JSON lines by the content type of a response, or JSON lines by their text. */
export function formatOf(contentType: string | undefined, text: string): BodyFormat | undefined {
  const type = (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const reasons = [`the content type is ${type.replaceAll(/[^\w./+-]/g, "")}`];
  if (
    /^(text\/(csv|tab-separated-values|comma-separated-values)|application\/(csv|vnd\.ms-excel))$/.test(type)
  )
    return asCsv(delimiterOf(text, type), reasons);
  if (/^(application|text)\/(x-)?(nd-?json|json-?lines|jsonl|json-seq|ldjson)$/.test(type))
    return asLines(reasons);
  return isLines(text) ? asLines(["each line is a JSON object"]) : undefined;
}

function asCsv(delimiter: string, reasons: readonly string[]): BodyFormat {
  const value: JsonValue = delimiter === "," ? "csv" : { type: "csv", delimiter };
  const why = delimiter === "," ? reasons : [...reasons, "the first line shows the delimiter"];
  return {
    finding: found("decoder", value, { confidence: "sure", reasons: why }),
    decode: csv({ delimiter }),
  };
}

function asLines(reasons: readonly string[]): BodyFormat {
  return { finding: found("decoder", "jsonl", { confidence: "sure", reasons }), decode: jsonLines() };
}

/** Returns the character that separates the names in the first line. */
function delimiterOf(text: string, type: string): string {
  const [line = ""] = text.split(/\r?\n/, 1);
  const candidates = type === "text/tab-separated-values" ? ["\t"] : [",", ";", "\t", "|"];
  const counts = candidates.map((each) => [each, line.split(each).length] as const);
  return counts.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

function isLines(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.length > 1 && lines.slice(0, 5).every((line) => isObject(parseJson(line)));
}
