import { describe, expect, it } from "vitest";
import { importParam } from "./fixtures.js";

/** Programs that assign `v`, and its value when CPython 3.11 runs them. */
const rows: readonly { readonly name: string; readonly given: string; readonly want: unknown }[] = [
  {
    name: "a number and its digits as keys",
    given: `d = {1: "a", "1": "b"}
v = [d[1], d["1"], len(d), 1 in d, 2 in d, 1 in {"1": 0}]`,
    want: ["a", "b", 2, true, false, false],
  },
  {
    name: "equal numbers as keys",
    given: `d = {1: "a", True: "b", 0: "c"}
d[1.0] = "d"
v = [d[1], d[True], d[False], len(d)]`,
    want: ["d", "d", "c", 2],
  },
  {
    name: "the types of keys",
    given: `v = [k + 1 for k in {1: "a", 2: "b"}] + [v for k, v in {None: "c", "None": "d"}.items() if k is None]`,
    want: [2, 3, "c"],
  },
  {
    name: "methods of a dict with numbers as keys",
    given: `d = dict([(1, "a"), ("2", "b")])
d.setdefault(2, "c")
v = [d.get(1), d.get("1", "none"), d.pop(2), d.get("2"), list(d.keys())]
del d[1]
v.append(len(d))`,
    want: ["a", "none", "c", "b", [1, "2"], 1],
  },
  {
    name: "a comprehension with numbers as keys",
    given: `d = {n: n * 2 for n in [1, 2]}
v = [d[2], d.get("2")]`,
    want: [4, null],
  },
  {
    name: "keys in JSON",
    given: `import json
v = json.dumps({1: "a", True: "b"}) + json.dumps({None: 1, True: 2, 1.5: 3})`,
    want: `{"1": "b"}{"null": 1, "true": 2, "1.5": 3}`,
  },
  {
    name: "__init_subclass__",
    given: `class Base:
    def __init_subclass__(cls, limit=10, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.params = {"limit": limit, "name": cls.label}
class One(Base):
    label = "one"
class Two(Base, limit=20):
    label = "two"
class Three(Two, limit=30):
    label = "three"
v = [One.params, Two().params, Three.params]`,
    want: [
      { limit: 10, name: "one" },
      { limit: 20, name: "two" },
      { limit: 30, name: "three" },
    ],
  },
  {
    name: "a registry in __init_subclass__",
    given: `class Base:
    names = []
    def __init_subclass__(cls):
        cls.names.append(cls.label)
class One(Base):
    label = "one"
class Two(Base):
    label = "two"
v = Base.names`,
    want: ["one", "two"],
  },
];

describe("keys of dicts and hooks of subclasses mean what they mean in Python", () => {
  it.each(rows)("$name", ({ given, want }) => {
    expect(importParam('{"v": v}["v"]', given)).toEqual({ value: want, messages: [] });
  });
});
