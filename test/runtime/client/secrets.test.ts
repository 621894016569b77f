import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { apiKey, bearer, httpBasic } from "../../../runtime/src/index.js";
import type { Auth } from "../../../runtime/src/plugin.js";
import { errorOf, expectNoSecret, exposureOf, fakeFetch, open, type Asked, type Setup } from "../fixtures.js";

const header = apiKey({ apiKey: "{secrets.api_key}", name: "X-API-Key" });

/** Returns the requests with these options. The first of two pages fails once. */
async function requestsWith(
  options: object,
  setup: Omit<Setup, "url" | "options"> = {},
): Promise<readonly Asked[]> {
  const { fetch, seen } = fakeFetch((_, n) =>
    n === 1 ? { status: 503 } : { body: { items: [{ id: n }], total: 2 } },
  );
  const read = open({
    url: "http://api.test",
    source: { auth: header },
    ...setup,
    options: { ...options, fetch },
  });
  await read().toArray();
  return seen;
}

afterEach(() => void vi.unstubAllEnvs());

describe("a secret", () => {
  const forms: readonly { name: string; given: unknown }[] = [
    { name: "text", given: "s3cret" },
    { name: "a function", given: () => "s3cret" },
    { name: "an asynchronous function", given: () => Promise.resolve("s3cret") },
  ];
  it.each(forms)("may be $name", async ({ given }) => {
    const asked = await requestsWith({ apiKey: given });
    expect(asked.map(({ headers }) => headers["x-api-key"])).toEqual(["s3cret", "s3cret", "s3cret"]);
  });

  it("from a function is asked for whenever a request needs it: it may change", async () => {
    let n = 0;
    const asked = await requestsWith({ apiKey: () => `s3cret-${++n}` });
    expect(asked.map(({ headers }) => headers["x-api-key"])).toEqual(["s3cret-1", "s3cret-2", "s3cret-3"]);
  });

  it("in a header of the spec is looked up once per request", async () => {
    let n = 0;
    const headers = { "X-Version": "{secrets.api_key}" };
    const asked = await requestsWith({ apiKey: () => `s3cret-${++n}` }, { source: { headers } });
    expect(asked.map((each) => each.headers["x-version"])).toEqual(["s3cret-1", "s3cret-2", "s3cret-3"]);
  });

  it("left out is read from the environment", async () => {
    vi.stubEnv("SHOP_API_KEY", "s3cret-of-env");
    for (const options of [{}, { apiKey: undefined }, { apiKey: "" }, { apiKey: () => "" }]) {
      const [asked] = await requestsWith(options);
      expect(asked?.headers["x-api-key"]).toBe("s3cret-of-env");
    }
  });

  it.each([5, true, {}, () => 5])("that is not a text is an invalid option: %o", async (apiKey) => {
    const error = await errorOf(requestsWith({ apiKey }));
    expect(error.message).toContain("`apiKey` must be a text: pass { apiKey } to");
  });

  it("in the options goes before the environment", async () => {
    vi.stubEnv("SHOP_API_KEY", "s3cret-of-env");
    const [asked] = await requestsWith({ apiKey: "s3cret" });
    expect(asked?.headers["x-api-key"]).toBe("s3cret");
  });

  it("in the environment is redacted too", async () => {
    vi.stubEnv("SHOP_API_KEY", "s3cret of env");
    const { fetch } = fakeFetch(() => ({ status: 400 }));
    const read = open({
      url: "http://api.test",
      resource: { query: { key: "{secrets.api_key}" } },
      options: { fetch },
    });
    const error = await errorOf(read().toArray());
    expect(error.message).toContain("key=[redacted]");
    expectNoSecret(exposureOf(error), "s3cret of env");
  });

  const missing: readonly { name: string; given: object }[] = [
    { name: "left out", given: {} },
    { name: "an empty text", given: { apiKey: "" } },
    { name: "null", given: { apiKey: null } },
    { name: "a number", given: { apiKey: 5 } },
    { name: "a function that gives nothing", given: { apiKey: () => undefined } },
    { name: "a function that gives an empty text", given: { apiKey: () => Promise.resolve("") } },
  ];
  it.each(missing)("that is missing is named with the ways to give it: $name", async ({ given }) => {
    vi.stubEnv("SHOP_API_KEY", "");
    const { fetch, seen } = fakeFetch(() => ({ body: { items: [] } }));
    const read = open({ url: "http://api.test", source: { auth: header }, options: { ...given, fetch } });
    const error = await errorOf(read().toArray());
    expect(error).toMatchObject({
      name: "AuthError",
      code: "MISSING_SECRET",
      source: "shop",
      resource: "rows",
    });
    expect(error.message).toContain("apiKey");
    expect(error.message).toContain("SHOP_API_KEY");
    expect(seen).toHaveLength(0);
  });

  describe("where the program may not read the environment, as in Deno without --allow-env", () => {
    // Other code of this process, such as services that tests have started, still needs the rest of `process`.
    const denied = new Proxy(process.env, {
      get(env, name): unknown {
        if (String(name).startsWith("SHOP_")) throw new Error("Requires env access");
        return Reflect.get(env, name);
      },
    });
    const limited = new Proxy(process, {
      get: (whole, name): unknown => (name === "env" ? denied : Reflect.get(whole, name)),
    });
    beforeEach(() => vi.stubGlobal("process", limited));
    afterEach(() => void vi.unstubAllGlobals());

    it("has no value", async () => {
      for (const options of [{}, { apiKey: "" }, { apiKey: () => "" }]) {
        const { fetch, seen } = fakeFetch(() => ({}));
        const read = open({
          url: "http://api.test",
          source: { auth: header },
          options: { ...options, fetch },
        });
        const error = await errorOf(read().toArray());
        expect(error).toMatchObject({ name: "AuthError", code: "MISSING_SECRET", page: 1 });
        expect(error.message).toContain("`apiKey` has no value: pass { apiKey }");
        expect(seen).toHaveLength(0);
      }
    });

    it("comes from the options", async () => {
      const [asked] = await requestsWith({ apiKey: "s3cret" });
      expect(asked?.headers["x-api-key"]).toBe("s3cret");
    });
  });

  it("whose function throws: the error tells so, with the cause", async () => {
    const failing = [
      () => {
        throw new Error("vault is sealed");
      },
      () => Promise.reject(new Error("vault is sealed")),
    ];
    for (const given of failing) {
      const { fetch, seen } = fakeFetch(() => ({ body: { items: [] } }));
      const read = open({
        url: "http://api.test",
        source: { auth: header },
        options: { apiKey: given, fetch },
      });
      const error = await errorOf(read().toArray());
      expect(error).toMatchObject({
        name: "AuthError",
        code: "MISSING_SECRET",
        cause: { message: "vault is sealed" },
      });
      expect(error.message).toContain("apiKey");
      expect(seen).toHaveLength(0);
    }
  });

  it("is asked for when a stream is iterated, not before", async () => {
    let asked = 0;
    const { fetch } = fakeFetch(() => ({ body: { items: [] } }));
    const read = open({
      url: "http://api.test",
      source: { auth: header },
      options: { fetch, apiKey: () => `key ${++asked}` },
    });
    const stream = read();
    expect(asked).toBe(0);
    await stream.toArray();
    expect(asked).toBe(1);
  });

  it("of resources without auth is not asked for", async () => {
    vi.stubEnv("SHOP_API_KEY", "");
    const [asked] = await requestsWith({}, { resource: { auth: null } });
    expect(asked?.headers).not.toHaveProperty("x-api-key");
  });
});

describe("auth", () => {
  const username = "{secrets.username}";
  const rows: readonly { name: string; auth: Auth; given: object; want: string | undefined }[] = [
    { name: "bearer", auth: bearer({ token: "{secrets.token}" }), given: { token: "t" }, want: "Bearer t" },
    {
      name: "an API key without a name",
      auth: apiKey({ apiKey: "{secrets.api_key}" }),
      given: { apiKey: "k" },
      want: "k",
    },
    {
      name: "basic",
      auth: httpBasic({ username, password: "{secrets.password}" }),
      given: { username: "Aladdin", password: "open sesame" },
      want: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    },
    {
      name: "basic in UTF-8 (RFC 7617)",
      auth: httpBasic({ username: "test", password: "{secrets.password}" }),
      given: { password: "123£" },
      want: "Basic dGVzdDoxMjPCow==",
    },
    {
      name: "basic with a colon in the password",
      auth: httpBasic({ username: "u", password: "{secrets.password}" }),
      given: { password: "a:b" },
      want: `Basic ${Buffer.from("u:a:b").toString("base64")}`,
    },
  ];
  it.each(rows)("$name", async ({ auth, given, want }) => {
    const [asked] = await requestsWith(given, { source: { auth } });
    expect(asked?.headers["authorization"]).toBe(want);
  });

  it("replaces headers of the same name, in any case", async () => {
    const [asked] = await requestsWith(
      { apiKey: "k", headers: { "X-API-KEY": "from options" } },
      { source: { auth: header, headers: { "x-Api-Key": "from the source" } } },
    );
    expect(asked?.headers).toEqual({ accept: "application/json", "x-api-key": "k" });
  });

  it("in a cookie is sent with other cookies", async () => {
    const auth = apiKey({ apiKey: "{secrets.api_key}", name: "session", location: "cookie" });
    const [asked] = await requestsWith(
      { apiKey: "a;b c", headers: { Cookie: "theme=dark" } },
      { source: { auth } },
    );
    expect(asked?.headers["cookie"]).toBe("theme=dark; session=a%3Bb%20c");
  });

  it("in the query goes there by both of its names", async () => {
    for (const location of ["query", "param"] as const) {
      const auth = apiKey({ apiKey: "{secrets.api_key}", name: "k", location });
      const asked = await requestsWith({ apiKey: "a&b" }, { source: { auth } });
      expect(asked.map(({ query }) => query.getAll("k"))).toEqual([["a&b"], ["a&b"], ["a&b"]]);
    }
  });

  it("of the resource goes before that of the source", async () => {
    const [asked] = await requestsWith(
      { apiKey: "k", token: "t" },
      { resource: { auth: bearer({ token: "{secrets.token}" }) } },
    );
    expect(asked?.headers).toEqual({ accept: "application/json", authorization: "Bearer t" });
  });
});

describe("a config value", () => {
  const source = { baseUrl: "http://{config.region}.test/{config.region}", auth: header };
  it("goes where its placeholder stands", async () => {
    const [asked] = await requestsWith({ apiKey: "k", region: "eu" }, { source });
    expect(asked?.url).toMatch(/^http:\/\/eu\.test\/eu\/v1\/rows/);
  });

  it.each([{}, { region: "" }, { region: 5 }])("that is missing is named: %o", async (given) => {
    vi.stubEnv("REGION", "env");
    const error = await errorOf(requestsWith({ apiKey: "k", ...given }, { source }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expect(error.message).toContain("region");
  });

  it("is not a secret", async () => {
    const { fetch } = fakeFetch(() => ({ status: 400 }));
    const read = open({
      url: "",
      source: { baseUrl: "http://{config.region}.test" },
      options: { region: "eu", fetch },
    });
    expect((await errorOf(read().toArray())).message).toContain("http://eu.test/v1/rows");
  });
});
