import { printJson } from "../spec/print-json.js";
import { exampleOrigin } from "./example-source.js";
import { fence } from "./markdown.js";
import type { RecordedRequest, RecordedResponse, Transcript } from "./record-read.js";

/** Headers of every request. */
const commonHeaders = /^(accept|content-type)$/;

/** Prints a recorded read: `→` requests, `←` responses with the number of their records, and the reason for the end. */
export function printTranscript({ exchanges, end }: Transcript): string {
  const lines = exchanges.flatMap(({ request, response, warnings }) => [
    ...printRequest(request),
    ...printResponse(response),
    ...warnings.map((warning) => `! ${warning}`),
  ]);
  return fence("text", [...lines, end === "max_pages" ? "… and so on" : `■ ${end}`].join("\n"));
}

/** Prints the requests of a recorded read, and all responses except the last, which contain the tokens. */
export function printTokens({ exchanges }: Transcript): string {
  const lines = exchanges.flatMap(({ request, response }, index) => [
    ...printRequest(request),
    ...(index < exchanges.length - 1 ? printResponse(response) : []),
  ]);
  return fence("text", lines.join("\n"));
}

function printRequest({ method, url, headers, body }: RecordedRequest): readonly string[] {
  const sent = Object.entries(headers).filter(([name]) => !commonHeaders.test(name));
  return [
    `→ ${method} ${url.startsWith(`${exampleOrigin}/`) ? url.slice(exampleOrigin.length) : url}`,
    ...sent.flatMap(([name, value]) => explainTokens(`  ${name}: ${explainBasic(value)}`)),
    ...(body === undefined ? [] : explainTokens(`  ${printBody(body)}`)),
  ];
}

function printResponse({ headers, body }: RecordedResponse): readonly string[] {
  return [...Object.entries(headers).map(([name, value]) => `← ${name}: ${value}`), `← ${printBody(body)}`];
}

function printBody(body: string): string {
  try {
    return printJson(JSON.parse(body), countRecords);
  } catch {
    return body;
  }
}

function countRecords(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const records = value.every((item) => typeof item === "object" && item !== null);
  return records ? `[…${value.length} records]` : undefined;
}

function explainBasic(header: string): string {
  return header.replace(
    /^Basic (.+)$/,
    (_, text: string) => `Basic <base64 of ${Buffer.from(text, "base64").toString("utf8")}>`,
  );
}

/** Replaces signed tokens by `<JWT>` and prints their header and claims below, with times relative to `iat`. */
function explainTokens(line: string): readonly string[] {
  const notes: string[] = [];
  const text = line.replaceAll(/(eyJ[\w-]+)\.(eyJ[\w-]+)\.[\w-]+/g, (_, header: string, claims: string) => {
    const { iat } = decode(claims);
    const print = (value: object): string =>
      printJson(value, (part) =>
        typeof part === "number" && typeof iat === "number" ? printTime(part - iat) : undefined,
      );
    notes.push(`      header ${print(decode(header))}`, `      claims ${print(decode(claims))}`);
    return "<JWT>";
  });
  return [text, ...notes];
}

function printTime(seconds: number): string {
  return seconds === 0 ? "now" : `now + ${seconds}`;
}

function decode(part: string): { readonly iat?: unknown } {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as { readonly iat?: unknown };
}
