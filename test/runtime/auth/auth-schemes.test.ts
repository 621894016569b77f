import { describe, expect, it } from "vitest";
import {
  apiKey,
  apiKeyInBody,
  bearer,
  customAuth,
  httpBasic,
  oneOf,
  rawBody,
  singlePage,
} from "../../../runtime/src/index.js";
import type { Credentials, ResourceShape, UnsignedRequest } from "../../../runtime/src/plugin.js";
import { placeholders } from "./auth-server.js";
import { errorOf, expectNoSecret, exposureOf, fakeFetch, open, transports, type Asked } from "../fixtures.js";
import { answer, answerJson, serve } from "../server.js";

/** Creates a body with this text and type. */
function body(text: string, contentType?: string): NonNullable<ResourceShape["body"]> {
  const built = { text, ...(contentType !== undefined && { contentType }) };
  return { ...rawBody(text), build: () => Promise.resolve(built) };
}

/** Returns the body of a `POST` with this auth. */
async function bodySent(auth: ReturnType<typeof apiKey>, given?: ReturnType<typeof body>): Promise<unknown> {
  let sent: unknown = "nothing was asked";
  const fetch = (_: string, init: { readonly body?: string }): Promise<Response> => {
    sent = init.body;
    return Promise.resolve(Response.json({ items: [] }));
  };
  const read = open({
    url: "http://api.test",
    resource: { method: "POST", auth, paginator: singlePage(), ...(given && { body: given }) },
    options: { apiKey: 's3cr"&=ä+', fetch },
  });
  await read().toArray();
  return sent;
}

const key = { apiKey: "{secrets.api_key}", name: "api key", location: "body" } as const;

describe("a bearer token", () => {
  it.each([
    { apiKey: "Bearer s3cret-token", sent: "Bearer Bearer s3cret-token", warnings: 1 },
    { apiKey: "bearer s3cret-token", sent: "Bearer bearer s3cret-token", warnings: 1 },
    { apiKey: "bearers3cret-token", sent: "Bearer bearers3cret-token", warnings: 0 },
  ])("$apiKey is sent, with $warnings warning per client", async ({ apiKey, sent, warnings }) => {
    const { fetch, seen } = fakeFetch((_, n) => ({ body: { items: [{ id: n }], total: 2 } }));
    const lines: string[] = [];
    const logger = { warn: (line: string) => void lines.push(line), error: () => undefined };
    const read = open({
      url: "http://api.test",
      source: { auth: bearer({ token: "{secrets.api_key}" }) },
      options: { apiKey, fetch, logger },
    });
    await read().toArray();
    await read().toArray();
    expect(new Set(seen.map(({ headers }) => headers["authorization"]))).toEqual(new Set([sent]));
    const says =
      "shop.rows page 1: the token begins with `Bearer`, which the client adds: pass the token alone";
    expect(lines).toEqual(Array.from({ length: warnings }, () => says));
  });
});

describe("an API key in the body", () => {
  const json = "application/json; charset=utf-8";
  const form = "application/x-www-form-urlencoded";
  const rows: readonly { name: string; given?: ReturnType<typeof body>; want: unknown; prefix?: string }[] = [
    {
      name: "becomes a field of JSON",
      given: body('{"a":1}', json),
      want: `{"a":1,"api key":"s3cr\\"&=ä+"}`,
    },
    { name: "of an empty object", given: body("{}", json), want: `{"api key":"s3cr\\"&=ä+"}` },
    {
      name: "takes the place of a field",
      given: body('{"api key":0,"a":1}', json),
      want: `{"api key":"s3cr\\"&=ä+","a":1}`,
    },
    {
      name: "stands behind its prefix",
      given: body("{}"),
      prefix: "Key ",
      want: `{"api key":"Key s3cr\\"&=ä+"}`,
    },
    {
      name: "becomes a field of a form",
      given: body("a=1", form),
      want: "a=1&api+key=s3cr%22%26%3D%C3%A4%2B",
    },
    { name: "of an empty form", given: body("", form), want: "api+key=s3cr%22%26%3D%C3%A4%2B" },
    {
      name: "takes the place of a form's field",
      given: body("api+key=0&a=1", form),
      want: "a=1&api+key=s3cr%22%26%3D%C3%A4%2B",
    },
    { name: "is left out where there is no body", want: undefined },
  ];
  it.each(rows)("$name", async ({ given, want, prefix }) => {
    expect(await bodySent(apiKeyInBody({ ...key, ...(prefix && { prefix }) }), given)).toBe(want);
  });

  it.each(["[1]", "plain s3cret text", "null", '"x"'])("has no place in %s", async (text) => {
    const error = await errorOf(bodySent(apiKeyInBody(key), body(text)));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expectNoSecret(exposureOf(error));
  });
});

describe("an API key with a prefix", () => {
  it.each([
    ["header", { authorization: "Token k" }],
    ["cookie", { cookie: "Authorization=Token%20k" }],
  ] as const)("in a %s", async (location, want) => {
    const asked = await askOne({ auth: apiKey({ apiKey: "{secrets.api_key}", prefix: "Token ", location }) });
    expect(asked.headers).toMatchObject(want);
  });
});

/** Returns the only request of a read with the API key `k`. */
async function askOne(
  resource: Partial<ResourceShape>,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Asked> {
  const { fetch, seen } = fakeFetch(() => ({ body: { items: [] } }));
  const given = { apiKey: "k", token: "t", ...options, fetch };
  await open({
    url: "http://api.test",
    source: { options: { ...placeholders, "secrets.token": { option: "token" } } },
    resource: { paginator: singlePage(), ...resource },
    options: given,
  })().toArray();
  const [asked] = seen;
  if (!asked) throw new Error("nothing was asked");
  return asked;
}

describe.each(transports)("a secret with a line break over $transport", ({ open: openOver }) => {
  const schemes = [
    apiKey({ apiKey: "{secrets.api_key}", name: "X-Key" }),
    bearer({ token: "{secrets.api_key}" }),
    apiKey({ apiKey: "{secrets.api_key}", prefix: "Token\n" }),
  ];
  it.each(["s3cr\r\nX-Evil: 1", "s3cr\n", "s3cr\u0000", "s3cr\u{1f600}"])(
    "in a header is an error: %j",
    async (apiKey) => {
      const server = await serve((_, response) => answerJson(response, { items: [] }));
      for (const auth of schemes) {
        const error = await errorOf(
          openOver({ url: server.url, source: { auth }, options: { apiKey } })().toArray(),
        );
        expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
        expect(error.message).toMatch(/the header `(x-key|authorization)` holds a line break/);
        expect(error.attempts).toHaveLength(1);
        expectNoSecret(exposureOf(error));
      }
      expect(server.seen).toHaveLength(0);
    },
  );

  it("elsewhere is encoded", async () => {
    const server = await serve((_, response) => answerJson(response, { items: [] }));
    const given = { apiKey: "a\r\nb\u{1f600}" };
    for (const auth of [
      apiKey({ apiKey: "{secrets.api_key}", name: "k", location: "query" }),
      apiKey({ apiKey: "{secrets.api_key}", name: "k", location: "cookie" }),
      httpBasic({ username: "u", password: "{secrets.api_key}" }),
    ])
      await openOver({ url: server.url, source: { auth }, options: given })().toArray();
    expect(server.seen[0]?.query.get("k")).toBe(given.apiKey);
    expect(decodeURIComponent(server.seen[1]?.headers.cookie ?? "")).toBe(`k=${given.apiKey}`);
    const basic = server.seen[2]?.headers.authorization?.replace("Basic ", "") ?? "";
    expect(Buffer.from(basic, "base64").toString()).toBe(`u:${given.apiKey}`);
  });
});

describe("custom", () => {
  it("asks a function for the credentials of each request, which it sees as it goes out", async () => {
    const seen: UnsignedRequest[] = [];
    const authorize = (request: UnsignedRequest): Credentials => {
      seen.push(request);
      return {
        headers: { Authorization: "Signature s3cr-signature" },
        query: { sig: "s3cr-query" },
        cookies: { sid: "s3cr-cookie" },
      };
    };
    const asked = await askOne(
      { auth: customAuth(), query: { a: "1" } },
      { authorize, headers: { "X-Own": "own", authorization: "none" } },
    );
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: "GET",
      url: "http://api.test/v1/rows?a=1",
      headers: { accept: "application/json", "x-own": "own", authorization: "none" },
    });
    expect(asked.headers).toMatchObject({
      authorization: "Signature s3cr-signature",
      cookie: "sid=s3cr-cookie",
    });
    expect(asked.query.get("sig")).toBe("s3cr-query");
  });

  it("may write the body, and wait", async () => {
    let sent: unknown;
    const read = open({
      url: "http://api.test",
      resource: { method: "POST", auth: customAuth(), body: body('{"a":1}'), paginator: singlePage() },
      options: {
        authorize: ({ body: text = "" }: UnsignedRequest) =>
          Promise.resolve({ body: text.replace("1", "2") }),
        fetch: (_, { body: text }) => {
          sent = text;
          return Promise.resolve(Response.json({ items: [] }));
        },
      },
    });
    await read().toArray();
    expect(sent).toBe('{"a":2}');
  });

  it("may renew credentials that are refused, once", async () => {
    let token = 1;
    const server = await serve(({ headers }, response) =>
      headers.authorization === "Bearer token-2"
        ? answerJson(response, { items: [{ id: 1 }] })
        : answer(response, 401),
    );
    const authorize = (): Credentials => ({
      headers: { Authorization: `Bearer token-${token}` },
      renew: () => {
        token++;
      },
    });
    const resource = { auth: customAuth(), paginator: singlePage() };
    const read = open({ url: server.url, resource, options: { authorize } });
    expect(await read().toArray()).toHaveLength(1);
    expect(server.seen).toHaveLength(2);
    token = 7;
    expect(await errorOf(read().toArray())).toMatchObject({ name: "AuthError", code: "UNAUTHORIZED" });
    expect(server.seen).toHaveLength(4);
  });

  it("that fails is an AuthError, with the cause", async () => {
    for (const authorize of [
      (): never => {
        throw new Error("vault is sealed");
      },
      () => Promise.reject(new Error("vault is sealed")),
    ]) {
      const error = await errorOf(askOne({ auth: customAuth() }, { authorize }));
      expect(error).toMatchObject({
        name: "AuthError",
        code: "NO_CREDENTIALS",
        cause: { message: "vault is sealed" },
      });
      expect(error.attempts).toHaveLength(1);
    }
  });

  it("without a function names the missing option", async () => {
    const error = await errorOf(askOne({ auth: customAuth() }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expect(error.message).toContain("`authorize`");
  });

  it("is not called for other origins, and its credentials are secrets", async () => {
    const other = await serve((_, response) => answerJson(response, { items: [{ id: 1 }] }));
    const server = await serve(({ path }, response) =>
      answer(response, 302, {
        headers: { location: path === "/v1/rows" ? `${other.url}/x` : "" },
      }),
    );
    let count = 0;
    const authorize = (): Credentials => {
      count++;
      return { headers: { Authorization: "Bearer s3cr-custom-token" } };
    };
    const resource = { auth: customAuth(), paginator: singlePage() };
    await open({ url: server.url, resource, options: { authorize } })().toArray();
    expect(count).toBe(1);
    expectNoSecret(exposureOf(other.seen));
    const echo = await serve((_, response) =>
      answer(response, 302, { headers: { location: "ftp://x.test/s3cr-custom-token" } }),
    );
    const error = await errorOf(
      open({ url: echo.url, source: { auth: customAuth() }, options: { authorize } })().toArray(),
    );
    expect(error.message).toContain("[redacted]");
    expectNoSecret(exposureOf(error));
  });
});

describe("one_of", () => {
  const auth = oneOf({
    token: bearer({ token: "{secrets.token}" }),
    key: apiKey({ apiKey: "{secrets.api_key}", name: "X-Key" }),
  });

  it("uses the first scheme, unless an option names another", async () => {
    expect((await askOne({ auth })).headers).toMatchObject({ authorization: "Bearer t" });
    expect((await askOne({ auth }, { authScheme: "token" })).headers).toMatchObject({
      authorization: "Bearer t",
    });
    const { headers } = await askOne({ auth }, { authScheme: "key" });
    expect(headers).toMatchObject({ "x-key": "k" });
    expect(headers).not.toHaveProperty("authorization");
  });

  it("asks for the secrets of the chosen scheme only", async () => {
    expect((await askOne({ auth }, { authScheme: "key", token: "" })).headers).toMatchObject({
      "x-key": "k",
    });
  });

  it.each(["basic", "", "toString"])("has no scheme %j", async (authScheme) => {
    const error = await errorOf(askOne({ auth }, { authScheme }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expect(error.message).toContain(`unknown \`authScheme\` "${authScheme}": valid values are token, key`);
  });
});

describe("secrets of any length", () => {
  it("are redacted, however many tokens came before", async () => {
    const long = Array.from({ length: 700 }, (_, n) => `s3cr${n}/`).join("");
    let n = 0;
    const { fetch } = fakeFetch(() => ({
      status: 302,
      headers: { location: `ftp://x.test/${encodeURIComponent(long)}?a=s3cr-token-${n}` },
    }));
    const authorize = (): Credentials => ({ headers: { Authorization: `Bearer s3cr-token-${++n}` } });
    const read = open({
      url: "http://api.test",
      source: { auth: customAuth(), headers: { "x-key": "{secrets.api_key}" } },
      options: { apiKey: long, authorize, fetch },
    });
    for (let reads = 0; reads < 40; reads++) {
      const error = await errorOf(read().toArray());
      expect(error.message).toContain("ftp://x.test/[redacted]?a=[redacted]");
    }
  });
});

describe("a body with a secret", () => {
  it("does not go to another origin", async () => {
    const other = await serve((_, response) => answerJson(response, { items: [] }));
    const server = await serve((_, response) =>
      answer(response, 307, { headers: { location: `${other.url}/v1/rows` } }),
    );
    const resource = { method: "POST", paginator: singlePage(), body: body('{"key":"s3cr-key"}') };
    const auth = apiKey({ apiKey: "{secrets.api_key}" });
    const options = { apiKey: "s3cr-key" };
    const error = await errorOf(open({ url: server.url, source: { auth }, resource, options })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "UNTRUSTED_ORIGIN" });
    expect(other.seen).toHaveLength(0);
    const allowed = { ...options, allowedOrigins: [other.url] };
    await open({ url: server.url, source: { auth }, resource, options: allowed })().toArray();
    expect(other.seen).toHaveLength(1);
  });
});
