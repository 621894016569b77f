import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatModule, formatText } from "../../generator/emit/format.js";
import { layOutStatement, readStatements, statementsOf } from "../../generator/emit/layout.js";
import { printKey, printString } from "../../generator/emit/literal.js";
import { renderSchemas, renderSource } from "../../generator/emit/render.js";
import { loadSources } from "../../generator/load-sources.js";
import { buildSource } from "../../generator/ir/build.js";
import { createDocument } from "../../generator/spec/load/document.js";
import { loadJson } from "../../generator/spec/load/load-json.js";
import { parseSpec } from "../../generator/spec/parse.js";
import { loadAllSources } from "../support/all-specs.js";
import { root } from "../support/paths.js";

/** Formats a whole module with prettier. */
async function formatWhole(text: string): Promise<string> {
  return await formatText(text, { parser: "babel-ts", printWidth: 80 });
}

describe("a formatted module", () => {
  it("is what prettier makes of the whole, for every case and spec", async () => {
    let compared = 0;
    for (const source of await loadAllSources())
      for (const text of [renderSource(source), renderSchemas(source)]) {
        compared += 1;
        expect(await formatModule(readStatements(text))).toBe(await formatWhole(text));
      }
    expect(compared).toBeGreaterThan(50);
  });

  it("needs prettier for no statement of an ordinary spec", async () => {
    const { sources } = await loadSources([join(root, "specs/analytics.json")]);
    const statements = sources.flatMap(({ source }) => readStatements(renderSource(source)));
    expect(statements.length).toBeGreaterThan(30);
    expect(statements.filter(({ laidOut }) => laidOut === undefined)).toEqual([]);
  });
});

const letters = fc.string({
  unit: fc.constantFrom("a", "b", "c", "d", "e", "_", "X", "Y", "0", "1", "$"),
  minLength: 1,
  maxLength: 30,
});
const name = letters.map((word) => (/^[A-Za-z_$]/.test(word) ? word : `n${word}`));
const text = fc.oneof(
  letters,
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.array(letters, { maxLength: 8 }).map((words) => words.join("-")),
);
const key = fc.oneof(name, name, text, fc.constantFrom("__proto__", "1", "a-b", "name", "path"));
const leaf = fc.oneof(
  text.map(printString),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => String(number)),
  fc.constantFrom("true", "false", "null"),
  name,
);

const { value } = fc.letrec<{ value: string }>((tie) => {
  const objects = fc
    .uniqueArray(fc.tuple(key, tie("value")), { maxLength: 5, selector: ([first]) => first })
    .map((rows) => rows.map(([first, second]) => `${printKey(first)}: ${second}`).join(", "))
    .map((rows) => (rows === "" ? "{}" : `{ ${rows} }`));
  const lists = fc.array(tie("value"), { maxLength: 5 }).map((items) => items.join(", "));
  const numbers = fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 20 }).map((all) => all.join(", "));
  return {
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      objects,
      lists.map((items) => `[${items}]`),
      numbers.map((items) => `[${items}]`),
      fc.tuple(name, lists).map(([callee, items]) => `${callee}(${items})`),
      fc.tuple(name, objects).map(([callee, object]) => `${callee}(${object})`),
    ),
  };
});

/** Counts the random statements that were formatted without prettier. */
async function countLaidOut(statements: readonly string[]): Promise<number> {
  const all = statements.map((statement) => ({ statement, laidOut: layOutStatement(statement).laidOut }));
  const known = all.filter(({ laidOut }) => laidOut !== undefined);
  for (const { statement, laidOut } of known) expect(`${laidOut ?? ""}\n`).toBe(await formatWhole(statement));
  return known.length;
}

describe("a statement laid out without prettier", () => {
  it("is what prettier makes of it, for random constants", async () => {
    const rows = fc.sample(fc.tuple(key, value), 400);
    const known = await countLaidOut(
      rows.map(
        ([first, second]) => `const constant: Resource<Thing> = {\n  ${printKey(first)}: ${second},\n};`,
      ),
    );
    expect(known).toBeGreaterThan(150);
  });

  it("is what prettier makes of it, for random specs", async () => {
    const field = fc.letrec<{ type: object }>((tie) => ({
      type: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom({ type: "string" }, { type: ["integer", "null"] }, { type: "object" }, {}),
        fc
          .array(fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })), {
            minLength: 1,
            maxLength: 8,
          })
          .map((values) => ({ enum: values })),
        tie("type").map((items) => ({ type: "array", items })),
        fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
        fc
          .array(tie("type"), { minLength: 1, maxLength: 3 })
          .map((prefixItems) => ({ type: "array", prefixItems })),
        tie("type").map((values) => ({ type: "object", additionalProperties: values })),
        fc.dictionary(key, tie("type"), { maxKeys: 3 }).map((properties) => ({ type: "object", properties })),
      ),
    })).type;
    const resource = fc.record({
      name: fc.oneof(
        name,
        text.filter((each) => each.trim() !== ""),
      ),
      description: fc.oneof(text, fc.lorem({ maxCount: 40 })),
      endpoint: fc.record({
        path: letters.map((path) => `/${path.replaceAll("$", "")}`),
        data_selector: fc.constantFrom("data", "a.b", "$", "items[*].x"),
        params: fc.dictionary(
          key,
          fc.oneof(
            text.map((each) => each.replaceAll(/[{}]/g, "")),
            fc.integer(),
          ),
          { maxKeys: 4 },
        ),
        paginator: fc.constantFrom(
          "single_page",
          { type: "page_number", limit: 100, total_path: "meta.pages" },
          { type: "json_link", next_url_path: "links.next" },
          { type: "cursor", cursor_path: "next", cursor_param: "after" },
        ),
      }),
      schema: fc.record({
        type: fc.constant("object"),
        properties: fc.dictionary(key, field, { maxKeys: 6 }),
      }),
    });
    const specs = fc.sample(
      fc.record({
        name: fc.constantFrom("api", "a_rather_long_name_of_a_source_that_hardly_fits_into_any_line_of_code"),
        client: fc.constant({
          base_url: "https://api.example.com",
          auth: { type: "bearer", token: "{secrets.token}" },
        }),
        resources: fc.uniqueArray(resource, { minLength: 1, maxLength: 4, selector: (each) => each.name }),
      }),
      20,
    );
    let known = 0;
    let read = 0;
    for (const each of specs) {
      const source = JSON.stringify(each);
      const document = createDocument({ file: "api.json", text: source, format: "json" }, loadJson(source));
      const { spec } = parseSpec(document, { literalSecrets: "error" });
      if (!spec) continue;
      read += 1;
      known += await countLaidOut(statementsOf(renderSource(buildSource(spec))));
    }
    expect(read).toBeGreaterThan(4);
    expect(known).toBeGreaterThan(5 * read);
  });
});
