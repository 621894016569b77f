import { Agent, request as requestHttp, type IncomingMessage } from "node:http";
import { Agent as AgentTls, request as requestHttps } from "node:https";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { DecodeError, Fault } from "./errors.js";
import type { Transport, WireRequest, WireResponse } from "./transport.js";

const http = { open: requestHttp, agent: new Agent({ keepAlive: true }) };
const https = { open: requestHttps, agent: new AgentTls({ keepAlive: true }) };

const decoders = new Map([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["br", promisify(brotliDecompress)],
]);

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
async function readText(message: IncomingMessage, limit: number): Promise<string> {
  const bytes = await readBytes(message, limit);
  const decode = decoders.get(message.headers["content-encoding"]?.toLowerCase() ?? "");
  // Nothing at all is no broken gzip: 204 may name an encoding, too.
  const plain =
    decode && bytes.length > 0 ? await decode(bytes, { maxOutputLength: limit }).catch(refuse) : bytes;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(plain);
  } catch {
    throw new Fault(DecodeError, "NOT_UTF8", "the body is not UTF-8");
  }

  function refuse(error: NodeJS.ErrnoException): never {
    throw error.code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(limit) : error;
  }
}

function readBytes(message: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    message.on("data", (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length <= limit) return;
      message.destroy();
      reject(tooLarge(limit));
    });
    message.on("end", () => resolve(Buffer.concat(parts)));
    message.on("error", reject);
  });
}

function tooLarge(limit: number): Fault {
  return new Fault(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
}
