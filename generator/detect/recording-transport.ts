import {
  fetchTransport,
  type Transport,
  type WireRequest,
  type WireResponse,
} from "@connector-gen/runtime/plugin";
import { isObject, parseJson } from "../spec/values.js";

/** Maximum number of requests per resource, including those for tokens and parents. */
const maxRequests = 24;

/** A transport that records responses, so parents of several resources are read only once. */
export interface RecordingTransport extends Transport {
  /** Status of the last response. */
  readonly lastStatus: () => number | undefined;
  /** Returns a header of the last response. */
  readonly lastHeader: (name: string) => string | undefined;
  /** Returns the body of the last response. */
  readonly lastText: () => string;
  /** Returns the number of requests since the last reset. */
  readonly count: () => number;
  /** Resets the count of requests. */
  readonly reset: () => void;
}

/** Creates a transport to the API. `onWait` is called before each wait that a 429 asks for. */
export function createRecordingTransport(
  onWait: (delayMs: number) => void = () => undefined,
): RecordingTransport {
  const inner = fetchTransport();
  const responses = new Map<string, Promise<StoredResponse>>();
  let requests = 0;
  let last: StoredResponse | undefined;
  const request = async (wireRequest: WireRequest): Promise<StoredResponse> => {
    requests += 1;
    if (requests > maxRequests)
      throw new Error(`${maxRequests} requests returned no records; the parents seem to have no children`);
    const stored = await store(await inner.send(wireRequest));
    const delayMs = stored.status === 429 ? waitOf(stored) : undefined;
    if (delayMs === undefined || requests >= maxRequests) return stored;
    onWait(delayMs);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return await request(wireRequest);
  };
  return {
    reset: () => void (requests = 0),
    count: () => requests,
    lastText: () => (typeof last?.text === "string" ? last.text : ""),
    lastStatus: () => last?.status,
    lastHeader: (name) => last?.headers.get(name) ?? undefined,
    send: async (wireRequest) => {
      const { method, url, headers, body } = wireRequest;
      const key = JSON.stringify([method, url, headers, body]);
      const response = responses.get(key) ?? request(wireRequest);
      const stored = await response;
      if (stored.status < 300) responses.set(key, response);
      last = stored;
      return toResponse(stored);
    },
  };
}

/** Maximum wait that a response may ask for, in milliseconds. */
const maxWaitMs = 60_000;

/** Returns how long a 429 asks to wait, in milliseconds; `undefined` if that is too long. */
function waitOf({ headers }: StoredResponse): number | undefined {
  const text = headers.get("retry-after") ?? "1";
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  if (Number.isNaN(waitMs)) return 1000;
  return waitMs > maxWaitMs ? undefined : Math.max(0, waitMs);
}

/** A response with its whole body, or the error that occurred when it was read. */
interface StoredResponse extends Pick<WireResponse, "status" | "statusText" | "headers"> {
  readonly text: string | Error;
}

/** Maximum size of a body in bytes. The runtime rejects larger pages as well. */
const maxBodySize = 2 ** 28;

async function store(response: WireResponse): Promise<StoredResponse> {
  const { status, statusText, headers } = response;
  // The runtime reports a truncated body when it reads the body.
  const text = await response
    .text(maxBodySize)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return { status, statusText, headers, text };
}

function toResponse({ text, ...head }: StoredResponse): WireResponse {
  return {
    ...head,
    text: () => (typeof text === "string" ? Promise.resolve(text) : Promise.reject(text)),
  };
}

/** Creates a transport that responds to the first request with a saved response and rejects any other request. */
export function createReplayTransport(content: string): RecordingTransport {
  const stored = parseResponse(content);
  let requests = 0;
  return {
    reset: () => void (requests = 0),
    count: () => requests,
    lastText: () => (typeof stored.text === "string" ? stored.text : ""),
    lastStatus: () => stored.status,
    lastHeader: (name) => stored.headers.get(name) ?? undefined,
    sendsBodyWithGet: true,
    send: () => {
      requests += 1;
      return requests === 1
        ? Promise.resolve(toResponse(stored))
        : Promise.reject(new Error("a saved file contains one response only"));
    },
  };
}

/** Parses a saved response: a bare body, or `{ "status", "headers", "body" }`. */
function parseResponse(content: string): StoredResponse {
  const value = parseJson(content);
  const whole = isObject(value) && isEnvelope(value) ? value : { body: content };
  const headers = new Map(
    Object.entries(isObject(whole["headers"]) ? whole["headers"] : {}).map(([name, text]) => [
      name.toLowerCase(),
      (Array.isArray(text) ? text : [text]).map(String).join(", "),
    ]),
  );
  const status = typeof whole["status"] === "number" ? whole["status"] : 200;
  const { body } = whole;
  return {
    status,
    statusText: "",
    headers: { get: (name) => headers.get(name.toLowerCase()) ?? null },
    text: typeof body === "string" ? body : JSON.stringify(body),
  };
}

function isEnvelope(value: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(value);
  const isClosed = names.every((name) => ["status", "statusText", "headers", "body", "url"].includes(name));
  return isClosed && "body" in value && (typeof value["status"] === "number" || isObject(value["headers"]));
}
