import { describe, expect, test } from "vitest";

import { messagesOf, parseText, parseValue, specWith } from "../parse-text.js";

describe("texts that no request can contain", () => {
  test.each(
    ["client", "endpoint"].flatMap((part) => [
      { part, headers: { "bad name": "x" }, want: 'invalid header name "bad name"' },
      { part, headers: { "A:": "x" }, want: 'invalid header name "A:"' },
      { part, headers: { Ä: "x" }, want: 'invalid header name "Ä"' },
      { part, headers: { A: "x\r\nB: y" }, want: 'a header cannot contain "\\r"' },
      { part, headers: { A: "x\u0000" }, want: 'a header cannot contain "\\u0000"' },
      { part, headers: { A: "日本" }, want: 'a header cannot contain "日"' },
      { part, headers: { A: "🛒" }, want: 'a header cannot contain "🛒"' },
    ]),
  )("headers of $part: $headers", async ({ part, headers, want }) => {
    const { spec, diagnostics } = await parseValue(specWith({ [part]: { headers } }));
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(`invalid-value: ${want}`)]);
    expect(spec).toBeUndefined();
  });

  test.each([{ A: "{secrets.a}" }, { A: "Grüße\t~" }, { "!#$%&'*+.^_`|~-9": "x" }])(
    "valid headers: %j",
    async (headers) => {
      const { diagnostics } = await parseValue(specWith({ client: { headers }, endpoint: { headers } }));
      expect(diagnostics).toEqual([]);
    },
  );

  test.each(["/a\nb", "/a\t", "\u0000/a", "/a\u007f", "https://api.example.com/a\r"])(
    "the path %j",
    async (path) => {
      const { spec, diagnostics } = await parseValue(specWith({ endpoint: { path } }));
      expect(messagesOf(diagnostics)).toEqual([expect.stringContaining("another control character")]);
      expect(spec).toBeUndefined();
    },
  );
});

describe("the name of an API key", () => {
  const keyIn = async (auth: object): Promise<readonly string[]> =>
    messagesOf((await parseValue(specWith({ client: { auth: { type: "api_key", ...auth } } }))).diagnostics);

  test.each(["X Key", "X-Key:", "Schlüssel", "X\n"])("is a header name: %j", async (name) => {
    expect(await keyIn({ name })).toEqual([
      expect.stringContaining(`invalid header name ${JSON.stringify(name)}`),
    ]);
  });

  test.each([
    {},
    { name: "X-API-Key" },
    { name: "the key", location: "query" },
    { name: "the key", location: "body" },
  ])("may be %j", async (auth) => {
    expect((await keyIn(auth)).filter((one) => one.includes("header name"))).toEqual([]);
  });
});

describe("numbers that cannot be read", () => {
  test.each([
    ["1000000000000000000000", "too large for an exact number"],
    ["1e999", "is not a finite number"],
    ["-1e999", "is not a finite number"],
  ])("have one diagnostic: %s", async (number, message) => {
    const text = JSON.stringify(specWith({ endpoint: { paginator: { type: "offset", limit: 7 } } }));
    const { diagnostics } = await parseText(text.replace('"limit":7', `"limit":${number}`));
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
  });
});
