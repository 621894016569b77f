import { jsonpath } from "json-p3";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isSingular as isSingularSegment, printSegments } from "../../../generator/spec/selector/segments.js";
import { anyText } from "../../support/any-text.js";
import { parseSelector } from "../../../generator/spec/selector/selector.js";
import type { QuerySegment } from "../../../runtime/src/select/query-segment.js";
import { query } from "../../../runtime/src/select/query.js";
import { patterns } from "../../../runtime/src/select/pattern.js";

describe("dlt's dialect as RFC 9535", () => {
  test.each([
    ["items", "$.items"],
    ["$", "$"],
    ["$.a.b", "$.a.b"],
    ["a.b_1.C", "$.a.b_1.C"],
    ["a-b", "$['a-b']"],
    ["a-b.c", "$['a-b'].c"],
    ["['@odata.nextLink']", "$['@odata.nextLink']"],
    ["'a b'.c", "$['a b'].c"],
    ['"k"', "$.k"],
    ["d['x-y'].z", "$.d['x-y'].z"],
    ["$.['a']", "$.a"],
    ["items[0]", "$.items[0]"],
    ["items.[1].id", "$.items[1].id"],
    ["hits[-1].sort", "$.hits[-1].sort"],
    ["[0].items", "$[0].items"],
    ["[*].id", "$[*].id"],
    ["$[*]", "$[*]"],
    ["a[ 0 ] . b", "$.a[0].b"],
    ["a[-0]", "$.a[0]"],
    ["a[007]", "$.a[7]"],
    [String.raw`'it\'s'`, String.raw`$['it\'s']`],
    [String.raw`'a\\b'`, String.raw`$['a\\b']`],
    ["'größe'", "$['größe']"],
    ["''", "$['']"],
    ["'a\nb'", String.raw`$['a\u000ab']`],
    ["'__proto__'", "$.__proto__"],
    ["@odata.nextLink", "$['@odata'].nextLink"],
    ["a.b@c", "$.a['b@c']"],
    ["a.1", "$.a['1']"],
    ["a.007", "$.a['7']"],
    ["a[b]", "$.a.b"],
    ["[b].c", "$.b.c"],
    ["a.true", "$.a.true"],
    ["where", "$.where"],
    ["((a)).(b.c)", "$.a.b.c"],
    ["a.@.b", "$.a.b"],
    ["a.`this`.b", "$.a.b"],
    ["@.a", "$.a"],
    ["@", "$"],
    ["a[:]", "$.a[*]"],
    ["a[0:]", "$.a[*]"],
    ["a\n .b", "$.a.b"],
    ["'*'", "$['*']"],
    ["$.é.x", "$['é'].x"],
    [String.raw`$['\u00e9']`, "$['é']"],
    [String.raw`$["a\"b\n"]`, String.raw`$['a"b\u000a']`],
    [String.raw`['\n']`, "$.n"],
  ])("%j is %j", (text, query) => {
    const read = parseSelector(text);
    expect(read.ok && printSegments(read.segments)).toBe(query);
  });
});

describe("queries with more than a path", () => {
  const rows: readonly { given: string; want: readonly QuerySegment[] }[] = [
    { given: "a[1:]", want: ["a", { slice: [1] }] },
    { given: "a[:2]", want: ["a", { slice: [null, 2] }] },
    { given: "a[::-1]", want: ["a", { slice: [null, null, -1] }] },
    { given: "a[0,-1].b", want: ["a", { union: [0, -1] }, "b"] },
    { given: "['k','l']", want: [{ union: ["k", "l"] }] },
    { given: "a[k, 'l']", want: ["a", { union: ["k", "l"] }] },
    { given: "a.k,l", want: ["a", { union: ["k", "l"] }] },
    { given: "m.*", want: ["m", ".*"] },
    { given: "*", want: [".*"] },
    { given: "'[*]'", want: [{ name: "[*]" }] },
    { given: "'.*'.x", want: [{ name: ".*" }, "x"] },
    { given: "a[*].(x|y)", want: ["a", "[*]", { union: ["x", "y"] }] },
    { given: "a.(x|y|z)", want: ["a", { union: ["x", "y", "z"] }] },
    { given: "m.p|n.q", want: ["m", { union: ["p", "n"] }, "q"] },
    {
      given: "(m.p)|(n.q)",
      want: [
        {
          union: [
            ["m", "p"],
            ["n", "q"],
          ],
        },
      ],
    },
    { given: "($.m.p)|($.n)", want: [{ union: [["m", "p"], "n"] }] },
    { given: "a[0]|b[1]", want: [{ union: [["a", 0], "b"] }, 1] },
    { given: "$..id", want: [{ descend: "id" }] },
    { given: "a..b.c[0]", want: ["a", { descend: "b" }, "c", 0] },
    { given: "a..(b|c)", want: ["a", { descend: { union: ["b", "c"] } }] },
    { given: "a..*", want: ["a", { descend: ".*" }] },
    { given: "a..@", want: ["a", { descend: { union: [[]] } }] },
    {
      given: "items[\\id, /t.u]",
      want: ["items", { sort: [{ by: ["id"], descending: true }, { by: ["t", "u"] }] }],
    },
    { given: "items[0].`parent`", want: ["items", { parent: [0] }] },
    { given: "a.b.c.`parent`.`parent`.d", want: ["a", { parent: ["b", { parent: ["c"] }] }, "d"] },
    { given: "$..id.`parent`", want: [{ descend: { parent: ["id"] } }] },
    { given: "a.(b|c).`parent`", want: ["a", { union: [{ parent: ["b"] }, { parent: ["c"] }] }] },
  ];
  test.each(rows)("$given", ({ given, want }) => {
    expect(parseSelector(given)).toMatchObject({ ok: true, segments: want });
  });

  test.each([
    ["$", true],
    ["a[-1].b", true],
    ["a[\\id]", true],
    ["a[\\id][0]", true],
    ["a[0].`parent`", true],
    ["'[*]'", true],
    ["a[*]", false],
    ["m.*", false],
    ["a[0:1]", false],
    ["a[0,1]", false],
    ["a[*].`parent`", false],
    ["$..id", false],
    ["a[?@.b]", false],
  ])("%s is singular: %s", (text, isSingular) => {
    const read = parseSelector(text);
    expect(read.ok && read.segments.every(isSingularSegment)).toBe(isSingular);
  });
});

describe("filters", () => {
  const x = { any: ["x"], is: "==" } as const;
  const ab = { source: "ab", program: ["ab"] };
  const rows: readonly { given: string; want: unknown }[] = [
    { given: "[?(@.x=='a')]", want: { ...x, value: "a" } },
    { given: "a[?@.x=='a']", want: { ...x, value: "a" } },
    { given: "a[?x='a']", want: { ...x, value: "a" } },
    { given: "a[? ( @.x == a ) ]", want: { ...x, value: "a" } },
    { given: "a[?(x == null)]", want: { ...x, value: "null" } },
    { given: "a[?@.x==5]", want: { ...x, value: 5, whole: true } },
    { given: "a[?@.x==-5.0]", want: { ...x, value: -5 } },
    { given: "a[?@.x==true]", want: { ...x, value: true } },
    { given: "a[?@['x-y'].z != \"b\"]", want: { any: ["x-y", "z"], is: "!=", value: "b" } },
    { given: "a[?$.x==a]", want: { ...x, value: "a" } },
    { given: "a[?@]", want: { exists: [] } },
    { given: "a[?@.x[*]>'a']", want: { any: ["x", "[*]"], is: ">", value: "a" } },
    { given: "a[?(@.x)|y]", want: { exists: [{ union: ["x", "y"] }] } },
    { given: "a[?(@.x).y<=b]", want: { any: ["x", "y"], is: "<=", value: "b" } },
    { given: "a[?@.x & @.y]", want: { all: [{ exists: ["x"] }, { exists: ["y"] }] } },
    { given: "a[?(@.x=='a' & @.y)]", want: { all: [{ ...x, value: "a" }, { exists: ["y"] }] } },
    { given: "a[?(@.x=='a') & (@.y)]", want: { all: [{ ...x, value: "a" }, { exists: ["y"] }] } },
    { given: "a[?((@.x=='a') & (@.y))]", want: { all: [{ ...x, value: "a" }, { exists: ["y"] }] } },
    {
      given: "a[?@.x[?@.y==1]]",
      want: { exists: ["x", { where: { any: ["y"], is: "==", value: 1, whole: true } }] },
    },
    { given: "a[?(@.x=~'ab')]", want: { any: ["x"], fits: { source: "ab", program: ["ab"] } } },
    { given: "a[?x =~ ab & @.y]", want: { all: [{ any: ["x"], fits: ab }, { exists: ["y"] }] } },
    { given: "$.a[?@.x[*]=~'ab']", want: { any: ["x", "[*]"], fits: ab } },
    {
      // As in any string, jsonpath-ng removes one backslash.
      given: String.raw`a[?@.x=~"\\d\."]`,
      want: {
        any: ["x"],
        fits: { source: String.raw`\d.`, program: [["d"], [0, 9, 11, 0x10ffff]], unicode: true },
      },
    },
    { given: "$.a[?@.x == null]", want: { left: ["x"], is: "==", right: null } },
    { given: "$.a[?@.x == @.y]", want: { left: ["x"], is: "==", right: ["y"] } },
    { given: "$.a[?@.x < $.y]", want: { left: ["x"], is: "<", right: { root: ["y"] } } },
    { given: "$.a[?1.5e1 >= @.x]", want: { left: 15, is: ">=", right: ["x"] } },
    { given: "$.a[?!@.x]", want: { not: { exists: ["x"] } } },
    {
      given: "$.a[?!(@.x && $..y)]",
      want: { not: { all: [{ exists: ["x"] }, { exists: { root: [{ descend: "y" }] } }] } },
    },
    {
      given: "$.a[?@.x || @.y && @.z]",
      want: { some: [{ exists: ["x"] }, { all: [{ exists: ["y"] }, { exists: ["z"] }] }] },
    },
    { given: "$.a[?length(@.x) == 2]", want: { left: { length: ["x"] }, is: "==", right: 2 } },
    { given: "$.a[?search(@.x, 'ab')]", want: { left: ["x"], fits: ab } },
    {
      given: "$.a[?!match( $.x , \"ab\" ) || search('b', '')]",
      want: {
        some: [
          {
            not: {
              left: { root: ["x"] },
              fits: { source: "ab", program: [{ assert: "start" }, "ab", { assert: "end" }] },
            },
          },
          { left: "b", fits: { source: "", program: [] } },
        ],
      },
    },
    { given: "$.a[?match(value(@..x), 1)]", want: { some: [] } },
    {
      given: "$.a[?count(@.*) > length(value($..n))]",
      want: {
        left: { count: [{ union: ["[*]", ".*"] }] },
        is: ">",
        right: { length: { value: { root: [{ descend: "n" }] } } },
      },
    },
  ];
  test.each(rows)("$given", ({ given, want }) => {
    const result = parseSelector(given);
    expect(result.ok && result.segments.at(-1)).toEqual({ where: want });
  });
});

describe("a query that starts with $", () => {
  const body = {
    items: [
      { id: 1, v: "1" },
      { id: 2, v: 1 },
    ],
    m: { p: 3 },
  };
  const rows: readonly { name: string; given: string; want: unknown }[] = [
    { name: "has dlt's meaning if dlt can read it: [*] selects from lists", given: "$.m[*]", want: [] },
    { name: "has dlt's meaning if dlt can read it: .* selects from objects", given: "$.items.*", want: [] },
    {
      name: "has dlt's meaning if dlt can read it: 1 equals '1'",
      given: "$.items[?@.v==1].id",
      want: [1, 2],
    },
    { name: "is an RFC 9535 query with &&", given: "$.items[?@.v==1 && @.id].id", want: [2] },
    {
      name: "is an RFC 9535 query with a list of different selectors",
      given: "$['m','items'][*,0]",
      want: [3, ...body.items, body.items[0]],
    },
    { name: "is an RFC 9535 query as a whole", given: "$.m[*, 'none']", want: [3] },
    { name: "has functions", given: "$.items[?length(@.v) == 1].id", want: [1] },
    { name: "has dlt's patterns", given: "$.items[?@.v=~'^1$'].id", want: [1] },
    { name: "has RFC 9535's patterns", given: "$.items[?match(@.v, '[01]')].id", want: [1] },
  ];
  test.each(rows)("$name: $given", ({ given, want }) => {
    const result = parseSelector(given);
    expect(query(result.ok ? result.segments : [], patterns()).run(body) ?? []).toEqual(want);
  });
});

describe("invalid selectors, and the location of the problem", () => {
  test.each([
    ["", 0, "empty"],
    ["  ", 0, "empty"],
    ["1x", 0, "quotes"],
    ["é", 0, "quotes"],
    ["a b", 2, "quotes"],
    ["a.#x", 2, "quotes"],
    ["$data", 1, "after $"],
    ["$@", 1, "after $"],
    ["a.$.b", 2, "$ is valid only at the start"],
    [".a", 0, "unexpected"],
    ["..a", 0, "unexpected"],
    ["a.", 1, "after the dot"],
    ["a..", 2, "after the dot"],
    ["a|", 1, "after |"],
    ["a[", 1, "index"],
    ["a[0", 1, "unclosed bracket"],
    ["a[]", 2, "index"],
    ["a[0,'b']", 4, "either indexes or names"],
    ["a[0:1,2]", 5, "closing bracket"],
    ["a[::0]", 5, "must not be 0"],
    ["'a", 0, "unclosed quote"],
    ["a[99999999999999999]", 2, "too large"],
    ["(a", 0, "unclosed parenthesis"],
    ["a)", 1, "unexpected"],
    ["a.()", 3, "unexpected"],
    ["a & b", 2, "intersections"],
    ["a.b + 1", 4, "arithmetic"],
    ["a where b", 2, "write a filter"],
    ["a.`len`", 2, "functions in backticks"],
    ["a.`split(,)`", 2, "functions in backticks"],
    ["`parent`", 0, "must follow a child"],
    ["a[?(@.t=~5)]", 9, "quoted pattern"],
    ["a[?@.t =~ true]", 10, "quoted pattern"],
    ["a[?@.t=~", 7, "quoted pattern"],
    ["a[?@.t=~'a(?=b)']", 10, "lookahead and lookbehind"],
    ["a[?@.t=~'a{3}", 8, "unclosed quote"],
    [String.raw`a[?@.t=~'\\w\\1']`, 12, "referring back"],
    ["$.a[?@.t=~'*']", 11, "nothing to repeat"],
    ["$.a[?@.t =~ 'x' && @.u]", 9, "write search"],
    [String.raw`$.a[?match(@.t, '\u0061\\d\\p{L}')]`, 26, "list the characters"],
    ["$.a[?search(@.t, @.u)]", 17, "must be a quoted string"],
    ["$.a[?search(@.t, @.*)]", 17, "must be a quoted string"],
    ["$.a[?search(@.*, 'x')]", 12, "several matches"],
    ["$.a[?match(@.t)]", 14, "a value and a pattern"],
    ["$.a[?match(@.t, 'x', 'y')]", 19, "closing parenthesis"],
    ["$.a[?match(@.t, 'x') == true]", 5, "cannot be compared"],
    ["a[?@.x && @.y]", 7, "only in queries that start with $"],
    ["a[?(@.x==@.y)]", 9, "expected a value"],
    ["a[?]", 3, "unexpected"],
    ["$.a[?@.x && ]", 12, "a path with @ or $"],
    ["$.a[?length(@.x)]", 5, "compare it"],
    ["$.a[?@.x == size(@.y)]", 12, "length(), count(), value(), match() and search()"],
    ["$.a[?@.* == @.y]", 5, "several matches"],
    ["$.a[?count(1) == 1]", 11, "must be a path"],
    ["$.a[?@.x == b && @.y]", 12, "a string must be in quotes"],
    [`a${"[?@".repeat(50)}`, 122, "nested more than"],
    [`$.a[?${"(".repeat(50)}`, 45, "nested more than"],
    ["a.".repeat(3000), 0, "longer than"],
  ])("%j at %i: %s", (text, offset, part) => {
    const result = parseSelector(text);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining(part) as string });
    expect(result.ok ? -1 : result.offset).toBe(offset);
  });

  test("any text either parses or has a problem within the text", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const result = parseSelector(text);
        return result.ok || (result.offset >= 0 && result.offset <= Math.max(0, text.length - 1));
      }),
    );
  });
});

const name = fc.oneof(
  fc.constantFrom("a", "b", "c d", "e-f", "@g", "it's", 'say "x"', "back\\slash", "größe", ""),
  fc.string(),
);
const segment: fc.Arbitrary<string | number> = fc.oneof(
  { weight: 4, arbitrary: name.filter((text) => text !== "[*]" && text !== ".*") },
  { weight: 2, arbitrary: fc.integer({ min: -2, max: 2 }) },
  fc.constant("[*]"),
);

/** Prints segments in dlt's dialect. */
function write(segments: readonly (string | number)[]): string {
  const parts = segments.map((part) => {
    if (typeof part === "number" || part === "[*]") return part === "[*]" ? part : `[${part}]`;
    return `['${part.replaceAll(/[\\']/g, String.raw`\$&`)}']`;
  });
  return parts.length === 0 ? "$" : parts.join(".");
}

/** The matches in jsonpath-ng; `[*]` selects from lists only. */
function find(value: unknown, segments: readonly (string | number)[]): unknown[] {
  return segments.reduce<unknown[]>((nodes, part) => nodes.flatMap((node) => step(node, part)), [value]);
}

function step(node: unknown, part: string | number): unknown[] {
  if (Array.isArray(node)) {
    if (part === "[*]") return node;
    if (typeof part === "string") return [];
    const at = part < 0 ? node.length + part : part;
    return at in node ? [node[at]] : [];
  }
  if (typeof node !== "object" || node === null || typeof part !== "string" || part === "[*]") return [];
  return Object.hasOwn(node, part) ? [(node as Record<string, unknown>)[part]] : [];
}

/** Generates documents in which a path is likely to have matches. */
function documentFor(segments: readonly (string | number)[]): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(fc.integer(), fc.constant(null), fc.constant("x"));
  return segments.reduceRight<fc.Arbitrary<unknown>>((inner, part) => {
    if (typeof part === "number" || part === "[*]") return fc.array(inner, { maxLength: 3 });
    return inner.map((value) =>
      Object.fromEntries([
        ["other", 1],
        [part, value],
      ]),
    );
  }, leaf);
}

test("the normalised query has the same matches as dlt's form (checked with json-p3)", () => {
  const pair = fc
    .array(segment, { maxLength: 5 })
    .chain((segments) => documentFor(segments).map((document) => ({ segments, document })));
  fc.assert(
    fc.property(pair, ({ segments, document }) => {
      // RFC 9535 cannot express names with lone surrogates.
      fc.pre(segments.every((part) => typeof part !== "string" || !/\p{Cs}/u.test(part)));
      const result = parseSelector(write(segments));
      expect(result).toMatchObject({ ok: true, segments });
      if (!result.ok) return;
      expect(jsonpath.query(printSegments(result.segments), document as never).values()).toEqual(
        find(document, segments),
      );
    }),
    { numRuns: 500 },
  );
});
