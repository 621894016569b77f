import { isCurl, parseCurl } from "../infer/curl.js";
import { basicHeader, parseBody, parseHeader, type RequestSample } from "../infer/request-sample.js";
import { readRecordFile } from "../infer/sample-records.js";
import { readInput } from "../read-input.js";
import { isObject, parseJson } from "../spec/values.js";

/** The flags that describe a request, named as in curl. */
export interface RequestFlags {
  readonly header?: readonly string[];
  readonly user?: string;
  readonly request?: string;
  readonly data?: string;
}

/** Returns a saved response. Converts a file of JSON lines to a list of its records. */
export function toSaved(text: string): { readonly saved: string; readonly isRecords: boolean } {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const records = lines.length > 1 ? readRecordFile(text) : undefined;
  const isRecords = records !== undefined && isObject(parseJson(lines[0] ?? ""));
  return { saved: isRecords ? `[${lines.join(",").replace(/^\ufeff/, "")}]` : text, isRecords };
}

/** Whether a text is an absolute http or https URL. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/**
 * Reads requests from URLs, curl commands, and paths relative to the first of them. Returns the problem if one of them
 * is not a request. Messages contain no values, because values may be secrets.
 */
export async function readSamples(
  inputs: readonly string[],
  flags: RequestFlags,
  base?: string,
): Promise<readonly RequestSample[] | string> {
  const headers: (readonly [string, string])[] = [];
  for (const text of flags.header ?? []) {
    const header = parseHeader(text);
    if (!header) return "a --header has no colon; write --header 'Name: value'";
    if (header[1] === "")
      return `the --header ${header[0]} has no value; write --header '${header[0]}: value'`;
    headers.push(header);
  }
  if (flags.user !== undefined) headers.push(basicHeader(flags.user));
  const body = await readBody(flags.data);
  if (body !== undefined && !parseBody(body))
    return "the body of -d is neither JSON nor a form such as a=1&b=2";
  const samples: RequestSample[] = [];
  for (const input of inputs) {
    const sample = readSample(input, samples[0]?.url.origin ?? base);
    if (typeof sample === "string") return sample;
    const whole = complete({ ...sample, headers: [...sample.headers, ...headers] }, flags.request, body);
    const missing = missingVariable(whole);
    if (missing !== undefined) return `${missing} is not set in the environment`;
    samples.push(expand(whole));
  }
  return samples;
}

function readSample(input: string, base: string | undefined): RequestSample | string {
  if (isCurl(input)) return parseCurl(input);
  if (isUrl(input)) return { method: "GET", url: new URL(input), headers: [] };
  if (base !== undefined && input.startsWith("/") && URL.canParse(input, base))
    return { method: "GET", url: new URL(input, base), headers: [] };
  return "expected a URL such as https://api.example.com/v1/articles, a curl command, or a path that starts with /";
}

function complete(
  sample: RequestSample,
  method: string | undefined,
  body: string | undefined,
): RequestSample {
  return {
    ...sample,
    method: method?.toUpperCase() ?? (body === undefined ? sample.method : "POST"),
    ...(body !== undefined && { body }),
  };
}

async function readBody(data: string | undefined): Promise<string | undefined> {
  return data?.startsWith("@") ? await readInput(data.slice(1)) : data;
}

/** A variable that the shell did not expand, because it is in single quotes. */
const variable = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

function missingVariable({ headers }: RequestSample): string | undefined {
  const names = headers.flatMap(([, value]) => [...value.matchAll(variable)].map(([, a, b]) => a ?? b ?? ""));
  return names.find((name) => process.env[name] === undefined);
}

function expand(sample: RequestSample): RequestSample {
  const headers = sample.headers.map(([name, value]): readonly [string, string] => [
    name,
    value.replaceAll(variable, (_, a?: string, b?: string) => process.env[a ?? b ?? ""] ?? ""),
  ]);
  return { ...sample, headers };
}
