import { describe, expect, it } from "vitest";
import { readStatements } from "../../generator/emit/layout.js";
import { verifyModule } from "../../generator/emit/verify.js";

const imports = 'import { createReader, cursor, plan, query } from "@connector-gen/runtime";';

/** A factory of a client with one method. */
function factoryWith(method: string): string {
  return `export function createA(options: A): B { const reader = createReader(c, options); return { a: ${method} }; }`;
}

function check(statements: string): Promise<readonly string[]> {
  const modules = ["@connector-gen/runtime"];
  const exports = statements.startsWith("export") ? ["createA"] : [];
  return verifyModule(readStatements(`${imports}\n${statements}`), { modules, exports });
}

describe("verifyModule", () => {
  it.each([
    { name: "literals", given: 'const a = { x: [1, -2, "3", true, null] };' },
    { name: "calls of what is imported", given: 'const a = cursor({ path: ["a"] });' },
    {
      name: "calls within calls",
      given: 'const a = plan(cursor({ path: query(["a", { slice: [1] }]) }), cursor());',
    },
    { name: "constants of the module", given: "const a = { x: 1 }; const b = { a, c: a };" },
    { name: "a method of a client", given: factoryWith("(params, read) => reader.read(a, params, read)") },
    { name: "a method without parameters", given: factoryWith("(...read) => reader.read(a, {}, ...read)") },
  ])("lets through $name", async ({ given }) => {
    expect(await check(given)).toEqual([]);
  });

  it.each([
    { name: "calls of globals", given: 'const a = fetch("x");' },
    { name: "calls of constants", given: "const a = {}; const b = a();" },
    { name: "methods of constants", given: "const a = {}; const b = a.x();" },
    { name: "the reader outside of the factory", given: "const a = createReader({}, {});" },
    { name: "globals as values", given: "const a = { x: process };" },
    { name: "functions", given: "const a = cursor({ f: (x) => x });" },
    { name: "templates", given: "const a = `x`;" },
    { name: "computed names", given: "const a = { [cursor()]: 1 };" },
    { name: "spread", given: "const a = { ...cursor() };" },
    { name: "statements", given: "cursor();" },
    { name: "variables", given: "let a = 1;" },
    { name: "other modules", given: 'import fs from "node:fs";' },
    { name: "a module without quotes", given: "import { cursor } from fs;" },
    {
      name: "a method of a client that drops options",
      given: factoryWith("(...read) => reader.read(a, {})"),
    },
    {
      name: "a method of a client without its parameters",
      given: factoryWith("(read) => reader.read(a, {}, read)"),
    },
    {
      name: "a method of a client with other code",
      given: factoryWith("(...read) => reader.read(a, {}, fetch())"),
    },
  ])("refuses $name", async ({ given }) => {
    expect((await check(given)).join()).toMatch(/^line 2: .* does not belong here/);
  });
});

describe("verifyModule, statement by statement", () => {
  const module = (statement: string): Promise<readonly string[]> =>
    verifyModule(readStatements(`${imports}\n\n${statement}\n\nconst a = { x: 1 };`), {
      modules: ["@connector-gen/runtime"],
      exports: ["Thing"],
    });

  it("lets through types with documentation", async () => {
    expect(await module("/** A thing. */\nexport interface Thing {\n  readonly id: number;\n}")).toEqual([]);
    expect(await module("/**\n * One or two.\n */\nexport type Thing = 1 | 2;")).toEqual([]);
  });

  it.each([
    {
      name: "code after a type",
      given: "export interface Thing {\n  readonly id: number;\n}\nfetch();",
      want: ["line 6: a ExpressionStatement does not belong here"],
    },
    {
      name: "code in the default of a documentation",
      given: "/** x */ fetch(); /*\nexport interface Thing { } */\nexport interface Thing { }",
      want: ["line 3: a ExpressionStatement does not belong here"],
    },
    {
      name: "a type that is not exported",
      given: "interface Thing {}\nexport type Other = 1;",
      want: ["the export Thing is missing", "the export Other is unexpected"],
    },
    {
      name: "a comment that does not end",
      given: "export interface Thing {\n  readonly id: number;\n} /*",
      want: ["line 7: '*/' expected."],
    },
    {
      name: "a type in a comment that began before it",
      given: "/** x\n\nexport interface Thing {\n  readonly id: number;\n}\n\n/** y */",
      want: ["the export Thing is missing"],
    },
    {
      name: "a type that does not end",
      given: "export interface Thing {\n  readonly id: number;",
      want: ["line 6: Property or signature expected."],
    },
  ])("refuses $name", async ({ given, want }) => {
    expect(await module(given)).toEqual(want);
  });

  it.each([
    { name: "a call of a global", given: 'const b: Resource<Thing> = {\n  path: fetch("/"),\n};', line: 3 },
    { name: "a global", given: "const b: Resource<Thing> = {\n  path: process,\n};", line: 3 },
    {
      name: "a name without a key",
      given: "/** B. */\nconst b: Resource<Thing> = {\n  process,\n};",
      line: 4,
    },
    { name: "the reader", given: "const b: Resource<Thing> = {\n  path: createReader(),\n};", line: 3 },
  ])("refuses rows of a constant with $name", async ({ given, line }) => {
    expect(await module(`${given}\n\nexport type Thing = 1;`)).toEqual([
      `line ${line}: a VariableStatement does not belong here`,
    ]);
  });

  it("lets through rows of a constant that name what is known", async () => {
    const rows = ['path: cursor({ x: ["a", -1, true, null] }),', "a,", "b: a,"];
    const constant = `const c: Resource<Thing> = {\n  ${rows.join("\n  ")}\n};`;
    expect(await module(`${constant}\n\nexport type Thing = 1;`)).toEqual([]);
  });

  it("refuses a type that is missing", async () => {
    expect(await module("const b = {};")).toEqual(["the export Thing is missing"]);
  });
});
