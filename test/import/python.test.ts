import { describe, expect, it } from "vitest";
import { importParam } from "./fixtures.js";

interface Row {
  readonly name: string;
  /** A program that assigns `v`. */
  readonly given: string;
  /** The value of `v` when CPython 3.11 runs the program. */
  readonly want: unknown;
}

const rows: readonly Row[] = [
  {
    name: "a tuple without parentheses after return",
    given: `def f(a): return a, (a + 1)
v = f(1)`,
    want: [1, 2],
  },
  {
    name: "a star after return",
    given: `def f(a): return a, *[2, 3]
v = list(f(1))`,
    want: [1, 2, 3],
  },
  {
    name: "stars between commas",
    given: `a = [1, 2]
v = *a, 3`,
    want: [1, 2, 3],
  },
  {
    name: "a star in the target of a loop",
    given: `v = []
for h, *t in [[1, 2, 3], [4]]:
    v.append(t)`,
    want: [[2, 3], []],
  },
  {
    name: "a star in the target of a comprehension",
    given: `v = [t for h, *t in [[1, 2, 3], [4]]]`,
    want: [[2, 3], []],
  },
  {
    name: "a method of a list as a value",
    given: `v = []
add = v.append
for i in range(3): add(i)`,
    want: [0, 1, 2],
  },
  {
    name: "a method of a list for map",
    given: `v = []
list(map(v.append, [1, 2]))`,
    want: [1, 2],
  },
  {
    name: "methods of text for map",
    given: `v = list(map(str.upper, ["a", "b"]))`,
    want: ["A", "B"],
  },
  {
    name: "methods of text as keys",
    given: `v = sorted(["b", "A"], key=str.lower)`,
    want: ["A", "b"],
  },
  {
    name: "functions of the language for filter",
    given: `v = list(filter(str.isdigit, "a1b2"))`,
    want: ["1", "2"],
  },
  {
    name: "a method of a dict as a value",
    given: `d = {"a": 1}
get = d.get
v = [get("a"), get("b", 2)]`,
    want: [1, 2],
  },
  {
    name: "not before and, or",
    given: `v = [not [] and "x" or "y", not 1 == 2, not "a" in "b", -2 ** 2, not True and False, not False or True]`,
    want: ["x", true, true, -4, false, true],
  },
  {
    name: "not between operators",
    given: `a = False
b = True
v = [not a and b, not (a and b), a or not b, b and not a]`,
    want: [true, true, false, true],
  },
  {
    name: "comparisons in a row",
    given: `v = [1 < 2 < 3, 1 < 3 < 2, "a" in "abc", 3 not in [1], None is None]`,
    want: [true, false, true, true, true],
  },
  {
    name: "a slice with a step",
    given: `v = [1, 2, 3, 4][::2]`,
    want: [1, 3],
  },
  {
    name: "pop of equal items",
    given: `a = [0] * 3
a.pop()
v = a`,
    want: [0, 0],
  },
  {
    name: "pop of the first of equal items",
    given: `a = ["x", "y", "x"]
a.pop(0)
v = a`,
    want: ["y", "x"],
  },
  {
    name: "the order of equal items, reversed",
    given: `v = sorted([{"n": "b", "i": 2}, {"n": "a", "i": 1}], key=lambda d: d["n"], reverse=True)`,
    want: [
      { n: "b", i: 2 },
      { n: "a", i: 1 },
    ],
  },
  {
    name: "the greatest by a key",
    given: `d = {"b": 1, "a": 2}
v = max(d, key=d.get)`,
    want: "a",
  },
  {
    name: "the first of the greatest",
    given: `v = max(["aa", "b"], key=len)`,
    want: "aa",
  },
  {
    name: "else after while",
    given: `i = 0
v = []
while i < 3:
    i += 1
    if i == 2: continue
    v.append(i)
else:
    v.append("end")`,
    want: [1, 3, "end"],
  },
  {
    name: "while True with return",
    given: `def f(n):
    while True:
        n += 1
        if n > 3: return n
v = f(0)`,
    want: 4,
  },
  {
    name: "items of a set",
    given: `s = {1, 2}
s.add(2)
s.add(3)
v = sorted(s)`,
    want: [1, 2, 3],
  },
  {
    name: "set displays",
    given: `v = len({1, 1, 2}) + len(set([1, 1])) + len(frozenset("aa"))`,
    want: 4,
  },
  {
    name: "operators of sets",
    given: `v = sorted({1, 2} | {3}) + sorted({1, 2} & {2}) + sorted({1, 2} - {2})`,
    want: [1, 2, 3, 2, 1],
  },
  {
    name: "iterators",
    given: `g = iter("abc")
v = [next(g), list(g)]`,
    want: ["a", ["b", "c"]],
  },
  {
    name: "generator expressions",
    given: `g = (x for x in [1, 2])
v = [next(g), next(g)]`,
    want: [1, 2],
  },
  {
    name: "tuples, lists and dicts apart",
    given: `ITEMS = ["a", ("b", "data"), {"name": "c"}]
v = []
for item in ITEMS:
    if isinstance(item, tuple):
        n, s = item
    elif isinstance(item, dict):
        n, s = item["name"], "d"
    else:
        n, s = item, None
    v.append([n, s])`,
    want: [
      ["a", null],
      ["b", "data"],
      ["c", "d"],
    ],
  },
  {
    name: "types",
    given: `v = [isinstance((1,), tuple), isinstance([1], tuple), isinstance((1,), list), isinstance({1}, set), isinstance(1.0, int), isinstance(1.0, float), isinstance(None, str), isinstance(True, bool)]`,
    want: [true, false, false, true, false, true, false, true],
  },
  {
    name: "defaults by a factory",
    given: `from dataclasses import dataclass, field
@dataclass
class R:
    tags: list = field(default_factory=list)
a = R(); b = R()
a.tags.append(1)
v = b.tags`,
    want: [],
  },
  {
    name: "__post_init__",
    given: `from dataclasses import dataclass
@dataclass
class R:
    name: str
    path: str = ""
    def __post_init__(self):
        self.path = self.path or f"/{self.name}"
v = R("a").path`,
    want: "/a",
  },
  {
    name: "the setter of a property",
    given: `class A:
    def __init__(self, x):
        self._x = x
    @property
    def x(self): return self._x
    @x.setter
    def x(self, y): self._x = y * 2
a = A(1)
a.x = 5
v = a.x`,
    want: 10,
  },
  {
    name: "attributes by name",
    given: `class A:
    def __init__(self, **kw):
        for k, x in kw.items(): setattr(self, k, x)
v = A(x=1).x`,
    want: 1,
  },
  {
    name: "a decorator of the file",
    given: `def deco(fn):
    def w(*a, **k):
        r = fn(*a, **k)
        r["x"] = 1
        return r
    return w
@deco
def mk(n): return {"n": n}
v = mk("a")`,
    want: { n: "a", x: 1 },
  },
  {
    name: "decorators with arguments",
    given: `def prefix(p):
    def deco(fn):
        def w(n): return p + fn(n)
        return w
    return deco
@prefix("a/")
@prefix("b/")
def mk(n): return n
v = mk("c")`,
    want: "a/b/c",
  },
  {
    name: "a registry by decorators",
    given: `REG = {}
def register(name):
    def deco(fn):
        REG[name] = fn
        return fn
    return deco
@register("a")
def make(): return 1
v = [list(REG), REG["a"]()]`,
    want: [["a"], 1],
  },
  {
    name: "names of classes",
    given: `class Base:
    path = "base"
    def cfg(self): return {"path": self.path, "n": self.__class__.__name__}
class Child(Base):
    path = "child"
v = Child().cfg()`,
    want: { path: "child", n: "Child" },
  },
  {
    name: "items of a list that are deleted",
    given: `a = [1, 2, 3]
del a[0], a[-1]
v = a`,
    want: [2],
  },
  {
    name: "handlers of errors by name",
    given: `try:
    raise ValueError(1)
except KeyError:
    v = 1
except (TypeError, ValueError):
    v = 2`,
    want: 2,
  },
  {
    name: "Booleans as numbers",
    given: `v = [True + 1, True == 1, sum([True, False])]`,
    want: [2, true, 1],
  },
  {
    name: "tuples of one as targets",
    given: `a, = ["x"]\nv = [a]\nfor b, in [[1], [2]]: v.append(b)\nv += [c for c, in [(3,)]]`,
    want: ["x", 1, 2, 3],
  },
  {
    name: "members of an enum",
    given: `from enum import Enum
class E(Enum):
    A = "a"
    B = "b"
v = [E.A is E.A, E.A == E.B, E.B in [E.A], E.B in (E.A, E.B), [e.name for e in E if e != E.A]]`,
    want: [true, false, false, true, ["B"]],
  },
  {
    name: "objects that are called",
    given: `class Add:
    def __init__(self, n): self.n = n
    def __call__(self, x): return self.n + x
v = [add(1) for add in (Add(1), Add(2))]`,
    want: [2, 3],
  },
];

describe("the language means what it means in Python", () => {
  it.each(rows)("$name", ({ given, want }) => {
    expect(importParam('{"v": v}["v"]', given)).toEqual({ value: want, messages: [] });
  });
});
