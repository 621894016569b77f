import { describe, expect, it } from "vitest";
import { headerLink, jsonLink } from "../../../runtime/src/index.js";
import type { Exchange, Position } from "../../../runtime/src/plugin.js";
import { exchangeOf, headersOf, items, walk, type TextCase } from "../walk.js";

const rows: readonly TextCase[] = [
  {
    name: "absolute links, until null (absolute)",
    given: jsonLink(),
    bodies: [
      items(1, { next: "http://api.test/v1/items?page=2" }),
      items(1, { next: "http://api.test/x?page=3&a=b%20c" }),
      items(1, { next: null }),
    ],
    asks: ["", "/v1/items?page=2", "/x?page=3&a=b%20c"],
    end: "no_next",
  },
  {
    name: "a nested link (nested-path)",
    given: jsonLink({ nextUrlPath: ["links", "next", "href"] }),
    bodies: [items(1, { links: { next: { href: "/p2" } } }), items(1, { links: {} })],
    asks: ["", "/p2"],
    end: "no_next",
  },
  {
    name: "of several matches the first (first-of-many-matches)",
    given: jsonLink({ nextUrlPath: ["links", "[*]", "href"] }),
    bodies: [items(1, { links: [{ href: "/p2" }, { href: "/p9" }] }), items(1, { links: [] })],
    asks: ["", "/p2"],
    end: "no_next",
  },
  {
    name: "an empty page with a link (empty-page-with-link)",
    given: jsonLink(),
    bodies: [items(0, { next: "?p=2" }), items(1)],
    asks: ["", "/v1/items?p=2"],
    end: "no_next",
  },
  {
    name: "a link in the header (next-and-last)",
    given: headerLink(),
    bodies: [items(1)],
    headers: [{ Link: '<http://api.test/p2>; rel="next", <http://api.test/p9>; rel="last"' }],
    asks: ["", "/p2"],
    end: "no_next",
  },
  {
    name: "another relation",
    given: headerLink({ linksNextKey: "successor" }),
    bodies: [items(1)],
    headers: [{ link: "</n>; rel=next, </s>; rel=successor" }],
    asks: ["", "/s"],
    end: "no_next",
  },
  {
    name: "relative to the previous link (relative)",
    given: headerLink(),
    bodies: [items(1)],
    headers: [{ link: "<a/b?p=2>; rel=next" }, { link: "<?p=3>; rel=next" }, { link: "<c?p=4>; rel=next" }],
    asks: ["", "/v1/a/b?p=2", "/v1/a/b?p=3", "/v1/a/c?p=4"],
    end: "no_next",
  },
];

describe("links", () => {
  it.each(rows)("$given.type: $name", ({ given, bodies, headers, asks, end }) => {
    expect(walk(given, bodies, headers)).toEqual({ asked: asks, end, warnings: [] });
  });

  const ends = [null, undefined, "", "  ", false, "null", " null ", [], {}, 0];
  it.each(ends)("end at %j (empty-text-link, D09)", (next) => {
    expect(walk(jsonLink(), [items(1, { next })]).end).toBe("no_next");
  });

  const resolutions = [
    { link: "?page=2", want: "http://api.test/v1/items?page=2" },
    { link: "/x?y", want: "http://api.test/x?y" },
    { link: "sib?z", want: "http://api.test/v1/sib?z" },
    { link: "../up", want: "http://api.test/up" },
    { link: "//api.test/p2", want: "http://api.test/p2" },
    { link: "//other.test/p2", want: "http://other.test/p2" },
    { link: "https://api.test/p2", want: "https://api.test/p2" },
    { link: "http://api.test/p2#top", want: "http://api.test/p2" },
    { link: " /p2 ", want: "http://api.test/p2" },
    { link: "/p2?a=x%2Fy%3D%3D&f=1%2C2", want: "http://api.test/p2?a=x%2Fy%3D%3D&f=1%2C2" },
    { link: "/p2?$skip=1&q=a b", want: "http://api.test/p2?$skip=1&q=a%20b" },
    {
      link: '/p2?f={"a":1}&g={secrets.key}',
      want: "http://api.test/p2?f=%7B%22a%22:1%7D&g=%7Bsecrets.key%7D",
    },
    { link: "/p2?", want: "http://api.test/p2?" },
    { link: "/p2?a?b=c??", want: "http://api.test/p2?a?b=c??" },
    { link: "\\\\other.test\\p2", want: "http://other.test/p2" },
  ];
  it.each(resolutions)("resolve to $want: $link", ({ link, want }) => {
    const exchange = exchangeOf(items(1, { next: link }), { url: "http://api.test/v1/items?page=1" });
    expect(jsonLink().next({}, exchange)).toEqual({ next: { url: want } });
  });

  const refusals: readonly { next: unknown; from?: string; want: RegExp }[] = [
    { next: "http://api@evil.test/", want: /user name/ },
    { next: "http://api.test:80@evil.test/", want: /user name/ },
    { next: "//:pw@evil.test/", want: /user name/ },
    { next: "ftp://api.test/", want: /is not an HTTP URL/ },
    { next: "file:///etc/passwd", want: /is not an HTTP URL/ },
    { next: "javascript:alert(1)", want: /is not an HTTP URL/ },
    { next: "data:application/json,[]", want: /is not an HTTP URL/ },
    { next: "http://", want: /is not an HTTP URL/ },
    { next: "http://[::1", want: /is not an HTTP URL/ },
    { next: "http://other.test/p2", from: "https://api.test/", want: /from https to http/ },
    { next: 2, want: /is not a string/ },
    { next: true, want: /is not a string/ },
    { next: { target: "/p2" }, want: /is not a string/ },
    { next: { href: 2 }, want: /is not a string/ },
    { next: ["/p2"], want: /is not a string/ },
  ];
  it.each(refusals)("reject $next", ({ next, from = "http://api.test/", want }) => {
    const given = (): unknown => jsonLink().next({}, exchangeOf(items(1, { next }), { url: from }));
    expect(given).toThrow(want);
    expect(given).toThrow(expect.objectContaining({ code: "PAGE_INFO_INVALID" }) as Error);
  });

  it.each([
    { href: "/p2" },
    { url: "/p2" },
    [{ rel: "next", href: "/p2" }],
    [
      { relation: "self", url: "/p1" },
      { relation: "next", url: "/p2" },
    ],
  ])("are found in %j", (next) => {
    const step = jsonLink().next({}, exchangeOf(items(1, { next }), { url: "http://api.test/" }));
    expect(step).toEqual({ next: { url: "http://api.test/p2" } });
  });

  it.each([[{ rel: "prev", href: "/p0" }], [{ relation: "self", url: "/p1" }]])("end with %j", (...next) => {
    expect(jsonLink().next({}, exchangeOf(items(1, { next })))).toMatchObject({ stop: "no_next" });
  });

  it("do not appear in messages", () => {
    const exchange = exchangeOf(items(1, { next: "ftp://s3cr3t.test/" }));
    expect(() => jsonLink().next({}, exchange)).toThrow(/^(?!.*s3cr3t)/);
  });
});

/** An exchange of a client whose secrets are known by value; those with a name have a placeholder. */
function secretly(next: string, secrets: Readonly<Record<string, string | undefined>>): Exchange {
  return exchangeOf(items(1, { next }), {
    url: "http://api.test/v1/items",
    isSecret: (text) =>
      Object.keys(secrets).some(
        (secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)),
      ),
    nameOf: (secret) => secrets[secret],
  });
}

describe("a link that repeats a secret", () => {
  const key = { "k/3y": "secrets.api_key" };
  const token = { t0k3n: undefined };
  const rows: readonly { name: string; link: string; secrets: object; want: string }[] = [
    { name: "named", link: "/p?key=k%2F3y&p=2", secrets: key, want: "/p?key={secrets.api_key}&p=2" },
    { name: "unescaped", link: "/p?p=2&key=k/3y", secrets: key, want: "/p?p=2&key={secrets.api_key}" },
    {
      name: "after a word",
      link: "/p?key=Token%20k%2F3y&p=2",
      secrets: key,
      want: "/p?key=Token%20{secrets.api_key}&p=2",
    },
    {
      name: "after a word and +",
      link: "/p?key=Token+k%2F3y",
      secrets: key,
      want: "/p?key=Token+{secrets.api_key}",
    },
    { name: "in its path", link: "/k%2F3y/items?p=2", secrets: key, want: "/{secrets.api_key}/items?p=2" },
    { name: "without a name", link: "/p?token=t0k3n&p=2", secrets: token, want: "/p?p=2" },
    { name: "alone", link: "/p?token=t0k3n", secrets: token, want: "/p" },
    {
      name: "that ends with =",
      link: "/p?key=ab==&p=2",
      secrets: { "ab==": "secrets.k" },
      want: "/p?key={secrets.k}&p=2",
    },
    { name: "twice", link: "/p?a=t0k3n&p=2&b=t0k3n", secrets: token, want: "/p?p=2" },
    { name: "without a secret", link: "/p?a=b", secrets: key, want: "/p?a=b" },
  ];
  it.each(rows)("is stored without it: $name", ({ link, secrets, want }) => {
    const { next } = jsonLink().next({}, secretly(link, secrets as Record<string, undefined>));
    expect(next).toEqual({ url: `http://api.test${want}` });
  });

  it.each(["/t0k3n/p", "/p?a=xt0k3nx", "/p?t0k3n=1"])("is rejected if it cannot be removed: %s", (link) => {
    expect(() => jsonLink().next({}, secretly(link, token))).toThrow(/contains a secret/);
  });

  it("is requested with the secret again", () => {
    const position: Position = { url: "http://api.test/p?key={secrets.api_key}" };
    expect(headerLink().request(position)).toEqual(position);
  });
});

it("reads the Link header regardless of its case", () => {
  const exchange = exchangeOf([], { headers: headersOf({ LINK: "</p2>; rel=NEXT" }) });
  expect(headerLink().next({}, exchange)).toEqual({ next: { url: "http://api.test/p2" } });
});
