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
    name: "split by keyword",
    given: `v = "a,b,c".split(",", maxsplit=1)`,
    want: ["a", "b,c"],
  },
  {
    name: "replace with a count",
    given: `v = "aXaXa".replace("X", "-", 1)`,
    want: "a-aXa",
  },
  {
    name: "lines with a line end",
    given: String.raw`v = "a\nb\n".splitlines()`,
    want: ["a", "b"],
  },
  {
    name: "words with a limit",
    given: `v = "a b c".split(None, 1)`,
    want: ["a", "b c"],
  },
  {
    name: "functools.wraps",
    given: `import functools
def twice(fn):
    @functools.wraps(fn)
    def w(*a, **k): return fn(*a, **k) * 2
    return w
@twice
def one(x): return x
v = one(4)`,
    want: 8,
  },
  {
    name: "formats of format",
    given: `v = "{:>5}|{:<5}|{:^5}|{:*^7}".format("a", "b", "c", "d")`,
    want: "    a|b    |  c  |***d***",
  },
  {
    name: "formats of %",
    given: `v = "%5.2f|%-4s|%04d|%x" % (3.14159, "a", 7, 255)`,
    want: " 3.14|a   |0007|ff",
  },
  {
    name: "% with names",
    given: `v = "%(a)s-%(b)d" % {"a": "x", "b": 3}`,
    want: "x-3",
  },
  {
    name: "numbers as text",
    given: `v = f"{1.0}/{1e3}/{0.1 + 0.2}/{1 / 3}/{-0.0}/{1e-7}/{123456789.123}/{1e22}"`,
    want: "1.0/1000.0/0.30000000000000004/0.3333333333333333/-0.0/1e-07/123456789.123/1e+22",
  },
  {
    name: "dedent",
    given: `from textwrap import dedent
v = dedent("""
   a
     b
""").strip()`,
    want: "a\n  b",
  },
  {
    name: "json.dumps",
    given: `import json
v = json.dumps({"a": [1, None, True], "b": "é", "c": 1.0})`,
    want: '{"a": [1, null, true], "b": "\\u00e9", "c": 1.0}',
  },
  {
    name: "re.sub",
    given: `import re
v = re.sub(r"[^a-z]+", "_", "Hello World-x".lower())`,
    want: "hello_world_x",
  },
  {
    name: "dates and durations",
    given: `from datetime import date, timedelta
v = (date.fromisoformat("2024-01-31") + timedelta(days=2)).isoformat()`,
    want: "2024-02-02",
  },
  {
    name: "a range of dates",
    given: `from datetime import date, timedelta
s = date(2024, 1, 30)
v = [(s + timedelta(days=i)).isoformat() for i in range(3)]`,
    want: ["2024-01-30", "2024-01-31", "2024-02-01"],
  },
  {
    name: "the days between dates",
    given: `from datetime import date
v = (date(2024, 3, 1) - date(2024, 2, 1)).days`,
    want: 29,
  },
  {
    name: "seconds of durations",
    given: `from datetime import timedelta
v = [timedelta(hours=1).total_seconds(), int(timedelta(days=1).total_seconds()), timedelta(minutes=5).seconds]`,
    want: [3600, 86400, 300],
  },
  {
    name: "durations before times",
    given: `from datetime import datetime, timedelta, timezone
v = (datetime(2024, 1, 31, tzinfo=timezone.utc) - timedelta(days=30, hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")`,
    want: "2023-12-31T23:00:00Z",
  },
  {
    name: "times of pendulum",
    given: `import pendulum
v = pendulum.parse("2024-01-01").subtract(months=1).format("YYYY-MM-DD")`,
    want: "2023-12-01",
  },
  {
    name: "times as text",
    given: `from datetime import datetime
v = [str(datetime(2024, 1, 1)), f"{datetime(2024, 1, 1, 5)}", datetime(2024, 1, 1).isoformat() + "Z"]`,
    want: ["2024-01-01 00:00:00", "2024-01-01 05:00:00", "2024-01-01T00:00:00Z"],
  },
  {
    name: "formats of dates",
    given: `from datetime import date
v = [date(2024, 1, 1).strftime("%Y-%m-%d"), str(date(2024, 5, 6)), f"{date(2024, 1, 1):%Y/%m}", date(2024, 1, 1).year]`,
    want: ["2024-01-01", "2024-05-06", "2024/01", 2024],
  },
  {
    name: "chain.from_iterable",
    given: `import itertools
v = list(itertools.chain.from_iterable([[1], [2, 3]]))`,
    want: [1, 2, 3],
  },
  {
    name: "dict.fromkeys",
    given: `v = dict.fromkeys(["a", "b"], 0)`,
    want: { a: 0, b: 0 },
  },
  {
    name: "sum of lists",
    given: `v = sum([[1], [2]], [])`,
    want: [1, 2],
  },
  {
    name: "formats of fields",
    given: `v = f"{3.14159:.2f}|{7:03d}|{'x':>4}|{1000000:,}|{255:x}|{2.5:.0f}"`,
    want: "3.14|007|   x|1,000,000|ff|2",
  },
  {
    name: "fields of a dataclass as a dict",
    given: `from dataclasses import asdict, dataclass, field
@dataclass
class R:
    name: str
    size: int = 5
    tags: list = field(default_factory=list)
v = asdict(R("a"))`,
    want: { name: "a", size: 5, tags: [] },
  },
  {
    name: "fields of dates",
    given: `from datetime import date, datetime
v = [date(2024, 1, 31).replace(month=3).isoformat(), datetime(2024, 1, 2, 3).replace(hour=0, day=9).isoformat()]`,
    want: ["2024-03-31", "2024-01-09T00:00:00"],
  },
  {
    name: "round",
    given: `v = [round(2.5), round(3.5), round(-1.5), round(1 / 3, 2), round(2.675, 2), abs(-2)]`,
    want: [2, 4, -2, 0.33, 2.67, 2],
  },
];

describe("the library means what it means in Python", () => {
  it.each(rows)("$name", ({ given, want }) => {
    expect(importParam('{"v": v}["v"]', given)).toEqual({ value: want, messages: [] });
  });
});
