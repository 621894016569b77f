import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createReader,
  oauth2ClientCredentials,
  singlePage,
  type Resource,
} from "../../../runtime/src/index.js";
import type { OAuth2ClientCredentialsOptions } from "../../../runtime/src/auth/oauth2-client-credentials.js";
import {
  issueToken,
  placeholders,
  reader,
  secrets,
  serveAuth,
  tokenOf,
  type AuthServer,
} from "./auth-server.js";
import { errorOf, expectNoSecret, exposureOf, type Row } from "../fixtures.js";
import { answer, answerJson, serve, until } from "../server.js";

afterEach(() => void vi.useRealTimers());

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

const { clientSecret } = secrets;

/** Reads once at each of these seconds. Returns the number of token requests so far. */
async function tokensAt(
  seconds: readonly number[],
  reply: object,
  options: Partial<OAuth2ClientCredentialsOptions> = {},
): Promise<number[]> {
  vi.useFakeTimers({ toFake: ["Date"] });
  const start = Date.now();
  const server: AuthServer = await serveAuth({
    token: (response, n) => answerJson(response, { access_token: tokenOf(n), ...reply }),
    isGood: () => true,
  });
  const read = reader(server.url, { auth: auth(options), options: { accessToken: "s3cr-given" } });
  const counts: number[] = [];
  for (const second of seconds) {
    vi.setSystemTime(start + second * 1000);
    await read().toArray();
    counts.push(server.tokens.length);
  }
  return counts;
}

describe("a token", () => {
  const lives = [
    {
      name: "is used for the lifetime in the response, minus the leeway",
      reply: { expires_in: 100 },
      at: [0, 69, 71],
      want: [1, 1, 2],
    },
    {
      name: "is used for a lifetime that is text",
      reply: { expires_in: "100" },
      at: [0, 69, 71],
      want: [1, 1, 2],
    },
    {
      name: "has a leeway of choice",
      reply: { expires_in: 100 },
      options: { leewayMs: 0 },
      at: [0, 99, 101],
      want: [1, 1, 2],
    },
    {
      name: "that lives no longer than the leeway is used to its end",
      reply: { expires_in: 20 },
      at: [0, 19, 21],
      want: [1, 1, 2],
    },
    { name: "that is over at once is used once", reply: { expires_in: 0 }, at: [0, 0, 0], want: [1, 2, 3] },
    {
      name: "is used for an hour if the response states no lifetime",
      reply: {},
      at: [0, 3569, 3571],
      want: [1, 1, 2],
    },
    {
      name: "is used for an hour if the lifetime in the response is invalid",
      reply: { expires_in: "soon" },
      at: [0, 3569, 3571],
      want: [1, 1, 2],
    },
    {
      name: "is used for the lifetime in the spec if the response states none",
      reply: { expires_in: null },
      options: { defaultTokenExpirationMs: 60_000, leewayMs: 10_000 },
      at: [0, 49, 51],
      want: [1, 1, 2],
    },
    {
      name: "of the options is not used unless it is said how long, as with dlt",
      reply: { expires_in: 100 },
      options: { accessToken: "{secrets.access_token}" },
      at: [0, 1],
      want: [1, 1],
    },
    {
      name: "of the options is used for its configured time",
      reply: { expires_in: 100 },
      options: { accessToken: "given", accessTokenExpiresInMs: 50_000 },
      at: [0, 49, 51, 52],
      want: [0, 0, 1, 1],
    },
  ];
  it.each(lives)("$name", async ({ reply, options, at, want }) => {
    expect(await tokensAt(at, reply, options)).toEqual(want);
  });

  it("of the options is replaced when it is refused", async () => {
    const server = await serveAuth();
    const given = auth({ accessToken: "s3cr-given", accessTokenExpiresInMs: 3_600_000 });
    await reader(server.url, { auth: given })().toArray();
    expect(server.reads.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer s3cr-given",
      `Bearer ${tokenOf(1)}`,
    ]);
  });

  it("is shared by resources whose own auth is spelled alike, and by no others", async () => {
    const server = await serveAuth({ isGood: () => true });
    const resource = (name: string, own: ReturnType<typeof auth>): Resource<Row> => ({
      name,
      path: `/${name}`,
      select: ["items"],
      paginator: singlePage(),
      auth: own,
    });
    const resources = [auth(), auth(), auth({ scope: "more" })].map((own, n) => resource(`r${n}`, own));
    const shop = createReader({ name: "shop", baseUrl: server.url, resources: {}, options: placeholders }, {
      ...secrets,
    } as object);
    await Promise.all(resources.map((each) => shop.read(each).toArray()));
    expect(server.tokens.map(({ form }) => form["scope"]).sort()).toEqual(["more", undefined]);
  });

  it("that is refused to five reads is replaced once", async () => {
    const server = await serveAuth({
      isGood: ({ headers }) => headers.authorization !== `Bearer ${tokenOf(1)}`,
    });
    const read = reader(server.url, { auth: auth() });
    await Promise.all(Array.from({ length: 5 }, () => read().toArray()));
    expect(server.reads).toHaveLength(10);
    expect(server.tokens).toHaveLength(2);
  });

  it("belongs to one client", async () => {
    const server = await serveAuth({ isGood: () => true });
    const shared = auth();
    await reader(server.url, { auth: shared })().toArray();
    await reader(server.url, { auth: shared })().toArray();
    expect(server.tokens).toHaveLength(2);
  });

  it("is redacted in every place", async () => {
    const server = await serve(({ path }, response) => {
      if (path === "/token") issueToken(response, 1);
      else
        answer(response, 302, { headers: { location: `ftp://x.test/${tokenOf(1)}?secret=${clientSecret}` } });
    });
    const events: unknown[] = [];
    const lines: string[] = [];
    const logger = { warn: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
    const error = await errorOf(
      reader(server.url, {
        auth: auth(),
        options: { logger, onEvent: (event) => events.push(event) },
      })().toArray(),
    );
    expect(error.message).toContain("[redacted]");
    expectNoSecret(exposureOf(error, events, lines), clientSecret, tokenOf(1));
  });
});

describe("a reader that stops while a token is asked for", () => {
  it("does not take it from the others", async () => {
    let reply = (): void => undefined;
    const server = await serveAuth({
      token: (response, n) => {
        reply = () => issueToken(response, n);
      },
    });
    const read = reader(server.url, { auth: auth() });
    const controller = new AbortController();
    const first = read({ signal: controller.signal }).toArray();
    const second = read().toArray();
    await until(() => server.tokens.length === 1, "a token request");
    controller.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    reply();
    expect(await second).toHaveLength(1);
    expect(server.tokens).toHaveLength(1);
  });
});
