import { describe, expect, it } from "vitest";
import { importDlt } from "../../generator/import/dlt.js";
import { importOne } from "./fixtures.js";

const dict = '{"client": {"base_url": "https://a.test"}, "resources": ["a"]}';
const spec = { client: { base_url: "https://a.test" }, resources: ["a"] };

describe("configurations", () => {
  const rows = [
    { name: "a call", text: `x = rest_api_source(${dict})` },
    { name: "resources", text: `x = rest_api_resources(config=${dict})` },
    { name: "a qualified call", text: `from dlt.sources import rest_api\nrest_api.rest_api_source(${dict})` },
    { name: "an alias", text: `from dlt.sources.rest_api import rest_api_source as r\nr(${dict})` },
    { name: "keywords", text: 'rest_api(client={"base_url": "https://a.test"}, resources=["a"])' },
    { name: "a spread", text: `c = ${dict}\nrest_api_source(**c)` },
    { name: "a name", text: `c = ${dict}\nx = rest_api_source(c)` },
    { name: "an annotated name", text: `c: RESTAPIConfig = ${dict}` },
    {
      name: "an annotated name as an argument",
      text: `c: RESTAPIConfig = ${dict}\nx = rest_api_source(c)`,
    },
    {
      name: "a typed dict",
      text: `from dlt.sources.rest_api import RESTAPIConfig\nc = rest_api_source(RESTAPIConfig(**${dict}))`,
    },
    {
      name: "a function's result",
      text: `def make(n):\n    return {"client": {"base_url": "https://a.test"}, "resources": [n]}\nrest_api_source(make("a"))`,
    },
    { name: "an annotated function", text: `def make() -> RESTAPIConfig:\n    return ${dict}` },
    { name: "a decorated function", text: `@dlt.source\ndef s():\n    return rest_api_resources(${dict})` },
    { name: "a method", text: `class A:\n    def run(self):\n        return rest_api_source(${dict})` },
    { name: "a plain dict", text: `c = ${dict}\nrun(c)` },
    {
      name: "a dict from a loop",
      text: `c = {"x": ${dict}}\nfor k in c:\n    rest_api_source(c[k])`,
    },
    { name: "Windows line endings", text: `# x\r\nx = rest_api_source(${dict})\r\n` },
    { name: "a byte order mark", text: `\ufeffx = rest_api_source(${dict})` },
  ];
  it.each(rows)("$name", ({ text }) => {
    expect(importOne(text, "shop.py")).toMatchObject({ spec, diagnostics: [] });
  });

  it("reports arguments that control loading", () => {
    const { diagnostics } = importOne(
      `rest_api_source(${dict}, max_table_nesting=2, parallelized=False, name="x")`,
    );
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "max_table_nesting: cannot convert the value `2`; omitted: it controls how records are loaded, not how they are read",
    ]);
  });
});

describe("names", () => {
  const rows = [
    { text: `x = rest_api_source(${dict}, name="a b")`, want: "a b" },
    { text: `github_source = rest_api_source(${dict})`, want: "github" },
    {
      text: `github_config: RESTAPIConfig = ${dict}\nsource = rest_api_source(github_config)`,
      want: "github",
    },
    { text: `@dlt.source(name="gh")\ndef g():\n    return rest_api_resources(${dict})`, want: "gh" },
    { text: `@dlt.source\ndef get_github_source():\n    return rest_api_resources(${dict})`, want: "github" },
    { text: `source = rest_api_source(${dict})`, want: "shop-api" },
  ];
  it.each(rows)("$text", ({ text, want }) => {
    expect(importOne(text, "/x/shop-api.py").name).toBe(want);
  });

  it("are unique", () => {
    const { imports } = importDlt(
      "<stdin>",
      `source = rest_api_source(${dict})\nsource = rest_api_source(${dict})`,
    );
    expect(imports.map(({ name, what, line, spec: { name: own } }) => [name, what, line, own])).toEqual([
      ["rest_api", "rest_api_source", 1, "rest_api"],
      ["rest_api-2", "rest_api_source", 2, "rest_api-2"],
    ]);
  });
});

describe("errors", () => {
  const rows = [
    {
      name: "no configuration",
      file: "a.py",
      text: "x = 1",
      want: "1:1 no-config: found no dlt configuration",
    },
    { name: "an empty file", file: "a.py", text: "", want: "1:1 no-config" },
    {
      name: "no code",
      file: "a.md",
      text: "# Title\n",
      want: "1:1 no-config: the document has no Python code block",
    },
    {
      name: "no dict",
      file: "a.py",
      text: 'x = rest_api_source(load("x"))',
      want: "1:5 not-a-dict: cannot resolve the call passed to rest_api_source",
    },
    {
      name: "an unknown name",
      file: "a.py",
      text: "\nrest_api_resources(config)",
      want: "2:1 not-a-dict: cannot resolve the name passed to rest_api_resources",
    },
    {
      name: "an open brace",
      file: "a.py",
      text: 'a = 1\nrest_api_source({\n  "client": {"base_url": "x",\n  "resources": [],\n)\nb = 2\n',
      want: "2:17 syntax: unclosed {",
    },
    {
      name: "a missing comma",
      file: "a.py",
      text: 'rest_api_source({\n  "client": {}\n  "resources": [],\n})',
      want: "syntax",
    },
    {
      name: "an open brace outside the call",
      file: "a.py",
      text: `c = {"client": {"base_url": "https://a.test", "resources": []\n\nrest_api_source(c)`,
      want: "1:5 syntax: unclosed {",
    },
    { name: "no Python", file: "a.py", text: "const x = {a: 1}", want: "syntax" },
  ];
  it.each(rows)("$name", ({ file, text, want }) => {
    const { imports, diagnostics } = importDlt(file, text);
    expect(imports).toEqual([]);
    expect(diagnostics[0]?.severity).toBe("error");
    const [first] = diagnostics.map(
      ({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`,
    );
    expect(first).toContain(want);
  });

  it("warns of syntax errors elsewhere", () => {
    const { imports, diagnostics } = importDlt("a.py", `rest_api_source(${dict})\nx = = 1\n`);
    expect(imports).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "syntax", line: 2 }]);
  });

  it("warns of unresolved calls beside resolved ones", () => {
    const { imports, diagnostics } = importDlt(
      "a.py",
      `a = rest_api_source(${dict})\ndef f(c):\n    return rest_api_source(c)\n`,
    );
    expect(imports).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "not-a-dict", line: 3 }]);
  });
});

describe("documents", () => {
  const document = `# Two

Text with rest_api_source({ in it.

* First:

  \`\`\`python
  BASE = "https://a.test"
  one_source = rest_api_source({
      "client": {"base_url": BASE},
      "resources": ["a", {"name": "b", "endpoint": {"path": foo()}}],
  })
  \`\`\`

\`\`\`bash
echo 'rest_api_source({'
\`\`\`

~~~~py title="x"
two_config: RESTAPIConfig = {"client": {"base_url": BASE + "/two"}, "resources": ["c"]}
\`\`\`
~~~~

\`\`\`json
{"client": 1, "resources": 2}
\`\`\`
`;

  it("are read block by block with the names of earlier blocks", () => {
    const { imports, diagnostics } = importDlt("a.md", document);
    expect(imports.map(({ name, line }) => [name, line])).toEqual([
      ["one", 9],
      ["two", 20],
    ]);
    expect(imports[0]?.diagnostics).toMatchObject([{ line: 11, column: 61, endColumn: 66 }]);
    expect(imports[1]?.spec).toMatchObject({ client: { base_url: "https://a.test/two" } });
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "syntax", line: 21 }]);
  });

  it.each(["a.txt", "<stdin>"])("are recognised by their fences in %s", (file) => {
    expect(importDlt(file, document).imports).toHaveLength(2);
    const python = `"""Run it:\n\`\`\`python\nrest_api_source({})\n\`\`\`\n"""\nrest_api_source(${dict})`;
    expect(importOne(python, file).line).toBe(6);
  });

  it("may have an unclosed block or no Python block", () => {
    expect(importOne(`\`\`\`\nrest_api_source(${dict})`, "a.md").spec).toMatchObject(spec);
    expect(importOne(`\`\`\`python-outcome\nrest_api_source(${dict})`, "a.md").spec).toMatchObject(spec);
    expect(importDlt("a.md", "```bash\nx\n```").diagnostics).toMatchObject([{ code: "no-config" }]);
  });
});

describe("comments", () => {
  const describeResource = (resource: string, before = ""): unknown => {
    const { spec: read } = importOne(
      `${before}\nrest_api_source({\n  "client": {"base_url": "https://a.test"},\n  "resources": [\n${resource}\n  ],\n})`,
    );
    return (read["resources"] as { description?: string }[])[0]?.description;
  };
  const rows = [
    {
      name: "above the dict",
      given: '    # All posts,\n    # drafts included.\n    {"name": "a"},',
      want: "All posts, drafts included.",
    },
    { name: "framed", given: '    # ---- Posts ----\n    {"name": "a"},', want: "Posts" },
    { name: "after the brace", given: '    {  # All posts\n      "name": "a"},', want: "All posts" },
    { name: "after the name", given: '    {\n      "name": "a",  # All posts\n    },', want: "All posts" },
    {
      name: "after another key",
      given: '    {\n      "name": "a", "selected": True,  # not loaded\n    },',
    },
    { name: "above something else", given: '    # Posts\n\n    {"name": "a"},' },
    { name: "for tools", given: '    # type: ignore\n    {"name": "a"},' },
    { name: "to do", given: '    # TODO: more\n    {"name": "a"},' },
    { name: "dead code", given: '    # {"name": "b"},\n    {"name": "a"},' },
    {
      name: "above an assignment",
      before: '# All posts.\nA = {"name": "a"}',
      given: "    A,",
      want: "All posts.",
    },
    { name: "with a hash in the name", given: '    {"name": "a#b"},' },
  ];
  it.each(rows)("$name", ({ given, before, want }) => {
    expect(describeResource(given, before)).toBe(want);
  });

  it("do not expose secrets", () => {
    const { spec: read } = importOne(
      '# key: abcdef123456\nA = {"name": "a"}\nrest_api_source({"client": {"base_url": "https://a.test", "auth": {"token": "abcdef123456"}}, "resources": [A]})',
    );
    expect(JSON.stringify(read)).not.toContain("abcdef");
  });
});
