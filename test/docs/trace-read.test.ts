import { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  createReader,
  cursor,
  parallelPageNumber,
  parents,
  plan,
  type Resource,
} from "../../runtime/src/index.js";
import { errorOf } from "../runtime/fixtures.js";
import { answer, answerJson, serve, type Handler } from "../runtime/server.js";
import { fencesOf, folder } from "./pages.js";
import { traceRead, type Span, type Tracer } from "./trace-read.js";

/** A span that the fake tracer has recorded. */
interface Recorded {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Record<string, unknown>;
  readonly events: { readonly name: string; readonly attributes: object }[];
  readonly startTime: number;
  endTime: number | undefined;
  status: { readonly code: number; readonly message?: string } | undefined;
  exception: Error | undefined;
}

/** A tracer that keeps its spans. As in OpenTelemetry, a span is a child of the one that is active when it starts. */
function fakeTracer(): {
  readonly tracer: Tracer;
  readonly spans: readonly Recorded[];
  readonly startActiveSpan: <T>(name: string, run: (span: Span) => Promise<T>) => Promise<T>;
} {
  const spans: Recorded[] = [];
  const active = new AsyncLocalStorage<string>();
  const start = (name: string, startTime: number, attributes: object): Span => {
    const span: Recorded = {
      name,
      parent: active.getStore(),
      startTime,
      attributes: { ...attributes },
      events: [],
      endTime: undefined,
      status: undefined,
      exception: undefined,
    };
    spans.push(span);
    return {
      setStatus: (status) => (span.status = status),
      setAttribute: (key, value) => (span.attributes[key] = value),
      addEvent: (event, given) => span.events.push({ name: event, attributes: given }),
      recordException: (error) => (span.exception = error),
      end: (endTime) => (span.endTime = endTime),
    };
  };
  return {
    spans,
    tracer: { startSpan: (name, { startTime, attributes }) => start(name, startTime, attributes) },
    startActiveSpan: (name, run) => {
      const span = start(name, Date.now(), {});
      return active.run(name, () => run(span));
    },
  };
}

const albums: Resource<{ readonly id: number }> = {
  name: "albums",
  path: "/albums",
  select: ["items"],
  paginator: parallelPageNumber({ limit: 3, basePage: 1, totalPath: ["pages"] }),
};

const tracks: Resource<{ readonly id: string }> = {
  name: "tracks",
  path: "/albums/{resources.albums.id}/tracks",
  select: ["items"],
  paginator: cursor({ cursorPath: ["next"], cursorParam: "after" }),
  plan: plan(parents({ parent: "albums", values: { "resources.albums.id": ["id"] } })),
};

/** Six albums on two pages, two pages of tracks each. `faults` responds to the first `n` requests instead of the API. */
function music(faults: Readonly<Record<string, readonly Handler[]>>): Handler {
  const met = new Map<string, number>();
  return (request, response) => {
    const n = met.get(request.url) ?? 0;
    met.set(request.url, n + 1);
    const fault = faults[request.url.replace("&limit=3", "")]?.[n];
    const [, album] = /^\/albums\/(\d)\/tracks/.exec(request.path) ?? [];
    const page = Number(request.query.get("page"));
    const items = album
      ? [{ id: `${album}-${request.query.get("after") ?? "a"}` }]
      : [1, 2, 3].map((id) => ({ id: id + 3 * (page - 1) }));
    // Responses are delayed, so several requests are in flight.
    setTimeout(() => {
      if (fault) fault(request, response);
      else answerJson(response, { items, pages: 2, next: request.query.get("after") ? null : "b" });
    }, 15);
  };
}

const busy: Handler = (_, response) => answer(response, 503);
// In the middle of the body: a reused connection that closes before any response is retried without an event.
const broken: Handler = (_, response) => {
  response.writeHead(200, { "content-length": "99" });
  response.write("{", () => response.destroy());
};
const moved: Handler = (request, response) =>
  answer(response, 307, { headers: { location: `${request.url}?moved=1` } });
const missing: Handler = (_, response) => answer(response, 404);

async function readTraced(
  faults: Readonly<Record<string, readonly Handler[]>>,
): Promise<{ spans: readonly Recorded[]; seen: readonly string[]; records: Promise<unknown[]> }> {
  const server = await serve(music(faults));
  const { tracer, spans, startActiveSpan } = fakeTracer();
  const source = { name: "music", baseUrl: server.url, resources: { albums, tracks } };
  const reader = createReader(source, { retry: { backoffMs: 1 }, concurrency: 4 });
  const records = startActiveSpan("read tracks", async (span) =>
    reader.read(tracks, {}, { onEvent: traceRead(tracer, span) }).toArray(),
  );
  await records.catch(() => undefined);
  const of = (url: unknown): string => String(url).slice(server.url.length);
  for (const span of spans)
    if (span.attributes["url.full"]) span.attributes["url.full"] = of(span.attributes["url.full"]);
  return { spans, seen: server.seen.map(({ url }) => url), records };
}

it("turns each request of concurrent reads into one span", async () => {
  const { spans, seen, records } = await readTraced({
    "/albums?page=2": [busy],
    "/albums/2/tracks": [broken, busy],
    "/albums/3/tracks?after=b": [broken],
    "/albums/4/tracks": [moved],
  });
  expect(await records).toHaveLength(12);
  const [read, ...requests] = spans;
  expect(read).toMatchObject({ name: "read tracks", attributes: { "connector.records": 12 } });
  expect(read?.status).toBeUndefined();
  expect(
    read?.events.map(({ name, attributes }) => [name, (attributes as Record<string, unknown>)["error.type"]]),
  ).toEqual(
    expect.arrayContaining([
      ["retry", "HTTP_STATUS"],
      ["retry", "NETWORK"],
      ["retry", "NETWORK"],
      ["retry", "HTTP_STATUS"],
    ]),
  );

  // The events name the first URL of an attempt: a redirect is a second span of the same request.
  expect(requests.map(({ attributes }) => attributes["url.full"]).sort()).toEqual(
    seen.map((url) => url.replace("?moved=1", "")).sort(),
  );
  expect(requests.every(({ name, parent }) => name === "GET" && parent === "read tracks")).toBe(true);
  expect(requests.every(({ startTime, endTime = 0 }) => endTime - startTime >= 10)).toBe(true);
  const outcomesOf = (url: string): unknown[] =>
    requests
      .filter(({ attributes }) => attributes["url.full"] === url)
      .map(({ attributes, status }) => [
        attributes["http.request.resend_count"],
        attributes["http.response.status_code"] ?? attributes["error.type"],
        status?.code,
      ]);
  expect(outcomesOf("/albums?page=2&limit=3")).toEqual([
    [undefined, 503, 2],
    [1, 200, undefined],
  ]);
  expect(outcomesOf("/albums/2/tracks")).toEqual([
    [undefined, "NETWORK", 2],
    [1, 503, 2],
    [2, 200, undefined],
  ]);
  expect(outcomesOf("/albums/3/tracks?after=b")).toEqual([
    [undefined, "NETWORK", 2],
    [1, 200, undefined],
  ]);
  expect(outcomesOf("/albums/4/tracks")).toEqual([
    [undefined, 307, undefined],
    [undefined, 200, undefined],
  ]);
  expect(outcomesOf("/albums/5/tracks")).toEqual([[undefined, 200, undefined]]);
});

it.each([
  { name: "a status", fault: missing, span: { "http.response.status_code": 404, "error.type": "404" } },
  { name: "the network", fault: broken, span: { "error.type": "NETWORK" } },
])("records an error of $name, and ends every span", async ({ fault, span }) => {
  const { spans, records } = await readTraced({ "/albums/1/tracks?after=b": Array<Handler>(9).fill(fault) });
  const error = await errorOf(records);
  const [read, ...requests] = spans;
  expect(read).toMatchObject({ exception: error, status: { code: 2, message: error.message } });
  expect(requests.every(({ endTime }) => endTime !== undefined)).toBe(true);
  const failed = requests.filter(({ attributes }) => attributes["url.full"] === "/albums/1/tracks?after=b");
  expect(failed.at(-1)).toMatchObject({ attributes: span, status: { code: 2 } });
  const others = requests.filter((request) => !failed.includes(request));
  expect(
    others.every(({ attributes }) => [undefined, "aborted"].includes(attributes["error.type"] as undefined)),
  ).toBe(true);
});

it("is shown on the page of events", () => {
  const code = readFileSync(join(folder, "../../test/docs/trace-read.ts"), "utf8");
  const page = readFileSync(join(folder, "events.md"), "utf8");
  expect(fencesOf(page, "ts")).toContain(code);
});
