import { describe, expect, it } from "vitest";
import { oauth2RefreshToken, type TokenRefresh } from "../../../runtime/src/index.js";
import { reader, secrets, serveAuth, tokenOf, type AuthServer } from "./auth-server.js";
import { errorOf, expectNoSecret, exposureOf } from "../fixtures.js";
import { answer, answerJson, jsonType } from "../server.js";

const auth = oauth2RefreshToken({
  tokenUrl: "/token",
  refreshToken: "{secrets.refresh_token}",
  clientId: "{secrets.client_id}",
  clientSecret: "{secrets.client_secret}",
});

/** A server that issues a new refresh token with every token, and rejects the old ones. */
function serveRotation(): Promise<AuthServer> {
  return serveAuth({
    token: (response, n, { form }) =>
      form["refresh_token"] === `s3cr-refresh-${n - 1}`
        ? answerJson(response, {
            access_token: tokenOf(n),
            refresh_token: `s3cr-refresh-${n}`,
            expires_in: 0,
          })
        : answer(response, 400, { body: '{"error":"invalid_grant"}', headers: jsonType }),
    isGood: ({ headers }, n) => headers.authorization === `Bearer ${tokenOf(n)}`,
  });
}

describe("oauth2_refresh_token", () => {
  it("asks for a token by the refresh token", async () => {
    const server = await serveAuth();
    await reader(server.url, { auth })().toArray();
    expect([...new URLSearchParams(server.tokens[0]?.body)]).toEqual([
      ["grant_type", "refresh_token"],
      ["refresh_token", secrets.refreshToken],
      ["client_id", secrets.clientId],
      ["client_secret", secrets.clientSecret],
    ]);
  });

  it("can do without a client, and name it by Basic without a secret", async () => {
    const server = await serveAuth();
    const plain = { tokenUrl: "/token", refreshToken: "{secrets.refresh_token}", scope: "read" };
    await reader(server.url, { auth: oauth2RefreshToken(plain) })().toArray();
    expect(server.tokens[0]?.form).toEqual({
      grant_type: "refresh_token",
      refresh_token: secrets.refreshToken,
      scope: "read",
    });
    const basic = oauth2RefreshToken({ ...plain, clientId: "id", clientAuth: "client_secret_basic" });
    await reader(server.url, { auth: basic })().toArray();
    expect(server.tokens[1]?.headers.authorization).toBe(`Basic ${btoa("id:")}`);
    expect(server.tokens[1]?.form).not.toHaveProperty("client_id");
  });

  it("passes a new refresh token to the callback before it uses the tokens", async () => {
    const server = await serveRotation();
    const stored: (TokenRefresh & { readonly readsBefore: number })[] = [];
    const onTokenRefresh = async (tokens: TokenRefresh): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      stored.push({ ...tokens, readsBefore: server.reads.length });
    };
    const read = reader(server.url, { auth, options: { onTokenRefresh } });
    await read().toArray();
    await read().toArray();
    expect(stored).toEqual([
      {
        refreshToken: "s3cr-refresh-1",
        accessToken: tokenOf(1),
        expiresAt: expect.any(Date) as Date,
        readsBefore: 0,
      },
      {
        refreshToken: "s3cr-refresh-2",
        accessToken: tokenOf(2),
        expiresAt: expect.any(Date) as Date,
        readsBefore: 1,
      },
    ]);
    expect(server.tokens.map(({ form }) => form["refresh_token"])).toEqual([
      "s3cr-refresh-0",
      "s3cr-refresh-1",
    ]);
  });

  it("stores once for five reads at the same time", async () => {
    const server = await serveRotation();
    let count = 0;
    const read = reader(server.url, { auth, options: { onTokenRefresh: () => (count++, undefined) } });
    await Promise.all(Array.from({ length: 5 }, () => read().toArray()));
    expect(server.tokens).toHaveLength(1);
    expect(count).toBe(1);
  });

  it("uses no token that could not be stored, and tries to store it again, not to get another", async () => {
    const server = await serveRotation();
    const given: string[] = [];
    const onTokenRefresh = ({ refreshToken }: TokenRefresh): void => {
      given.push(refreshToken);
      if (given.length < 3) throw new Error(`disk is full: ${refreshToken}`);
    };
    const read = reader(server.url, { auth, options: { onTokenRefresh } });
    for (const attempt of [1, 2]) {
      const error = await errorOf(read().toArray());
      expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS" });
      expect(error.message).toContain("onTokenRefresh");
      expect((error.cause as Error).message).toBe("disk is full: [redacted]");
      expectNoSecret(exposureOf(error), "s3cr-refresh-1");
      expect([given.length, server.tokens.length, server.reads.length]).toEqual([attempt, 1, 0]);
    }
    await read().toArray();
    expect(given).toEqual(["s3cr-refresh-1", "s3cr-refresh-1", "s3cr-refresh-1"]);
    expect([server.tokens.length, server.reads.length]).toEqual([1, 1]);
  });

  it("warns when nobody stores a new refresh token", async () => {
    const server = await serveRotation();
    const lines: string[] = [];
    const logger = { warn: (line: string) => lines.push(line), error: () => undefined };
    await reader(server.url, { auth, options: { logger } })().toArray();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("`onTokenRefresh`");
    expectNoSecret(lines.join());
  });

  it("calls nobody where the refresh token stays", async () => {
    for (const refresh_token of [undefined, null, "", secrets.refreshToken]) {
      const server = await serveAuth({
        token: (response, n) => answerJson(response, { access_token: tokenOf(n), refresh_token }),
      });
      const onTokenRefresh = (): never => expect.unreachable();
      expect(await reader(server.url, { auth, options: { onTokenRefresh } })().toArray()).toHaveLength(1);
    }
  });

  it("reports that the grant has expired", async () => {
    const server = await serveRotation();
    const error = await errorOf(
      reader(server.url, { auth, options: { refreshToken: "s3cr-old" } })().toArray(),
    );
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS", status: 400 });
    expect(error.message).toContain("(invalid_grant)");
    expectNoSecret(exposureOf(error), "s3cr-old");
  });
});
