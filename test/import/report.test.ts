import { describe, expect, it } from "vitest";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { importDlt } from "../../generator/import/dlt.js";
import { readFixture } from "./fixtures.js";

const text = readFixture("shop.py");
const { imports, diagnostics, frameText } = importDlt("shop.py", text);
const [shop] = imports;

/** Returns the line of the fixture that contains a text. */
function lineOf(part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

describe("a source full of Python", () => {
  it("is imported", () => {
    expect(diagnostics).toEqual([]);
    expect(shop).toMatchObject({ name: "shop", what: "rest_api_resources" });
    expect(shop?.spec).toMatchObject({
      name: "shop",
      description: "Orders and customers of the shop.",
      client: {
        base_url: "https://shop.example.com/api/v2",
        auth: { type: "bearer", token: "{secrets.api_key}" },
        headers: {
          "X-Region": "{config.region}",
          "X-Api-Key": "{secrets.shop_key}",
          "X-Trace": "trace-{config.trace}",
          "X-N": "5",
        },
      },
    });
    expect(shop?.spec["resources"]).toMatchObject([
      { name: "orders", description: "All orders of one year, drafts included." },
      { name: "customers", description: "Everybody who ever bought something." },
      "events",
      { name: "refunds", endpoint: "refunds/v2" },
      { name: "late" },
    ]);
  });

  it("lists every value that cannot be converted with its line and its code", () => {
    const found = shop?.diagnostics.map(({ line, code, message }) => [
      line,
      code,
      /`(.*)`/.exec(message)?.[1],
    ]);
    const expected = [
      [`TOKEN = "sk`, "literal-secret", undefined],
      [`"X-Trace"`, "replaced-by-option", "make_trace()"],
      [`ShopPaginator(limit`, "omitted", "ShopPaginator(limit=100)"],
      [`"since"`, "replaced-by-option", "(datetime.now() - timedelta(days=30)).isoformat()"],
      [`"per_page": PAGE`, "replaced-by-option", "PAGE_SIZE"],
      [`"sort"`, "replaced-by-option", `"asc" if year > 2020 else "desc"`],
      [`OffsetPaginator(PAGE`, "omitted", "PAGE_SIZE"],
      [`lambda r: r["total"]`, "replaced-by-hook", `lambda r: r["total"] > 10`],
      [`"map": is_paid`, "replaced-by-hook", "is_paid"],
      [`"filter": is_paid`, "replaced-by-hook", "is_paid"],
      [`"yield_map"`, "omitted", `lambda r: r["lines"]`],
      [`"auth": OAuth`, "literal-secret", undefined],
      [`lambda response`, "omitted", "lambda response, *args, **kwargs: response"],
      [`"action": print`, "omitted", "print"],
      [`"password"`, "literal-secret", undefined],
      [`dlt.resource([1`, "omitted", `dlt.resource([1, 2], name="numbers")`],
      [`*extra_resources`, "omitted", "extra_resources"],
      [`if year > 2000`, "assumed", "year > 2000"],
    ].map(([part, ...rest]) => [lineOf(part ?? ""), ...rest]);
    expect(found).toEqual(expected);
  });

  it("reports the position and the result of computed text", () => {
    expect(shop?.notes).toEqual([
      'shop.py:14:12 note: client.base_url evaluates to "https://shop.example.com/api/v2"',
      'shop.py:39:93 note: client.headers.X-Trace evaluates to "trace-{config.trace}"',
      'shop.py:53:29 note: endpoint.path of resource "orders" evaluates to "orders/{config.year}"',
      'shop.py:83:42 note: endpoint.incremental.initial_value of resource "customers" evaluates to "2024-01-01T00:00:00Z"',
      'shop.py:94:64 note: endpoint of resource "refunds" evaluates to "refunds/v2"',
    ]);
  });

  it("shows no secret in spec, messages or code frames", () => {
    const printed = shop?.diagnostics.map((each) => formatDiagnostic(each, frameText)).join("\n");
    for (const secret of ["sk_live_1234567890", "hunter22", "very-secret"]) {
      expect(text).toContain(secret);
      expect(printed).not.toContain(secret);
      expect(frameText).not.toContain(secret);
      expect(JSON.stringify([shop?.spec, shop?.notes])).not.toContain(secret);
    }
    expect(frameText).toHaveLength(text.length);
  });
});

describe("code frames", () => {
  const rows = [
    { name: "a default", given: 'def f(token="abc12345"):\n    pass' },
    { name: "a keyword", given: 'x = Auth(password="abc12345")' },
    { name: "a name", given: 'GITHUB_TOKEN: str = "abc12345"' },
    { name: "an entry", given: 'x = {"client_secret": "abc12345"}' },
    { name: "an f-string", given: 'API_KEY = f"abc12345{x}"' },
    { name: "an instance", given: 'AUTH = MyAuth("abc12345")', use: "AUTH" },
    { name: "a class of dlt", given: "", use: 'BearerTokenAuth("abc12345")' },
    { name: "a URL", given: 'x = "y"', url: "https://me:abc12345@a.test" },
  ];
  it.each(rows)("mask $name", ({ given, use, url = "https://a.test" }) => {
    const source = `${given}\nrest_api_source({"client": {"base_url": "${url}"${use ? `, "auth": ${use}` : ""}}, "resources": ["a", load()]})\n`;
    const result = importDlt("a.py", source);
    expect(source).toContain("abc12345");
    expect(JSON.stringify(result)).not.toContain("abc12345");
    expect(result.imports).toHaveLength(1);
  });

  it("mask secrets in a truncated source", () => {
    for (let end = 0; end < text.length; end += 40) {
      const result = JSON.stringify(importDlt("a.py", text.slice(0, end)));
      for (const secret of ["sk_live_1234567890", "hunter22", "very-secret"])
        expect(result).not.toContain(secret);
    }
  });

  it("show text that is not secret", () => {
    const { frameText: shown } = importDlt(
      "a.py",
      'x = {"api_key": dlt.secrets["api_key"], "name": "api_key", "limit": 5}\n',
    );
    expect(shown).toBe('x = {"api_key": dlt.secrets["api_key"], "name": "api_key", "limit": 5}\n');
  });
});
