import { describe, expect, it } from "vitest";
import { headerLink, jsonLink, singlePage } from "../../../runtime/src/index.js";
import type { Paginator } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch, idsOf, open, type Reply } from "../fixtures.js";

/** Reads an API whose first response leads to `target`, in a link or a redirect. */
async function follow(
  baseUrl: string,
  paginator: Paginator,
  reply: Reply,
): Promise<{ readonly ids: readonly number[]; readonly urls: readonly string[] }> {
  const { fetch, seen } = fakeFetch((_, n) =>
    n === 1 ? reply : { body: { items: [{ id: n }], next: null } },
  );
  const setup = { url: baseUrl, resource: { paginator }, options: { fetch, headers: { "x-key": "k" } } };
  const ids = idsOf(await open(setup)().toArray());
  // Headers of the options are sent to trusted origins only.
  expect(seen.map(({ headers }) => headers["x-key"])).toEqual(seen.map(() => "k"));
  return { ids, urls: seen.map(({ url }) => url) };
}

describe("an http URL of the same host on an https page becomes https", () => {
  it.each([
    {
      name: "a link in the body",
      paginator: jsonLink(),
      reply: (url: string): Reply => ({ body: { items: [{ id: 1 }], next: url } }),
    },
    {
      name: "a link in the header",
      paginator: headerLink(),
      reply: (url: string): Reply => ({
        body: { items: [{ id: 1 }] },
        headers: { link: `<${url}>; rel="next"` },
      }),
    },
    {
      name: "a redirect",
      paginator: singlePage(),
      reply: (url: string): Reply => ({ status: 302, headers: { location: url } }),
    },
  ])("$name", async ({ paginator, reply }) => {
    const base = "https://api.example.com";
    const { urls } = await follow(base, paginator, reply("http://api.example.com/v1/rows?page=2"));
    expect(urls).toEqual([`${base}/v1/rows`, `${base}/v1/rows?page=2`]);
    const withPort = await follow(`${base}:8443`, paginator, reply("http://api.example.com:8443/p2"));
    expect(withPort.urls[1]).toBe(`${base}:8443/p2`);
  });

  it("in a path that is a whole URL", async () => {
    const { fetch, seen } = fakeFetch(() => ({ body: { items: [{ id: 1 }] } }));
    const read = open({
      url: "https://api.example.com/v2",
      resource: { path: "{url}", params: { url: "path" }, paginator: singlePage() },
      options: { fetch },
    });
    await read({}, { url: "http://api.example.com/users/1?full=%20" }).toArray();
    await read({}, { url: "http://other.example.com/users/1" }).toArray();
    expect(seen.map(({ url }) => url)).toEqual([
      "https://api.example.com/users/1?full=%20",
      "http://other.example.com/users/1",
    ]);
  });

  it.each([
    { name: "another host", url: "http://files.example.com/p2" },
    { name: "another port", url: "http://api.example.com:8080/p2" },
    { name: "another scheme", url: "ftp://api.example.com/p2" },
  ])("but not $name", async ({ url }) => {
    const { fetch } = fakeFetch(() => ({ body: { items: [{ id: 1 }], next: url } }));
    const read = open({
      url: "https://api.example.com",
      resource: { paginator: jsonLink() },
      options: { fetch },
    });
    expect((await errorOf(read().toArray())).code).toBe("PAGE_INFO_INVALID");
  });

  it("and an https link on an http page stays https", async () => {
    const { fetch, seen } = fakeFetch((_, n) => ({
      body: { items: [{ id: n }], next: n === 1 ? "https://api.example.com/p2" : null },
    }));
    const read = open({
      url: "http://api.example.com",
      resource: { paginator: jsonLink() },
      options: { fetch },
    });
    await read().toArray();
    expect(seen[1]?.url).toBe("https://api.example.com/p2");
  });
});
