import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { csv, json, jsonLines, singlePage, textLines } from "../../../runtime/src/index.js";
import type { Decoder } from "../../../runtime/src/plugin.js";
import { errorOf, transports, type Open } from "../fixtures.js";
import { answer, serve } from "../server.js";

/** A body with its headers, and the options of its decoder. */
interface Payload {
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly decoder?: Decoder;
}

/** Reads a body. Returns the records or the error, and the number of requests. */
async function receive(
  open: Open,
  { body, headers = {}, decoder }: Payload,
): Promise<{ result: unknown; requests: number }> {
  const { url, seen } = await serve((_, response) =>
    answer(response, 200, { body: Buffer.from(body), headers }),
  );
  const resource = { ...(decoder && { decode: decoder }), select: [], paginator: singlePage() };
  const reading = open({ url, resource, options: { retry: { backoffMs: 1 } } })().toArray();
  const result: unknown = await reading.catch(() => errorOf(reading));
  return { result, requests: seen.length };
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, "utf8");
const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const utf16 = (text: string): Uint8Array => Buffer.from(text, "utf16le");
const cities = [{ name: "Zürich" }, { name: "Malmö" }];
const table = "name\nZürich\nMalmö\n";

describe.each(transports)("a body over $transport", ({ open }) => {
  const charsets: readonly (Payload & { readonly name: string })[] = [
    {
      name: "ISO-8859-1 in Content-Type, JSON",
      body: latin1(JSON.stringify(cities)),
      headers: { "content-type": "application/json; charset=ISO-8859-1" },
    },
    {
      name: "UTF-16 in Content-Type, in quotes, CSV",
      body: utf16(table),
      headers: { "content-type": 'text/csv; header=present; charset="utf-16le"' },
      decoder: csv(),
    },
    {
      name: "UTF-16 with a byte order mark",
      body: utf16(`\uFEFF${table}`),
      headers: { "content-type": "text/csv;charset=utf-16le" },
      decoder: csv(),
    },
    { name: "the decoder's", body: latin1(table), decoder: csv({ encoding: "windows-1252" }) },
    {
      name: "the decoder's, which wins",
      body: latin1(JSON.stringify(cities)),
      headers: { "content-type": "application/json; charset=utf-8" },
      decoder: json({ encoding: "iso-8859-1" }),
    },
    { name: "UTF-16 that only a byte order mark tells", body: utf16(`\uFEFF${table}`), decoder: csv() },
    {
      name: "UTF-16, big-endian, if the header does not state the byte order",
      body: Buffer.from(utf16(`\uFEFF${table}`)).swap16(),
      headers: { "content-type": "text/csv; charset=utf-16" },
      decoder: csv(),
    },
    {
      name: "UTF-8 with a byte order mark, against the header",
      body: utf8(`\uFEFF${table}`),
      headers: { "content-type": "text/csv; charset=iso-8859-1" },
      decoder: csv(),
    },
    {
      name: "UTF-8 that calls itself ASCII",
      body: utf8(JSON.stringify(cities)),
      headers: { "content-type": "application/json; charset=us-ascii" },
    },
    {
      name: "none",
      body: utf8(cities.map((city) => `${JSON.stringify(city)}\n`).join("")),
      decoder: jsonLines(),
    },
  ];
  it.each(charsets)("is decoded by its charset: $name", async (payload) => {
    expect(await receive(open, payload)).toEqual({ result: cities, requests: 1 });
  });

  it("is an error in another charset or an unknown one", async () => {
    const wrong = await receive(open, { body: latin1(table), decoder: csv() });
    expect(wrong).toMatchObject({ result: { code: "NOT_UTF8" }, requests: 1 });
    const headers = { "content-type": "application/json; charset=klingon" };
    const { result, requests } = await receive(open, { body: utf8("[]"), headers });
    expect(String(result)).toContain("unknown charset klingon: set the decoder's `encoding`");
    expect(requests).toBe(1);
  });

  it.each([
    { name: "JSON", decoder: json() },
    { name: "CSV in Latin 1", decoder: csv({ columns: ["name"], encoding: "iso-8859-1" }) },
    { name: "lines in Latin 1", decoder: textLines({ encoding: "iso-8859-1" }) },
    { name: "JSON Lines", decoder: jsonLines() },
  ])("is an error, never text, where it is a gzip file: $name", async ({ decoder }) => {
    const { result, requests } = await receive(open, { body: gzipSync(utf8("1\n2\n")), decoder });
    expect(result).toMatchObject({ code: "NOT_UTF8" });
    expect(String(result)).toContain("the body is a gzip file: set the decoder's `compression`");
    expect(requests).toBe(1);
  });

  const compressions = [
    { compression: "gzip", compress: gzipSync },
    { compression: "deflate", compress: deflateSync },
    { compression: "deflate-raw", compress: deflateRawSync },
  ] as const;
  it.each(compressions)(
    "is decompressed without a header: $compression",
    async ({ compression, compress }) => {
      const body = compress(latin1(table));
      const decoder = csv({ compression, encoding: "iso-8859-1" });
      expect(await receive(open, { body, decoder })).toEqual({ result: cities, requests: 1 });
      const text = compress(utf8(JSON.stringify(cities)));
      expect(await receive(open, { body: text, decoder: json({ compression }) })).toEqual({
        result: cities,
        requests: 1,
      });
    },
  );

  it.each(compressions)(
    "is an error where the compressed content is cut: $compression",
    async ({ compression, compress }) => {
      const whole = compress(utf8(table.repeat(50)));
      for (const end of [1, 5, Math.floor(whole.length / 2), whole.length - 1]) {
        const { result, requests } = await receive(open, {
          body: whole.subarray(0, end),
          decoder: csv({ compression }),
        });
        expect(result).toMatchObject({ name: "NetworkError" });
        expect(requests).toBe(5);
      }
    },
  );

  it("is limited in size after the decompression", async () => {
    const body = gzipSync(Buffer.alloc(10_000_000, 10));
    const { url } = await serve((_, response) => answer(response, 200, { body }));
    const resource = { decode: textLines({ compression: "gzip" }), select: [], paginator: singlePage() };
    const read = open({ url, resource, options: { maxBodyBytes: 1_000_000 } });
    expect(await errorOf(read().toArray())).toMatchObject({ code: "BODY_TOO_LARGE" });
  });

  it.each([
    { name: "deflate with its wrapper", compress: deflateSync },
    { name: "deflate without it", compress: deflateRawSync },
  ])("has a content coding: $name", async ({ compress }) => {
    const headers = { "content-encoding": "deflate" };
    const whole = { body: compress(utf8(JSON.stringify(cities))), headers };
    expect(await receive(open, whole)).toEqual({ result: cities, requests: 1 });
  });
});

describe("a streamed body over node:http", () => {
  const open = transports.find(({ transport }) => transport.includes("http"))?.open as Open;
  it.each([
    { name: "deflate with its wrapper", compress: deflateSync },
    { name: "deflate without it", compress: deflateRawSync },
  ])("has a content coding: $name", async ({ compress }) => {
    const payload = {
      body: compress(utf8(table)),
      headers: { "content-encoding": "deflate" },
      decoder: csv(),
    };
    expect(await receive(open, payload)).toEqual({ result: cities, requests: 1 });
  });

  it("is an error where the content coding cannot be undone", async () => {
    for (const body of [utf8(table), gzipSync(utf8(table)).subarray(0, 12), utf8("x")]) {
      const { result, requests } = await receive(open, {
        body,
        headers: { "content-encoding": "gzip" },
        decoder: csv(),
      });
      expect(result).toMatchObject({ name: "NetworkError" });
      expect(requests).toBe(5);
    }
  });
});

describe("several content codings over node:http", () => {
  const open = transports.find(({ transport }) => transport.includes("http"))?.open as Open;
  const text = utf8(JSON.stringify(cities));
  const lines = utf8(cities.map((city) => `${JSON.stringify(city)}\n`).join(""));
  const codings = [
    { coding: "gzip, gzip", compress: (body: Uint8Array) => gzipSync(gzipSync(body)) },
    { coding: "deflate,gzip", compress: (body: Uint8Array) => gzipSync(deflateSync(body)) },
    { coding: "identity, GZIP", compress: (body: Uint8Array) => gzipSync(body) },
    { coding: "utf-8", compress: (body: Uint8Array) => body },
  ];
  it.each(codings)("are undone one after the other: $coding", async ({ coding, compress }) => {
    const headers = { "content-encoding": coding };
    const whole = await receive(open, { body: compress(text), headers });
    const streamed = await receive(open, { body: compress(lines), headers, decoder: jsonLines() });
    expect([whole, streamed]).toEqual(Array(2).fill({ result: cities, requests: 1 }));
  });

  it.each([undefined, jsonLines()])("are an error where the inner one is cut", async (decoder) => {
    const inner = gzipSync(decoder ? lines : text);
    const body = gzipSync(inner.subarray(0, inner.length - 9));
    const payload = { body, headers: { "content-encoding": "gzip, gzip" }, ...(decoder && { decoder }) };
    expect(await receive(open, payload)).toMatchObject({ result: { code: "NETWORK" }, requests: 5 });
  });

  it.each([undefined, textLines({ encoding: "iso-8859-1" })])(
    "are an error where one is unknown",
    async (decoder) => {
      const payload = {
        body: utf8("(\xb5"),
        headers: { "content-encoding": "zstd" },
        ...(decoder && { decoder }),
      };
      const { result, requests } = await receive(open, payload);
      expect(result).toMatchObject({ code: "INVALID_BODY" });
      expect(requests).toBe(1);
    },
  );
});

describe.each(transports)("a page of HTML instead of the first page over $transport", ({ open }) => {
  const page = utf8("<!DOCTYPE html><html><head><title>Sign in</title></head></html>\n");
  it.each([
    { decoder: csv(), code: "NOT_CSV" },
    { decoder: csv({ columns: ["a"] }), code: "NOT_CSV" },
    { decoder: jsonLines(), code: "NOT_JSON" },
    { decoder: json(), code: "NOT_JSON" },
    { decoder: textLines(), code: "INVALID_BODY" },
  ])("is retried once, and named: $decoder.type", async ({ decoder, code }) => {
    const { result, requests } = await receive(open, { body: page, decoder });
    expect(result).toMatchObject({ code });
    expect(String(result)).toContain('titled "Sign in"');
    expect(requests).toBe(2);
  });
});
