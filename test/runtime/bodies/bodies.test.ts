import { describe, expect, it } from "vitest";
import { singlePage, type ConnectorError } from "../../../runtime/src/index.js";
import { errorOf, fakeFetch, open, type Reply, type Row } from "../fixtures.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads one page from a response; `asked` counts the attempts. */
function readOne(reply: Reply, options: object = {}): { records: Promise<Row[]>; asked: () => number } {
  const { fetch, seen } = fakeFetch(() => reply);
  const setup = { select: [], paginator: singlePage() };
  const read = open({ url: "http://api.test", resource: setup, options: { fetch, ...options } });
  return { records: read().toArray(), asked: () => seen.length };
}

describe("a body", () => {
  const good = [
    { name: "an object", given: utf8('{"a":[1,null]}'), want: [{ a: [1, null] }] },
    { name: "a scalar", given: utf8("0"), want: [0] },
    { name: "null", given: utf8("null"), want: [] },
    { name: "a byte order mark", given: Uint8Array.of(0xef, 0xbb, 0xbf, 0x5b, 0x31, 0x5d), want: [1] },
    { name: "spaces around", given: utf8(" \r\n[1]\t"), want: [1] },
    { name: "characters beyond ASCII", given: utf8('["größe 😀"]'), want: ["größe 😀"] },
    {
      name: "__proto__ as a plain key",
      given: utf8('{"__proto__":1}'),
      want: [JSON.parse('{"__proto__":1}')],
    },
  ];
  it.each(good)("is read: $name", async ({ given, want }) => {
    expect(await readOne({ body: given }).records).toEqual(want);
  });

  const type = { headers: { "content-type": "text/html" } };
  const bad = [
    { name: "nothing", given: utf8(""), code: "NOT_JSON", attempts: 5, message: "the body is empty" },
    { name: "NaN", given: utf8('{"a":NaN}'), code: "NOT_JSON", attempts: 1, message: "the body is not JSON" },
    { name: "HTML", given: utf8("<html>"), code: "NOT_JSON", attempts: 2, message: "(text/html, 6 " },
    { name: "a cut", given: utf8('{"a":'), code: "NOT_JSON", attempts: 5, message: "(text/html, 5 " },
    { name: "two documents", given: utf8("{}{}"), code: "NOT_JSON", attempts: 1, message: "not JSON" },
    { name: "a comment", given: utf8("[1] // one"), code: "NOT_JSON", attempts: 1, message: "not JSON" },
    {
      name: "Latin-1",
      given: Uint8Array.of(0x22, 0xe4, 0x22),
      code: "NOT_UTF8",
      attempts: 1,
      message: "UTF-8",
    },
    {
      name: "UTF-16 that stops within a character",
      given: Uint8Array.of(0xff, 0xfe, 0x7b),
      code: "NOT_UTF8",
      attempts: 5,
      message: "utf-16le",
    },
    {
      name: "UTF-8 that stops within a character",
      given: Uint8Array.of(0x22, 0xc3),
      code: "NOT_UTF8",
      attempts: 5,
      message: "UTF-8",
    },
    {
      name: "a lone surrogate",
      given: Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22),
      code: "NOT_UTF8",
      attempts: 1,
      message: "UTF-8",
    },
  ];
  it.each(bad)("is refused: $name", async ({ given, code, attempts, message }) => {
    const { records, asked } = readOne({ body: given, ...type });
    const error = await errorOf(records);
    expect(error).toMatchObject({ name: "DecodeError", code });
    expect(error.message).toContain(message);
    expect(asked()).toBe(attempts);
  });

  it("stays out of the message", async () => {
    expect((await errorOf(readOne({ body: "hunter2" }).records)).message).not.toContain("hunter2");
  });

  it("is no longer than maxBodyBytes", async () => {
    const body = JSON.stringify(["0123456789"]);
    expect(await readOne({ body }, { maxBodyBytes: body.length }).records).toEqual(["0123456789"]);
    const { records, asked } = readOne({ body }, { maxBodyBytes: body.length - 1 });
    expect(await errorOf(records)).toMatchObject({ name: "DecodeError", code: "BODY_TOO_LARGE" });
    expect(asked()).toBe(1);
  });

  it("of a 204 response is an empty page", async () => {
    expect(await readOne({ status: 204 }).records).toEqual([]);
  });

  it("is put together from pieces that part characters", async () => {
    const bytes = utf8(JSON.stringify(["größe 😀 日本"]));
    const fetch = (): Promise<Response> => Promise.resolve(new Response(piecewise(bytes)));
    const read = open({
      url: "http://api.test",
      resource: { select: [], paginator: singlePage() },
      options: { fetch },
    });
    expect(await read().toArray()).toEqual(["größe 😀 日本"]);
  });
});

function piecewise(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
}

describe("a selector that finds nothing", () => {
  const rows = [
    { name: "another object", body: { rows: [], code: 7 }, has: "(its fields: rows, code) after 2 attempts" },
    { name: "a list", body: [1], has: "(it is a list) after 2 attempts" },
    { name: "null", body: null, has: "(its fields: none) after 2 attempts" },
  ];
  it.each(rows)("is an error, not an empty page: $name", async ({ body, has }) => {
    const { fetch, seen } = fakeFetch(() => ({ body: JSON.stringify(body) }));
    const error: ConnectorError = await errorOf(
      open({ url: "http://api.test", options: { fetch } })().toArray(),
    );
    expect(error).toMatchObject({ name: "PageError", code: "SELECTOR_NO_MATCH" });
    expect(error.message).toContain("the response has no records at `items`");
    expect(error.message).toContain(has);
    expect(seen).toHaveLength(2);
  });

  it("is worth a separate retry after any other failure", async () => {
    const replies: readonly Reply[] = [
      { status: 503 },
      { body: '{"items":' },
      { body: "<html>" },
      { body: { rows: [] } },
      { body: { items: [] } },
    ];
    const { fetch, seen } = fakeFetch((_, n) => replies[n - 1] ?? {});
    const read = open({
      url: "http://api.test",
      resource: { paginator: singlePage() },
      options: { fetch, retry: { backoffMs: 1 } },
    });
    expect(await read().toArray()).toEqual([]);
    expect(seen).toHaveLength(5);
  });
});

describe("GraphQL errors in a 200", () => {
  const errors = [{ message: "no access to orders" }];
  const rows: readonly { name: string; body: object; want: unknown }[] = [
    {
      name: "instead of the list",
      body: { errors, items: null },
      want: 'errors in place of records: 200: "no access to orders"',
    },
    { name: "without words", body: { errors: [{}], items: null }, want: "errors in place of records: 200" },
    {
      name: "instead of the whole body",
      body: { errors, data: null },
      want: 'errors in place of records: 200: "no access to orders"',
    },
    {
      name: "in addition to some records, which are kept",
      body: { errors, items: [{ id: 1 }] },
      want: [{ id: 1 }],
    },
    {
      name: "in addition to an empty list",
      body: { errors, items: [] },
      want: 'errors in place of records: 200: "no access to orders"',
    },
    { name: "none, and no list", body: { errors: [], items: null }, want: [] },
    { name: "that are not a list", body: { errors: 0, items: null }, want: [] },
  ];
  it.each(rows)("$name", async ({ body, want }) => {
    const { fetch } = fakeFetch(() => ({ body }));
    const resource = { paginator: singlePage() };
    const reading = open({
      url: "http://api.test",
      resource,
      options: { fetch, retry: { backoffMs: 1 } },
    })().toArray();
    if (typeof want === "string") expect((await errorOf(reading)).message).toContain(want);
    else expect(await reading).toEqual(want);
  });
});
