import { afterEach, describe, expect, it, vi } from "vitest";
import { query, sessionToken } from "../../../runtime/src/index.js";
import type { SessionTokenOptions } from "../../../runtime/src/auth/session-token.js";
import { reader, secrets, serveAuth, tokenOf } from "./auth-server.js";
import { errorOf, expectNoSecret, exposureOf, transports } from "../fixtures.js";
import { answer, answerJson, serve } from "../server.js";

afterEach(() => void vi.useRealTimers());

const base: SessionTokenOptions = {
  loginUrl: "/token/login",
  json: {
    user: "{secrets.client_id}",
    password: "{secrets.password}",
    remember: true,
    depth: [{ a: "{{x}}" }],
  },
  tokenPath: ["data", "token"],
};

const issue = (response: Parameters<typeof answerJson>[0], n: number): void =>
  answerJson(response, { data: { token: tokenOf(n) } });

describe.each(transports)("session_token over $transport", ({ open }) => {
  it("logs in once, and sends the token as a bearer token", async () => {
    const server = await serveAuth({ token: issue, pages: 2 });
    const read = reader(server.url, { auth: sessionToken(base), open });
    await Promise.all([read().toArray(), read().toArray()]);
    expect(server.reads).toHaveLength(4);
    expect(server.tokens).toHaveLength(1);
    const [login] = server.tokens;
    expect(login).toMatchObject({ method: "POST", path: "/token/login" });
    expect(login?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(login?.body ?? "")).toEqual({
      user: secrets.clientId,
      password: secrets.password,
      remember: true,
      depth: [{ a: "{x}" }],
    });
  });

  it("logs in again once when the token is refused", async () => {
    const server = await serveAuth({
      token: issue,
      isGood: ({ headers }) => headers.authorization !== `Bearer ${tokenOf(1)}`,
    });
    await reader(server.url, { auth: sessionToken(base), open })().toArray();
    expect([server.tokens.length, server.reads.length]).toEqual([2, 2]);
    const refusing = await serveAuth({ token: issue, isGood: () => false });
    const error = await errorOf(reader(refusing.url, { auth: sessionToken(base), open })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "UNAUTHORIZED" });
    expect([refusing.tokens.length, refusing.reads.length]).toEqual([2, 2]);
  });
});

describe("session_token", () => {
  it("may log in with a form, with GET, or with its own headers", async () => {
    const server = await serveAuth({ token: issue });
    const { json: _json, ...plain } = base;
    const form = { password: "{secrets.password}", list: ["a", "b"] };
    await reader(server.url, { auth: sessionToken({ ...plain, form, method: "PUT" }) })().toArray();
    expect(server.tokens[0]?.method).toBe("PUT");
    expect([...new URLSearchParams(server.tokens[0]?.body)]).toEqual([
      ["password", secrets.password],
      ["list", "a"],
      ["list", "b"],
    ]);
    const headers = { "X-Password": "{secrets.client_id}", accept: "text/plain" };
    await reader(server.url, { auth: sessionToken({ ...plain, method: "GET", headers }) })().toArray();
    expect(server.tokens[1]).toMatchObject({ method: "GET", body: "" });
    expect(server.tokens[1]?.headers).toMatchObject({ "x-password": secrets.clientId, accept: "text/plain" });
    expect(server.tokens[1]?.headers).not.toHaveProperty("content-type");
  });

  it("puts the token where it is wanted", async () => {
    const places: readonly { given: Partial<SessionTokenOptions>; want: object }[] = [
      { given: { name: "X-Session" }, want: { headers: { "x-session": tokenOf(1) } } },
      { given: { prefix: "Token " }, want: { headers: { authorization: `Token ${tokenOf(1)}` } } },
      { given: { name: "sid", location: "cookie" }, want: { headers: { cookie: `sid=${tokenOf(1)}` } } },
      { given: { name: "sid", location: "query" }, want: {} },
    ];
    for (const { given, want } of places) {
      const server = await serveAuth({ token: issue, isGood: () => true });
      await reader(server.url, { auth: sessionToken({ ...base, ...given }) })().toArray();
      expect(server.reads[0]).toMatchObject(want);
      expect(server.reads[0]?.query.get("sid")).toBe(given.location === "query" ? tokenOf(1) : null);
    }
  });

  it("finds the token by any selector, numbers too", async () => {
    const server = await serveAuth({
      token: (response) => answerJson(response, [{ id: 17 }]),
      isGood: ({ headers }) => headers.authorization === "Bearer 17",
    });
    await reader(server.url, { auth: sessionToken({ ...base, tokenPath: [0, "id"] }) })().toArray();
    const anywhere = sessionToken({ ...base, tokenPath: query([{ descend: "id" }]) });
    await reader(server.url, { auth: anywhere })().toArray();
    expect(server.tokens).toHaveLength(2);
  });

  it("logs in at another origin, which alone sees the password", async () => {
    const login = await serveAuth({ token: issue });
    const api = await serveAuth({
      isGood: ({ headers }) => headers.authorization === `Bearer ${tokenOf(1)}`,
    });
    const auth = sessionToken({ ...base, loginUrl: `${login.url}/token/login` });
    await reader(api.url, { auth })().toArray();
    expect(login.tokens).toHaveLength(1);
    expect(exposureOf(api.reads)).not.toContain(secrets.password);
  });

  it("logs in again when its time is over", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const start = Date.now();
    const server = await serveAuth({ token: issue, isGood: () => true });
    const read = reader(server.url, { auth: sessionToken({ ...base, expiresInMs: 60_000 }) });
    const counts: number[] = [];
    for (const second of [0, 59, 61]) {
      vi.setSystemTime(start + second * 1000);
      await read().toArray();
      counts.push(server.tokens.length);
    }
    expect(counts).toEqual([1, 1, 2]);
  });

  it("whose login fails is an AuthError without secrets", async () => {
    const server = await serveAuth({
      token: (response, _, { body }) => answer(response, 422, { body }),
    });
    const error = await errorOf(reader(server.url, { auth: sessionToken(base) })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS", status: 422 });
    expectNoSecret(exposureOf(error), secrets.password);
    const empty = await serveAuth({ token: (response) => answerJson(response, {}) });
    const missing = await errorOf(reader(empty.url, { auth: sessionToken(base) })().toArray());
    expect(missing.message).toContain("no token at `data.token`");
  });
});

/** The options for a token in a header or cookie, instead of `tokenPath`. */
function loginBy(given: Partial<SessionTokenOptions>): SessionTokenOptions {
  const { tokenPath: _tokenPath, ...rest } = base;
  return { ...rest, ...given };
}

describe.each(transports)("session_token by header or cookie over $transport", ({ open }) => {
  it.each([
    {
      name: "a header, with a body that is not JSON",
      options: { tokenHeader: "X-Auth-Token" },
      headers: { "X-Auth-Token": tokenOf(1) },
      want: { authorization: `Bearer ${tokenOf(1)}` },
    },
    {
      name: "a header, sent in another header",
      options: { tokenHeader: "x-subject-token", name: "X-Auth-Token" },
      headers: { "X-Subject-Token": ` ${tokenOf(1)} ` },
      want: { "x-auth-token": tokenOf(1) },
    },
    {
      name: "a cookie, which is sent back unchanged",
      options: { tokenCookie: "sid" },
      headers: { "set-cookie": "lang=en; Path=/, sid=s3cr%2Bone==; Expires=Wed, 21 Oct 2099 07:28:00 GMT" },
      want: { cookie: "sid=s3cr%2Bone==" },
    },
    {
      name: "a cookie, sent under another name",
      options: { tokenCookie: "sid", name: "session", location: "cookie" },
      headers: { "set-cookie": `sid=${tokenOf(1)}; Max-Age=60` },
      want: { cookie: `session=${tokenOf(1)}` },
    },
    {
      name: "a cookie, sent decoded in a header",
      options: { tokenCookie: "XSRF-TOKEN", name: "X-XSRF-TOKEN" },
      headers: { "set-cookie": "XSRF-TOKEN=s3cr%3Done%3D; Path=/" },
      want: { "x-xsrf-token": "s3cr=one=" },
    },
    {
      name: "a cookie, sent as a bearer token",
      options: { tokenCookie: "sid", location: "header", prefix: "Bearer " },
      headers: { "set-cookie": `sid=${tokenOf(1)}` },
      want: { authorization: `Bearer ${tokenOf(1)}` },
    },
  ] as const)("takes the token from $name", async ({ options, headers, want }) => {
    const server = await serveAuth({
      token: (response) => answer(response, 200, { body: "<p>Welcome</p>", headers }),
      isGood: () => true,
    });
    await reader(server.url, { auth: sessionToken(loginBy(options)), open })().toArray();
    expect(server.reads[0]?.headers).toMatchObject(want);
    expect(server.tokens).toHaveLength(1);
  });

  it("uses the cookie of any hop, whatever the last response is", async () => {
    for (const end of [200, 302, 401, 404, 503]) {
      const server = await serveAuth({
        token: (response, _n, { path }) => {
          const location =
            path === "/token/loop" ? "/token/loop" : end === 302 ? "/token/loop" : "/token/home";
          if (path === "/token/login")
            answer(response, 302, { headers: { location, "set-cookie": `sid=${tokenOf(1)}; Path=/` } });
          else answer(response, end, { body: "<p>Home</p>", headers: { location } });
        },
        isGood: () => true,
      });
      await reader(server.url, { auth: sessionToken(loginBy({ tokenCookie: "sid" })), open })().toArray();
      expect(server.reads.map(({ headers }) => headers.cookie)).toEqual([`sid=${tokenOf(1)}`]);
    }
  });

  it("logs in again once when the cookie is refused", async () => {
    const server = await serveAuth({
      token: (response, n) => answer(response, 204, { headers: { "set-cookie": `sid=${tokenOf(n)}` } }),
      isGood: ({ headers }) => headers.cookie === `sid=${tokenOf(2)}`,
    });
    await reader(server.url, { auth: sessionToken(loginBy({ tokenCookie: "sid" })), open })().toArray();
    expect([server.tokens.length, server.reads.length]).toEqual([2, 2]);
  });
});

describe("session_token by header or cookie", () => {
  it.each([
    {
      name: "without the header",
      options: { tokenHeader: "X-Auth-Token" },
      headers: {},
      want: "the response has no header `X-Auth-Token`",
    },
    {
      name: "with an empty header",
      options: { tokenHeader: "X-Auth-Token" },
      headers: { "x-auth-token": "" },
      want: "the response has no header `X-Auth-Token`",
    },
    {
      name: "with another cookie",
      options: { tokenCookie: "sid" },
      headers: { "set-cookie": "SID=1, other=sid" },
      want: "the response sets no cookie `sid`",
    },
    {
      name: "that deletes the cookie",
      options: { tokenCookie: "sid" },
      headers: { "set-cookie": "sid=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT" },
      want: "the response sets no cookie `sid`",
    },
  ] as const)("refuses a login $name", async ({ options, headers, want }) => {
    const server = await serveAuth({
      token: (response) => answer(response, 200, { body: "<p>Try again</p>", headers }),
    });
    const error = await errorOf(reader(server.url, { auth: sessionToken(loginBy(options)) })().toArray());
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS" });
    expect(error.message).toContain(want);
    expect(server.reads).toEqual([]);
  });

  it("takes no cookie of an error", async () => {
    const server = await serveAuth({
      token: (response) => answer(response, 403, { headers: { "set-cookie": "sid=s3cr-anonymous" } }),
    });
    const error = await errorOf(
      reader(server.url, { auth: sessionToken(loginBy({ tokenCookie: "sid" })) })().toArray(),
    );
    expect(error).toMatchObject({ code: "NO_CREDENTIALS", status: 403 });
    expectNoSecret(exposureOf(error), "s3cr-anonymous");
  });

  it("shows a decoded cookie in no error", async () => {
    const server = await serveAuth({
      token: (response) =>
        answer(response, 200, { headers: { "set-cookie": "csrf=s3cr%3Dtoken%3Dof%20csrf" } }),
      isGood: () => false,
    });
    const api = await serve(({ headers }, response) => {
      answer(response, 400, { body: JSON.stringify({ message: `bad ${String(headers["x-csrf"])}` }) });
    });
    const options = loginBy({ loginUrl: `${server.url}/token/login`, tokenCookie: "csrf", name: "X-CSRF" });
    const error = await errorOf(reader(api.url, { auth: sessionToken(options) })().toArray());
    expect(api.seen[0]?.headers["x-csrf"]).toBe("s3cr=token=of csrf");
    expect(error.message).toContain("[redacted]");
    expectNoSecret(exposureOf(error, error.response?.body));
  });

  it("keeps the cookies of the spec in addition to its own", async () => {
    const server = await serveAuth({
      token: (response) => answer(response, 200, { headers: { "set-cookie": "sid=s3cr-one" } }),
      isGood: () => true,
    });
    const auth = sessionToken(loginBy({ tokenCookie: "sid" }));
    await reader(server.url, { auth, source: { headers: { Cookie: "lang=en" } } })().toArray();
    expect(server.reads[0]?.headers.cookie).toBe("lang=en; sid=s3cr-one");
  });
});
