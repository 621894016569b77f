import { generateKeyPairSync, verify, createHmac, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { jwt } from "../../../runtime/src/index.js";
import type { JwtAlgorithm } from "../../../runtime/src/auth/jwt-sign.js";
import type { JwtOptions } from "../../../runtime/src/auth/jwt.js";
import { reader, serveAuth, tokenOf } from "./auth-server.js";
import { errorOf, expectNoSecret, exposureOf } from "../fixtures.js";
import { answerJson } from "../server.js";

const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
const curves = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  ES512: generateKeyPairSync("ec", { namedCurve: "P-521" }),
};

function pairOf(algorithm: JwtAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  return algorithm in curves ? curves[algorithm as keyof typeof curves] : rsa;
}

function pem(key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" = "pkcs8"): string {
  return key.export({ format: "pem", type } as never) as unknown as string;
}

interface Parts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly content: string;
  readonly signature: Buffer;
}

function takeApart(token: string): Parts {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const read = (text: string): Parts["claims"] =>
    JSON.parse(Buffer.from(text, "base64url").toString()) as never;
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  return {
    header: read(header),
    claims: read(claims),
    content: `${header}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

function isSigned(algorithm: JwtAlgorithm, { content, signature }: Parts): boolean {
  const key = { key: pairOf(algorithm).publicKey, dsaEncoding: "ieee-p1363" as const };
  return verify(`sha${algorithm.slice(2)}`, Buffer.from(content), key, signature);
}

/** Returns the token that a read sends. */
async function tokenWith(options: Partial<JwtOptions>, signingKey: string): Promise<Parts> {
  const server = await serveAuth({ isGood: () => true });
  const auth = jwt({ signingKey: "{secrets.signing_key}", ...options });
  await reader(server.url, { auth, options: { signingKey } })().toArray();
  return takeApart(server.reads[0]?.headers.authorization?.replace("Bearer ", "") ?? "");
}

describe("jwt", () => {
  it.each(["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] as const)(
    "signs by %s",
    async (algorithm) => {
      const token = await tokenWith({ algorithm, keyId: "k-1" }, pem(pairOf(algorithm).privateKey));
      expect(token.header).toEqual({ alg: algorithm, typ: "JWT", kid: "k-1" });
      expect(isSigned(algorithm, token)).toBe(true);
    },
  );

  it.each(["HS256", "HS384", "HS512"] as const)("signs by %s", async (algorithm) => {
    const secret = "s3cr-ä\n";
    const hash = `sha${algorithm.slice(2)}`;
    const token = await tokenWith({ algorithm }, secret);
    expect(token.signature).toEqual(createHmac(hash, secret).update(token.content).digest());
    const bytes = Buffer.from([0, 255, 254, 1]);
    for (const encoding of ["base64", "base64url"] as const) {
      const other = await tokenWith({ algorithm, keyEncoding: "base64" }, bytes.toString(encoding));
      expect(other.signature).toEqual(createHmac(hash, bytes).update(other.content).digest());
    }
  });

  const forms: readonly {
    name: string;
    algorithm: JwtAlgorithm;
    key: string;
    options?: Partial<JwtOptions>;
  }[] = [
    { name: "PKCS#1", algorithm: "RS256", key: pem(rsa.privateKey, "pkcs1") },
    { name: "SEC 1, P-256", algorithm: "ES256", key: pem(curves.ES256.privateKey, "sec1") },
    { name: "SEC 1, P-384", algorithm: "ES384", key: pem(curves.ES384.privateKey, "sec1") },
    { name: "SEC 1, P-521", algorithm: "ES512", key: pem(curves.ES512.privateKey, "sec1") },
    {
      name: "\\n in place of line breaks",
      algorithm: "RS256",
      key: pem(rsa.privateKey).replaceAll("\n", "\\n"),
    },
    { name: "no line breaks", algorithm: "RS256", key: pem(rsa.privateKey).replaceAll("\n", "") },
    { name: "no frame", algorithm: "ES256", key: pem(curves.ES256.privateKey).replace(/-----.*-----/g, "") },
    {
      name: "PEM in base64",
      algorithm: "ES256",
      key: btoa(pem(curves.ES256.privateKey)),
      options: { keyEncoding: "base64" },
    },
    {
      name: "DER in base64",
      algorithm: "ES256",
      key: curves.ES256.privateKey.export({ format: "der", type: "pkcs8" }).toString("base64"),
      options: { keyEncoding: "base64" },
    },
  ];
  it.each(forms)("takes a key with $name", async ({ algorithm, key, options }) => {
    expect(isSigned(algorithm, await tokenWith({ algorithm, ...options }, key))).toBe(true);
  });

  const bad: readonly { name: string; key: string; says: string }[] = [
    { name: "no key", key: "s3cr-none", says: "the signing key cannot be used for RS256" },
    { name: "a key of another kind", key: pem(curves.ES256.privateKey), says: "cannot be used for RS256" },
    {
      name: "an encrypted key",
      key: rsa.privateKey.export({
        format: "pem",
        type: "pkcs8",
        cipher: "aes-256-cbc",
        passphrase: "x",
      }) as string,
      says: "the signing key is encrypted",
    },
    {
      name: "an encrypted PKCS#1 key",
      key: rsa.privateKey.export({
        format: "pem",
        type: "pkcs1",
        cipher: "aes-256-cbc",
        passphrase: "x",
      }) as string,
      says: "the signing key is encrypted",
    },
  ];
  it.each(bad)("refuses $name without showing it", async ({ key, says }) => {
    const error = await errorOf(tokenWith({}, key));
    expect(error).toMatchObject({ name: "AuthError", code: "NO_CREDENTIALS" });
    expect(error.message).toContain(says);
    expect(exposureOf(error)).not.toContain(key.slice(30, 60) || key);
  });

  it("has the claims of the options", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { claims } = await tokenWith(
      {
        algorithm: "HS256",
        issuer: "app",
        subject: "{secrets.client_id}",
        audience: "api",
        scope: "a b",
        lifetimeMs: 600_000,
        claims: { team: ["{secrets.password}", 1], iat: null, aud: ["x", "y"] },
      },
      "key",
    );
    const { exp, ...others } = claims;
    expect(others).toEqual({
      iss: "app",
      sub: "s3cr-id",
      aud: ["x", "y"],
      scope: "a b",
      team: ['s3cr"pass"', 1],
    });
    expect(exp).toBeGreaterThanOrEqual(before + 600);
    expect(exp).toBeLessThan(before + 605);
    const bare = await tokenWith({ algorithm: "HS256" }, "key");
    expect(Object.keys(bare.claims)).toEqual(["iat", "exp"]);
    expect(Number(bare.claims["exp"]) - Number(bare.claims["iat"])).toBe(3600);
  });

  it("is signed once for all pages, and anew when it is refused", async () => {
    const server = await serveAuth({ pages: 3, isGood: () => true });
    const auth = jwt({ algorithm: "HS256", signingKey: "{secrets.signing_key}" });
    await reader(server.url, { auth })().toArray();
    expect(new Set(server.reads.map(({ headers }) => headers.authorization)).size).toBe(1);
    const refusing = await serveAuth({ isGood: () => false });
    await errorOf(reader(refusing.url, { auth })().toArray());
    expect(refusing.reads).toHaveLength(2);
  });

  it("is exchanged as RFC 7523 and dlt have it", async () => {
    const server = await serveAuth({ pages: 2 });
    const auth = jwt({
      signingKey: "{secrets.signing_key}",
      issuer: "{secrets.client_id}",
      scope: "read",
      tokenUrl: "/token",
      accessTokenRequestData: { resource: "x" },
    });
    await reader(server.url, { auth, options: { signingKey: pem(rsa.privateKey) } })().toArray();
    expect(server.tokens).toHaveLength(1);
    const { grant_type, assertion = "", resource } = server.tokens[0]?.form ?? {};
    expect([grant_type, resource]).toEqual(["urn:ietf:params:oauth:grant-type:jwt-bearer", "x"]);
    const parts = takeApart(assertion);
    expect(isSigned("RS256", parts)).toBe(true);
    const { iat, exp, ...claims } = parts.claims;
    expect(claims).toEqual({ iss: "s3cr-id", sub: "s3cr-id", aud: `${server.url}/token`, scope: "read" });
    expect(Number(exp) - Number(iat)).toBe(3600);
    expect(server.reads.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${tokenOf(1)}`,
      `Bearer ${tokenOf(1)}`,
    ]);
  });

  it("is exchanged as a bearer token, as apps of GitHub do", async () => {
    const ends = new Date(Date.now() + 3_600_000).toISOString();
    const server = await serveAuth({
      pages: 2,
      token: (response, n) => answerJson(response, { token: tokenOf(n), expires_at: ends }),
    });
    const auth = jwt({
      signingKey: "{secrets.signing_key}",
      issuer: "7",
      tokenUrl: "/token",
      exchange: "bearer",
      tokenPath: ["token"],
      accessTokenRequestData: { repositories: ["shop"] },
    });
    await reader(server.url, { auth, options: { signingKey: pem(rsa.privateKey) } })().toArray();
    expect(server.tokens).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: "" }] = server.tokens;
    const parts = takeApart(headers.authorization?.replace("Bearer ", "") ?? "");
    expect(isSigned("RS256", parts)).toBe(true);
    expect(Object.keys(parts.claims).sort()).toEqual(["exp", "iat", "iss"]);
    expect(headers["content-type"]).toBe("application/json");
    expect(JSON.parse(body)).toEqual({ repositories: ["shop"] });
    const sent = server.reads.map((read) => read.headers.authorization);
    expect(sent).toEqual([`Bearer ${tokenOf(1)}`, `Bearer ${tokenOf(1)}`]);
  });

  it.each([
    { name: "an hour ahead", ends: 3_600_000, logins: 1 },
    { name: "in the past", ends: -1000, logins: 2 },
    { name: "no date", ends: NaN, logins: 1 },
  ])("lives until `expires_at`: $name", async ({ ends, logins }) => {
    const at = Number.isNaN(ends) ? "soon" : new Date(Date.now() + ends).toISOString();
    const server = await serveAuth({
      pages: 2,
      token: (response, n) => answerJson(response, { access_token: tokenOf(n), expires_at: at }),
    });
    const auth = jwt({ algorithm: "HS256", signingKey: "{secrets.signing_key}", tokenUrl: "/token" });
    await reader(server.url, { auth })({ readAhead: false }).toArray();
    expect(server.tokens).toHaveLength(logins);
  });

  it("is secret itself", async () => {
    const server = await serveAuth({ isGood: () => false });
    const auth = jwt({ algorithm: "HS256", signingKey: "{secrets.signing_key}" });
    const error = await errorOf(reader(server.url, { auth, source: { headers: {} } })().toArray());
    const token = server.reads[0]?.headers.authorization?.slice(7) ?? "";
    expect(exposureOf(error)).not.toContain(token);
    expectNoSecret(exposureOf(error));
  });
});
