import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { errorOf, idsOf, paginatorOf, span, styles, transports, type Style } from "../fixtures.js";
import { pageAsked, paging, passingFaults, stalls, type Fault, type Paging } from "../faults.js";
import { answer, answerJson, serve } from "../server.js";

const api = { records: 23, size: 5 };
const pages = 5;
const places = [
  { place: "first", page: 0 },
  { place: "middle", page: 2 },
  { place: "last", page: 4 },
];

describe.each(transports)("over $transport", ({ open }) => {
  /** Reads 23 records in 5 pages from an API with faults; every record must be read once and in order. */
  async function readDespite(
    style: Style,
    faults: NonNullable<Paging["faults"]>,
    options: object = {},
  ): Promise<number> {
    const server = await serve(paging({ ...api, style, faults }));
    const read = open({
      url: server.url,
      resource: { paginator: paginatorOf(style, api.size) },
      options: { timeoutMs: 5000, ...options },
    });
    expect(idsOf(await read().toArray())).toEqual(span(1, api.records));
    return server.seen.length;
  }

  describe.each(styles)("%s", (style) => {
    it("asks for every page once when nothing goes wrong", async () => {
      expect(await readDespite(style, {})).toBe(pages);
    });

    describe.each(Object.entries(passingFaults))("%s", (_, fault) => {
      it.each(places)("on the $place page", async ({ page }) => {
        const requests = await readDespite(style, { [page]: [fault] });
        expect(requests).toBeGreaterThan(pages);
        expect(requests).toBeLessThanOrEqual(pages + 1 + 1);
      });
    });

    it.each(Object.entries(stalls))("%s, on the first, a middle and the last page", async (_, fault) => {
      const reading = places.map(({ page }) => readDespite(style, { [page]: [fault] }, { timeoutMs: 400 }));
      for (const requests of await Promise.all(reading)) {
        expect(requests).toBeGreaterThan(pages);
        expect(requests).toBeLessThanOrEqual(pages + 1 + 1);
      }
    });

    it("an end without content that claims to be gzip", async () => {
      const serveThem = paging({ ...api, style, envelope: "none" });
      const server = await serve((request, response) => {
        const isBeyond = pageAsked({ ...api, style }, request) >= pages;
        if (isBeyond) response.writeHead(204, { "content-encoding": "gzip" }).end();
        else serveThem(request, response);
      });
      const read = open({ url: server.url, resource: { paginator: paginatorOf(style, api.size) } });
      expect(idsOf(await read().toArray())).toEqual(span(1, api.records));
      expect(server.seen).toHaveLength(pages + 1);
    });

    it("four different faults on one page, then the page", async () => {
      const named = ["a reset before the headers", "500", "a body shorter than its length", "HTML with 200"];
      const faults = named.map((name) => passingFaults[name] as Fault);
      expect(await readDespite(style, { 2: faults })).toBeLessThanOrEqual(pages + 5);
    });

    it("every fault once, each on a separate page", async () => {
      const faults = Object.values(passingFaults);
      const server = await serve(
        paging({
          style,
          size: 2,
          records: 2 * faults.length,
          faults: Object.fromEntries(faults.map((f, i) => [i, [f]])),
        }),
      );
      const read = open({ url: server.url, resource: { paginator: paginatorOf(style, 2) } });
      expect(idsOf(await read().toArray())).toEqual(span(1, 2 * faults.length));
      expect(server.seen.length).toBeLessThanOrEqual(2 * faults.length + 1);
    });

    it("an empty 204 in the middle, where the total promises more", async () => {
      const nothing: Fault = (response) => {
        response.writeHead(204);
        response.end();
      };
      expect(await readDespite(style, { 2: [nothing] })).toBe(pages + 1);
    });

    it("an empty page in the middle, once, where the total promises more", async () => {
      const total = style === "offset" ? api.records : pages;
      const empty: Fault = (response) => answerJson(response, { items: [], total });
      expect(await readDespite(style, { 2: [empty] })).toBe(pages + 1);
    });
  });

  describe("a keep-alive connection that the server closes when it is reused", () => {
    const close = passingFaults["a close before the headers"] as Fault;

    /** Reads without retries, and so slowly that each page uses the connection of the previous one. */
    async function readSlowly(
      faults: NonNullable<Paging["faults"]>,
    ): Promise<{ ids: number[]; requests: number }> {
      const server = await serve(paging({ ...api, style: "page_number", faults }));
      const read = open({
        url: server.url,
        resource: { paginator: paginatorOf("page_number", api.size) },
        options: { retry: { maxRetries: 0 }, readAhead: false },
      });
      const ids: number[] = [];
      for await (const { records } of read().pages()) {
        ids.push(...idsOf(records));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return { ids, requests: server.seen.length };
    }

    it("costs no attempt, because it is not a failure of the server", async () => {
      const { ids, requests } = await readSlowly({ 1: [close], 3: [close] });
      expect(ids).toEqual(span(1, api.records));
      expect(requests).toBe(pages + 2);
    });

    it("is forgiven once a page only", async () => {
      // The error of undici in this case. A test cannot provoke it twice in a row.
      const cause = Object.assign(new Error("other side closed"), {
        code: "UND_ERR_SOCKET",
        socket: { bytesRead: 512 },
      });
      let asked = 0;
      const fetch = (): Promise<never> => {
        asked += 1;
        return Promise.reject(new TypeError("fetch failed", { cause }));
      };
      const read = open({ url: "http://api.test", options: { fetch, retry: { maxRetries: 1 } } });
      const error = await errorOf(read().toArray());
      expect(error).toMatchObject({ name: "NetworkError", code: "NETWORK" });
      expect(error.attempts).toHaveLength(2);
      expect(asked).toBe(3);
    });
  });

  describe("failures that are not worth a retry", () => {
    const rows = [
      { status: 400, want: { name: "HttpError", code: "HTTP_STATUS" } },
      { status: 401, want: { name: "AuthError", code: "UNAUTHORIZED" } },
      { status: 403, want: { name: "AuthError", code: "FORBIDDEN" } },
      { status: 404, want: { name: "HttpError", code: "HTTP_STATUS" } },
      { status: 410, want: { name: "HttpError", code: "HTTP_STATUS" } },
      { status: 422, want: { name: "HttpError", code: "HTTP_STATUS" } },
    ];
    it.each(rows)("$status is asked once", async ({ status, want }) => {
      const server = await serve((_, response) => answer(response, status));
      const reading = open({ url: server.url })().toArray();
      await expect(reading).rejects.toMatchObject({ ...want, status, attempts: [{ status }] });
      expect(server.seen).toHaveLength(1);
    });

    it("unless the server sends X-Should-Retry, which overrides the policy both ways", async () => {
      const advice = ["true", "false"];
      const server = await serve((_, response) => {
        const word = advice.shift() ?? "false";
        answer(response, word === "true" ? 404 : 503, { headers: { "x-should-retry": word } });
      });
      await expect(open({ url: server.url })().toArray()).rejects.toMatchObject({ status: 503 });
      expect(server.seen).toHaveLength(2);
    });

    it("unless `statuses` names it", async () => {
      const asked: number[] = [];
      const server = await serve((request, response) => {
        asked.push(pageAsked({ style: "page_number", ...api }, request));
        answer(response, asked.length === 1 ? 404 : 500);
      });
      const read = open({ url: server.url, options: { retry: { statuses: [404] } } });
      await expect(read().toArray()).rejects.toMatchObject({ status: 500 });
      expect(asked).toEqual([0, 0]);
    });
  });

  describe("a small body that unpacks to a large one", () => {
    it("is given up at maxBodyBytes, and not asked for again", async () => {
      const bomb = gzipSync(JSON.stringify({ items: [], padding: " ".repeat(5_000_000) }));
      const server = await serve((_, response) =>
        answer(response, 200, { body: bomb, headers: { "content-encoding": "gzip" } }),
      );
      const reading = open({ url: server.url, options: { maxBodyBytes: 100_000 } })().toArray();
      expect(bomb.length).toBeLessThan(10_000);
      expect(await errorOf(reading)).toMatchObject({ name: "DecodeError", code: "BODY_TOO_LARGE" });
      expect(server.seen).toHaveLength(1);
    });
  });

  describe("resources under load", () => {
    it("reads eleven resources at once through one client", async () => {
      const server = await serve(paging({ style: "page_number", ...api }));
      const read = open({ url: server.url, resource: { paginator: paginatorOf("page_number", api.size) } });
      const all = await Promise.all(Array.from({ length: 11 }, () => read().toArray()));
      for (const records of all) expect(idsOf(records)).toEqual(span(1, api.records));
      expect(server.seen).toHaveLength(11 * pages);
    });

    it("reads errors to their end, so that their connections can be used again", async () => {
      const style = "page_number";
      const status =
        (code: number): Fault =>
        (response) =>
          answer(response, code, { body: "x".repeat(100_000) });
      const faults = Object.fromEntries(span(0, pages - 1).map((page) => [page, [status(503), status(500)]]));
      const server = await serve(paging({ ...api, style, faults }));
      const counts: number[] = [];
      const read = open({
        url: server.url,
        resource: { paginator: paginatorOf(style, api.size) },
        options: { readAhead: false, onEvent: () => counts.push(server.connections()) },
      });
      expect(await read().toArray()).toHaveLength(api.records);
      expect(server.seen).toHaveLength(3 * pages);
      expect(Math.max(...counts)).toBeLessThanOrEqual(3);
    });
  });
});
