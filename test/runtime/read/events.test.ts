import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { jsonLines, offset, singlePage, type ReadEvent } from "../../../runtime/src/index.js";
import { errorOf, open, rows, transports } from "../fixtures.js";
import type { Fault } from "../faults.js";
import { openApi } from "../paginators/paged-api.js";
import { answer, answerJson, serve } from "../server.js";

describe("events", () => {
  it("tell a read from the first request to the end, in order", async () => {
    const events: ReadEvent[] = [];
    const mine: ReadEvent[] = [];
    const busy: Fault = (response) => answer(response, 503);
    const { server, read } = await openApi(
      { records: 15, faults: { 1: [busy] } },
      { options: { readAhead: false, onEvent: (event: ReadEvent) => events.push(event) } },
    );
    await read({ onEvent: (event) => mine.push(event) }).toArray();
    const at = { source: "shop", resource: "rows" };
    const [one, two] = [`${server.url}/v1/rows?page=1&limit=10`, `${server.url}/v1/rows?page=2&limit=10`];
    const [first = 0, second = 0, third = 0] = events.flatMap((event) =>
      event.type === "request" ? [event.requestId] : [],
    );
    const response = {
      ...at,
      type: "response",
      durationMs: expect.any(Number) as number,
      headers: { get: expect.any(Function) as unknown },
    };
    const bytes = expect.any(Number) as number;
    expect(events).toEqual([
      { ...at, type: "request", page: 1, requestId: first, attempt: 1, method: "GET", url: one },
      { ...response, page: 1, requestId: first, status: 200, bytes },
      { ...at, type: "page", page: 1, url: one, records: 10 },
      { ...at, type: "request", page: 2, requestId: second, attempt: 1, method: "GET", url: two },
      { ...response, page: 2, requestId: second, status: 503, bytes },
      {
        ...at,
        type: "retry",
        page: 2,
        requestId: second,
        attempt: 1,
        delayMs: expect.any(Number) as number,
        code: "HTTP_STATUS",
        message: "503 Service Unavailable",
      },
      { ...at, type: "request", page: 2, requestId: third, attempt: 2, method: "GET", url: two },
      { ...response, page: 2, requestId: third, status: 200, bytes },
      { ...at, type: "page", page: 2, url: two, records: 5 },
      { ...at, type: "complete", page: 2, reason: "total_reached", records: 15 },
    ]);
    expect(mine).toEqual(events);
  });

  it.each(transports)("count the bytes of a body after decompression ($transport)", async ({ open }) => {
    const json = JSON.stringify({ items: rows(3) });
    const plain: Fault = (response) => answer(response, 200, { body: json });
    const zipped: Fault = (response) =>
      answer(response, 200, { body: gzipSync(json), headers: { "content-encoding": "gzip" } });
    for (const [reply, resource] of [
      [plain, {}],
      [zipped, {}],
      [zipped, { decode: jsonLines(), select: [], headers: { "accept-encoding": "gzip" } }],
    ] as const) {
      const server = await serve((_, response) => reply(response, ""));
      const bytes: unknown[] = [];
      const onEvent = (event: ReadEvent): void => {
        if (event.type === "response") bytes.push(event.bytes);
      };
      const read = open({ url: server.url, resource: { paginator: singlePage(), ...resource } });
      await read({ onEvent }).toArray();
      expect(bytes).toEqual([json.length]);
    }
  });

  it("end with the error, which the logger receives as well", async () => {
    const events: ReadEvent[] = [];
    const lines: string[] = [];
    const log = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
    const { read } = await openApi(
      { faults: { 1: Array<Fault>(9).fill((response) => answer(response, 500)) } },
      {
        options: {
          onEvent: (event: ReadEvent) => events.push(event),
          logger: { warn: log("warn"), error: log("error") },
          retry: { maxRetries: 1 },
        },
      },
    );
    const error = await errorOf(read().toArray());
    expect(events.at(-1)).toEqual({ source: "shop", resource: "rows", type: "error", page: 2, error });
    expect(lines).toEqual([
      expect.stringMatching(/^warn shop\.rows page 2: 500 Internal Server Error; attempt 2 in \d+\.\d s$/),
      `error ${error.message}`,
    ]);
  });

  it.each([{ readAhead: false }, { readAhead: true }])(
    "whose listener throws end the read with PLUGIN_FAILED: %o",
    async (options) => {
      const { read } = await openApi({}, { options });
      const mine = new Error("mine");
      const onEvent = ({ type, page }: ReadEvent): void => {
        if (type === "page" && page === 2) throw mine;
      };
      expect(await errorOf(read({ onEvent }).toArray())).toMatchObject({
        code: "PLUGIN_FAILED",
        page: 2,
        cause: { message: "mine" },
      });
    },
  );

  it("warn of problems that are not errors", async () => {
    const events: ReadEvent[] = [];
    const lines: string[] = [];
    const server = await serve((_, response) => answerJson(response, { items: rows(3), total: 7 }));
    const paginator = offset({ limit: 10, step: "limit" });
    const read = open({
      url: server.url,
      resource: { paginator },
      options: {
        onEvent: (event: ReadEvent) => events.push(event),
        logger: { warn: (line) => lines.push(line), error: (line) => lines.push(line) },
      },
    });
    expect(await read().toArray()).toHaveLength(3);
    expect(events.filter(({ type }) => type === "warning")).toMatchObject([
      { page: 1, message: expect.stringContaining("4 records") as string },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("shop.rows page 1: 4 records");
  });
});
