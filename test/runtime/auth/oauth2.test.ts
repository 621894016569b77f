import { describe, expect, it } from "vitest";
import { oauth2ClientCredentials } from "../../../runtime/src/index.js";
import type { OAuth2ClientCredentialsOptions } from "../../../runtime/src/auth/oauth2-client-credentials.js";
import { issueToken, reader, secrets, serveAuth, tokenOf } from "./auth-server.js";
import { errorOf, expectNoSecret, exposureOf, idsOf, transports } from "../fixtures.js";
import { answer, answerJson, jsonType, serve } from "../server.js";

const base: OAuth2ClientCredentialsOptions = {
  accessTokenUrl: "/token",
  clientId: "{secrets.client_id}",
  clientSecret: "{secrets.client_secret}",
};

function auth(
  more: Partial<OAuth2ClientCredentialsOptions> = {},
): ReturnType<typeof oauth2ClientCredentials> {
  return oauth2ClientCredentials({ ...base, ...more });
}

const { clientId, clientSecret } = secrets;

describe.each(transports)("oauth2_client_credentials over $transport", ({ open }) => {
  it("asks for one token for all pages, as dlt does", async () => {
    const server = await serveAuth({ pages: 3 });
    const rows = await reader(server.url, { auth: auth(), open })().toArray();
    expect(idsOf(rows)).toEqual([1, 2, 3]);
    expect(server.tokens).toHaveLength(1);
    const [{ method, headers, body } = {} as never] = server.tokens;
    expect(method).toBe("POST");
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(body)]).toEqual([
      ["client_id", clientId],
      ["client_secret", clientSecret],
      ["grant_type", "client_credentials"],
    ]);
  });

  it("shares one request for a token among reads at the same time", async () => {
    const server = await serveAuth({
      token: (response, n) => void setTimeout(() => issueToken(response, n), 30),
    });
    const read = reader(server.url, { auth: auth(), open });
    await Promise.all(Array.from({ length: 5 }, () => read().toArray()));
    expect(server.reads).toHaveLength(5);
    expect(server.tokens).toHaveLength(1);
  });

  it("asks for a new token once when it is refused", async () => {
    const server = await serveAuth({
      isGood: ({ headers }) => headers.authorization === `Bearer ${tokenOf(2)}`,
    });
    await reader(server.url, { auth: auth(), open })().toArray();
    expect(server.tokens).toHaveLength(2);
    expect(server.reads).toHaveLength(2);
  });

  it("gives up when the new one is refused too", async () => {
    const server = await serveAuth({ isGood: () => false });
    const error = await errorOf(reader(server.url, { auth: auth(), open })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "UNAUTHORIZED", status: 401 });
    expect([server.tokens.length, server.reads.length]).toEqual([2, 2]);
    expectNoSecret(exposureOf(error));
  });

  it("sends the client's credentials to the token's origin only, and nothing else there", async () => {
    const tokens = await serveAuth();
    const api = await serveAuth({
      isGood: ({ headers }) => headers.authorization === `Bearer ${tokenOf(1)}`,
    });
    const read = reader(api.url, {
      auth: auth({ accessTokenUrl: `${tokens.url}/token` }),
      options: { headers: { "x-own": "s3cr-own" } },
      source: { headers: { "x-spec": "spec" } },
      open,
    });
    await read({ headers: { "x-read": "s3cr-read" } }).toArray();
    expect(tokens.tokens[0]?.form["client_secret"]).toBe(clientSecret);
    expect(Object.keys(tokens.tokens[0]?.headers ?? {}).filter((name) => name.startsWith("x-"))).toEqual([]);
    expect(exposureOf(api.reads)).not.toContain(clientSecret);
    expect(api.reads[0]?.headers).toMatchObject({ "x-own": "s3cr-own", "x-read": "s3cr-read" });
  });
});

describe("the token request", () => {
  const rows = [
    {
      name: "is added to, and may be changed, by access_token_request_data",
      options: {
        scope: "all",
        accessTokenRequestData: {
          scope: "read write",
          audience: ["x", "y"],
          grant_type: "custom",
          client_id: null,
          is_x: true,
          password: "{secrets.password}",
        },
      },
      want: [
        ["client_secret", clientSecret],
        ["grant_type", "custom"],
        ["scope", "read write"],
        ["audience", "x"],
        ["audience", "y"],
        ["is_x", "true"],
        ["password", secrets.password],
      ],
    },
    {
      name: "names the scope",
      options: { scope: "read write" },
      want: [
        ["client_id", clientId],
        ["client_secret", clientSecret],
        ["grant_type", "client_credentials"],
        ["scope", "read write"],
      ],
    },
    {
      name: "leaves the client out of the form with client_secret_basic",
      options: { clientAuth: "client_secret_basic" as const },
      want: [["grant_type", "client_credentials"]],
    },
  ];
  it.each(rows)("$name", async ({ options, want }) => {
    const server = await serveAuth();
    await reader(server.url, { auth: auth(options) })().toArray();
    expect([...new URLSearchParams(server.tokens[0]?.body)]).toEqual(want);
  });

  it("encodes id and secret within Basic (RFC 6749 §2.3.1)", async () => {
    const server = await serveAuth();
    await reader(server.url, { auth: auth({ clientAuth: "client_secret_basic" }) })().toArray();
    const sent = server.tokens[0]?.headers.authorization?.replace("Basic ", "") ?? "";
    const pair = Buffer.from(sent, "base64").toString();
    expect(pair).toBe("s3cr-id:s3cr%2Bsec%2Fret%3A+%C3%A4");
  });

  it("is repeated like others, and told of", async () => {
    const server = await serveAuth({
      token: (response, n) => (n < 3 ? answer(response, n === 1 ? 503 : 429) : issueToken(response, n)),
    });
    const messages: string[] = [];
    const onEvent = (event: { type: string; message?: string }): unknown =>
      event.type === "retry" && messages.push(event.message ?? "");
    await reader(server.url, { auth: auth(), options: { onEvent } })().toArray();
    expect(server.tokens).toHaveLength(3);
    expect(messages).toEqual([
      `token request to ${server.url}: status 503`,
      `token request to ${server.url}: status 429`,
    ]);
  });

  it("that breaks off is repeated", async () => {
    const server = await serveAuth({
      token: (response, n) => (n === 1 ? void response.destroy() : issueToken(response, n)),
    });
    await reader(server.url, { auth: auth() })().toArray();
    expect(server.tokens).toHaveLength(2);
  });

  it("that is not answered times out and is repeated", async () => {
    const server = await serveAuth({
      token: (response, n) => (n === 1 ? undefined : issueToken(response, n)),
    });
    await reader(server.url, { auth: auth(), options: { timeoutMs: 100 } })().toArray();
    expect(server.tokens).toHaveLength(2);
  });

  const refusals = [
    {
      status: 400,
      body: '{"error": "invalid_client", "error_description": "s3cr-echo"}',
      says: " (invalid_client)",
    },
    { status: 401, body: '{"error":"something s3cret"}', says: "" },
    { status: 403, body: "s3cr-echo", says: "" },
    { status: 404, body: "", says: "" },
  ];
  it.each(refusals)("that is refused with $status is an AuthError", async ({ status, body, says }) => {
    const server = await serveAuth({
      token: (response) => answer(response, status, { body, headers: jsonType }),
    });
    const error = await errorOf(reader(server.url, { auth: auth() })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS", status, resource: "rows" });
    expect(error.message).toContain(`token request to ${server.url}: status ${status}${says}:`);
    expect(server.tokens).toHaveLength(1);
    expect(server.reads).toHaveLength(0);
    expectNoSecret(exposureOf(error), clientSecret);
  });

  it("that asks for a wait that is too long is an error that states it", async () => {
    const server = await serveAuth({
      token: (response) => answer(response, 429, { headers: { "retry-after": "3600" } }),
    });
    const error = await errorOf(reader(server.url, { auth: auth() })().toArray());
    expect(error).toMatchObject({ name: "HttpError", code: "RETRY_AFTER_TOO_LONG", status: 429 });
  });

  it("never follows a redirect to another origin with the secret", async () => {
    const other = await serve((_, response) => answerJson(response, { access_token: "x" }));
    const server = await serveAuth({
      token: (response) => answer(response, 307, { headers: { location: `${other.url}/token` } }),
    });
    const error = await errorOf(reader(server.url, { auth: auth() })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "UNTRUSTED_ORIGIN" });
    expect(other.seen).toHaveLength(0);
  });

  it("follows a redirect within its origin", async () => {
    const server = await serveAuth({
      token: (response, n) =>
        n === 1 ? answer(response, 308, { headers: { location: "/token/v2" } }) : issueToken(response, n),
    });
    await reader(server.url, { auth: auth() })().toArray();
    expect(server.tokens.map(({ path, form }) => [path, form["client_secret"]])).toEqual([
      ["/token", clientSecret],
      ["/token/v2", clientSecret],
    ]);
  });

  it("to an invalid URL is an error without the URL", async () => {
    const error = await errorOf(
      reader("http://api.test", {
        auth: auth({ accessTokenUrl: "https://u:s3cr@x.test/token" }),
      })().toArray(),
    );
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expectNoSecret(exposureOf(error));
  });
});

describe("the reply", () => {
  const replies = [
    { name: "no token", body: {} },
    { name: "null", body: { access_token: null } },
    { name: "an empty text", body: { access_token: "" } },
    { name: "an object", body: { access_token: {} } },
    { name: "a list", body: [] },
  ];
  it.each(replies)("with $name is an AuthError", async ({ body }) => {
    const server = await serveAuth({ token: (response) => answerJson(response, body) });
    const error = await errorOf(reader(server.url, { auth: auth() })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS" });
    expect(error.message).toContain("no token at `access_token`");
    expect(server.tokens).toHaveLength(1);
  });

  it.each([
    {
      name: "a code",
      body: { error: "bad_verification_code" },
      says: ": its `error` is bad_verification_code",
    },
    { name: "a text", body: { error: "the secret s3cr is wrong" }, says: "no token at `access_token`" },
    { name: "an object", body: { error: { code: "no" } }, says: "no token at `access_token`" },
  ])("with status 200 and $name in `error` names codes only", async ({ body, says }) => {
    const server = await serveAuth({ token: (response) => answerJson(response, body) });
    const error = await errorOf(reader(server.url, { auth: auth() })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS" });
    expect(error.message).toContain(says);
    expect(error.message.includes("`error`")).toBe(says.includes("`error`"));
  });

  it("without a body is an AuthError", async () => {
    const server = await serveAuth({ token: (response) => answer(response, 204) });
    const error = await errorOf(reader(server.url, { auth: auth() })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS" });
  });

  it("with a line break in the token is an error, not another header", async () => {
    const server = await serveAuth({
      token: (response) => answerJson(response, { access_token: "s3cr\r\nx-evil: 1" }),
    });
    const error = await errorOf(reader(server.url, { auth: auth() })().toArray());
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expect(error.message).toContain("`authorization`");
    expect(server.reads).toHaveLength(0);
    expectNoSecret(exposureOf(error));
  });
});
