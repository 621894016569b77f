import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildSource } from "../../generator/ir/build.js";
import { digest } from "../../generator/ir/scope.js";
import { parseValue, specOf } from "../spec/parse-text.js";

const city = { type: "object", properties: { city: { type: "string" } } };
const address = { title: "Address", ...city };
const line = {
  type: "object",
  properties: { price: { $ref: "#/schemas/money" }, tax: { $ref: "#/$defs/Rate" } },
};

/** A resource with nested types, titles, definitions and alternatives. */
function resource(name: string, rate: object): object {
  return {
    name,
    endpoint: { path: `/${name}`, data_selector: "data", paginator: "single_page" },
    schema: {
      type: "object",
      properties: {
        lines: { type: "array", items: line },
        billing: address,
        place: { ...address, title: `The place of ${name}` },
        target: {
          oneOf: [
            { type: "object", required: ["kind"], properties: { kind: { const: "user" } } },
            { type: "object", required: ["team"], properties: { team: city } },
          ],
        },
        parent: { $ref: "#" },
      },
      $defs: { Rate: rate },
    },
  };
}

/** An object with its keys in reverse order, at every depth, and lists of alternatives reversed. */
function reverse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverse).reverse();
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reverse(inner)] as const);
  return Object.fromEntries(entries.reverse());
}

/** The names of all types with the names of their fields. */
async function typesOf(spec: unknown): Promise<readonly string[]> {
  const { resources, shared } = buildSource(await specOf(spec));
  return [...resources.flatMap(({ declarations }) => declarations), ...shared]
    .map(({ name, type }) => {
      const fields = type.kind === "object" ? type.fields.map((field) => field.name) : [];
      return `${name}: ${fields.sort().join(", ")}`;
    })
    .sort();
}

it("names types independently of the order of the spec", async () => {
  const spec = {
    client: { base_url: "https://api.example.com" },
    resources: [
      resource("orders", { type: "object", properties: { percent: { type: "number" } } }),
      resource("invoices", { type: "object", properties: { share: { type: "number" } } }),
    ],
    schemas: { money: { type: "object", properties: { amount: { type: "integer" } } } },
  };
  const types = await typesOf(spec);
  expect(await typesOf(reverse(spec))).toEqual(types);
  expect(types).toEqual([
    "Address: city",
    "Invoice: billing, lines, parent, place, target",
    "InvoiceLine: price, tax",
    "InvoicePlace: city",
    "InvoiceTargetUser: kind",
    "InvoiceTargetWithTeam: team",
    "InvoiceTargetWithTeamTeam: city",
    "InvoicesRate: share",
    "Money: amount",
    "Order: billing, lines, parent, place, target",
    "OrderLine: price, tax",
    "OrderPlace: city",
    "OrderTargetUser: kind",
    "OrderTargetWithTeam: team",
    "OrderTargetWithTeamTeam: city",
    "OrdersRate: percent",
  ]);
});

/** Names, several of which give the same type name. */
const nouns = ["order", "orders", "order_line", "orderLine", "order_lines", "line", "lines", "item", "items"];

const noun = fc.constantFrom(...nouns);

const { schema } = fc.letrec<{ schema: object }>((tie) => {
  const fields = fc.dictionary(noun, tie("schema"), { minKeys: 1, maxKeys: 3, noNullPrototype: true });
  const objects = fc.record(
    {
      type: fc.constant("object"),
      properties: fields,
      title: fc.constantFrom("Line", "Order line", "a title in small letters"),
      required: fc.subarray(nouns),
    },
    { requiredKeys: ["type", "properties"] },
  );
  return {
    schema: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.constantFrom({ type: "string" }, { type: "integer" }),
      noun.map((name) => ({ $ref: `#/schemas/${name}` })),
      objects,
      tie("schema").map((items) => ({ type: "array", items })),
      tie("schema").map((values) => ({ type: "object", additionalProperties: values })),
      fc.array(tie("schema"), { minLength: 2, maxLength: 3 }).map((options) => ({ anyOf: options })),
      fc.array(objects, { minLength: 2, maxLength: 3 }).map((options) => ({ oneOf: options })),
    ),
  };
});

const specs = fc
  .record({
    resources: fc.uniqueArray(fc.record({ name: noun, schema }), {
      selector: ({ name }) => name,
      minLength: 1,
    }),
    // Every name exists, so that every reference leads somewhere.
    schemas: fc.tuple(...nouns.map(() => schema)),
  })
  .map(({ resources, schemas }) => ({
    name: "order",
    client: { base_url: "https://api.example.com" },
    resources: resources.map((each) => ({
      ...each,
      endpoint: {
        path: `/${each.name}`,
        data_selector: "data",
        paginator: "single_page",
        params: { order: { type: "input", schema: each.schema } },
      },
      processing_steps: [{ filter: true, add: { added: 1 } }],
    })),
    schemas: Object.fromEntries(nouns.map((name, at) => [name, schemas[at]])),
  }));

/** Sorts keys and lists by a hash with a seed, at every depth. */
function shuffle(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffle(item, seed));
    return sortBy(items, (item) => digest([seed, item]));
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffle(inner, seed)] as const);
  return Object.fromEntries(sortBy(entries, ([key]) => digest([seed, key])));
}

/** Sorts items by a text, which is computed once for each: a hash of a whole item takes long. */
function sortBy<T>(items: readonly T[], textOf: (item: T) => string): readonly T[] {
  const weighed = items.map((item) => ({ item, text: textOf(item) }));
  return weighed.sort((a, b) => (a.text < b.text ? -1 : 1)).map(({ item }) => item);
}

/** A value with sorted keys and lists, as text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (Array.isArray(inner)) return inner.map((item) => canonical(item)).sort();
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Every declaration with its complete type, and the names of each resource. */
async function allNames(spec: unknown): Promise<readonly string[] | undefined> {
  const { spec: parsed } = await parseValue(spec);
  if (!parsed) return undefined;
  const { resources, shared } = buildSource(parsed);
  return [
    ...shared.map(canonical),
    ...resources.flatMap(({ name, names, params, declarations, record, hooks }) => [
      ...declarations.map(canonical),
      canonical({ name, names, record, hooks, params }),
    ]),
  ].sort();
}

it("gives each type one name, for any order of resources, properties, schemas and alternatives", async () => {
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(specs, fc.array(fc.integer(), { minLength: 2, maxLength: 2 }), async (spec, seeds) => {
      const names = await allNames(spec);
      // A spec with circular references is an error.
      fc.pre(names !== undefined);
      const declared = names.flatMap((text) => /^\{"name":"(\w+)","type"/.exec(text)?.[1] ?? []);
      expect(new Set(declared).size).toBe(declared.length);
      for (const seed of seeds) expect(await allNames(shuffle(spec, seed))).toEqual(names);
      checked += 1;
    }),
    { numRuns: 18 },
  );
  expect(checked).toBeGreaterThan(10);
});

describe("two ways to one name", () => {
  const text = { type: "object", properties: { text: { type: "string" } } };
  const number = { type: "object", properties: { number: { type: "integer" } } };
  const named = async (
    ...resources: readonly (readonly [name: string, schema: object])[]
  ): Promise<unknown> =>
    typesOf({
      client: { base_url: "https://api.example.com" },
      resources: resources.map(([name, schema]) => ({
        name,
        schema,
        endpoint: { path: `/${name}`, data_selector: "$" },
      })),
    });

  it.each([
    {
      name: "a record and a nested object: the record has the name",
      resources: [
        ["order_lines", text],
        ["orders", { type: "object", properties: { lines: { items: number } } }],
      ],
      want: ["Order: lines", "OrderLine: text", "Order_lines_item: number"],
    },
    {
      name: "a field, and a field of a field: the first has the name",
      resources: [
        [
          "orders",
          {
            type: "object",
            properties: { line: { type: "object", properties: { item: text } }, line_item: number },
          },
        ],
      ],
      want: ["Order: line, line_item", "OrderLine: item", "OrderLineItem: number", "OrderLine_item: text"],
    },
    {
      name: "two spellings of a field",
      resources: [["orders", { type: "object", properties: { line_item: text, lineItem: number } }]],
      want: ["Order: lineItem, line_item", "Order_lineItem: number", "Order_line_item: text"],
    },
    {
      name: "two titles at one path",
      resources: [
        [
          "orders",
          {
            type: "object",
            properties: {
              line_item: { ...text, title: "the text" },
              lineItem: { ...number, title: "the number" },
            },
          },
        ],
      ],
      want: ["Order: lineItem, line_item", "OrderLineItemTheNumber: number", "OrderLineItemTheText: text"],
    },
    {
      name: "the singular and the plural of a resource",
      resources: [
        ["order", text],
        ["orders", number],
      ],
      want: ["Order: text", "Orders: number"],
    },
    {
      name: "two spellings of a resource",
      resources: [
        ["line_items", text],
        ["lineItems", number],
      ],
      want: ["lineItems: number", "line_items: text"],
    },
    {
      name: "alternatives that nothing but their fields' types tells apart",
      resources: [
        [
          "orders",
          {
            type: "object",
            properties: {
              note: {
                oneOf: [
                  { type: "object", properties: { a: { type: "string" } } },
                  { type: "object", properties: { a: { type: "integer" } } },
                ],
              },
            },
          },
        ],
      ],
      want: [
        "Order: note",
        expect.stringMatching(/^OrderNote_[\da-f]{6}: a$/),
        expect.stringMatching(/^OrderNote_[\da-f]{6}: a$/),
      ],
    },
  ] as readonly {
    name: string;
    resources: readonly (readonly [string, object])[];
    want: readonly unknown[];
  }[])("$name", async ({ resources, want }) => {
    expect(await named(...resources)).toEqual(want);
    expect(await named(...[...resources].reverse())).toEqual(want);
  });
});
