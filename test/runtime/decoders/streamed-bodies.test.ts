import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { csv, jsonLines, responseActions, singlePage } from "../../../runtime/src/index.js";
import type { Decoder } from "../../../runtime/src/plugin.js";
import { runChild } from "../processes.js";
import { errorOf, transports, type Open, type Setup } from "../fixtures.js";
import { answer, serve } from "../server.js";

/** Reads one page through a decoder. */
function read(use: Open, setup: Setup, decoder: Decoder): Promise<unknown[]> {
  const resource = { decode: decoder, select: [], paginator: singlePage() };
  return use({ ...setup, resource: { ...resource, ...setup.resource } })().toArray();
}

describe.each(transports)("a body that is read as it comes, over $transport", ({ open }) => {
  const text = Array.from({ length: 500 }, (_, id) => JSON.stringify({ id, name: "größe 😀 日本" })).join(
    "\n",
  );
  const want = Array.from({ length: 500 }, (_, id) => ({ id, name: "größe 😀 日本" }));

  /** Sends bytes in separate pieces of `size` bytes. */
  async function drip(response: ServerResponse, bytes: Uint8Array, size: number): Promise<void> {
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  }

  it.each([
    { encoding: "identity", bytes: Buffer.from(text) },
    { encoding: "gzip", bytes: gzipSync(text) },
    { encoding: "deflate", bytes: deflateSync(text) },
    { encoding: "br", bytes: brotliCompressSync(text) },
  ])("is whole although pieces part characters, in $encoding", async ({ encoding, bytes }) => {
    const { url, seen } = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": encoding });
      void drip(response, bytes, 61);
    });
    // Permits compression over `fetch`, too.
    const resource = { headers: { "accept-encoding": encoding } };
    expect(await read(open, { url, resource }, jsonLines())).toEqual(want);
    expect(seen[0]?.headers.accept).toBe("application/x-ndjson, application/jsonl, */*;q=0.1");
  });

  it("passes over a byte order mark, in pieces too, and over no other", async () => {
    const bytes = Buffer.from('\uFEFF{"a":"\uFEFF"}\n');
    const { url } = await serve((_request, response) => void drip(response, bytes, 1));
    expect(await read(open, { url }, jsonLines())).toEqual([{ a: "\uFEFF" }]);
  });

  it.each([
    { name: "a byte that cannot be", bytes: Buffer.from([0x31, 0x0a, 0xff, 0x0a]), attempts: 1 },
    // The body may have been cut.
    { name: "an end within a character", bytes: Buffer.from([0x31, 0x0a, 0x22, 0xf0, 0x9f]), attempts: 5 },
  ])("is refused when it is no UTF-8: $name", async ({ bytes, attempts }) => {
    const { url, seen } = await serve((_request, response) => void drip(response, bytes, 1));
    expect(await errorOf(read(open, { url }, jsonLines()))).toMatchObject({ code: "NOT_UTF8" });
    expect(seen).toHaveLength(attempts);
  });

  it.each([
    { encoding: "identity", compress: (body: string) => Buffer.from(body) },
    { encoding: "gzip", compress: (body: string) => gzipSync(body) },
  ])("is bounded by what it becomes, and hung up on, in $encoding", async ({ encoding, compress }) => {
    const body = "1\n".repeat(500);
    const bytes = (length: number): Buffer => compress("1\n".repeat(length / 2));
    const { url, seen } = await serve((request, response) => {
      response.writeHead(200, { "content-encoding": encoding });
      if (request.path === "/v1/rows") response.end(bytes(body.length));
      else response.write(bytes(1_000_000));
    });
    const options = { maxBodyBytes: 1000, headers: { "accept-encoding": encoding } };
    expect(await read(open, { url, options }, jsonLines())).toHaveLength(500);
    const resource = { path: "/long" };
    expect(await errorOf(read(open, { url, options, resource }, jsonLines()))).toMatchObject({
      code: "BODY_TOO_LARGE",
    });
    await expect.poll(() => seen[1]?.isAborted).toBe(true);
  });

  it("is hung up on at the first line that is wrong", async () => {
    const { url, seen } = await serve((_request, response) => {
      response.write("a,b\n1,2\n1\n" + "1,2\n".repeat(100));
    });
    const error = await errorOf(read(open, { url, options: { retry: { maxRetries: 0 } } }, csv()));
    expect(error.message).toContain("line 3 of the body has 1 fields");
    await expect.poll(() => seen[0]?.isAborted).toBe(true);
  });

  const cuts = [
    {
      name: "that breaks off",
      cut: (r: ServerResponse) => void r.writeHead(200).write(text.slice(0, 99), () => r.destroy()),
    },
    {
      name: "that is cut, well framed",
      cut: (r: ServerResponse) => answer(r, 200, { body: text.slice(0, -5) }),
    },
    {
      name: "that is cut, well framed and compressed",
      // For `fetch`, a truncated compressed body is complete. The second request has no compression, so its body is checked.
      cut: (r: ServerResponse) =>
        r.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text).subarray(0, -20)),
    },
  ];
  it.each(cuts)("starts afresh after one $name", async ({ cut }) => {
    const { url, seen } = await serve((_request, response) => {
      if (seen.length === 1) cut(response);
      else answer(response, 200, { body: text });
    });
    expect(await read(open, { url }, jsonLines())).toEqual(want);
    expect(seen).toHaveLength(2);
  });

  it("of a response without content is an empty page", async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(204, { "content-encoding": "gzip" }).end(),
    );
    expect(await read(open, { url }, csv())).toEqual([]);
  });

  it("of an error is not decoded", async () => {
    const { url } = await serve((_request, response) => answer(response, 404, { body: "not,\nCSV" }));
    expect(await errorOf(read(open, { url }, csv()))).toMatchObject({ name: "HttpError", status: 404 });
  });

  it("is whole for response actions that look into it", async () => {
    const { url } = await serve((_request, response) => void drip(response, Buffer.from(text), 1000));
    const rules = [{ action: "fail" as const, content: "no such text" }];
    const actions = {
      ...responseActions(rules),
      judge: ({ text: whole }: { text: string }) => (whole === text ? undefined : ("ignore" as const)),
    };
    expect(await read(open, { url, resource: { actions } }, jsonLines())).toEqual(want);
  });
});

/** Reads 50 MB and prints the peak of the memory besides the records, in kB, and the time. */
const reading = `
  const { url, type, field } = input;
  const rows = { name: "rows", path: "/", select: [], paginator: runtime.singlePage(),
    decode: type === "csv" ? runtime.csv() : runtime.jsonLines(),
    shape: [{ ...runtime.hook("map"), shape: (records) => records.map((record) => record[field]) }] };
  const reader = runtime.createReader({ name: "shop", baseUrl: url, resources: { rows } }, {});
  const held = () => { globalThis.gc(); const { heapUsed, external } = process.memoryUsage(); return Math.round((heapUsed + external) / 1024); };
  const before = held();
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, held())), 50);
  const values = await reader.read(rows).toArray();
  clearInterval(timer);
  console.log(JSON.stringify({ count: values.length, first: values[0], peak: Math.max(peak, held()) - before, after: held() - before }));
`;

describe("memory", () => {
  // 50,000 lines of about 1 kB, of which a record keeps only a small part: JSON lines are padded.
  const padding = " ".repeat(1000);
  const line = (id: number): string => `{"id":${id},"name":"a name of some length"${padding}}\n`;

  it.each([
    { entry: "index", transport: "fetch" },
    { entry: "node", transport: "node:http" },
  ] as const)("holds no raw text: 50 MB of JSON lines over $transport", async ({ entry }) => {
    const { url } = await serve((_request, response) => void send(response, 50_000, line));
    const { code, stdout, stderr } = await runChild(
      reading,
      { url, type: "jsonl", field: "id" },
      { flags: ["--expose-gc"], entry },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { count, peak } = JSON.parse(stdout) as { count: number; peak: number };
    expect(count).toBe(50_000);
    // The records and the pieces in transit take 13,000 to 25,000 kB; the text would add 51,000 kB.
    expect(peak).toBeLessThan(40_000);
  });

  it("keeps of CSV no more than the rows that somebody keeps", async () => {
    const { url } = await serve((_request, response) => {
      response.write("name,rest\n");
      void send(response, 20_000, (id) => `a name of some length ${id},${"x".repeat(1000)}\n`);
    });
    const keep = reading.replace(
      "records.map((record) => record[field])",
      "records.filter((_, at) => at % 50 === 0).map((record) => record[field])",
    );
    const { code, stdout, stderr } = await runChild(
      keep,
      { url, type: "csv", field: "name" },
      { flags: ["--expose-gc"] },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { count, first, after } = JSON.parse(stdout) as { count: number; first: string; after: number };
    expect({ count, first }).toEqual({ count: 400, first: "a name of some length 0" });
    // 400 rows are 0.4 MB; the pieces that they came in, most of the 20 MB.
    expect(after).toBeLessThan(4000);
  });
});

/** Sends `count` lines, as fast as the client reads them. */
async function send(response: ServerResponse, count: number, line: (at: number) => string): Promise<void> {
  for (let at = 0; at < count;) {
    let piece = "";
    const end = Math.min(count, at + 100);
    for (; at < end; at++) piece += line(at);
    if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
  }
  response.end();
}
