import { describe, expect, it } from "vitest";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { buildSource } from "../../generator/ir/build.js";
import { createDocument, type SpecDocument } from "../../generator/spec/load/document.js";
import { loadJson } from "../../generator/spec/load/load-json.js";
import { loadYaml } from "../../generator/spec/load/load-yaml.js";
import { parseSpec, type ParsedSpec } from "../../generator/spec/parse.js";
import { cpuTimeOf } from "../support/cpu-time.js";

const endpoint = { path: "/o", data_selector: "$", paginator: "single_page" };
const schema = { type: "object", properties: { id: { type: "integer" } } };

const resource = (name: string, changes: object = {}): object => ({ name, endpoint, schema, ...changes });

const spec = (resources: readonly unknown[], changes: object = {}): object => ({
  name: "x",
  client: { base_url: "https://a.example" },
  resources,
  ...changes,
});

/** An object with `count` properties. */
const properties = (count: number, entry: (index: number) => readonly [string, unknown]): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));

/** Matches a text that contains another. */
const containing = (text: string): unknown => expect.stringContaining(text);

const times = <T>(count: number, item: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => item(index));

/** Reads a spec from the given text of JSON. */
function documentOf(text: string): SpecDocument {
  return createDocument({ file: "x.json", text, format: "json" }, loadJson(text));
}

function parse(value: object): ParsedSpec {
  return parseSpec(documentOf(JSON.stringify(value, null, 1)), { literalSecrets: "error" });
}

/** Runs all steps of `generate` before printing, and prints the diagnostics. */
function run(value: object): { readonly parsed: ParsedSpec; readonly output: string } {
  const parsed = parse(value);
  const output = parsed.diagnostics.map((each) => formatDiagnostic(each, parsed.frameText)).join("\n");
  if (parsed.spec) buildSource(parsed.spec);
  return { parsed, output };
}

const long = "A".repeat(100_000);

const names: readonly { readonly what: string; readonly make: (name: string) => object }[] = [
  { what: "source", make: (name) => spec([resource("a")], { name }) },
  { what: "type of a source", make: (name) => spec([resource("a")], { type_name: name }) },
  { what: "resource", make: (name) => spec([resource(name)]) },
  { what: "resource given as text", make: (name) => spec([name]) },
  { what: "record type", make: (name) => spec([resource("a", { record_type: name })]) },
  { what: "method", make: (name) => spec([resource("a", { method_name: name })]) },
  { what: "field", make: (name) => spec([resource("a", { schema: { properties: { [name]: schema } } })]) },
  { what: "column", make: (name) => spec([resource("a", { columns: { [name]: { data_type: "text" } } })]) },
  {
    what: "parameter",
    make: (name) =>
      spec([resource("a", { endpoint: { ...endpoint, params: { [name]: { type: "input" } } } })]),
  },
  {
    what: "secret",
    make: (name) =>
      spec([resource("a")], {
        client: { base_url: "https://a.example", auth: { type: "bearer", token: `{secrets.${name}}` } },
      }),
  },
  {
    what: "config value",
    make: (name) => spec([resource("a", { endpoint: { ...endpoint, path: `/{config.${name}}` } })]),
  },
  { what: "schema", make: (name) => spec([resource("a")], { schemas: { [name]: schema } }) },
  { what: "unknown key", make: (name) => spec([resource("a", { [name]: 1 })]) },
];

const contents: readonly { readonly what: string; readonly of: (length: number) => string }[] = [
  { what: "capitals", of: (length) => "A".repeat(length) },
  { what: "dashes", of: (length) => `a${"-".repeat(length)}b` },
  { what: "words", of: (length) => "aB".repeat(length / 2) },
  { what: "control characters", of: (length) => `a${"\u0001\u202e".repeat(length / 2)}` },
];

describe("a name of 100 kB", () => {
  it.each(names)("of a $what is an error that states the limit", ({ make }) => {
    for (const { of } of contents) {
      const { parsed, output } = run(make(of(100_000)));
      expect(parsed.spec).toBeUndefined();
      expect(output).toMatch(
        /the limit is \d+|at most 100 letters|cannot be the name|unknown key|invalid name/,
      );
      expect(output.length).toBeLessThan(4_000);
    }
  });

  it("takes no more than linear time, nor does one of 3 MB", () => {
    for (const { make } of names) expect(cpuTimeOf(() => run(make(long)))).toBeLessThan(1_000);
    for (const { make } of names.slice(0, 3))
      expect(cpuTimeOf(() => run(make("A".repeat(3_000_000))))).toBeLessThan(3_000);
  });
});

describe("a text of more than a million characters", () => {
  it.each(["description", "docs_url"])("is an error that says the limit: %s", (key) => {
    const { parsed, output } = run(spec([resource("a")], { [key]: "https://a".padEnd(1_000_001, "a") }));
    expect(parsed.spec).toBeUndefined();
    expect(output).toContain("is 1000001 characters long; the limit is 1000000");
    expect(output.length).toBeLessThan(2_000);
  });

  it("is an error in YAML, too, as is a long key", () => {
    const text = `name: x\n${"k".repeat(501)}: ${"v".repeat(1_000_001)}\n`;
    const document = createDocument({ file: "x.yaml", text, format: "yaml" }, loadYaml(text));
    const { diagnostics } = parseSpec(document, { literalSecrets: "error" });
    expect(diagnostics.filter(({ code }) => code === "too-long")).toHaveLength(2);
  });

  it("is not quoted if it is a number", () => {
    const { output } = run({ toJSON: () => 0 });
    expect(output).toContain("the spec");
    const digits = documentOf(`{"name": ${"1".repeat(1_000_000)}}`);
    expect(digits.diagnostics[0]?.message.length).toBeLessThan(200);
  });
});

const chain = (of: (next: object) => object, count: number): object =>
  properties(count, (index) => [
    `s${index}`,
    index < count - 1 ? of({ $ref: `#/schemas/s${index + 1}` }) : schema,
  ]);

const first = resource("a", { schema: { $ref: "#/schemas/s0" } });

describe("a chain of references", () => {
  it.each([
    { what: "aliases", of: (next: object) => next },
    { what: "allOf", of: (next: object) => ({ allOf: [next] }) },
    { what: "anyOf", of: (next: object) => ({ anyOf: [next, { type: "null" }] }) },
    { what: "oneOf", of: (next: object) => ({ oneOf: [next, { type: "string" }] }) },
  ])("of 1,000 $what is one error that says the limit", ({ of }) => {
    const { parsed } = run(spec([first], { schemas: chain(of, 1_000) }));
    expect(parsed.diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([
      {
        code: "too-deep",
        message: containing("more than 16 references to other schemas in a row"),
      },
    ]);
  });

  it("of 1,000 in $defs is an error, too", () => {
    const { $defs } = JSON.parse(
      JSON.stringify({ $defs: chain((next) => next, 1_000) }).replaceAll("#/schemas/", "#/$defs/"),
    ) as { readonly $defs: object };
    const { parsed } = run(spec([resource("a", { schema: { $ref: "#/$defs/s0", $defs } })]));
    expect(parsed.diagnostics.map(({ code }) => code)).toContain("too-deep");
  });

  it.each([
    { what: "fields", of: (next: object) => ({ type: "object", properties: { next } }) },
    { what: "lists", of: (next: object) => ({ type: "array", items: next }) },
    { what: "maps", of: (next: object) => ({ type: "object", additionalProperties: next }) },
  ])("of 5,000 by $what becomes 5,000 types", ({ of }) => {
    const parsed = parse(spec([first], { schemas: chain(of, 5_000) }));
    expect(parsed.diagnostics).toEqual([]);
    expect(parsed.spec && buildSource(parsed.spec).shared).toHaveLength(5_000);
  });

  it("of 16 is valid", () => {
    const { parsed } = run(spec([first], { schemas: chain((next) => next, 17) }));
    expect(parsed.diagnostics).toEqual([]);
  });
});

describe("schemas that refer to each other in 10^15 ways", () => {
  it("are an error that states the limit, in a short time", () => {
    const schemas = chain((next) => ({ allOf: times(10, () => next) }), 16);
    expect(cpuTimeOf(() => run(spec([first], { schemas })))).toBeLessThan(2_000);
    const { parsed } = run(spec([first], { schemas }));
    expect(parsed.diagnostics).toMatchObject([
      { code: "too-deep", message: containing("more than 100000 schemas") },
    ]);
  });
});

const wrong: readonly { readonly what: string; readonly make: (count: number) => object }[] = [
  {
    what: "unknown keywords",
    make: (count) =>
      spec([
        resource("a", { schema: { properties: properties(count, (i) => [`p${i}`, { typ: "string" }]) } }),
      ]),
  },
  { what: "unknown keys", make: (count) => spec(times(count, (i) => resource(`r${i}`, { nmae: "x" }))) },
  { what: "resources of a wrong type", make: (count) => spec(times(count, () => 1)) },
  { what: "resources of the same name", make: (count) => spec(times(count, () => resource("same"))) },
  {
    what: "unused schemas",
    make: (count) => spec([resource("a")], { schemas: properties(count, (i) => [`s${i}`, schema]) }),
  },
];

/** Runs a spec of a quarter of the size and one of the whole size, and compares the times. Returns the result of the last. */
function runTwice(make: (count: number) => object, size: number): ReturnType<typeof run> {
  const [small, large] = [make(size / 4), make(size)];
  run(small);
  const before = cpuTimeOf(() => run(small));
  let result: ReturnType<typeof run> | undefined;
  const after = cpuTimeOf(() => (result = run(large)));
  // Quadratic time would be sixteen times the time.
  expect(after).toBeLessThan(10 * before + 100);
  return result ?? expect.unreachable();
}

describe("1,300 problems", () => {
  it.each(wrong)("are reported as 200 and their number, in proportionate time: $what", ({ make }) => {
    const { parsed, output } = runTwice(make, 1_300);
    expect(parsed.diagnostics.length).toBe(201);
    expect(output.match(/ too-many-problems: /g)).toHaveLength(1);
    expect(output).toMatch(/\d{4,} more problems are not shown: the limit is 200 per spec/);
    expect(output.length).toBeLessThan(200_000);
  });

  it("show errors before warnings", () => {
    const schemas = properties(1_300, (i) => [`s${i}`, schema]);
    const { parsed } = run({ schemas, ...spec([resource("a", { nmae: 1 })]) });
    expect(parsed.spec).toBeUndefined();
    expect(parsed.diagnostics.filter(({ severity }) => severity === "error")).toHaveLength(1);
    expect(parsed.diagnostics.at(-1)?.severity).toBe("warning");
  });

  it("of the text itself are limited, too", () => {
    const pairs = times(2_000, () => '"a": 1').join(",");
    const { diagnostics } = parseSpec(documentOf(`{${pairs}}`), { literalSecrets: "error" });
    expect(diagnostics.length).toBe(201);
  });
});

const valid: readonly { readonly what: string; readonly make: (count: number) => object }[] = [
  { what: "resources", make: (count) => spec(times(count, (i) => resource(`r${i}`))) },
  {
    what: "names that give the same method",
    make: (count) =>
      spec(times(count, (i) => resource(`a ${"!".repeat(i % 100)}${i % 7}${"?".repeat(i / 100)}`))),
  },
  {
    what: "values of an enum",
    make: (count) =>
      spec([resource("a", { schema: { properties: { a: { enum: times(10 * count, (i) => `v${i}`) } } } })]),
  },
  {
    what: "alternatives",
    make: (count) =>
      spec([
        resource("a", {
          schema: {
            properties: { a: { anyOf: times(count, (i) => ({ type: "array", items: { enum: [i] } })) } },
          },
        }),
      ]),
  },
  {
    what: "parents in a row",
    make: (count) =>
      spec(
        times(Math.ceil(count / 4), (i) =>
          resource(`r${i}`, i > 0 ? { endpoint: { ...endpoint, path: `/o/{resources.r${i - 1}.id}` } } : {}),
        ),
      ),
  },
  {
    what: "misspelt parents",
    make: (count) =>
      spec(
        times(count, (i) =>
          resource(`res${i}`, { endpoint: { ...endpoint, path: `/{resources.rse${i}.id}` } }),
        ),
      ),
  },
  {
    what: "misspelt references",
    make: (count) =>
      spec(
        [
          resource("a", {
            schema: { properties: properties(count, (i) => [`p${i}`, { $ref: `#/schemas/shcema${i}` }]) },
          }),
        ],
        { schemas: properties(count, (i) => [`schema${i}`, schema]) },
      ),
  },
  {
    what: "secrets",
    make: (count) =>
      spec([
        resource("a", {
          endpoint: { ...endpoint, params: properties(count, (i) => [`p${i}`, `{secrets.s${i}}`]) },
        }),
      ]),
  },
  {
    what: "characters of a description",
    make: (count) => spec([resource("a", { description: "` ".repeat(50 * count) })]),
  },
  {
    what: "characters of a path",
    make: (count) =>
      spec([resource("a", { endpoint: { ...endpoint, path: `/${"{{".repeat(50 * count)}` } })]),
  },
];

describe("the time for a spec", () => {
  it.each(valid)("grows in proportion to the number of its $what", ({ make }) => {
    runTwice(make, 1_000);
  });
});

describe("nesting of 10,000 levels", () => {
  it.each([
    { what: "lists", text: "[".repeat(10_000) },
    { what: "objects", text: '{"a":'.repeat(10_000) },
    { what: "a schema", text: `{"resources":[{"schema":${'{"items":'.repeat(10_000)}` },
  ])("is one error in JSON: $what", ({ text }) => {
    expect(documentOf(text).diagnostics).toMatchObject([{ code: "too-deep" }]);
  });

  it.each([
    { what: "lists", text: "- ".repeat(10_000) },
    { what: "flow lists", text: "[".repeat(10_000) },
    { what: "objects", text: times(2_000, (i) => `${" ".repeat(i)}a:`).join("\n") },
    { what: "explicit keys", text: "? ".repeat(10_000) },
    { what: "anchors", text: `a: ${"&a [".repeat(10_000)}` },
  ])("is one error in YAML: $what", ({ text }) => {
    const document = createDocument({ file: "x.yaml", text, format: "yaml" }, loadYaml(text));
    expect(document.diagnostics).toMatchObject([{ code: "too-deep" }]);
  });

  it("is one error when aliases double it ten thousand times", () => {
    const text = ["a0: &a0 [x]", ...times(40, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join("\n");
    const document = createDocument({ file: "x.yaml", text, format: "yaml" }, loadYaml(text));
    expect(document.diagnostics.map(({ code }) => code)).toEqual(["too-large"]);
  });
});
