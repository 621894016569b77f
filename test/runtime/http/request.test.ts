import { describe, expect, it } from "vitest";
import { apiKey, pageNumber, singlePage, type Source } from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { joinUrl } from "../../../runtime/src/http/url.js";
import { errorOf, fakeFetch, open, type Asked } from "../fixtures.js";

interface Given {
  readonly source?: Partial<Source>;
  readonly resource?: Partial<ResourceShape>;
  readonly options?: object;
  readonly params?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the only request of a read of one page. */
async function requestOf({ source, resource, options, params, headers }: Given): Promise<Asked> {
  const { fetch, seen } = fakeFetch(() => ({ body: { items: [] } }));
  const read = open({
    url: "http://api.test",
    source: source ?? {},
    resource: { paginator: singlePage(), path: "rows", ...resource },
    options: { apiKey: "k&y", region: "eu west", ...options, fetch },
  });
  await read(headers && { headers }, params).toArray();
  expect(seen).toHaveLength(1);
  return seen[0] as Asked;
}

describe("joinUrl", () => {
  const rows = [
    { name: "plain", given: ["http://x.test/v1", "r"], want: "http://x.test/v1/r" },
    { name: "a slash in front", given: ["http://x.test/v1", "/r"], want: "http://x.test/v1/r" },
    { name: "a slash at the base's end", given: ["http://x.test/v1/", "r"], want: "http://x.test/v1/r" },
    { name: "both", given: ["http://x.test/v1/", "/r"], want: "http://x.test/v1/r" },
    { name: "many slashes", given: ["http://x.test/v1//", "//r"], want: "http://x.test/v1/r" },
    { name: "a path of one slash", given: ["http://x.test/v1/", "/"], want: "http://x.test/v1/" },
    { name: "a slash at the path's end", given: ["http://x.test/v1", "r/"], want: "http://x.test/v1/r/" },
    { name: "an empty path", given: ["http://x.test/v1/r", ""], want: "http://x.test/v1/r" },
    { name: "an empty path below a slash", given: ["http://x.test/", ""], want: "http://x.test/" },
    {
      name: "several segments",
      given: ["http://x.test/v1", "a/b/c.json"],
      want: "http://x.test/v1/a/b/c.json",
    },
    { name: "a query in the path", given: ["http://x.test", "r?x=1"], want: "http://x.test/r?x=1" },
    { name: "a query in the base", given: ["http://x.test/v1?k=1", "r"], want: "http://x.test/v1?k=1/r" },
    { name: "an absolute path", given: ["http://x.test/v1", "https://y.test/r"], want: "https://y.test/r" },
    {
      name: "an absolute path, upper case",
      given: ["http://x.test", "HTTP://y.test/r"],
      want: "HTTP://y.test/r",
    },
    {
      name: "two slashes are not another host",
      given: ["http://x.test", "//y.test/r"],
      want: "http://x.test/y.test/r",
    },
  ] as const;
  it.each(rows)("$name: $given → $want", ({ given: [base, path], want }) => {
    expect(joinUrl(base, path)).toBe(want);
  });
});

describe("the path", () => {
  const params = { owner: "path", repo: "path" } as const;
  const path = "/r/{owner}/{repo}/x";
  const rows = [
    { name: "plain", given: { owner: "a", repo: "b" }, want: "/r/a/b/x" },
    { name: "numbers and booleans", given: { owner: 7, repo: true }, want: "/r/7/true/x" },
    { name: "slashes", given: { owner: "a/../b", repo: "\\" }, want: "/r/a%2F..%2Fb/%5C/x" },
    { name: "query and fragment", given: { owner: "a?b=c", repo: "d#e" }, want: "/r/a%3Fb%3Dc/d%23e/x" },
    { name: "percent", given: { owner: "%2e%2e", repo: "100%" }, want: "/r/%252e%252e/100%25/x" },
    { name: "spaces and Unicode", given: { owner: "a b", repo: "ä" }, want: "/r/a%20b/%C3%A4/x" },
    {
      name: "an at sign and a colon",
      given: { owner: "@evil.test", repo: "a:b" },
      want: "/r/%40evil.test/a%3Ab/x",
    },
    { name: "braces", given: { owner: "{repo}", repo: "}}" }, want: "/r/%7Brepo%7D/%7D%7D/x" },
    { name: "three dots", given: { owner: "...", repo: "b" }, want: "/r/.../b/x" },
  ];
  it.each(rows)("encodes what stands in it: $name", async ({ given, want }) => {
    const { url } = await requestOf({ resource: { path, params }, params: given });
    expect(url).toBe(`http://api.test${want}`);
  });

  const refused = [
    { name: "dots", given: { owner: "..", repo: "b" }, want: "`owner`" },
    { name: "a dot", given: { owner: "a", repo: "." }, want: "`repo`" },
    { name: "nothing", given: { owner: "", repo: "b" }, want: "`owner`" },
    { name: "null", given: { owner: null, repo: "b" }, want: "`owner`" },
    { name: "a missing value", given: { owner: "a" }, want: "`repo`" },
  ];
  it.each(refused)("refuses $name", async ({ given, want }) => {
    const error = await errorOf(requestOf({ resource: { path, params }, params: given }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_PARAMS" });
    expect(error.message).toContain(`${want} needs a value in the path, not only dots`);
  });

  it("takes secrets and config values, encoded, and undoubles braces", async () => {
    const { url } = await requestOf({
      source: { baseUrl: "http://{config.region}.test" },
      resource: { path: "/{secrets.api_key}/{config.region}/{{x}}" },
      options: { region: "eu" },
    });
    expect(decodeURI(url)).toBe("http://eu.test/k%26y/eu/{x}");
  });
});

describe("the query", () => {
  const cases: readonly { name: string; given: ResourceShape["query"]; want: readonly string[][] }[] = [
    {
      name: "text, numbers, empty text, in order",
      given: { s: "x", i: 3, f: 1.5, e: "", n: -1, z: 0 },
      want: [
        ["s", "x"],
        ["i", "3"],
        ["f", "1.5"],
        ["e", ""],
        ["n", "-1"],
        ["z", "0"],
      ],
    },
    { name: "null is left out", given: { a: null, b: 1 }, want: [["b", "1"]] },
    {
      name: "booleans as in JSON (D23)",
      given: { t: true, f: false },
      want: [
        ["t", "true"],
        ["f", "false"],
      ],
    },
    {
      name: "lists are repeated",
      given: { l: [true, 2, "x"] },
      want: [
        ["l", "true"],
        ["l", "2"],
        ["l", "x"],
      ],
    },
    {
      name: "null in a list is left out",
      given: { l: ["a", null, "b"] },
      want: [
        ["l", "a"],
        ["l", "b"],
      ],
    },
    { name: "an empty list", given: { l: [], m: 1 }, want: [["m", "1"]] },
    {
      name: "reserved characters and UTF-8, in names too",
      given: { q: "a b+c~*:/é&=?#%", "k ey": "v", "x[y]": "1" },
      want: [
        ["q", "a b+c~*:/é&=?#%"],
        ["k ey", "v"],
        ["x[y]", "1"],
      ],
    },
    {
      name: "doubled braces",
      given: { q: "{{a}}", w: "x{{y}}z" },
      want: [
        ["q", "{a}"],
        ["w", "x{y}z"],
      ],
    },
    { name: "a secret", given: { q: "v-{secrets.api_key}" }, want: [["q", "v-k&y"]] },
    { name: "none", given: {}, want: [] },
  ];
  it.each(cases)("$name", async ({ given, want }) => {
    const { query } = await requestOf({ resource: { query: given ?? {} } });
    expect([...query]).toEqual(want);
  });

  it("encodes exactly what needs it", async () => {
    const { url } = await requestOf({ resource: { query: { "k y": "a b+c&d=e/ä" } } });
    expect(url).toBe("http://api.test/rows?k%20y=a%20b%2Bc%26d%3De%2F%C3%A4");
  });

  it("comes after the query of the path, which stays unchanged; a fragment is dropped", async () => {
    const { url } = await requestOf({ resource: { path: "rows?x=1&y=%20z+z#top", query: { x: 9 } } });
    expect(url).toBe("http://api.test/rows?x=1&y=%20z+z&x=9");
  });

  it("is overridden from the spec over the caller's parameter to the paginator's", async () => {
    const resource = {
      query: { page: 7, state: "all", sort: "asc" },
      params: { state: "query", page: "query" },
      paginator: pageNumber({ basePage: 1, totalPath: null, maximumPage: 2 }),
    } as const;
    const { url } = await requestOf({ resource, params: { state: "open", page: 9 } });
    expect(url).toBe("http://api.test/rows?page=1&state=open&sort=asc");
  });

  it("takes a caller's values literally: lists repeated, braces kept, null and undefined left out", async () => {
    const params = { q: "query", l: "query", n: "query", u: "query" } as const;
    const given = { q: "{secrets.api_key} {{x}}", l: ["{a}", 2], n: null, u: undefined };
    const { query } = await requestOf({ resource: { params }, params: given });
    expect([...query]).toEqual([
      ["q", "{secrets.api_key} {{x}}"],
      ["l", "{a}"],
      ["l", "2"],
    ]);
  });

  it("leaves the spec's value where the caller gives null", async () => {
    const resource = { query: { state: "all" }, params: { state: "query" } } as const;
    const { url } = await requestOf({ resource, params: { state: null } });
    expect(url).toBe("http://api.test/rows?state=all");
  });

  it("has an API key besides whatever stands there under its name", async () => {
    const { query } = await requestOf({
      source: { auth: apiKey({ apiKey: "{secrets.api_key}", name: "api key", location: "query" }) },
      resource: { path: "rows?api+key=old&a=1&api%20key=older&q=what?", query: { b: 2 } },
    });
    expect([...query].sort()).toEqual([
      ["a", "1"],
      ["api key", "k&y"],
      ["api key", "old"],
      ["api key", "older"],
      ["b", "2"],
      ["q", "what?"],
    ]);
  });
});

describe("the headers", () => {
  it("accept JSON, unless told otherwise", async () => {
    expect((await requestOf({})).headers).toEqual({ accept: "application/json" });
    const headers = { Accept: "application/vnd.test+json" };
    expect((await requestOf({ source: { headers } })).headers).toEqual({ accept: headers.Accept });
  });

  it("are merged in any case: source, resource, parameter, client, read; each overrides the previous one", async () => {
    const names = ["X-A", "x-b", "X-c", "x-D", "X-E"];
    const from = (start: number, value: string): Record<string, string> =>
      Object.fromEntries(
        names.slice(start).map((name, index) => [index % 2 ? name : name.toUpperCase(), value]),
      );
    const { headers } = await requestOf({
      source: { headers: from(0, "source") },
      resource: { headers: from(1, "resource"), params: { "X-c": "header", "x-D": "header" } },
      params: { "X-c": 5, "x-D": 6 },
      options: { headers: from(3, "client") },
      headers: from(4, "read"),
    });
    expect(headers).toEqual({
      accept: "application/json",
      "x-a": "source",
      "x-b": "resource",
      "x-c": "5",
      "x-d": "client",
      "x-e": "read",
    });
  });

  it("of a spec are templates, those of options are not", async () => {
    const { headers } = await requestOf({
      source: { headers: { "x-a": "{secrets.api_key}", "x-b": "{{b}}" } },
      options: { headers: { "x-c": "{secrets.api_key} {{c}}" } },
    });
    expect(headers).toMatchObject({ "x-a": "k&y", "x-b": "{b}", "x-c": "{secrets.api_key} {{c}}" });
  });
});

describe("the method", () => {
  it("is GET by default", async () => {
    expect((await requestOf({})).method).toBe("GET");
    expect((await requestOf({ resource: { method: "POST" } })).method).toBe("POST");
  });
});

describe("parameters", () => {
  it("that the resource does not have are refused, with the ones that it has", async () => {
    const resource = { params: { state: "query", owner: "header" } } as const;
    const error = await errorOf(requestOf({ resource, params: { stat: "open" } }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_PARAMS", resource: "rows" });
    expect(error.message).toContain("`stat`");
    expect(error.message).toContain("; the parameters are: state, owner; options come second");
  });

  it("of a resource without any are refused, as are names from prototypes", async () => {
    for (const params of [{ from: {} }, { toString: "x" }, { constructor: "x" }]) {
      expect(await errorOf(requestOf({ params }))).toMatchObject({ code: "INVALID_PARAMS" });
    }
  });

  it("may be an empty object", async () => {
    expect((await requestOf({ params: {} })).url).toBe("http://api.test/rows");
  });
});

describe("the pages of a read", () => {
  /** Reads pages until the last one and returns their requests. */
  async function requestsOf(
    pages: number,
    { source = {}, resource, options }: Given,
  ): Promise<readonly Asked[]> {
    const { fetch, seen } = fakeFetch((_, n) => ({ body: { items: n < pages ? [{ id: n }] : [] } }));
    const paginator = pageNumber({ basePage: 1 });
    const read = open({
      url: "http://api.test",
      source,
      resource: { path: "rows", ...resource, paginator },
      options: { apiKey: "k", region: "eu", ...options, fetch },
    });
    await read().toArray();
    expect(seen).toHaveLength(pages);
    return seen;
  }

  it("expand the templates of the spec once", async () => {
    const countOf = async (pages: number): Promise<number> => {
      let count = 0;
      const counted = new Proxy({ "x-a": "{{a}}" }, { ownKeys: (own) => (count++, Reflect.ownKeys(own)) });
      const seen = await requestsOf(pages, { resource: { headers: counted } });
      expect(seen.map(({ headers }) => headers["x-a"])).toEqual(Array.from({ length: pages }, () => "{a}"));
      return count;
    };
    expect(await countOf(2)).toBeGreaterThan(0);
    expect(await countOf(9)).toBe(await countOf(2));
  });

  const templates: readonly { readonly name: string; readonly given: Given }[] = [
    "secrets.api_key",
    "config.region",
  ].flatMap((name) => [
    { name: `the path, ${name}`, given: { resource: { path: `rows/{${name}}` } } },
    { name: `the query, ${name}`, given: { resource: { query: { q: `{${name}}` } } } },
    {
      name: `the name of a query parameter, ${name}`,
      given: { resource: { query: { [`{${name}}`]: "q" } } },
    },
    { name: `the source's headers, ${name}`, given: { source: { headers: { "x-a": `{${name}}` } } } },
    { name: `the resource's headers, ${name}`, given: { resource: { headers: { "x-a": `{${name}}` } } } },
    { name: `the base URL, ${name}`, given: { source: { baseUrl: `http://api.test/{${name}}` } } },
  ]);
  it.each(templates)("call the function of an option for each page: $name", async ({ given }) => {
    let n = 0;
    const value = (): string => `value-${++n}`;
    const seen = await requestsOf(4, { ...given, options: { apiKey: value, region: value } });
    const values = seen.map(({ url, headers }) => /value-\d+/.exec(url + JSON.stringify(headers))?.[0]);
    expect(new Set(values).size).toBe(4);
    expect(values).not.toContain(undefined);
  });
});
