import { describe, expect, it } from "vitest";
import { importDlt } from "../../generator/import/dlt.js";
import { importOne, importParam, importResource } from "./fixtures.js";

describe("what a program computes from constants", () => {
  const rows = [
    { name: "a loop", before: "A = []\nfor n in range(3):\n    A.append(n)", want: [0, 1, 2] },
    {
      name: "continue and break",
      before:
        "A = []\nfor n in [1, 2, 3, 4]:\n    if n == 2:\n        continue\n    if n == 4:\n        break\n    A.append(n)",
      want: [1, 3],
    },
    { name: "a loop variable after the loop", before: "for A in [1, 2]:\n    pass", want: 2 },
    { name: "an else block of a loop", before: "for n in [1]:\n    pass\nelse:\n    A = 5", want: 5 },
    { name: "a while loop", before: "A = 1\nwhile A < 20:\n    A *= 3", want: 27 },
    { name: "a while loop with break", before: "A = 0\nwhile True:\n    A += 4\n    break", want: 4 },
    {
      name: "a branch",
      before: 'X = "b"\nif X == "a":\n    A = 1\nelif X in ("b", "c"):\n    A = 2\nelse:\n    A = 3',
      want: 2,
    },
    { name: "a conditional expression", before: "A = 1 if not [] and len('ab') == 2 else 2", want: 1 },
    {
      name: "a name that shares a list",
      before: "A = [1]\nB = A\nB.append(2)\nC = B.copy()\nC.append(3)",
      want: [1, 2],
    },
    {
      name: "items of a list",
      before: "A = [3, 1, 2]\nA.sort(reverse=True)\nA.insert(1, 9)\nA.pop()\nA.remove(2)",
      want: [3, 9],
    },
    {
      name: "slices",
      before: 'A = ["abcdef"[1:3], [1, 2, 3][-2:], "abc"[::-1]]',
      want: ["bc", [2, 3], "cba"],
    },
    { name: "unpacking", before: "(B, *C), D = [1, 2, 3], 4\nA = [B, C, D]", want: [1, [2, 3], 4] },
    {
      name: "a comprehension with conditions",
      before: "A = [x * y for x in range(4) if x % 2 for y in (1, 10)]",
      want: [1, 10, 3, 30],
    },
    {
      name: "a function",
      before:
        "def f(a, b=2, *c, d=4, **e):\n    return [a, b, *c, d, *e.values()]\nA = [f(1), f(1, 3, 5, d=6, x=7)]",
      want: [
        [1, 2, 4],
        [1, 3, 5, 6, 7],
      ],
    },
    {
      name: "a function that returns early",
      before: 'def f(n):\n    if n > 1:\n        return "many"\n    return "one"\nA = [f(1), f(2)]',
      want: ["one", "many"],
    },
    {
      name: "a closure",
      before: "def f(n):\n    def g(m):\n        return n + m\n    return g\nA = f(1)(2)",
      want: 3,
    },
    {
      name: "nonlocal",
      before:
        "def f():\n    n = 1\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    return n\nA = f()",
      want: 2,
    },
    {
      name: "a generator",
      before: "def f():\n    yield 1\n    yield from [2, 3]\nA = list(f())",
      want: [1, 2, 3],
    },
    {
      name: "a lambda and map",
      before: "A = list(map(lambda n: n + 1, filter(lambda n: n > 1, [1, 2, 3])))",
      want: [3, 4],
    },
    {
      name: "a partial function",
      before: "from functools import partial\ndef f(a, b):\n    return a + b\nA = partial(f, b='y')('x')",
      want: "xy",
    },
    {
      name: "a class",
      before:
        "class K:\n    X = 1\n    def __init__(self, n):\n        self.n = n\n    def get(self):\n        return [self.X, self.n]\nA = K(5).get()",
      want: [1, 5],
    },
    {
      name: "an enum",
      before:
        "from enum import Enum\nclass E(Enum):\n    B = 'b'\n    C = 'c'\nA = [e.value for e in E] + [E.B.name, E('c').value]",
      want: ["b", "c", "B", "c"],
    },
    {
      name: "a dataclass",
      before:
        "from dataclasses import dataclass, field\n@dataclass\nclass D:\n    x: int\n    y: list = field(default_factory=list)\nd = D(1)\nd.y.append(2)\nA = [d.x, d.y]",
      want: [1, [2]],
    },
    {
      name: "a match statement",
      before:
        'match ["x"][0]:\n    case "y":\n        A = 1\n    case "x" | "z":\n        A = 2\n    case _:\n        A = 3',
      want: 2,
    },
    { name: "an assignment expression", before: "if (A := 7) > 3:\n    pass", want: 7 },
    {
      name: "a time",
      before:
        "from datetime import datetime, timezone\nA = int(datetime(2024, 1, 1, tzinfo=timezone.utc).timestamp())",
      want: 1_704_067_200,
    },
  ];
  it.each(rows)("$name", ({ before, want }) => {
    expect(importParam("A", before)).toEqual({ value: want, messages: [] });
  });

  it.each([
    ['" Ab/".strip().lower().rstrip("/")', "ab"],
    ['"-".join(["x", "y"])', "x-y"],
    ['"a,b,c".split(",", 1)', ["a", "b,c"]],
    ['"v1".upper() + "x".replace("x", "y")', "V1y"],
    ['f"{3:02d}"', "03"],
    ['"https://a.test/b".removeprefix("https://").partition("/")[0]', "a.test"],
  ])("%s", (expression, want) => {
    expect(importParam(expression)).toEqual({ value: want, messages: [] });
  });
});

describe("what only the running program decides", () => {
  it("keeps a value that is given or absent, and takes a raised error as not happening", () => {
    const before =
      'import os\nK = os.getenv("KEY")\nif not K:\n    raise ValueError("no key")\nP = {}\nif K:\n    P["k"] = K';
    expect(importParam('P["k"]', before)).toEqual({ value: "{config.key}", messages: [] });
  });

  it("reports an unknown condition once, with the side that the spec has", () => {
    const { resource, messages } = importResource(
      '{"name": "r", "endpoint": {"path": "r", "params": P}}',
      'import sys\nP = {"a": 1}\nif len(sys.argv) > 1:\n    P["b"] = 2',
    );
    expect(resource["endpoint"]).toEqual({ path: "r", params: { a: 1, b: 2 } });
    expect(messages).toEqual([
      'assumed: endpoint.params.b of resource "r" depends on `len(sys.argv) > 1`; the spec assumes that it is true',
    ]);
  });

  it("stays exact beside loops over unknown values", () => {
    const { value, messages } = importParam(
      "A",
      "A = [1]\nB = [2]\nfor n in load():\n    B.append(n)\nA += B[:0] or [3]",
    );
    expect(messages).toHaveLength(1);
    expect(value).toEqual([1]);
  });

  it.each([
    { name: "then", branches: 'if load():\n    A.append("a")' },
    { name: "else", branches: 'if load():\n    pass\nelse:\n    A.append("a")' },
  ])("does not know the position of items after an item of the branch $name", ({ branches }) => {
    const { value, messages } = importParam("A[1]", `A = []\n${branches}\nA.extend(["b", "c"])`);
    expect(value).toMatch(/^\{config\./);
    expect(messages).toHaveLength(1);
  });

  describe("an item that only a branch adds", () => {
    const before = 'A = []\nif load():\n    A.append("a")\nA.append("b")';

    it("is an assumption after `map`", () => {
      const { value, messages } = importParam("list(map(str.upper, A))", before);
      expect(value).toEqual(["A", "B"]);
      expect(messages).toEqual([expect.stringMatching(/^assumed: .* depends on `load\(\)`/)]);
    });

    it("makes the positions after it unknown", () => {
      const { value, messages } = importParam("[n for n, _ in enumerate(A)]", before);
      expect(value).toEqual([0, expect.stringMatching(/^\{config\./)]);
      expect(messages).toHaveLength(2);
    });
  });

  it("knows that a list is not empty if a branch only decides which item it has", () => {
    const read = importParam('"full" if A else "empty"', 'A = ["a" if load() else "b"]');
    expect(read).toEqual({ value: "full", messages: [] });
  });

  it("reports the default of a parameter that decides a branch", () => {
    const { spec, diagnostics } = importOne(
      'def shop(full=False):\n    names = ["a"]\n    if full:\n        names.append("b")\n    return rest_api_source({"client": {"base_url": "https://a.test"}, "resources": names})',
    );
    expect(spec["resources"]).toEqual(["a"]);
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "assumed: the configuration depends on `full`; the spec assumes that it is false, by the default of the parameter full",
    ]);
  });

  it("bounds loops, recursion and endless repetition", () => {
    const loops =
      "def f(n):\n    return f(n + 1) + f(n + 2)\nf(0)\nwhile True:\n    x = load()\nfor i in range(10000):\n    for j in range(10000):\n        y = i\n";
    expect(importParam("1", loops)).toEqual({ value: 1, messages: [] });
  });
});

describe("names of dlt", () => {
  const auth = (before: string): unknown =>
    importResource('{"name": "r", "endpoint": {"auth": BearerTokenAuth(dlt.secrets["t"])}}', before).resource[
      "endpoint"
    ];
  it.each([
    ["from dlt.sources.helpers.rest_client.auth import BearerTokenAuth", "bearer"],
    ["from rest_api.auth import BearerTokenAuth", "bearer"],
    ["from mine.auth import BearerTokenAuth", "custom"],
    ["from .auth import BearerTokenAuth", "custom"],
    ["from auth import BearerTokenAuth", "custom"],
    ["class BearerTokenAuth:\n    def __init__(self, t):\n        self.t = t", "custom"],
  ])("%s", (before, type) => {
    expect(auth(before)).toMatchObject({ auth: { type } });
  });
});

describe("functions of time", () => {
  const format = (fn: string, before = "import pendulum\nfrom datetime import datetime"): unknown => {
    const { resource, messages } = importResource(
      `{"name": "r", "endpoint": {"incremental": {"cursor_path": "a", "convert": ${fn}}}}`,
      before,
    );
    const block = (resource["endpoint"] as { incremental: { format?: string } }).incremental;
    return messages.length > 0 ? "reported" : (block.format ?? "none");
  };
  it.each([
    ['lambda t: t.strftime("%Y-%m-%d")', "date"],
    ["lambda t: pendulum.parse(t).to_date_string()", "date"],
    ["lambda t: t[:10]", "date"],
    ['lambda t: t.split("T")[0]', "date"],
    ["lambda t: int(pendulum.parse(t).timestamp())", "epoch"],
    ["lambda t: pendulum.parse(t).int_timestamp", "epoch"],
    ["lambda t: int(t.timestamp() * 1000)", "epoch_ms"],
    [
      'lambda t: datetime.fromisoformat(t.replace("Z", "+00:00")).strftime("%d.%m.%Y %H:%M")',
      "%d.%m.%Y %H:%M",
    ],
    ['lambda t: pendulum.parse(t).format("YYYYMMDD")', "%Y%m%d"],
    ["lambda t: t", "none"],
    ["str", "none"],
    ["lambda t: pendulum.parse(t).add(days=1).to_date_string()", "reported"],
    ["lambda t: t + 1", "reported"],
    ["convert_elsewhere", "reported"],
  ])("%s", (fn, want) => {
    expect(format(fn)).toBe(want);
  });

  it("follows a function of the file", () => {
    expect(format("day", "def day(value):\n    return value.strftime('%Y/%m/%d')")).toBe("%Y/%m/%d");
  });
});

describe("files without a resource", () => {
  it("are an error, which comes first", () => {
    const { imports, diagnostics } = importDlt(
      "a.py",
      'settings = load()\nrest_api_source({"client": settings["c"], "resources": settings["r"]})',
    );
    expect(imports).toEqual([]);
    expect(diagnostics).toMatchObject([{ severity: "error", code: "no-resources", line: 2 }]);
  });
});

describe("messages about credentials", () => {
  it.each([
    ['"auth": {"type": "bearer", "token": vault.read("shop/key")}', 'vault.read("shop/key")'],
    ['"auth": Signed(os.environ["SHOP_KEY"], "s3cr3t99")', 'Signed(os.environ["SHOP_KEY"], "••••••••")'],
    ['"auth": {"type": "mine", "token": "s3cr3t99"}', '{"type": "mine", "token": "••••••••"}'],
  ])("%s", (entry, want) => {
    const { diagnostics } = importOne(
      `import os\nrest_api_source({"client": {"base_url": "https://a.test", ${entry}}, "resources": ["a"]})`,
    );
    expect(diagnostics.map(({ message }) => message).join("\n")).toContain(want);
  });
});

describe("resources that are no endpoint", () => {
  const seeds = (body: string): { readonly resources: unknown; readonly messages: readonly string[] } => {
    const { spec, diagnostics } = importOne(
      `import dlt\n${body}\nrest_api_source({"client": {"base_url": "https://a.test"}, "resources": [{"name": "b", "endpoint": {"path": "b"}}, seed]})`,
    );
    return { resources: spec["resources"], messages: diagnostics.map(({ message }) => message) };
  };
  const records = [{ id: 1 }, { id: 2 }];

  it.each([
    [
      "a decorated function",
      '@dlt.resource(name="places")\ndef f():\n    yield [{"id": n} for n in (1, 2)]\nseed = f()',
    ],
    [
      "several yields",
      '@dlt.resource\ndef places():\n    for n in (1, 2):\n        yield {"id": n}\nseed = places()',
    ],
    ["dlt.resource", 'seed = dlt.resource([{"id": 1}, {"id": 2}], name="places")'],
  ])("are static records if they yield constants: %s", (_, body) => {
    const { resources, messages } = seeds(body);
    expect({ resources, messages }).toMatchObject({
      resources: [{ name: "b" }, { name: "places", records }],
      messages: [],
    });
  });

  it("are reported if their records are unknown", () => {
    const { resources, messages } = seeds("@dlt.resource\ndef f():\n    yield load()\nseed = f()");
    expect(resources).toEqual([{ name: "b", endpoint: { path: "b" } }]);
    expect(messages).toEqual([expect.stringContaining("its records are not known objects")]);
  });
});
