import { describe, expect, it } from "vitest";
import { verifyModule } from "../../generator/emit/verify.js";

const imports = 'import { createReader, cursor, plan, query } from "@connector-gen/runtime";';

function check(statements: string): readonly string[] {
  const modules = ["@connector-gen/runtime"];
  return verifyModule(`${imports}\n${statements}`, { modules, exports: [] });
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
  ])("lets through $name", ({ given }) => {
    expect(check(given)).toEqual([]);
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
  ])("refuses $name", ({ given }) => {
    expect(check(given).join()).toMatch(/^line 2: .* does not belong here/);
  });
});
