import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Transport } from "@connector-gen/runtime/plugin";
import { decodePairs, describeRequest, findHeaderProblems, isSameRequest, mainOrigin } from "./match.js";
import type { SeenRequest } from "./match.js";
import type { Exchange, VectorResponse } from "./vector.js";

/** The servers behind `http://api.test` and `http://other.test`, each on its own port. */
export interface Replay {
  /** Starts a separate log for one read. Requests through its transport get responses from its exchanges. */
  open(script: Script): Session;
  close(): Promise<void>;
}

/** The exchanges of a session. */
export interface Script {
  readonly exchanges: readonly Exchange[];
  /** Indices into the exchanges: the n-th request of a kind gets the n-th exchange of that kind. */
  readonly requests: readonly number[];
  readonly secrets: readonly string[];
}

/** One read's view of the servers. */
export interface Session {
  readonly transport: Transport;
  /** The requested exchanges, in the order of the requests. */
  readonly requests: () => readonly number[];
  /** Requests without an exchange, wrong headers, and retries that came too early. */
  readonly problems: () => readonly string[];
}

interface Entry {
  readonly index: number;
  readonly at: number;
  answeredAt: number;
}

interface Log extends Script {
  readonly entries: Entry[];
  readonly problems: string[];
  /** Indices into `requests` that were played. */
  readonly played: Set<number>;
}

/** Names the log of a request for the servers. Reads overlap if one ends with requests in flight. */
const sessionHeader = "x-replay-session";

/** Starts the servers; requests are sent through `inner`, with the recorded origins mapped to the servers' ports. */
export async function startReplay(inner: Transport): Promise<Replay> {
  const logs = new Map<string, Log>();
  const origins = [mainOrigin, "http://other.test"];
  const servers = await Promise.all(origins.map((origin) => serve(origin, logs)));
  const ports = new Map(servers.map((server, index) => [origins[index], portOf(server)]));
  return {
    open: (script) => {
      const id = String(logs.size);
      const log: Log = { ...script, entries: [], problems: [], played: new Set() };
      logs.set(id, log);
      return {
        transport: mapOrigins(inner, { id, ports }),
        requests: () => log.entries.map(({ index }) => index),
        problems: () => [...log.problems, ...findHastyRetries(log)],
      };
    },
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function mapOrigins(
  inner: Transport,
  { id, ports }: { id: string; ports: ReadonlyMap<string | undefined, string> },
): Transport {
  return {
    ...inner,
    send: (request) => {
      const [origin = ""] = /^https?:\/\/[^/?#]*/.exec(request.url) ?? [];
      const port = ports.get(origin);
      if (!port) return Promise.reject(new Error(`no server plays ${origin}`));
      const url = port + request.url.slice(origin.length);
      return inner.send({ ...request, url, headers: { ...request.headers, [sessionHeader]: id } });
    },
  };
}

async function serve(origin: string, logs: ReadonlyMap<string, Log>): Promise<Server> {
  const server = createServer((message, response) => {
    void look(origin, message).then(({ id, seen }) => {
      const log = logs.get(id);
      if (log) play(log, seen, response);
      else response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function portOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function look(
  origin: string,
  message: IncomingMessage,
): Promise<{ readonly id: string; readonly seen: SeenRequest }> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { method = "", url = "" } = message;
  const { [sessionHeader]: id, ...headers } = message.headers;
  const [path = "", ...query] = url.split("?");
  const body = Buffer.concat(chunks).toString("utf8");
  return {
    id: String(id),
    seen: { method, origin, path, query: decodePairs(query.join("?")), headers, body },
  };
}

function play(log: Log, seen: SeenRequest, response: ServerResponse): void {
  const at = performance.now();
  const place = choose(log, seen);
  const index = place === undefined ? undefined : log.requests[place];
  const exchange = index === undefined ? undefined : log.exchanges[index];
  if (place === undefined || index === undefined || !exchange) {
    log.problems.push(`unexpected request ${describeRequest(seen)}`);
    response.writeHead(418, { connection: "close" }).end();
    return;
  }
  log.played.add(place);
  log.problems.push(...findHeaderProblems(seen, exchange.request, log.secrets));
  log.entries.push({ index, at, answeredAt: performance.now() });
  answer(response, exchange.response);
}

/**
 * Returns the index into `requests` for a request: the first of its kind that was not played, or the last one again. Headers
 * matter for the choice, because equal requests for different parents may differ in them.
 */
function choose(log: Log, seen: SeenRequest): number | undefined {
  const places = log.requests.flatMap((index, place) => {
    const exchange = log.exchanges[index];
    return exchange && isSameRequest(seen, exchange.request) ? [{ place, exchange }] : [];
  });
  const open = places.filter(({ place }) => !log.played.has(place));
  const fitting = open.find(
    ({ exchange }) => findHeaderProblems(seen, exchange.request, log.secrets).length === 0,
  );
  return (fitting ?? open[0] ?? places.at(-1))?.place;
}

function answer(
  response: ServerResponse,
  { abort, status = 200, headers, json, text }: VectorResponse,
): void {
  if (abort) {
    response.destroy();
    return;
  }
  // A separate connection for every request. If a reused connection were closed, the client would repeat the request without
  // a retry.
  response.setHeader("connection", "close");
  if (json !== undefined) response.setHeader("content-type", "application/json");
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  response.statusCode = status;
  response.end(json === undefined ? (text ?? "") : JSON.stringify(json));
}

/** Finds retries that came earlier than `Retry-After` allows. */
function findHastyRetries({ entries, exchanges }: Log): readonly string[] {
  return entries.flatMap(({ index, answeredAt }, number) => {
    const next = entries[number + 1];
    const { status = 0, headers = {} } = exchanges[index]?.response ?? {};
    const seconds = Number(headers["Retry-After"]);
    if (!next || status < 400 || !(seconds > 0)) return [];
    const waited = Math.ceil(next.at - answeredAt);
    return waited < seconds * 1000 ? [`asked again after ${waited} ms, not after ${seconds} s`] : [];
  });
}
