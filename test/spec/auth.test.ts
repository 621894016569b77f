import { describe, expect, it } from "vitest";
import type { KindUse } from "../../generator/spec/spec.js";
import { messagesOf, parseText, parseValue, resourceWith, specOf, specWith } from "./parse-text.js";

/** A kind and its options as data, including the kinds that it contains. */
function plain(use: KindUse | null | undefined): unknown {
  if (!use) return use;
  const uses = Object.entries(use.uses ?? {}).map(([name, inner]) => [name, plain(inner)] as const);
  return [use.kind.type, use.options, ...(uses.length > 0 ? [Object.fromEntries(uses)] : [])];
}

async function authOf(auth: unknown): Promise<unknown> {
  return plain((await specOf(specWith({ client: { auth } }))).auth);
}

async function problemsOf(auth: unknown, endpoint: object = {}): Promise<readonly string[]> {
  return messagesOf((await parseValue(specWith({ client: { auth }, endpoint }))).diagnostics);
}

describe("auth", () => {
  const rows: readonly { name: string; auth: unknown; want: unknown }[] = [
    {
      name: "without a type is bearer",
      auth: { token: "{secrets.t}" },
      want: ["bearer", { token: "{secrets.t}" }],
    },
    { name: "accepts a shorthand", auth: "bearer", want: ["bearer", { token: "{secrets.token}" }] },
    {
      name: "accepts the names of dlt",
      auth: "oauth2_client_credentials",
      want: [
        "oauth2_client_credentials",
        {
          accessTokenUrl: "{secrets.access_token_url}",
          clientId: "{secrets.client_id}",
          clientSecret: "{secrets.client_secret}",
        },
      ],
    },
    {
      name: "adds only the required secrets",
      auth: { type: "oauth2_refresh_token", token_url: "/token" },
      want: ["oauth2_refresh_token", { tokenUrl: "/token", refreshToken: "{secrets.refresh_token}" }],
    },
    {
      name: "has templates at any depth",
      auth: {
        type: "session_token",
        login_url: "https://{config.tenant}.example.com/login",
        json: { a: [{ password: "{secrets.password}" }], b: 1, c: null },
        token_path: "data.token",
        expires_in: 0.5,
      },
      want: [
        "session_token",
        {
          loginUrl: "https://{config.tenant}.example.com/login",
          json: { a: [{ password: "{secrets.password}" }], b: 1, c: null },
          tokenPath: { selector: ["data", "token"] },
          expiresInMs: 500,
        },
      ],
    },
    {
      name: "accepts dlt's option names for JWT",
      auth: {
        type: "jwt",
        client_id: "{secrets.id}",
        private_key: "{secrets.key}",
        auth_endpoint: "https://a.test/token",
        scopes: "a b",
      },
      want: [
        "jwt",
        {
          signingKey: "{secrets.key}",
          issuer: "{secrets.id}",
          scope: "a b",
          tokenUrl: "https://a.test/token",
        },
      ],
    },
    {
      name: "accepts times in seconds or as durations",
      auth: { type: "jwt", lifetime: "PT10M", leeway: 1.1, default_token_expiration: "P1W" },
      want: [
        "jwt",
        {
          signingKey: "{secrets.signing_key}",
          lifetimeMs: 600_000,
          defaultTokenExpirationMs: 604_800_000,
          leewayMs: 1100,
        },
      ],
    },
    {
      name: "accepts several schemes, the default first",
      auth: { type: "one_of", schemes: { a: { token: "{secrets.t}" }, b: "http_basic" }, default: "b" },
      want: [
        "one_of",
        {},
        {
          b: ["http_basic", { username: "{secrets.username}", password: "{secrets.password}" }],
          a: ["bearer", { token: "{secrets.t}" }],
        },
      ],
    },
    { name: "accepts a function", auth: { type: "custom" }, want: ["custom", {}] },
    { name: "accepts null", auth: null, want: undefined },
  ];
  it.each(rows)("$name", async ({ auth, want }) => {
    const found = await authOf(auth);
    expect(found).toEqual(want);
    // The order of schemes matters: the first is the default.
    expect(JSON.stringify(found)).toBe(JSON.stringify(want));
  });

  it("of an endpoint overrides that of the client, and null switches it off", async () => {
    const own = await resourceWith({ client: { auth: "bearer" }, endpoint: { auth: "custom" } });
    expect(plain(own.auth)).toEqual(["custom", {}]);
    expect((await resourceWith({ client: { auth: "bearer" }, endpoint: { auth: null } })).auth).toBeNull();
    expect((await resourceWith({ client: { auth: "bearer" } })).auth).toBeUndefined();
  });

  it("collects secrets and config values at any depth", async () => {
    const { secrets, config } = await specOf(
      specWith({
        client: {
          auth: {
            type: "one_of",
            schemes: {
              app: {
                type: "oauth2_client_credentials",
                access_token_url: "https://{config.host}/token",
                scope: "{config.scope}",
                access_token_request_data: { deep: [{ x: "{secrets.deep}" }] },
              },
              login: {
                type: "session_token",
                login_url: "/login",
                headers: { "X-Tenant": "{config.tenant}" },
                token_path: "t",
              },
            },
          },
        },
      }),
    );
    expect([...secrets].sort()).toEqual(["client_id", "client_secret", "deep"]);
    expect([...config].sort()).toEqual(["host", "scope", "tenant"]);
  });
});

describe("invalid auth", () => {
  const session = { type: "session_token", login_url: "/l", token_path: "t" };
  const rows: readonly { name: string; auth: unknown; says: string }[] = [
    { name: "an unknown shorthand", auth: "oauth2", says: 'unknown-value: unknown auth scheme "oauth2"' },
    { name: "an unknown type", auth: { type: "basic" }, says: "unknown-value" },
    {
      name: "a shorthand of a kind with required options",
      auth: "session_token",
      says: '"session_token" needs login_url: write',
    },
    {
      name: "a login without a place of the token",
      auth: { type: "session_token", login_url: "/l" },
      says: "conflicting-options: session_token: the login response needs a place of the token: add `token_path`, `token_header` or `token_cookie`",
    },
    {
      name: "a token from two places",
      auth: { ...session, token_cookie: "sid" },
      says: "conflicting-options: session_token: only one of `token_path`, `token_header` or `token_cookie` can be given: remove the others",
    },
    {
      name: "a missing URL",
      auth: { type: "oauth2_refresh_token" },
      says: 'oauth2_refresh_token needs "token_url" or "access_token_url"',
    },
    {
      name: "an unknown location",
      auth: { type: "api_key", location: "path" },
      says: "valid values are header, query, param, cookie, body",
    },
    {
      name: "two bodies",
      auth: { ...session, json: {}, form: {} },
      says: "conflicting-options: session_token: `json` and `form` are mutually exclusive",
    },
    {
      name: "a body with GET",
      auth: { ...session, json: {}, method: "GET" },
      says: "a GET request has no body",
    },
    { name: "a body that is a list", auth: { ...session, json: [] }, says: "must be an object, not a list" },
    {
      name: "an unknown placeholder at depth",
      auth: { ...session, json: { a: [{ b: "{user}" }] } },
      says: 'bad-placeholder: unknown placeholder "{user}"',
    },
    { name: "a bad selector", auth: { ...session, token_path: "a[" }, says: "bad-selector" },
    { name: "a negative time", auth: { ...session, expires_in: -1 }, says: "must be at least 0" },
    {
      name: "an unknown algorithm",
      auth: { type: "jwt", algorithm: "none" },
      says: 'unknown-value: unknown value "none"',
    },
    {
      name: "two keys of one option",
      auth: { type: "jwt", issuer: "a", client_id: "b" },
      says: '"client_id" and "issuer" set the same option: remove one of them',
    },
    { name: "no schemes", auth: { type: "one_of", schemes: {} }, says: "one_of needs at least one scheme" },
    {
      name: "nested schemes",
      auth: { type: "one_of", schemes: { a: { type: "one_of", schemes: { b: "custom" } } } },
      says: "one_of cannot contain one_of",
    },
    {
      name: "an invalid name",
      auth: { type: "one_of", schemes: { "a b": "custom" } },
      says: 'invalid name "a b" for a scheme',
    },
    {
      name: "an unknown default",
      auth: { type: "one_of", schemes: { key: "custom" }, default: "kay" },
      says: 'unknown scheme "kay": valid schemes are key; did you mean "key"?',
    },
    {
      name: "a mistake in a scheme",
      auth: { type: "one_of", schemes: { a: { type: "api_key", nam: "x" } } },
      says: 'unknown key "nam"',
    },
    {
      name: "a prefix with a placeholder",
      auth: { type: "api_key", prefix: "{secrets.x} " },
      says: "bad-placeholder",
    },
    { name: "an empty URL", auth: { ...session, login_url: "" }, says: "this text must not be empty" },
  ];
  it.each(rows)("$name", async ({ auth, says }) => {
    const problems = await problemsOf(auth);
    expect(problems.join("\n")).toContain(says);
    expect(problems).toHaveLength(1);
  });

  it("an API key in the body of a request without one", async () => {
    const key = { type: "api_key", api_key: "{secrets.k}", location: "body" };
    const problems = await problemsOf(key);
    expect(problems).toEqual([expect.stringContaining("the API key is sent in the body")]);
    expect(await problemsOf(key, { method: "POST", json: { a: 1 } })).toEqual([]);
    expect(await problemsOf(key, { auth: null })).toEqual([]);
    const inside = { type: "one_of", schemes: { a: "custom", b: key } };
    expect(await problemsOf(inside)).toHaveLength(1);
  });
});

const secret = "sk-live-51H8x2abcdef";

describe("a literal secret at depth", () => {
  const oauth = { type: "oauth2_client_credentials", access_token_url: "https://a.test/t", client_id: "id" };
  const session = { type: "session_token", login_url: "/l", token_path: "t" };
  const places: readonly [string, object, string][] = [
    ["a client's secret", { client: { auth: { ...oauth, client_secret: secret } } }, "client_secret"],
    [
      "further fields of a token request",
      { client: { auth: { ...oauth, access_token_request_data: { password: secret } } } },
      "password",
    ],
    [
      "a login's body",
      { client: { auth: { ...session, json: { user: { password: secret } } } } },
      "password",
    ],
    [
      "a list in a login's body",
      { client: { auth: { ...session, form: { a: [{ api_key: secret }] } } } },
      "api_key",
    ],
    [
      "a login's header",
      { client: { auth: { ...session, headers: { Authorization: `Basic ${secret}` } } } },
      "token",
    ],
    ["a signing key", { client: { auth: { type: "jwt", private_key: secret } } }, "signing_key"],
    [
      "a refresh token",
      { client: { auth: { type: "oauth2_refresh_token", token_url: "/t", refresh_token: secret } } },
      "refresh_token",
    ],
    ["one of several", { client: { auth: { type: "one_of", schemes: { a: { token: secret } } } } }, "token"],
    ["an endpoint's JSON", { endpoint: { method: "POST", json: { auth: { api_key: secret } } } }, "api_key"],
    ["an endpoint's form", { endpoint: { method: "POST", data: { password: secret } } }, "password"],
    ["an endpoint's pairs", { endpoint: { method: "POST", data: [["password", secret]] } }, "password"],
  ];
  it.each(places)("in %s is found", async (_, changes, name) => {
    const text = JSON.stringify(specWith(changes), null, 2);
    const strict = await parseText(text);
    expect(strict.spec).toBeUndefined();
    const found = strict.diagnostics.filter(({ code }) => code === "literal-secret");
    expect(messagesOf(found)).toEqual([expect.stringContaining(`write "{secrets.${name}}"`)]);
    expect(strict.frameText).not.toContain(secret);
    const { spec } = await parseText(text, { literalSecrets: "extract" });
    expect(JSON.stringify(spec)).not.toContain(secret);
    expect(spec?.secrets).toContain(name);
  });

  it.each([
    ["under a wrong key", { auth: { ...session, jsn: { user: { password: secret } } } }],
    ["in a text for an object", { auth: { ...session, json: `password=${secret}` } }],
    ["in a list for schemes", { auth: { type: "one_of", schemes: [{ token: secret }] } }],
  ])("%s is not shown", async (_, client) => {
    const { frameText, diagnostics } = await parseText(JSON.stringify(specWith({ client }), null, 2));
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(frameText + messagesOf(diagnostics).join()).not.toContain(secret);
  });

  it("is named after its scheme", async () => {
    const schemes = { a: { token: "first-secret" }, b: { token: "second-secret" } };
    const text = JSON.stringify(specWith({ client: { auth: { type: "one_of", schemes } } }));
    const { spec } = await parseText(text, { literalSecrets: "extract" });
    expect(spec?.secrets).toEqual(["token", "b_token"]);
  });

  it("is not reported for other values", async () => {
    const auth = { ...session, json: { token_type: "x", key: "name", grant_type: "password", keep: true } };
    expect(await problemsOf(auth)).toEqual([]);
  });
});
