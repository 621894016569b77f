import { describe, expect, it } from "vitest";
import { importOne, importParam } from "./fixtures.js";

interface Row {
  readonly name: string;
  readonly given: string;
  readonly before?: string;
  readonly want: unknown;
}

describe("literals", () => {
  const rows: readonly Row[] = [
    { name: "text", given: `'it''s "so"'`, want: 'its "so"' },
    {
      name: "escapes",
      given: String.raw`"a\tb\x41\u00e9\U0001F600\101\q\
c"`,
      want: "a\tbA\u00e9\u{1f600}A\\qc",
    },
    { name: "raw text", given: String.raw`r"\d+"`, want: String.raw`\d+` },
    { name: "text on several lines", given: '"""a\nb"""', want: "a\nb" },
    { name: "adjacent strings", given: `("a" 'b'\n "c")`, want: "abc" },
    { name: "whole numbers", given: "[0x1F, 0b11, 0o17, 1_000, -5, +2]", want: [31, 3, 15, 1000, -5, 2] },
    { name: "a number JSON would round", given: "12345678901234567890", want: "12345678901234567890" },
    { name: "fractions", given: "[1.5, 2e3, .5, 1_0.0]", want: [1.5, 2000, 0.5, 10] },
    { name: "words", given: "[True, False, None]", want: [true, false, null] },
    { name: "a tuple", given: '("a", "b")', want: ["a", "b"] },
    { name: "a tuple of one", given: '("a",)', want: ["a"] },
    { name: "comments inside", given: "[  # one\n 1, # two\n 2,\n]", want: [1, 2] },
  ];
  it.each(rows)("$name", ({ given, want }) => {
    expect(importParam(given)).toEqual({ value: want, messages: [] });
  });
});

describe("names and operators", () => {
  const rows: readonly Row[] = [
    { name: "a name of the file", before: 'A = "x"', given: "A", want: "x" },
    { name: "the last assignment", before: 'A = "x"\nA = "y"', given: "A", want: "y" },
    { name: "names of names", before: "A = 1\nB = A\nC = [B, A]", given: "C", want: [1, 1] },
    {
      name: "several targets",
      before: "A = B = 3\nC, D = 4, 5\n(E, F) = [6, 7]",
      given: "[A, B, C, D, E, F]",
      want: [3, 3, 4, 5, 6, 7],
    },
    { name: "an annotated name", before: 'A: Final[str] = "x"', given: "A", want: "x" },
    { name: "in a with block", before: "with x() as y:\n    A = 1", given: "A", want: 1 },
    {
      name: "the body of a try statement",
      before: "try:\n    A = 1\nexcept X:\n    pass",
      given: "A",
      want: 1,
    },
    { name: "+ of text", before: 'A = "/v1"', given: '"x" + A + "/" + str(5)', want: "x/v1/5" },
    { name: "+ of lists", before: "A = [1]", given: "A + [2] + [*A, 3]", want: [1, 2, 1, 3] },
    { name: "numbers", given: "[60 * 60, 7 // 2, 5 - 1, 1 + 1]", want: [3600, 3, 4, 2] },
    { name: "%", before: 'A = "x"', given: '"%s/%d%%" % (A, 5)', want: "x/5%" },
    { name: "format", before: 'A = "x"', given: '"{}/{b}/{{id}}".format(A, b=2)', want: "x/2/{id}" },
    {
      name: "an f-string",
      before: 'A = "x"\nB = 2',
      given: 'f"{A}/{B}/{{id}}/{True}" f"!"',
      want: "x/2/{id}/True!",
    },
    { name: "or", before: "A = None", given: 'A or "x"', want: "x" },
    {
      name: "subscripts",
      before: 'A = {"a": [1, {"b": 2}]}',
      given: '[A["a"][1]["b"], A["a"][-2], A.get("c", 3)]',
      want: [2, 1, 3],
    },
    { name: "a list of a list", given: '[n + "!" for n in ["a", "b"]]', want: ["a!", "b!"] },
    {
      name: "a list of pairs",
      before: 'A = {"a": 1}',
      given: "[[k, v] for k, v in A.items()]",
      want: [["a", 1]],
    },
    { name: "+=", before: "A = [1]\nA += [2]", given: "A", want: [1, 2] },
    { name: "append and extend", before: "A = [1]\nA.append(2)\nA.extend([3])", given: "A", want: [1, 2, 3] },
    {
      name: "a time in ISO 8601",
      before: "import pendulum",
      given: 'pendulum.parse("2024-01-01").isoformat()',
      want: "2024-01-01T00:00:00+00:00",
    },
    { name: "a cast", before: "from typing import cast", given: 'cast(str, "x")', want: "x" },
  ];
  it.each(rows)("$name", ({ given, before = "", want }) => {
    expect(importParam(given, before)).toEqual({ value: want, messages: [] });
  });
});

describe("dicts", () => {
  const source = (before: string, resources: string): unknown =>
    importOne(
      `${before}\nrest_api_source({"client": {"base_url": "https://a.test"}, "resources": ${resources}})`,
    ).spec["resources"];
  const rows: readonly Row[] = [
    {
      name: "spreads, the last wins",
      before: 'B = {"name": "b", "selected": True}',
      given: '[{**B, "name": "r"}]',
      want: [{ name: "r", selected: true }],
    },
    {
      name: "dict()",
      before: 'B = {"selected": False}',
      given: '[dict(B, name="r", endpoint=dict(path="p"))]',
      want: [{ name: "r", selected: false, endpoint: { path: "p" } }],
    },
    {
      name: "typed dicts",
      before: "from dlt.sources.rest_api import EndpointResource, Endpoint",
      given: '[EndpointResource(name="r", endpoint=Endpoint(path="p"))]',
      want: [{ name: "r", endpoint: { path: "p" } }],
    },
    {
      name: "|",
      before: 'B = {"name": "b"}',
      given: '[B | {"selected": True}]',
      want: [{ name: "b", selected: true }],
    },
    {
      name: "copies",
      before: 'import copy\nB = {"name": "b"}',
      given: "[copy.deepcopy(B), B.copy()]",
      want: [{ name: "b" }, { name: "b" }],
    },
    {
      name: "entries set afterwards",
      before: 'B = {"name": "b", "endpoint": {}}\nB["endpoint"]["path"] = "p"\nB.update({"selected": True})',
      given: "[B]",
      want: [{ name: "b", endpoint: { path: "p" }, selected: true }],
    },
    { name: "computed keys", before: 'K = "na"', given: '[{K + "me": "r"}]', want: [{ name: "r" }] },
  ];
  it.each(rows)("$name", ({ given, before = "", want }) => {
    expect(source(before, given)).toEqual(want);
  });

  it("treats keys such as __proto__ like any other key", () => {
    const { spec } = importOne(
      'rest_api_source({"client": {"base_url": "https://a.test"}, "resources": [{"name": "r", "endpoint": {"params": {"__proto__": "x", "constructor": "y"}}}]})',
    );
    expect(JSON.stringify(spec)).toContain('{"params":{"__proto__":"x","constructor":"y"}}');
  });
});

describe("external values", () => {
  const rows: readonly Row[] = [
    { name: "dlt.secrets", given: 'dlt.secrets["api_key"]', want: "{secrets.api_key}" },
    {
      name: "dlt.secrets under an alias",
      before: "import dlt as d",
      given: 'd.secrets["k"]',
      want: "{secrets.k}",
    },
    { name: "secrets by name", before: "from dlt import secrets as s", given: 's["k"]', want: "{secrets.k}" },
    { name: "a section", given: 'dlt.secrets["sources.github.token"]', want: "{secrets.token}" },
    { name: "nested keys", given: 'dlt.secrets["github"]["token"]', want: "{secrets.token}" },
    {
      name: "two secrets with one name",
      given: '[dlt.secrets["a.token"], dlt.secrets["b.token"], dlt.secrets["a.token"]]',
      want: ["{secrets.token}", "{secrets.b_token}", "{secrets.token}"],
    },
    {
      name: "get",
      given: '[dlt.secrets.get("a"), dlt.config.get("b")]',
      want: ["{secrets.a}", "{config.b}"],
    },
    { name: "dlt.config", given: 'dlt.config["region"]', want: "{config.region}" },
    {
      name: "the environment",
      before: "import os",
      given: '[os.environ["SHOP_REGION"], os.getenv("A"), os.environ.get("B")]',
      want: ["{config.shop_region}", "{config.a}", "{config.b}"],
    },
    {
      name: "the environment by name",
      before: "from os import environ, getenv as g",
      given: '[environ["A"], g("B")]',
      want: ["{config.a}", "{config.b}"],
    },
    {
      name: "a secret by its name",
      before: "import os",
      given: 'os.environ["SHOP_API_KEY"]',
      want: "{secrets.shop_api_key}",
    },
    { name: "in a conversion", before: "import os", given: 'int(os.environ["A"])', want: "{config.a}" },
    {
      name: "in text",
      before: "import os",
      given: 'f"x-{os.environ[\'A\']}" + dlt.config["b"]',
      want: "x-{config.a}{config.b}",
    },
    { name: "a bare value, named by its key", given: "dlt.config.value", want: "{config.v}" },
  ];
  it.each(rows)("$name", ({ given, before = "", want }) => {
    expect(importParam(given, before)).toEqual({ value: want, messages: [] });
  });

  it("reports an omitted default of an environment variable", () => {
    const { value, messages } = importParam('os.getenv("REGION", "eu")', "import os");
    expect(value).toBe("{config.region}");
    expect(messages).toEqual([
      'omitted: endpoint.params.v of resource "r": cannot convert the default `"eu"`; pass it as the option {config.region}',
    ]);
  });
});

describe("functions", () => {
  const read = (signature: string, body: string): unknown => {
    const { spec, diagnostics } = importOne(
      `A = "outer"\n@dlt.source\ndef shop_source(${signature}):\n    """Orders.\n\n    Args:\n        x: y\n    """\n    B = "inner"\n    config: RESTAPIConfig = {"client": {"base_url": "https://a.test", "auth": {"token": token}}, "resources": [{"name": "r", "endpoint": {"params": ${body}}}]}\n    yield from rest_api_resources(config)\n\nA = "later"\n`,
    );
    return { spec, messages: diagnostics.map(({ message }) => message) };
  };

  it("converts parameters to options or defaults, and uses the last value of the file's names", () => {
    expect(
      read(
        "year, token: str = dlt.secrets.value, region=dlt.config.value, size: int = 20, q=None, *, k=dlt.secrets['z']",
        '{"year": year, "path": f"{year}/{region}", "size": size, "q": q, "k": k, "a": A, "b": B}',
      ),
    ).toMatchObject({
      spec: {
        name: "shop",
        description: "Orders.",
        client: { auth: { token: "{secrets.token}" } },
        resources: [
          {
            endpoint: {
              params: {
                year: "{config.year}",
                path: "{config.year}/{config.region}",
                size: 20,
                q: { type: "input" },
                k: "{secrets.z}",
                a: "later",
                b: "inner",
              },
            },
          },
        ],
      },
      messages: [],
    });
  });
});

describe("uncertain values", () => {
  const rows = [
    {
      name: "a second assignment in a loop",
      before: "A = 1\nfor n in ns:\n    A = n",
      noun: "name assigned only in a branch or a loop",
    },
    {
      name: "a failed attempt",
      before: "try:\n    A = 1\nexcept X:\n    A = 2",
      noun: "value that depends on",
    },
    { name: "an import", before: "from settings import A", noun: "imported name" },
    { name: "nothing", before: "", noun: "name" },
    { name: "itself", before: "A = A + 1", noun: "computation" },
  ];
  it.each(rows)("a name after $name", ({ before, noun }) => {
    const { value, messages } = importParam("A", before);
    expect(value).toMatch(/^\{config\.\w+\}$/);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`the ${noun} \``);
  });

  it("resolves names inside the same branch", () => {
    expect(
      importOne(
        'if __name__ == "__main__":\n    C = {"base_url": "https://a.test"}\n    rest_api_source({"client": C, "resources": ["a"]})',
      ).spec,
    ).toEqual({
      name: "source",
      client: { base_url: "https://a.test" },
      resources: ["a"],
    });
  });

  it("keeps the known items of a list and reports uncertain ones", () => {
    const text =
      'R = ["a"]\nR.append("b")\nfor n in names():\n    R.append(n)\nR.insert(0, "c")\nrest_api_source({"client": {"base_url": "https://a.test"}, "resources": R})';
    const { spec, diagnostics } = importOne(text);
    expect(spec["resources"]).toEqual(["a", "b"]);
    expect(diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
      "4 resources: cannot convert the change in a branch or a loop `R.append(n)`; omitted: add the resource to the spec by hand",
      '5 resources: cannot convert the change `R.insert(0, "c")`; omitted: add the resource to the spec by hand',
    ]);
  });

  it("stops at lists that repeatedly double each other", () => {
    const names = Array.from({ length: 40 }, (_, index) => `a${index + 1} = [a${index}, a${index}]`);
    expect(() => importParam("a40", `a0 = []\n${names.join("\n")}`)).toThrow("too-complex");
  });

  it("accepts brackets as deep as Python does, and no deeper", () => {
    expect(importParam(`${"[".repeat(50)}1${"]".repeat(50)}`).messages).toEqual([]);
    // Far from the stack's limit, which depends on what the engine has compiled by then.
    expect(() => importParam(`${"[".repeat(990)}1${"]".repeat(990)}`)).not.toThrow("call stack");
    expect(() => importParam(`${"[".repeat(5000)}1${"]".repeat(5000)}`)).toThrow("syntax");
    expect(() => importParam("(".repeat(20_000))).toThrow("syntax");
  });
});
