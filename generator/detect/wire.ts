import {
  fetchTransport,
  type Transport,
  type WireRequest,
  type WireResponse,
} from "@connector-gen/runtime/plugin";

import { isRecord } from "./words.js";

/** Requests to sign in and for parents, one resource's own aside, after which nothing more is asked for. */
const MOST_REQUESTS = 12;

/** A transport that keeps what it was answered: parents that several resources have are read once. */
export interface Wire {
  readonly transport: Transport;
  /** The status of the last answer. */
  readonly status: () => number | undefined;
  /** Starts counting requests anew. */
  readonly begin: () => void;
}

/** The transport to the API. */
export function createWire(): Wire {
  const inner = fetchTransport();
  const answers = new Map<string, Promise<Answer>>();
  let requests = 0;
  let status: number | undefined;
  const ask = async (request: WireRequest): Promise<Answer> => {
    requests += 1;
    if (requests > MOST_REQUESTS)
      throw new Error(`${MOST_REQUESTS} requests have led to no record: its parents seem to have none`);
    return keep(await inner.send(request));
  };
  return {
    begin: () => void (requests = 0),
    status: () => status,
    transport: {
      send: async (request) => {
        const { method, url, headers, body } = request;
        const key = JSON.stringify([method, url, headers, body]);
        const answer = answers.get(key) ?? ask(request);
        const kept = await answer;
        if (kept.status < 300) answers.set(key, answer);
        status = kept.status;
        return toResponse(kept);
      },
    },
  };
}

/** A whole answer. */
interface Answer extends Pick<WireResponse, "status" | "statusText" | "headers"> {
  readonly text: string | Error;
}

/** Bytes; a page that is larger is refused by the runtime's own limit, too. */
const longest = 2 ** 28;

async function keep(response: WireResponse): Promise<Answer> {
  const { status, statusText, headers } = response;
  // A body that breaks off is the runtime's matter, at the moment when it reads it.
  const body = await response
    .text(longest)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return { status, statusText, headers, text: body };
}

function toResponse({ text, ...answer }: Answer): WireResponse {
  return {
    ...answer,
    text: () => (typeof text === "string" ? Promise.resolve(text) : Promise.reject(text)),
  };
}

/** The transport of a response that was kept: answers the first request with it, and no second one. */
export function createReplay(content: string): Wire {
  const kept = readKept(content);
  let requests = 0;
  return {
    begin: () => void (requests = 0),
    status: () => kept.status,
    transport: {
      sendsBodyWithGet: true,
      send: () => {
        requests += 1;
        return requests === 1
          ? Promise.resolve(toResponse(kept))
          : Promise.reject(new Error("a file holds one response"));
      },
    },
  };
}

/** A response as text: its body alone, or `{ "status", "headers", "body" }`. */
function readKept(content: string): Answer {
  const value = parse(content);
  const whole = isRecord(value) && isEnvelope(value) ? value : { body: content };
  const headers = new Map(
    Object.entries(isRecord(whole["headers"]) ? whole["headers"] : {}).map(([name, text]) => [
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
  return isClosed && "body" in value && (typeof value["status"] === "number" || isRecord(value["headers"]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}
