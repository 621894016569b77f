import { isDeepStrictEqual } from "node:util";
import type { Pair, VectorRequest } from "./vector.js";

/** A request that the replay server received. */
export interface SeenRequest {
  readonly method: string;
  readonly origin: string;
  /** As sent, without the query. */
  readonly path: string;
  readonly query: readonly Pair[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The default server of a vector. */
export const mainOrigin = "http://api.test";

/** Whether a request is the recorded one: origin, method, path, query and body. */
export function isSameRequest(seen: SeenRequest, recorded: VectorRequest): boolean {
  return (
    seen.method === recorded.method &&
    seen.origin === (recorded.origin ?? mainOrigin) &&
    seen.path === recorded.path &&
    arePairsEqual(seen.query, recorded.query) &&
    isSameBody(seen, recorded)
  );
}

/** Returns the problems of headers: a listed header with another value, or credentials that are not listed. */
export function findHeaderProblems(
  seen: SeenRequest,
  recorded: VectorRequest,
  secrets: readonly string[],
): readonly string[] {
  const place = `${recorded.method} ${recorded.path}`;
  const problems: string[] = [];
  for (const [name, value] of Object.entries(recorded.headers)) {
    const sent = seen.headers[name];
    if (sent !== value) problems.push(`${place}: header ${name} is ${quote(sent)}, not ${quote(value)}`);
  }
  for (const [name, value] of Object.entries(seen.headers)) {
    if (Object.hasOwn(recorded.headers, name) || value === undefined) continue;
    const isCredential = /^(?:authorization|cookie|proxy-authorization|x-api-key)$/.test(name);
    if (isCredential || secrets.some((secret) => secret.length > 3 && String(value).includes(secret)))
      problems.push(`${place}: header ${name} must not be sent`);
  }
  return problems;
}

function isSameBody(seen: SeenRequest, recorded: VectorRequest): boolean {
  const type = String(seen.headers["content-type"] ?? "");
  const isTyped = Object.hasOwn(recorded.headers, "content-type");
  if (Object.hasOwn(recorded, "json")) {
    return (isTyped || /^application\/json\b/.test(type)) && isSameJson(seen.body, recorded.json);
  }
  if (recorded.form) {
    const isForm = isTyped || /^application\/x-www-form-urlencoded\b/.test(type);
    return isForm && arePairsEqual(decodePairs(seen.body), recorded.form);
  }
  return seen.body === (recorded.text ?? "");
}

function isSameJson(text: string, json: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), json);
  } catch {
    return false;
  }
}

/** Decodes a query or a form; invalid percent-encoding stays unchanged. */
export function decodePairs(text: string): readonly Pair[] {
  const pieces = text.split("&").filter((piece) => piece !== "");
  return pieces.map((piece) => {
    const [name = "", ...rest] = piece.split("=");
    return [decode(name), decode(rest.join("="))];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function arePairsEqual(seen: readonly Pair[], recorded: readonly Pair[]): boolean {
  return (
    seen.length === recorded.length &&
    seen.every(([name, value], index) => {
      const [recordedName, recordedValue] = recorded[index] as Pair;
      return name === recordedName && isSameValue(value, recordedValue);
    })
  );
}

/** Python writes the number 2.0 as `2.0` and 1e-7 as `1e-07`; JSON does not distinguish such numbers from 2 and 1e-7. */
function isSameValue(seen: string, recorded: string): boolean {
  const isFloat = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(recorded) && /[.e]/.test(recorded);
  return seen === recorded || (isFloat && seen === String(Number(recorded)));
}

/** A request in one line. */
export function describeRequest(seen: SeenRequest): string {
  const origin = seen.origin === mainOrigin ? "" : seen.origin;
  const query = seen.query.map((pair) => pair.join("=")).join("&");
  const body =
    seen.body && ` with ${String(seen.headers["content-type"] ?? "no type")} ${seen.body.slice(0, 200)}`;
  return `${seen.method} ${origin}${seen.path}${query && `?${query}`}${body}`;
}

function quote(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
