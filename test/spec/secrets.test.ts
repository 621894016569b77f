import { describe, expect, test } from "vitest";

import { formatDiagnostic } from "../../generator/diagnostics.js";
import { messagesOf, parseText, specWith } from "./parse-text.js";

const secret = "sk-live-51H8x2abcdef";

/** Specs with one literal secret each, and the placeholder that relocations it. */
const locations = [
  ["an API key", { client: { auth: { type: "api_key", api_key: secret } } }, "{secrets.api_key}"],
  ["a bearer token", { client: { auth: { token: secret } } }, "{secrets.token}"],
  [
    "a password",
    { client: { auth: { type: "http_basic", username: "bob", password: secret } } },
    "{secrets.password}",
  ],
  ["an endpoint's token", { endpoint: { auth: { type: "bearer", token: secret } } }, "{secrets.token}"],
  ["Authorization", { client: { headers: { Authorization: `Bearer ${secret}` } } }, "{secrets.token}"],
  ["authorization without scheme", { endpoint: { headers: { authorization: secret } } }, "{secrets.token}"],
  ["X-API-Key", { client: { headers: { "X-API-Key": secret } } }, "{secrets.x_api_key}"],
  [
    "a header that ends in token",
    { client: { headers: { "X-Shop-Access-Token": secret } } },
    "{secrets.x_shop_access_token}",
  ],
  ["a parameter", { endpoint: { params: { api_key: secret } } }, "{secrets.api_key}"],
  ["a parameter of many meanings", { endpoint: { params: { key: secret } } }, "{secrets.key}"],
  [
    "a short password",
    { client: { auth: { type: "http_basic", username: "bob", password: "hunter2" } } },
    "{secrets.password}",
  ],
  ["a path's query", { endpoint: { path: `/items?a=1&api_key=${secret}&b=2` } }, "{secrets.api_key}"],
] as const;

describe("a literal secret", () => {
  test.each(locations)(
    "in %s is an error that names the placeholder and does not show it",
    async (_, changes, placeholder) => {
      const text = JSON.stringify({ ...specWith(changes), unknown: 1 }, null, 2);
      const { spec, diagnostics, frameText } = await parseText(text);
      expect(spec).toBeUndefined();
      const found = diagnostics.filter((one) => one.code === "literal-secret");
      expect(messagesOf(found)).toEqual([expect.stringContaining(`write "${placeholder}"`)]);
      expect(found[0]?.message).toContain("--literal-secrets extract");
      const printed = diagnostics.map((one) => formatDiagnostic(one, frameText)).join("\n");
      expect(printed).not.toContain(secret.slice(0, 8));
      expect(frameText).toHaveLength(text.length);
    },
  );

  test.each(locations)("in %s becomes an option on request", async (_, changes, placeholder) => {
    const text = JSON.stringify(specWith(changes));
    const { spec, diagnostics, frameText } = await parseText(text, { literalSecrets: "extract" });
    expect(diagnostics.map((one) => `${one.severity} ${one.code}`)).toEqual(["warning literal-secret"]);
    expect(JSON.stringify(spec)).not.toContain(secret);
    expect(JSON.stringify(spec)).toContain(placeholder);
    expect(spec?.secrets).toEqual([placeholder.slice("{secrets.".length, -1)]);
    expect(frameText).not.toContain(secret);
  });

  test("keeps the scheme and the rest of the text", async () => {
    const changes = {
      client: { headers: { Authorization: `Token ${secret}` } },
      endpoint: { path: `/a?token=${secret}&b=1` },
    };
    const { spec } = await parseText(JSON.stringify(specWith(changes)), { literalSecrets: "extract" });
    expect(spec?.headers).toEqual({ Authorization: "Token {secrets.token}" });
    // The same secret becomes the same option.
    expect(spec?.resources[0]?.path).toBe("/a?token={secrets.token}&b=1");
  });

  test("does not affect the hash", async () => {
    const specs = await Promise.all(
      ["first-secret", "second-secret"].map(async (token) => {
        const text = JSON.stringify(specWith({ client: { auth: { token } } }));
        return (await parseText(text, { literalSecrets: "extract" })).spec?.hash;
      }),
    );
    expect(specs[0]).toBe(specs[1]);
  });

  test("different secrets get different names", async () => {
    const text = JSON.stringify(
      specWith({
        client: { auth: { token: "first" }, headers: { "X-A": "{secrets.x_b_token}" } },
        endpoint: { auth: { token: "second" }, headers: { "X-B-Token": "third" } },
      }),
    );
    const { spec } = await parseText(text, { literalSecrets: "extract" });
    expect(spec?.auth?.options).toEqual({ token: "{secrets.token}" });
    expect(spec?.resources[0]?.auth?.options).toEqual({ token: "{secrets.items_token}" });
    expect(spec?.resources[0]?.headers).toEqual({ "X-B-Token": "{secrets.items_x_b_token}" });
  });
});

describe("a possible secret is not shown", () => {
  test.each([
    ["under a misspelt key", { client: { auth: { tokn: secret } } }],
    ["as a number", { client: { auth: { token: 1234567890 } } }],
    ["as the auth block", { client: { auth: secret } }],
    ["with an unknown type", { client: { auth: { type: "oauth9", anything: secret } } }],
    ["in the base URL", { client: { base_url: `https://bob:${secret}@example.com` } }],
    ["in the base URL's query", { client: { base_url: `https://example.com?api_key=${secret}` } }],
  ])("%s", async (_, changes) => {
    const { diagnostics, frameText } = await parseText(JSON.stringify(specWith(changes), null, 2));
    const printed = diagnostics.map((one) => formatDiagnostic(one, frameText)).join("\n");
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(printed).not.toMatch(/sk-live|1234567890/);
  });

  test("in a text with syntax errors", async () => {
    const text = `{ "client": { "auth": { "token": "${secret}" } "headers": { "Authorization": "Bearer ${secret}" } }`;
    const { diagnostics, frameText } = await parseText(text);
    expect(diagnostics[0]?.code).toBe("syntax-error");
    expect(frameText).not.toContain("sk-live");
    expect(frameText).toHaveLength(text.length);
  });

  test("in a YAML alias", async () => {
    const text = `client:\n  base_url: &url https://x.y\n  auth:\n    token: &secret ${secret}\n  headers:\n    X-Api-Key: *secret\nresources: []\n`;
    const { frameText } = await parseText(text, { file: "a.yaml" });
    expect(frameText).not.toContain("sk-live");
    expect(frameText).toContain("token: ");
  });
});

describe("no secret is reported", () => {
  test.each([
    { client: { auth: { type: "api_key", api_key: "{secrets.api_key}" } } },
    { client: { auth: { type: "api_key", api_key: "prefix-{secrets.api_key}" } } },
    { client: { auth: { type: "http_basic", username: "bob" } } },
    {
      client: {
        headers: {
          Authorization: "Bearer {secrets.token}",
          "X-Api-Key": "{secrets.k}",
          Accept: "application/json",
        },
      },
    },
    { client: { headers: { Authorization: "" } } },
    { endpoint: { params: { key: "name", token: "first", sort: "api_key" } } },
    { endpoint: { params: { api_key: { type: "input" } } } },
    { endpoint: { path: "/items?key=name" } },
    { client: { headers: { Authorization: "Bearer {config.session}", "X-Api-Key": "{config.key}" } } },
    ...["X", "x", "", "any", "api_token", "x-oauth-basic"].map((password) => ({
      client: { auth: { type: "http_basic", username: "{secrets.api_key}", password } },
    })),
  ])("%j", async (changes) => {
    const { diagnostics } = await parseText(JSON.stringify(specWith(changes)));
    expect(messagesOf(diagnostics)).toEqual([]);
  });
});
