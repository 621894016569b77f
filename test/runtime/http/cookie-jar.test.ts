import { afterEach, describe, expect, it, vi } from "vitest";
import { cookieJar, pageNumber, singlePage, type ReadEvent } from "../../../runtime/src/index.js";
import type { ResourceShape, Transport, WireRequest } from "../../../runtime/src/plugin.js";
import { createRedactor } from "../../../runtime/src/client/redact.js";
import { errorOf, exposureOf, open as openOverFetch, pagesOf, transports, type Setup } from "../fixtures.js";
import { answer, jsonType, serve, type Handler, type Seen, type TestServer } from "../server.js";

afterEach(() => void vi.useRealTimers());

type Cookies = string | readonly string[];

/** Responds with a page of one row that sets cookies, each with its own `Set-Cookie` header. */
function answerPage(response: Parameters<Handler>[1], page: number, cookies: Cookies = []): void {
  const body = JSON.stringify({ items: [{ id: page }] });
  response.writeHead(200, { ...jsonType, "set-cookie": [cookies].flat() });
  response.end(body);
}

/** An API whose page n sets the n-th cookies. */
async function serveCookies(...cookies: readonly Cookies[]): Promise<TestServer> {
  return await serve((request, response) => {
    const page = Number(request.query.get("page"));
    answerPage(response, page, cookies[page - 1]);
  });
}

function paged(url: string, pages: number, resource: Partial<ResourceShape> = {}): Setup {
  const paginator = pageNumber({ basePage: 1, maximumPage: pages + 1 });
  return { url, source: { cookies: cookieJar() }, resource: { paginator, ...resource } };
}

const sent = (seen: readonly Seen[]): readonly (string | undefined)[] =>
  seen.map(({ headers }) => headers.cookie);

describe.each(transports)("cookies over $transport", ({ open }) => {
  it("go back to the API, several of them, with the last value of each", async () => {
    const server = await serveCookies(
      ["sid=s3cr-one; Path=/; Expires=Wed, 21 Oct 2099 07:28:00 GMT; HttpOnly", "region=eu; Path=/"],
      "sid=s3cr-two; Path=/",
      "region=; Path=/; Max-Age=0",
    );
    await open(paged(server.url, 4))().toArray();
    expect(sent(server.seen)).toEqual([
      undefined,
      "sid=s3cr-one; region=eu",
      "sid=s3cr-two; region=eu",
      "sid=s3cr-two",
    ]);
  });

  it("are shared by the reads of a client, and by no other client", async () => {
    const server = await serveCookies("sid=s3cr-one; Path=/");
    const setup = paged(server.url, 1);
    const read = open(setup);
    await read().toArray();
    await read().toArray();
    await open(setup)().toArray();
    expect(sent(server.seen)).toEqual([undefined, "sid=s3cr-one", undefined]);
  });

  it("are ignored without a jar", async () => {
    const server = await serveCookies("sid=s3cr-one; Path=/");
    await open({ ...paged(server.url, 2), source: {} })().toArray();
    expect(sent(server.seen)).toEqual([undefined, undefined]);
  });

  it("of redirects and of errors count", async () => {
    const server = await serve((request, response) => {
      const n = server.seen.length;
      if (n === 1) {
        const headers = { "set-cookie": "a=1; Path=/", location: "/v1/moved" };
        answer(response, 302, { headers });
      } else if (n === 2) answer(response, 503, { headers: { "set-cookie": "b=2; Path=/" } });
      else answerPage(response, 1);
    });
    await open(paged(server.url, 1, { paginator: singlePage() }))().toArray();
    expect(sent(server.seen)).toEqual([undefined, "a=1", "a=1; b=2"]);
  });

  it("never go to another origin, and another origin cannot set them", async () => {
    const foreign = await serve((request, response) => {
      if (request.path === "/back")
        answer(response, 302, {
          headers: { location: `${api.url}/v1/back`, "set-cookie": "evil=1; Path=/" },
        });
      else answerPage(response, 100, "evil=1; Path=/; Domain=127.0.0.1");
    });
    const api = await serve((request, response) => {
      const n = api.seen.length;
      if (n === 1) answerPage(response, 1, "sid=s3cr-one; Path=/; Domain=127.0.0.1");
      else if (n === 2) answer(response, 302, { headers: { location: `${foreign.url}/rows` } });
      else if (n === 3) answer(response, 302, { headers: { location: `${foreign.url}/back` } });
      else answerPage(response, n);
    });
    await open(paged(api.url, 4))().toArray();
    expect(sent(foreign.seen)).toEqual([undefined, undefined]);
    // The fourth request returns from the untrusted origin.
    expect(sent(api.seen)).toEqual([undefined, "sid=s3cr-one", "sid=s3cr-one", undefined, "sid=s3cr-one"]);
  });

  it("of an allowed origin go to that origin only", async () => {
    const files = await serve((_, response) => answerPage(response, 2, "files=1; Path=/"));
    const api = await serve((_, response) => {
      if (api.seen.length % 2 === 1) answerPage(response, 1, "sid=s3cr-one; Path=/");
      else answer(response, 302, { headers: { location: `${files.url}/rows` } });
    });
    const read = open({ ...paged(api.url, 2), options: { allowedOrigins: [files.url] } });
    await read().toArray();
    await read().toArray();
    expect(sent(files.seen)).toEqual([undefined, "files=1"]);
    expect(sent(api.seen)).toEqual([undefined, "sid=s3cr-one", "sid=s3cr-one", "sid=s3cr-one"]);
  });
});

describe("cookies", () => {
  it.each([
    { path: "/v1/rows", cookie: "a=1", isSent: true },
    { path: "/v1/rows", cookie: "a=1; Path=/v1", isSent: true },
    { path: "/v1/rows", cookie: "a=1; Path=/v1/", isSent: true },
    { path: "/v1/rows", cookie: "a=1; Path=/v1/rows", isSent: true },
    { path: "/v1/rows", cookie: "a=1; Path=/v", isSent: false },
    { path: "/v1/rows", cookie: "a=1; Path=/v1/rows/1", isSent: false },
    { path: "/v1/rows", cookie: "a=1; Path=/V1", isSent: false },
    { path: "/v1/rows", cookie: "a=1; Secure; Path=/", isSent: false },
    { path: "/v1/rows", cookie: "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/", isSent: false },
  ])("set as $cookie by $path: sent again $isSent", async ({ cookie, isSent }) => {
    const server = await serveCookies(cookie);
    await openOverFetch(paged(server.url, 2))().toArray();
    expect(sent(server.seen)[1]).toBe(isSent ? "a=1" : undefined);
  });

  it("set below a path are not sent above it", async () => {
    const server = await serveCookies("sid=1");
    const jar = cookieJar().over({ send: toServer(server.url) }, createRedactor());
    const request = (path: string): Promise<unknown> => jar.send(wire(`${server.url}${path}`));
    for (const path of ["/api/login?page=1", "/api/rows", "/api", "/apis", "/other"]) await request(path);
    expect(sent(server.seen)).toEqual([undefined, "sid=1", "sid=1", undefined, undefined]);
  });

  it("with longer paths come first, and a cookie of the request is not sent twice", async () => {
    const server = await serveCookies(["a=root; Path=/", "a=deep; Path=/v1", "b=1; Path=/"]);
    await openOverFetch(paged(server.url, 2))().toArray();
    await openOverFetch(paged(server.url, 2, { headers: { Cookie: "b=own; c=3" } }))().toArray();
    expect(sent(server.seen)).toEqual([
      undefined,
      "a=deep; a=root; b=1",
      "b=own; c=3",
      "b=own; c=3; a=deep; a=root",
    ]);
  });

  it("end with their time", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const server = await serveCookies("sid=1; Max-Age=60; Path=/", []);
    const read = openOverFetch(paged(server.url, 2));
    await read().toArray();
    vi.setSystemTime(Date.now() + 61_000);
    const after = read({ maxPages: 1 });
    await after.toArray();
    expect(sent(server.seen)).toEqual([undefined, "sid=1", undefined]);
  });

  it("are bounded in number, the newest kept", async () => {
    const many = Array.from({ length: 300 }, (_, n) => `c${n}=${n}; Path=/`);
    const server = await serveCookies(many.slice(0, 150), many.slice(150));
    await openOverFetch(paged(server.url, 3))().toArray();
    const names = sent(server.seen)[2]?.split("; ") ?? [];
    expect(names).toHaveLength(100);
    expect(names.at(-1)).toBe("c299=299");
  });

  it("appear in no event, error, checkpoint or log, short ones neither", async () => {
    const value = "s3cr%3D0123456789abcdef";
    const seen: ReadEvent[] = [];
    const lines: string[] = [];
    const server = await serve((request, response) => {
      const page = Number(request.query.get("page"));
      if (page === 3)
        answer(response, 500, {
          body: JSON.stringify({ message: `bad ${value} ${decodeURIComponent(value)}` }),
        });
      else answerPage(response, page, [`sid=${value}; Path=/`, "pin=s3cr1; Path=/"]);
    });
    const headers: (string | null)[] = [];
    const read = openOverFetch({
      ...paged(server.url, 3),
      options: {
        retry: { maxRetries: 1 },
        logger: { warn: (line) => lines.push(line), error: (line) => lines.push(line) },
        onEvent: (event) => {
          seen.push(event);
          if (event.type === "response") headers.push(event.headers.get("Set-Cookie"));
        },
      },
    });
    const error = await errorOf(pagesOf(read()));
    const text = exposureOf(error, error.response?.body, error.checkpoint, seen, lines, headers);
    expect(sent(server.seen)[1]).toBe(`sid=${value}; pin=s3cr1`);
    expect(text).not.toContain("s3cr");
    expect(headers).toEqual(["[redacted]", "[redacted]", null, null]);
  });

  it("that change with each response do not displace other secrets", () => {
    const redactor = createRedactor();
    redactor.add("s3cr-bearer-token");
    let n = 0;
    const send: Transport["send"] = () =>
      Promise.resolve({
        status: 200,
        statusText: "",
        headers: { get: () => `lb=balancer-${n++}-0123456789abcdef; Path=/` },
        text: () => Promise.resolve(""),
      });
    const jar = cookieJar().over({ send }, redactor);
    return Array.from({ length: 1000 })
      .reduce<Promise<unknown>>(
        (before) => before.then(() => jar.send(wire("https://api.example.com/"))),
        Promise.resolve(),
      )
      .then(() => {
        expect(redactor.clean("s3cr-bearer-token balancer-999-0123456789abcdef")).toBe(
          "[redacted] [redacted]",
        );
      });
  });
});

function wire(url: string): WireRequest {
  const signal = new AbortController().signal as unknown as WireRequest["signal"];
  return { method: "GET", url, headers: {}, signal };
}

function toServer(base: string): Transport["send"] {
  return async ({ url, headers }) => {
    const { pathname, search } = new URL(url);
    const response = await fetch(`${base}${pathname}${search}`, { headers });
    await response.text();
    return { status: 200, statusText: "", headers: response.headers, text: () => Promise.resolve("") };
  };
}
