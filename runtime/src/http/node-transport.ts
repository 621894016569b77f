import type { LookupAddress } from "node:dns";
import { setMaxListeners } from "node:events";
// Imports the module objects, not their members, because test and tracing libraries replace the members.
import http, { type IncomingMessage } from "node:http";
import { isIP, type LookupFunction } from "node:net";
import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { DecodeError, NetworkError, ReadFailure, foreign } from "../errors.js";
import { throwIfAborted } from "../platform.js";
import { fetchTransport } from "./fetch-transport.js";
import { isPrivateAddress } from "./private-address.js";
import { createTextDecoder } from "./text-decoder.js";
import type { BodyReading, HeadersLike, Transport, WireRequest, WireResponse } from "./transport.js";

/** Many APIs reject requests without it. */
const userAgent = "connector-gen/0.1.0";

// The modules that many reads do not need are loaded on first use: `node:https` alone takes a megabyte.
const https = once(() => process.getBuiltinModule("node:https"));

/** The agents of clients that reject private addresses. These clients must not use connections of others. */
const publicAgents = {
  http: once(() => new http.Agent({ keepAlive: true, lookup: lookupPublic })),
  https: once(() => new (https().Agent)({ keepAlive: true, lookup: lookupPublic })),
};

/** The decoders of a content coding. `whole` is faster; `stream` decodes piece by piece. */
const codings = once(() => {
  const zlib = process.getBuiltinModule("node:zlib");
  return {
    gzip: { whole: promisify(zlib.gunzip), stream: zlib.createGunzip },
    wrapped: { whole: promisify(zlib.inflate), stream: zlib.createInflate },
    raw: { whole: promisify(zlib.inflateRaw), stream: zlib.createInflateRaw },
    brotli: { whole: promisify(zlib.brotliDecompress), stream: zlib.createBrotliDecompress },
  };
});

type Coding = ReturnType<typeof codings>["gzip"];

/** The supported content codings. The first byte shows whether `deflate` has its wrapper, which many servers omit. */
const codingsByName = new Map<string, (first?: number) => Coding>([
  ["gzip", () => codings().gzip],
  ["x-gzip", () => codings().gzip],
  ["deflate", (first = 0) => ((first & 15) === 8 ? codings().wrapped : codings().raw)],
  ["br", () => codings().brotli],
]);

/**
 * Creates the transport that uses `node:http` with the global agents. `fetch` would take longer for a page of JSON than
 * everything else together. It is used only while something replaces it.
 */
export function nodeTransport({ denyPrivate = false }: NodeTransportOptions = {}): Transport {
  const overFetch = fetchTransport();
  const sendOverNode = denyPrivate ? sendPublic : send;
  return {
    send: (request) => (!denyPrivate && isFetchReplaced() ? overFetch.send(request) : sendOverNode(request)),
    get noticesCuts() {
      return denyPrivate || !isFetchReplaced();
    },
    get sendsBodyWithGet() {
      return denyPrivate || !isFetchReplaced();
    },
    deniesPrivate: denyPrivate,
    expectListeners: (signals) => {
      for (const signal of signals) if (signal instanceof EventTarget) setMaxListeners(0, signal);
    },
  };
}

/** The options of `nodeTransport`. */
export interface NodeTransportOptions {
  /** Rejects private, loopback and link-local addresses, after name resolution. Default false. */
  readonly denyPrivate?: boolean | undefined;
}

/** Checks an address in the URL here, because Node calls `lookup` only for names. */
async function sendPublic(request: WireRequest): Promise<WireResponse> {
  const host = new URL(request.url).hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) && isPrivateAddress(host)) throw privateAddress(host);
  return send(request, publicAgents);
}

/** Resolves a name and checks its addresses. The connection uses these addresses, because it does not resolve the name again. */
function lookupPublic(...[host, options, callback]: Parameters<LookupFunction>): void {
  process.getBuiltinModule("node:dns").lookup(host, { ...options, all: true }, (error, addresses) => {
    const refusal = error ?? (addresses.some(isPrivateEntry) ? privateAddress(host) : undefined);
    if (refusal) callback(refusal, []);
    else if (options.all) callback(null, addresses);
    else callback(null, addresses[0]?.address ?? "", addresses[0]?.family);
  });
}

function isPrivateEntry({ address }: LookupAddress): boolean {
  return isPrivateAddress(address);
}

function privateAddress(host: string): ReadFailure {
  const message = `\`${foreign(host)}\` has a private address, which \`denyPrivate\` refuses`;
  return new ReadFailure(NetworkError, "PRIVATE_ADDRESS", message);
}

function send(
  { method, url, headers, body, signal }: WireRequest,
  agents?: typeof publicAgents,
): Promise<WireResponse> {
  const isTls = url.startsWith("https:");
  const module = isTls ? https() : http;
  const agent = agents?.[isTls ? "https" : "http"]();
  const sent = {
    "user-agent": userAgent,
    "accept-encoding": "gzip, deflate, br",
    ...headers,
    // With `GET`, Node would send the body without its length.
    ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
  };
  return new Promise((resolve, reject) => {
    throwIfAborted(signal);
    const options = { method, headers: sent, ...(agent && { agent }) };
    const request = module.request(url, options, (message) => resolve(toResponse(message)));
    // Equals the option `signal`, which takes several times as long.
    const abort = (): void => void request.destroy(signal.reason as Error);
    signal.addEventListener("abort", abort as never);
    request.on("close", () => signal.removeEventListener("abort", abort as never));
    // The number of received bytes distinguishes a reused connection from a new one.
    request.on("error", (error) => reject(Object.assign(error, { socket: request.socket })));
    request.end(body);
  });
}

function toResponse(message: IncomingMessage): WireResponse {
  const { statusCode: status = 0, statusMessage: statusText = "" } = message;
  const headers = toHeaders(message);
  const response = {
    status,
    statusText,
    headers,
    // Compressed bodies contain their own end.
    isOpenEnded:
      !headers.get("content-length") &&
      !headers.get("transfer-encoding") &&
      !/gzip|deflate|br/i.test(headers.get("content-encoding") ?? ""),
    bytes: 0,
    text: async (limit: number, reading: BodyReading = {}): Promise<string> => {
      const body = await (reading.push || reading.decompress
        ? pushText(message, limit, reading)
        : readText(message, limit, reading));
      response.bytes = body.bytes;
      return body.text;
    },
  };
  return response;
}

function toHeaders({ headers }: IncomingMessage): HeadersLike {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
  };
}

/** A body as text, or the rest of it, and its length in bytes after decompression. */
interface BodyText {
  readonly text: string;
  readonly bytes: number;
}

/** Codings that are known but cannot be decoded. Any other name is a mistake of the server and is ignored. */
const unsupported = /^(x-)?(zstd|compress|dcb|dcz|bzip2|xz|lzma|lz4|snappy)$/;

/** The content codings of a body, in the order in which they are decoded. */
function codingsOf({ headers }: IncomingMessage): readonly ((first?: number) => Coding)[] {
  const names = headers["content-encoding"]?.toLowerCase().split(",") ?? [];
  return names.reverse().flatMap((each) => {
    const name = each.trim();
    if (!unsupported.test(name)) return codingsByName.get(name) ?? [];
    const message = `the body is compressed by ${foreign(name)}, which cannot be decoded`;
    throw new ReadFailure(DecodeError, "INVALID_BODY", message);
  });
}

/** Reads the whole body. Unlike with `fetch`, a truncated compressed body is an error. */
async function readText(
  message: IncomingMessage,
  limit: number,
  { encoding }: BodyReading,
): Promise<BodyText> {
  const decode = createTextDecoder(toHeaders(message), encoding);
  const bytes = await readBytes(message, limit);
  let plain = bytes;
  for (const coding of codingsOf(message)) {
    // An empty body is not invalid gzip: a 204 may name an encoding, too.
    if (plain.length > 0)
      plain = await coding(plain[0]).whole(plain, { maxOutputLength: limit }).catch(refuse);
  }
  return { text: decode(plain), bytes: plain.length };

  function refuse(error: NodeJS.ErrnoException): never {
    throw error.code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(limit) : error;
  }
}

/** Reads the body piece by piece. Returns the text; with `push`, only the last piece. */
async function pushText(
  message: IncomingMessage,
  limit: number,
  { encoding, decompress, push }: BodyReading,
): Promise<BodyText> {
  const decode = createTextDecoder(toHeaders(message), encoding);
  const pieces = decoded(message);
  let text = "";
  let length = 0;
  for await (const piece of decompress?.(pieces) ?? pieces) {
    length += piece.length;
    if (length > limit) throw tooLarge(limit);
    const part = decode(piece, { stream: true });
    if (push) push(part);
    else text += part;
  }
  return { text: text + decode(), bytes: length };
}

/** Yields a body without its content codings. */
async function* decoded(message: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  let pieces = message as AsyncIterable<Buffer>;
  try {
    for (const coding of codingsOf(message)) pieces = undo(coding, pieces);
    yield* pieces;
  } finally {
    message.destroy();
  }
}

/** Decodes one coding. An empty body is complete, too. */
async function* undo(
  coding: (first?: number) => Coding,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void> {
  const received = pieces[Symbol.asyncIterator]();
  const first = await received.next();
  if (first.done) return;
  const all = async function* (): AsyncGenerator<Buffer, void> {
    for (let piece: IteratorResult<Buffer> = first; !piece.done; piece = await received.next())
      yield piece.value;
  };
  // The pipeline forwards errors; the loop over its end throws them.
  yield* pipeline(all, coding(first.value[0]).stream(), () => undefined);
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
    message.on("end", () => resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)));
    message.on("error", reject);
  });
}

function tooLarge(limit: number): ReadFailure {
  return new ReadFailure(DecodeError, "BODY_TOO_LARGE", `the body is longer than ${limit} bytes`);
}

/**
 * Whether something replaces `fetch` on Node: another function (msw, a mock of a test, instrumentation), or a dispatcher
 * of undici that does not simply connect (`MockAgent`, `ProxyAgent`, an `Agent` with its own settings). Node itself sets
 * such a dispatcher if `NODE_USE_ENV_PROXY` selects the proxies of the environment.
 */
function isFetchReplaced(): boolean {
  return !isNative(globalThis.fetch) || dispatcherKeys.some((key) => isCustom(globals[key]));
}

const globals = globalThis as unknown as Readonly<Record<symbol, Dispatcher | undefined>>;

/** undici keeps the dispatcher of all its copies, including Node's, under these symbols. */
const dispatcherKeys = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`));

interface Dispatcher {
  readonly constructor: { readonly name: string };
  readonly [option: symbol]: unknown;
}

let known: unknown;

/** Node's own `fetch` loads Node's copy of undici. The function is remembered because its text is long. */
function isNative(fetch: unknown): boolean {
  if (fetch !== known && String(fetch).includes("internal/deps/undici")) known = fetch;
  return fetch === known;
}

/** Node's own dispatcher is an `Agent` without settings. It exists once the process has called `fetch`. */
function isCustom(dispatcher: Dispatcher | undefined): boolean {
  if (!dispatcher) return false;
  const key = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === "options");
  const settings = Object.values(Object((key && dispatcher[key]) ?? {}) as object);
  return (
    dispatcher.constructor.name !== "Agent" ||
    settings.some((value) => value !== undefined && value !== Infinity)
  );
}

/** Returns a function that creates a value on its first call, and then returns the same one. */
function once<T>(create: () => T): () => T {
  let value: { readonly it: T } | undefined;
  return () => (value ??= { it: create() }).it;
}
