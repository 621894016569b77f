import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { csv, jsonLines, singlePage, textLines, type ReadEvent } from "../../../runtime/src/index.js";
import type { Decoder } from "../../../runtime/src/plugin.js";
import { errorOf, transports, type Open } from "../fixtures.js";
import { answer, serve } from "../server.js";

const ids = Array.from({ length: 40 }, (_, id) => id);
const formats: readonly { name: string; decoder: Decoder; text: string; want: unknown[] }[] = [
  {
    name: "csv",
    decoder: csv(),
    text: ["id,name", ...ids.map((id) => `${id},größe ${id}`), ""].join("\n"),
    want: ids.map((id) => ({ id: String(id), name: `größe ${id}` })),
  },
  {
    name: "jsonl",
    decoder: jsonLines(),
    text: ids.map((id) => `${JSON.stringify({ id, name: `größe ${id}` })}\n`).join(""),
    want: ids.map((id) => ({ id, name: `größe ${id}` })),
  },
  {
    name: "text",
    decoder: textLines(),
    text: ids.map((id) => `line ${id} größe\n`).join(""),
    want: ids.map((id) => ({ line: `line ${id} größe` })),
  },
];

const codings = [
  { coding: "gzip", compress: (text: string) => gzipSync(text) },
  { coding: "deflate", compress: (text: string) => deflateSync(text) },
  { coding: "br", compress: (text: string) => brotliCompressSync(text) },
];

interface Reading {
  readonly url: string;
  readonly decoder: Decoder;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: ReadEvent) => void;
}

function read(open: Open, { url, decoder, headers = {}, onEvent }: Reading): Promise<unknown[]> {
  const resource = { decode: decoder, select: [], paginator: singlePage(), headers };
  return open({ url, resource, options: { retry: { maxRetries: 1, backoffMs: 0 } } })({ onEvent }).toArray();
}

/** Sends one response per connection and closes it, so only the end of the connection ends the body. */
async function serveOpenEnded(body: (attempt: number) => Uint8Array, head = ""): Promise<string> {
  let attempts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\n${head}\r\n`);
      socket.end(body(++attempts));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(transports)("a body that is cut, over $transport", ({ open }) => {
  describe.each(codings)("in $coding", ({ coding, compress }) => {
    it.each(formats)("is an error if it is truncated anywhere: $name", async ({ decoder, text, want }) => {
      const bytes = compress(text);
      let end = 0;
      const server = await serve((_, response) =>
        answer(response, 200, { body: bytes.subarray(0, end), headers: { "content-encoding": coding } }),
      );
      const reading = { url: server.url, decoder };
      for (end = 1; end < bytes.length; end += 14)
        expect((await errorOf(read(open, reading))).code).toMatch(/NETWORK|BODY_UNCHECKED/);
      // With compression, only complete bodies can be decoded.
      end = bytes.length;
      expect(await read(open, { ...reading, headers: { "accept-encoding": coding } })).toEqual(want);
    });

    it.each(formats)("is read when the next attempt is complete: $name", async ({ decoder, text, want }) => {
      const bytes = compress(text);
      for (let end = 1; end < bytes.length; end += 31) {
        const server = await serve(({ headers }, response) => {
          const isCut = server.seen.length === 1;
          const accepts = isCut || headers["accept-encoding"]?.includes(coding);
          const body = isCut ? bytes.subarray(0, end) : accepts ? bytes : text;
          const sent: Record<string, string> = accepts ? { "content-encoding": coding } : {};
          if (end % 2) answer(response, 200, { body, headers: sent });
          else {
            response.writeHead(200, sent).write(body);
            response.end();
          }
        });
        expect(await read(open, { url: server.url, decoder })).toEqual(want);
        expect(server.seen).toHaveLength(2);
      }
    });
  });

  it.each(formats)(
    "is an error if it is not in the coding that the header names: $name",
    async ({ decoder, text }) => {
      for (const body of [text, "x", Buffer.from([0x1f, 0x8b, 0, 0, 0])]) {
        const server = await serve((_, response) =>
          answer(response, 200, { body, headers: { "content-encoding": "gzip" } }),
        );
        const { code } = await errorOf(read(open, { url: server.url, decoder }));
        expect(code).toMatch(/NETWORK|BODY_UNCHECKED/);
      }
    },
  );

  describe("that only the connection ends", () => {
    it.each(formats)("is an error within a line: $name", async ({ decoder, text, want }) => {
      const bytes = Buffer.from(text);
      for (let end = 20; end < bytes.length; end += 26) {
        const isWhole = bytes[end - 1] === 10 || (decoder.type === "jsonl" && bytes[end] === 10);
        if (isWhole) continue;
        const url = await serveOpenEnded((attempt) => (attempt === 1 ? bytes.subarray(0, end) : bytes));
        expect(await read(open, { url, decoder })).toEqual(want);
      }
    });

    it.each(formats)("is announced: $name", async ({ decoder, text, want }) => {
      const url = await serveOpenEnded(() => Buffer.from(text));
      const events: ReadEvent[] = [];
      expect(await read(open, { url, decoder, onEvent: (event) => events.push(event) })).toEqual(want);
      const warnings = events.filter(({ type }) => type === "warning");
      expect(warnings).toMatchObject([{ message: expect.stringContaining("states no length") as string }]);
    });

    it.each(codings)("is an error in $coding", async ({ coding, compress }) => {
      for (const { decoder, text } of formats) {
        const bytes = compress(text);
        for (let end = 1; end < bytes.length; end += 41) {
          const url = await serveOpenEnded(() => bytes.subarray(0, end), `Content-Encoding: ${coding}\r\n`);
          const { code } = await errorOf(read(open, { url, decoder }));
          expect(code).toMatch(/NETWORK|BODY_UNCHECKED/);
        }
      }
    });
  });

  it("is not an error if it is empty, with any coding in the header", async () => {
    const server = await serve((_, response) =>
      answer(response, 200, { headers: { "content-encoding": "gzip" } }),
    );
    const reading = { url: server.url, decoder: jsonLines(), headers: { "accept-encoding": "gzip" } };
    expect(await read(open, reading)).toEqual([]);
  });
});
