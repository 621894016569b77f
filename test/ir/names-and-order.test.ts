import { expect, it } from "vitest";
import { buildSource } from "../../generator/ir/build.js";
import { specOf } from "../spec/parse-text.js";

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

it("names types in the same way, whatever the order of the spec", async () => {
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
