import { describe, expect, test } from "vitest";

import { formatDiagnostic } from "../../generator/diagnostics.js";
import { messagesOf, parseText, specWith } from "./parse-text.js";

/** A spec with a secret in one place, in a file with other mistakes around it. */
const SECRET = "sk-live-51H8x2abcdef";

const places = [
  ["an API key", { client: { auth: { type: "api_key", api_key: SECRET } } }, "{secrets.api_key}"],
  ["a bearer token", { client: { auth: { token: SECRET } } }, "{secrets.token}"],
  [
    "a password",
    { client: { auth: { type: "http_basic", username: "bob", password: SECRET } } },
    "{secrets.password}",
  ],
  ["an endpoint's token", { endpoint: { auth: { type: "bearer", token: SECRET } } }, "{secrets.token}"],
  ["Authorization", { client: { headers: { Authorization: `Bearer ${SECRET}` } } }, "{secrets.token}"],
  ["authorization without scheme", { endpoint: { headers: { authorization: SECRET } } }, "{secrets.token}"],
  ["X-API-Key", { client: { headers: { "X-API-Key": SECRET } } }, "{secrets.x_api_key}"],
  [
    "a header that ends in token",
    { client: { headers: { "X-Shop-Access-Token": SECRET } } },
    "{secrets.x_shop_access_token}",
  ],
  ["a parameter", { endpoint: { params: { api_key: SECRET } } }, "{secrets.api_key}"],
  ["a parameter of many meanings", { endpoint: { params: { key: SECRET } } }, "{secrets.key}"],
  ["a path's query", { endpoint: { path: `/items?a=1&api_key=${SECRET}&b=2` } }, "{secrets.api_key}"],
] as const;

describe("a literal secret", () => {
  test.each(places)(
    "in %s is an error that names the mend and does not show it",
    async (_, changes, mend) => {
      const text = JSON.stringify({ ...specWith(changes), unknown: 1 }, null, 2);
      const { spec, diagnostics, frameText } = await parseText(text);
      expect(spec).toBeUndefined();
      const found = diagnostics.filter((one) => one.code === "literal-secret");
      expect(messagesOf(found)).toEqual([expect.stringContaining(`write "${mend}"`)]);
      expect(found[0]?.message).toContain("--literal-secrets extract");
      const printed = diagnostics.map((one) => formatDiagnostic(one, frameText)).join("\n");
      expect(printed).not.toContain(SECRET.slice(0, 8));
      expect(frameText).toHaveLength(text.length);
    },
  );

  test.each(places)("in %s becomes an option on request", async (_, changes, mend) => {
    const text = JSON.stringify(specWith(changes));
    const { spec, diagnostics, frameText } = await parseText(text, { literalSecrets: "extract" });
    expect(diagnostics.map((one) => `${one.severity} ${one.code}`)).toEqual(["warning literal-secret"]);
    expect(JSON.stringify(spec)).not.toContain(SECRET);
    expect(JSON.stringify(spec)).toContain(mend);
    expect(spec?.secrets).toEqual([mend.slice("{secrets.".length, -1)]);
    expect(frameText).not.toContain(SECRET);
  });

  test("leaves the scheme and the rest of a text as they are", async () => {
    const changes = {
      client: { headers: { Authorization: `Token ${SECRET}` } },
      endpoint: { path: `/a?token=${SECRET}&b=1` },
    };
    const { spec } = await parseText(JSON.stringify(specWith(changes)), { literalSecrets: "extract" });
    expect(spec?.headers).toEqual({ Authorization: "Token {secrets.token}" });
    // The same secret is the same option.
    expect(spec?.resources[0]?.path).toBe("/a?token={secrets.token}&b=1");
  });

  test("the hash says nothing about it", async () => {
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

describe("is not shown either", () => {
  test.each([
    ["under a misspelt key", { client: { auth: { tokn: SECRET } } }],
    ["as a number", { client: { auth: { token: 1234567890 } } }],
    ["as the auth block", { client: { auth: SECRET } }],
    ["with an unknown type", { client: { auth: { type: "oauth9", anything: SECRET } } }],
    ["in the base URL", { client: { base_url: `https://bob:${SECRET}@example.com` } }],
    ["in the base URL's query", { client: { base_url: `https://example.com?api_key=${SECRET}` } }],
  ])("%s", async (_, changes) => {
    const { diagnostics, frameText } = await parseText(JSON.stringify(specWith(changes), null, 2));
    const printed = diagnostics.map((one) => formatDiagnostic(one, frameText)).join("\n");
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(printed).not.toMatch(/sk-live|1234567890/);
  });

  test("in a text with syntax errors", async () => {
    const text = `{ "client": { "auth": { "token": "${SECRET}" } "headers": { "Authorization": "Bearer ${SECRET}" } }`;
    const { diagnostics, frameText } = await parseText(text);
    expect(diagnostics[0]?.code).toBe("syntax-error");
    expect(frameText).not.toContain("sk-live");
    expect(frameText).toHaveLength(text.length);
  });

  test("behind a YAML alias", async () => {
    const text = `client:\n  base_url: &url https://x.y\n  auth:\n    token: &secret ${SECRET}\n  headers:\n    X-Api-Key: *secret\nresources: []\n`;
    const { frameText } = await parseText(text, { file: "a.yaml" });
    expect(frameText).not.toContain("sk-live");
    expect(frameText).toContain("token: ");
  });
});

describe("is not suspected", () => {
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
  ])("%j", async (changes) => {
    const { diagnostics } = await parseText(JSON.stringify(specWith(changes)));
    expect(messagesOf(diagnostics)).toEqual([]);
  });
});
