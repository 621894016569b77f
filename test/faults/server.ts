import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultSpec } from "../../generator/mock/faults.js";
import { closeStale, injectFault } from "../../generator/mock/inject.js";

/** A request as a loopback server received it. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  /** The body as text. */
  readonly text: string;
  /** Milliseconds since 1970 on arrival. */
  readonly at: number;
}

/** A successful response. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: string;
  /** Sends the response in place of the server. */
  readonly send?: ((response: ServerResponse) => unknown) | undefined;
}

/** Answers a request; a fault replaces the answer. */
export type Script = (request: Received) => Answer & { readonly fault?: FaultSpec | undefined };

/** A loopback server with its own origin, so no connection or limit is shared with another run. */
export interface FaultServer {
  readonly url: string;
  /** All requests, in the order of arrival. */
  readonly received: readonly Received[];
  /** Requests that came before the time that a `Retry-After` allowed. */
  readonly early: () => number;
  /** When requests are allowed again, in milliseconds since 1970; 0 if the server has not asked to wait. */
  readonly resumesAt: () => number;
  /** From now on, the server responds without faults. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startServer(script: Script): Promise<FaultServer> {
  const received: Received[] = [];
  let resumesAt = 0;
  let early = 0;
  let isHealthy = false;
  const server = createServer((request, response) => {
    const at = Date.now();
    if (closeStale(request.socket)) {
      received.push({ ...describe(request), text: "", at });
      return;
    }
    void readText(request).then((text) => {
      const one = { ...describe(request), text, at };
      received.push(one);
      // Timers may fire a millisecond too soon.
      if (at + 2 < resumesAt) early++;
      const { status = 200, fault, headers = {}, contentType, body, send } = script(one);
      if (send) {
        send(response);
      } else if (fault && !isHealthy) {
        injectFault(fault, { response, body: Buffer.from(body), contentType, headers });
        resumesAt = Math.max(resumesAt, allowedAt(response));
      } else {
        const bytes = Buffer.from(body);
        response.writeHead(status, {
          "Content-Type": contentType,
          "Content-Length": bytes.length,
          ...headers,
        });
        response.end(bytes);
      }
    });
  });
  // An idle connection that the server closes would be a fault that no script asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    early: () => early,
    resumesAt: () => resumesAt,
    heal: () => {
      isHealthy = true;
      resumesAt = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function describe({ method = "GET", url = "/", headers }: IncomingMessage): Omit<Received, "text" | "at"> {
  return { method, url: new URL(url, `http://${headers.host ?? "localhost"}`), headers };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** When a response permits the next request, in milliseconds since 1970; 0 if it does not say. */
function allowedAt(response: ServerResponse): number {
  const read = (name: string): string => String(response.getHeader(name) ?? "");
  const after = read("retry-after");
  const now = Date.now();
  if (/^\d+$/.test(after)) return now + Number(after) * 1000;
  const [time] = /\d\d:\d\d:\d\d/.exec(after) ?? [];
  // All dates of the scripts, except for those in the past, are today's in UTC.
  if (time) return new Date(`${new Date(now).toISOString().slice(0, 10)}T${time}Z`).getTime();
  if (read("retry-after-ms")) return now + Number(read("retry-after-ms"));
  return Number(read("x-ratelimit-reset")) * 1000;
}
