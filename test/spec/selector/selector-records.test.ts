import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";

import { createImports } from "../../../generator/emit/imports.js";
import { printSelector } from "../../../generator/emit/selector.js";
import { toSelectorIr } from "../../../generator/ir/option-values.js";
import { parseSelector } from "../../../generator/spec/selector/selector.js";
import { readRfcSelector } from "../../../generator/spec/selector/rfc.js";
import { isSelectorProblem } from "../../../generator/spec/selector/text.js";
import type { QuerySegment } from "../../../runtime/src/select/query-segment.js";
import { query } from "../../../runtime/src/select/query.js";
import { patterns } from "../../../runtime/src/select/pattern.js";
import { unicodePatterns } from "../../../runtime/src/select/pattern-unicode.js";
import { selectRecords, type Selector } from "../../../runtime/src/select/path.js";

/** The arguments of `query`. */
interface Printed {
  readonly segments: readonly QuerySegment[];
  readonly matcher?: "patterns" | "unicodePatterns";
}

/** Compiles a selector of a spec to that of the generated module. */
function compile(text: string): Selector {
  const result = parseSelector(text);
  if (!result.ok) throw new Error(result.message);
  const imports = createImports("@connector-gen/runtime");
  const printed = printSelector(toSelectorIr({ selector: result.segments }), imports);
  expect(imports.print().includes("query")).toBe(printed.startsWith("query("));
  // JSON converts the result to objects of this realm.
  const made = runInNewContext(
    `const query = (segments, matcher) => ({ segments, matcher });
     const [patterns, unicodePatterns] = ["patterns", "unicodePatterns"].map((name) => () => name);
     JSON.stringify(${printed})`,
  ) as string;
  const value = JSON.parse(made) as readonly (string | number)[] | Printed;
  if (!("segments" in value)) return value;
  const { segments, matcher } = value;
  if (matcher === undefined) return query(segments);
  expect(imports.print()).toMatch(new RegExp(`\\b${matcher}\\b`));
  return query(segments, matcher === "patterns" ? patterns() : unicodePatterns());
}

describe("dlt's table of selectors (reference §8.1)", () => {
  const body = {
    a: [
      { x: 1, y: 2, t: "a", n: null },
      { x: 3, t: "b" },
    ],
    o: { b: [7], "@odata.nextLink": "next", "k l": 1 },
    "a-b": [5],
    m: { p: { v: 1, q: 9 }, q: { v: 2 }, id: 4 },
    k: 1,
    l: 2,
    "@odata": { nextLink: 3 },
  };
  const [first, second] = body.a;
  const rows: readonly { given: string; body?: unknown; want: unknown }[] = [
    { given: "o.b", want: [7] },
    { given: "$.o.b", want: [7] },
    { given: "a-b", want: [5] },
    { given: "a[0]", want: [first] },
    { given: "a.[0].x", want: [1] },
    { given: "a[-1]", want: [second] },
    { given: "a[1:]", want: [second] },
    { given: "a[-2:]", want: [first, second] },
    { given: "a[::2]", want: [first] },
    { given: "a[0,2]", want: [first] },
    { given: "a[*]", want: [first, second] },
    { given: "m.*", want: [body.m.p, body.m.q, 4] },
    { given: "$..id", want: [4] },
    { given: "['k','l']", want: [1, 2] },
    { given: "a[*].(x|y)", want: [1, 2, 3] },
    { given: "'k'", want: [1] },
    { given: '"k"', want: [1] },
    { given: "o['@odata.nextLink']", want: ["next"] },
    { given: "a[?(@.t=='a')]", want: [first] },
    { given: "a[?@.t=='a']", want: [first] },
    { given: "a[?(@.t=='a' & @.x==1)]", want: [first] },
    { given: "a[?(@.t=='a' & @.x==3)]", want: [] },
    { given: "a[?(@.x>1)].t", want: ["b"] },
    { given: "a[?@.n]", want: [first] },
    { given: "a[?@.t=~'^[b-z]$']", want: [second] },
    { given: "a[?@.t=~'[^a]|(c)']", want: [second] },
    { given: "a[?@.x=~'1']", want: [] },
    { given: String.raw`a[?@.t=~'^\\w$']`, want: [first, second] },
    { given: "$.a[?match(@.t, 'A|b')]", want: [second] },
    { given: "a.x", want: undefined },
    { given: "@odata.nextLink", want: [3] },
    { given: "@odata.nextLink", body: { "@odata.nextLink": 3 }, want: undefined },
    { given: "m[*]", want: undefined },
    // `|` binds tighter than `.`: this is m.(p|m).q, without a match if p and m contain no q.
    { given: "m.p|m.q", want: [9] },
    { given: "m.p|m.q", body: { m: { p: { v: 1 }, q: { v: 2 } } }, want: [] },
    { given: "[*].a", body: [{ a: 1 }, { a: 2 }], want: [1, 2] },
    { given: "[0].a", body: [{ a: [1] }, 2], want: [1] },
    { given: "$", body: [1, 2], want: [1, 2] },
    { given: "a[*].x", want: [1, 3] },
    { given: "items[*]", body: { items: [[1, 2]] }, want: [[1, 2]] },
    { given: "items[0:1]", body: { items: [[1, 2]] }, want: [[1, 2]] },
    { given: "items[?@.x]", body: { items: null }, want: undefined },
  ];
  test.each(rows)("$given: $want", ({ given, want, ...row }) => {
    expect(selectRecords(compile(given), row.body ?? body)).toEqual(want);
  });
});

interface Vector {
  readonly config: {
    readonly resources: readonly { readonly endpoint?: { readonly data_selector?: unknown } }[];
  };
  readonly exchanges: readonly { readonly response: { readonly json?: unknown; readonly text?: string } }[];
  readonly expected: Outcome;
  readonly deviation: { readonly better: Outcome } | null;
}

type Outcome = Readonly<
  Record<string, { readonly records: readonly unknown[]; readonly error: { readonly kind: string } | null }>
>;

const vectors = fileURLToPath(new URL("../../conformance/vectors/selectors/", import.meta.url));

/** Vectors with a selector and a JSON body. */
const selections = readdirSync(vectors).flatMap((file) => {
  const { config, exchanges, expected, deviation } = JSON.parse(
    readFileSync(vectors + file, "utf8"),
  ) as Vector;
  const text = config.resources[0]?.endpoint?.data_selector;
  const outcome = Object.values(deviation?.better ?? expected)[0];
  const response = exchanges[0]?.response;
  if (typeof text !== "string" || text === "" || !outcome) return [];
  const body: unknown = response?.text === undefined ? response?.json : JSON.parse(response.text);
  return [{ name: file.replace(/\.json$/, ""), text, body, outcome }];
});

describe("dlt's vectors", () => {
  test.each(selections)("$name: $text", ({ text, body, outcome }) => {
    if (outcome.error?.kind === "selector") expect(parseSelector(text).ok).toBe(false);
    // A selector without a match is an error of the reader, not of `selectRecords`.
    else expect(selectRecords(compile(text), body) ?? []).toEqual(outcome.records);
  });
});

interface CtsCase {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly result?: readonly unknown[];
  readonly results?: readonly (readonly unknown[])[];
  readonly invalid_selector?: true;
}

/** The path of the suite's `cts.json`, which is not part of this project. */
const suite = process.env["JSONPATH_CTS"] ?? "";

describe.skipIf(!existsSync(suite))("the JSONPath Compliance Test Suite (path in JSONPATH_CTS)", () => {
  const { tests } = existsSync(suite)
    ? (JSON.parse(readFileSync(suite, "utf8")) as { tests: readonly CtsCase[] })
    : { tests: [] };
  /** Patterns from the body, and Unicode categories, are not supported. */
  const isUnsupported = ({ selector }: CtsCase): boolean =>
    /\b(?:match|search)\(@(?:\.a)?, (?:\$|value|'\\\\p)/i.test(selector);

  const read = (selector: string): readonly QuerySegment[] | undefined => {
    try {
      return readRfcSelector({ text: selector, offset: 0, depth: 0, isAmbiguous: false });
    } catch (error) {
      if (isSelectorProblem(error)) return undefined;
      throw error;
    }
  };

  test("passes for RFC 9535 queries, except for patterns from the body and Unicode categories", () => {
    const passed = tests.filter(({ selector, document, result, results = [result], ...row }) => {
      const segments = read(selector);
      if (!segments || row.invalid_selector) return !segments && row.invalid_selector;
      const found = JSON.stringify(query(segments, unicodePatterns()).run(document) ?? []);
      return results.some((each) => found === JSON.stringify(each));
    });
    const failed = tests.filter((row) => !passed.includes(row));
    expect(failed).toEqual(tests.filter(isUnsupported));
    expect([passed.length, failed.length]).toEqual([695, 8]);
  });

  test("lists the valid queries that dlt's dialect reads differently", () => {
    const others = tests.filter(({ selector, document, result, results = [result], ...row }) => {
      const parsed = parseSelector(selector);
      if (row.invalid_selector || !parsed.ok) return false;
      const found = JSON.stringify(query(parsed.segments, unicodePatterns()).run(document) ?? []);
      return !results.some((each) => found === JSON.stringify(each));
    });
    expect(others.map(({ selector }) => selector)).toEqual([
      "$.*",
      "$..*",
      "$..[*]",
      "$..*",
      "$[?$.*.a]",
      "$[?@.a==1]",
      "$[?@.a!=1]",
      "$[?@.a!=1]",
      "$[?@.*]",
      "$[?@.a==0]",
      "$[?@.a==-0]",
    ]);
  });
});
