import { describe, expect, it } from "vitest";
import * as runtime from "../../runtime/src/index.js";
import type { ConnectorError, ErrorName, ReadEvent, Resource } from "../../runtime/src/index.js";
import { auths, canaries, canary } from "./auth/auths.js";
import { bundleRuntime } from "./processes.js";
import { errorOf, expectNoSecret, exposureOf, fakeFetch, open, source, transports } from "./fixtures.js";
import { passingFaults, paging, pageAsked, type Fault } from "./faults.js";
import { answer, answerJson, serve, type Handler, type Seen } from "./server.js";

const { isConnectorError } = runtime;

/** Repeats the credentials in places where a careless server might repeat them. */
function echo(place: (seen: Seen) => string): Handler {
  return (request, response) => {
    const secret = encodeURIComponent(decodeURIComponent(place(request)));
    response.statusMessage = `Busy ${secret}`;
    answer(response, 503, { body: secret, headers: { "x-echo": secret } });
  };
}

describe.each(transports)("over $transport", ({ open }) => {
  describe("after five failing attempts", () => {
    it("an HttpError states the cause, the location, the attempts and the request", async () => {
      const pages = { style: "page_number", records: 50, size: 10 } as const;
      const serveThem = paging(pages);
      const server = await serve((request, response) =>
        pageAsked(pages, request) === 2 ? answer(response, 502) : serveThem(request, response),
      );
      const error = await errorOf(open({ url: server.url })().toArray());
      const failed = { code: "HTTP_STATUS", reason: "502 Bad Gateway", status: 502 };
      expect(error).toBeInstanceOf(runtime.HttpError);
      expect(error).toMatchObject({
        name: "HttpError",
        code: "HTTP_STATUS",
        source: "shop",
        resource: "rows",
        page: 3,
        status: 502,
        request: { method: "GET", url: `${server.url}/v1/rows?page=3&limit=10` },
        attempts: [
          ...Array<object>(4).fill({ ...failed, delayMs: expect.any(Number) as number }),
          { ...failed },
        ],
        checkpoint: { source: "shop", resource: "rows", fingerprint: expect.any(String) as string, page: 2 },
      });
      expect(error.message).toBe(
        `shop.rows page 3: 502 Bad Gateway after 5 attempts: GET ${server.url}/v1/rows?page=3&limit=10`,
      );
      expect(error.attempts[4]?.delayMs).toBeUndefined();
      expect(server.seen.filter((request) => pageAsked(pages, request) === 2)).toHaveLength(5);
    });

    it("a mended server can be read on from the error's checkpoint", async () => {
      let isBroken = true;
      const serveThem = paging({ style: "page_number", records: 50, size: 10 });
      const server = await serve((request, response) =>
        isBroken && request.query.get("page") === "3" ? answer(response, 500) : serveThem(request, response),
      );
      const read = open({ url: server.url });
      const { checkpoint } = await errorOf(read().toArray());
      isBroken = false;
      const rest = await read({
        from: JSON.parse(JSON.stringify(checkpoint)) as typeof checkpoint & object,
      }).toArray();
      expect(rest.map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, index) => index + 21));
    });

    it("the number of attempts is maxRetries + 1", async () => {
      const server = await serve((_, response) => answer(response, 500));
      for (const maxRetries of [0, 1, 6]) {
        const before = server.seen.length;
        const error = await errorOf(
          open({ url: server.url, options: { retry: { maxRetries } } })().toArray(),
        );
        expect(error.attempts).toHaveLength(maxRetries + 1);
        expect(server.seen.length - before).toBe(maxRetries + 1);
        expect(error.message.includes("attempts")).toBe(maxRetries > 0);
      }
    });

    const last: readonly { fault: string; want: object; message: RegExp; attempts?: number }[] = [
      {
        fault: "a reset before the headers",
        want: { name: "NetworkError", code: "NETWORK" },
        message: /ECONNRESET/,
      },
      {
        fault: "a close before the headers",
        want: { name: "NetworkError", code: "NETWORK" },
        message: /UND_ERR_SOCKET|ECONNRESET/,
      },
      {
        fault: "a body shorter than its length",
        want: { name: "NetworkError", code: "NETWORK" },
        message: /broke off/,
      },
      {
        fault: "half the JSON, framed as if whole",
        want: { name: "DecodeError", code: "NOT_JSON" },
        message: /not JSON/,
      },
      {
        fault: "gzip that is cut",
        want: { name: expect.stringMatching(/NetworkError|DecodeError/) as string },
        message: /./,
      },
      { fault: "nothing with 200", want: { name: "DecodeError", code: "NOT_JSON" }, message: /empty/ },
      {
        fault: "an error object with 200",
        want: { name: "HttpError", code: "RESPONSE_REJECTED" },
        message: /errors in place of records/,
        // A complete body of the first page is requested only once more.
        attempts: 2,
      },
    ];
    it.each(last)("the error is that of the last: $fault", async ({ fault, want, message, attempts = 5 }) => {
      const server = await serve((_, response) =>
        (passingFaults[fault] as Fault)(response, JSON.stringify({ items: [1, 2, 3] })),
      );
      const error = await errorOf(open({ url: server.url })().toArray());
      expect(error).toMatchObject(want);
      expect(error.message).toMatch(message);
      expect(error.attempts).toHaveLength(attempts);
      expect(error.message).toContain(`after ${attempts} attempts`);
    });

    it("different failures count together, and the error lists them all", async () => {
      const faults = [
        "500",
        "a body shorter than its length",
        "nothing with 200",
        "429 with junk in Retry-After",
      ];
      const server = await serve(
        paging({
          style: "page_number",
          records: 5,
          size: 10,
          faults: { 0: faults.map((name) => passingFaults[name] as Fault) },
        }),
      );
      const error = await errorOf(
        open({ url: server.url, options: { retry: { maxRetries: 3 } } })().toArray(),
      );
      expect(error.attempts.map(({ code, status }) => status ?? code)).toEqual([
        500,
        "NETWORK",
        "NOT_JSON",
        429,
      ]);
      expect(error).toMatchObject({ name: "HttpError", status: 429 });
    });
  });

  describe.each(auths)("$name", ({ auth, options, sent, place }) => {
    const find = ({ headers, query }: Seen): string =>
      place === "query" ? (query.get("key") ?? "") : String(headers[place]).replace(/^key=/, "");

    it("reaches the server unchanged", async () => {
      const server = await serve((_, response) => answerJson(response, { items: [] }));
      await open({ url: server.url, source: { auth }, options })().toArray();
      expect(server.seen.map(find)).toEqual(sent);
    });

    it("is nowhere in errors, events, log lines and checkpoints", async () => {
      const server = await serve(echo(find));
      const shown: unknown[] = [];
      const lines: string[] = [];
      const log = (line: string): void => void lines.push(line);
      const read = open({
        url: server.url,
        source: { auth, headers: { "x-extra": "{secrets.api_key}" } },
        resource: { path: "/v1/{secrets.api_key}/rows", query: { token: "{secrets.api_key}" } },
        options: {
          apiKey: canary,
          ...options,
          onEvent: (event: ReadEvent) => shown.push(event),
          logger: { warn: log, error: log },
        },
      });
      const error = await errorOf(read().toArray());
      expect(server.seen.map(find)).toEqual(Array(5).fill(sent[0]));
      expect(shown.map((event) => (event as ReadEvent).type)).toEqual([
        ...Array<string[]>(4).fill(["request", "response", "retry"]).flat(),
        "request",
        "response",
        "error",
      ]);
      expect(lines).toHaveLength(5);
      expect(lines[4]).toBe(error.message);
      expect(error.message).toContain("[redacted]");
      expectNoSecret(exposureOf(error, ...shown, lines, error.checkpoint, error.cause), ...canaries);
    });

    it("is not in the error of a body that cannot be read, nor in that of a selector that finds nothing", async () => {
      const bodies = [canary, JSON.stringify({ [canary]: canary })];
      for (const body of bodies) {
        const server = await serve((_, response) => answer(response, 200, { body }));
        const error = await errorOf(open({ url: server.url, source: { auth }, options })().toArray());
        expectNoSecret(exposureOf(error), ...canaries);
      }
    });

    it("is not in the error of a fetch that tells all it knows", async () => {
      const fetch = (url: string, init: object): Promise<never> => {
        const cause = Object.assign(new Error(`no route to ${url}`), { code: "ENOROUTE", init, url });
        return Promise.reject(new TypeError(`failed: ${JSON.stringify(init)}`, { cause }));
      };
      const error = await errorOf(
        open({ url: "http://api.test", source: { auth }, options: { ...options, fetch } })().toArray(),
      );
      expect(error).toMatchObject({
        name: "NetworkError",
        attempts: Array<object>(5).fill({ code: "NETWORK" }),
      });
      expect(error.message).toContain("ENOROUTE");
      expectNoSecret(exposureOf(error, error.cause), ...canaries);
    });

    it("is not in the URL and the checkpoint of a page", async () => {
      const server = await serve(paging({ style: "page_number", records: 15, size: 10 }));
      const pages = [];
      for await (const page of open({
        url: server.url,
        source: { auth },
        resource: { query: { t: "{secrets.api_key}" } },
        options: { apiKey: canary, ...options },
      })().pages()) {
        pages.push({ url: page.url, checkpoint: page.checkpoint });
      }
      expect(pages).toHaveLength(2);
      expect(pages[0]?.url).toContain("t=[redacted]");
      expectNoSecret(exposureOf(pages), ...canaries);
    });
  });
});

describe("the guards", () => {
  const reply =
    (status: number): (() => Promise<ConnectorError>) =>
    () =>
      errorOf(
        open({ url: "http://api.test", options: { fetch: fakeFetch(() => ({ status })).fetch } })().toArray(),
      );
  const failing: Readonly<Record<Exclude<ErrorName, "ValidationError">, () => Promise<ConnectorError>>> = {
    ConnectorError: () => errorOf(open({ url: "no url" })().toArray()),
    HttpError: reply(404),
    NetworkError: () =>
      errorOf(
        open({
          url: "http://api.test",
          options: { fetch: () => Promise.reject(new Error("x")) },
        })().toArray(),
      ),
    TimeoutError: () =>
      errorOf(
        open({
          url: "http://api.test",
          options: {
            timeoutMs: 1,
            retry: { maxRetries: 0 },
            fetch: () => new Promise(() => undefined),
          },
        })().toArray(),
      ),
    AuthError: reply(401),
    PageError: () =>
      errorOf(
        open({
          url: "http://api.test",
          options: { fetch: fakeFetch(() => ({ body: {} })).fetch },
        })().toArray(),
      ),
    DecodeError: () =>
      errorOf(
        open({
          url: "http://api.test",
          options: { fetch: fakeFetch(() => ({ body: "<" })).fetch },
        })().toArray(),
      ),
    IncrementalError: () =>
      errorOf(
        open({
          url: "http://api.test",
          resource: { plan: runtime.plan(runtime.incremental({ cursor: ["updated_at"] })) },
          options: { fetch: fakeFetch(() => ({ body: { items: [{ id: 1 }] } })).fetch },
        })().toArray(),
      ),
  };

  it.each(Object.entries(failing))("know a %s by its name alone", async (name, fail) => {
    const error = await fail();
    expect(error.name).toBe(name);
    expect(error).toBeInstanceOf(runtime[name as keyof typeof failing]);
    expect(error).toBeInstanceOf(runtime.ConnectorError);
    expect(error).toBeInstanceOf(Error);
    expect(isConnectorError(error)).toBe(true);
    for (const other of ["Http", "Network", "Timeout", "Auth", "Page", "Decode", "Validation"] as const) {
      expect(runtime[`is${other}Error`](error)).toBe(name === `${other}Error`);
    }
  });

  it("refuse what only looks like an error of ours", () => {
    for (const value of [
      null,
      undefined,
      "x",
      1,
      {},
      new Error("x"),
      { name: "HttpError", code: "HTTP_STATUS" },
    ]) {
      expect(isConnectorError(value)).toBe(false);
      expect(runtime.isHttpError(value)).toBe(false);
    }
  });

  it("know the errors of another copy of the package", async () => {
    const { file } = await bundleRuntime("index");
    const copy = (await import(file)) as typeof runtime;
    const reader = copy.createReader(source("http://api.test"), {
      fetch: fakeFetch(() => ({ status: 404 })).fetch,
    });
    const theirs = await errorOf(reader.read(source("").resources["rows"] as Resource<object>).toArray());
    expect(theirs).not.toBeInstanceOf(runtime.ConnectorError);
    expect(theirs).toBeInstanceOf(copy.HttpError);
    expect(runtime.isHttpError(theirs)).toBe(true);
    expect(runtime.isNetworkError(theirs)).toBe(false);
  });
});
