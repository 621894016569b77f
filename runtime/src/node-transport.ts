import { Agent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as AgentTls, request as requestHttps } from "node:https";
import { pipeline, type Duplex, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { DecodeError, Fault } from "./errors.js";
import type { Transport, WireRequest, WireResponse } from "./transport.js";

const http = { open: requestHttp, agent: new Agent({ keepAlive: true }) };
const https = { open: requestHttps, agent: new AgentTls({ keepAlive: true }) };

const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The transport over `node:http`: `fetch` takes longer for a page of JSON than everything else together. */
export function nodeTransport(): Transport {
  return { send };
}

function send({ method, url, headers, signal }: WireRequest): Promise<WireResponse> {
  const { open, agent } = url.startsWith("https:") ? https : http;
  const accepted = { "accept-encoding": "gzip, deflate, br", ...headers };
  return new Promise((resolve, reject) => {
    const options = { method, headers: accepted, agent, signal: signal as unknown as AbortSignal };
    const request = open(url, options, (message) => resolve(toResponse(message)));
    // How much its socket had received tells an old connection from a new one.
    request.on("error", (error) => reject(Object.assign(error, { socket: request.socket })));
    request.end();
  });
}

function toResponse(message: IncomingMessage): WireResponse {
  const { statusCode: status = 0, statusMessage: statusText = "" } = message;
  const get = (name: string): string | null => {
    const value = message.headers[name.toLowerCase()];
    return value === undefined ? null : [value].flat().join(", ");
  };
  return { status, statusText, headers: { get }, text: (limit) => readText(message, limit) };
}

/** The whole body, decoded; unlike with `fetch`, a compressed one that breaks off is an error. */
function readText(message: IncomingMessage, limit: number): Promise<string> {
  const decoder = decoders[message.headers["content-encoding"]?.toLowerCase() ?? ""]?.();
  const body: Readable = decoder ? pipeline(message, decoder, () => undefined) : message;
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    body.on("data", (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length <= limit) return;
      message.destroy();
      reject(new Fault(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`));
    });
    body.on("end", () => {
      try {
        resolve(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts)));
      } catch {
        reject(new Fault(DecodeError, "NOT_UTF8", "the body is not UTF-8"));
      }
    });
    body.on("error", reject);
  });
}
