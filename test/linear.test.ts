import { describe, expect, it } from "vitest";
import { renderSource } from "../generator/emit/render.js";
import { buildSource } from "../generator/ir/build.js";
import type { SourceIr } from "../generator/ir/source-ir.js";
import { createDocument } from "../generator/spec/load/document.js";
import { parseSpec } from "../generator/spec/parse.js";

/** Counts how often anything in a value is read: each property, each list of keys, each check for a key. */
function counted<T extends object>(root: T): { readonly value: T; readonly reads: () => number } {
  const proxies = new WeakMap<object, object>();
  let reads = 0;
  const wrap = <V>(value: V): V => {
    if (typeof value !== "object" || value === null) return value;
    const known = proxies.get(value);
    if (known) return known as V;
    const proxy = new Proxy<object>(value, {
      get: (target, key, receiver) => {
        reads += 1;
        return wrap(Reflect.get(target, key, receiver) as unknown);
      },
      has: (target, key) => {
        reads += 1;
        return Reflect.has(target, key);
      },
      ownKeys: (target) => {
        const keys = Reflect.ownKeys(target);
        reads += keys.length;
        return keys;
      },
    });
    proxies.set(value, proxy);
    return proxy as V;
  };
  return { value: wrap(root), reads: () => reads };
}

const endpoint = { path: "/o", data_selector: "$", paginator: "single_page" };

function specOf(resources: readonly object[], schemas: object = {}): object {
  return { name: "x", client: { base_url: "https://a.example" }, resources, schemas };
}

function times<T>(count: number, item: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => item(index));
}

function properties(count: number, schema: (index: number) => object): object {
  return Object.fromEntries(times(count, (index) => [`field_${index}`, schema(index)]));
}

const person = {
  type: "object",
  properties: { id: { type: "integer" }, name: { type: ["string", "null"] } },
};

/** Fields of every kind that takes more work than a scalar. */
function fieldOf(index: number): object {
  const kinds: readonly object[] = [
    { type: "string", description: "A text." },
    { type: "string", enum: ["a", `b${index}`] },
    { type: "object", properties: { amount: { type: "number" } } },
    { anyOf: [{ $ref: "#/schemas/Person" }, { type: "null" }] },
    { oneOf: [{ type: "string" }, { type: "array", items: { $ref: "#/schemas/Person" } }] },
    { allOf: [{ $ref: "#/schemas/Person" }, { required: ["id"] }] },
  ];
  return kinds[index % kinds.length] ?? {};
}

function resource(name: string, schema: object): object {
  return { name, endpoint, schema: { type: "object", ...schema } };
}

const shapes: readonly { readonly what: string; readonly make: (count: number) => object }[] = [
  {
    what: "resources",
    make: (count) =>
      specOf(
        times(count, (index) => resource(`r${index}`, { properties: properties(12, fieldOf) })),
        { Person: person },
      ),
  },
  {
    what: "fields",
    make: (count) =>
      specOf([resource("r", { properties: properties(12 * count, fieldOf) })], { Person: person }),
  },
  {
    what: "shared schemas",
    make: (count) =>
      specOf([resource("r", { properties: properties(count, (at) => ({ $ref: `#/schemas/S${at}` })) })], {
        ...Object.fromEntries(
          times(count, (at) => [`S${at}`, { type: "object", properties: properties(12, fieldOf) }]),
        ),
        Person: person,
      }),
  },
  {
    what: "alternatives",
    make: (count) =>
      specOf([
        resource("r", {
          properties: {
            a: {
              anyOf: times(count, (at) => ({
                type: "object",
                properties: { [`f${at}`]: { type: "string" } },
              })),
            },
          },
        }),
      ]),
  },
];

/** Reads a spec and prints its module; returns how often each of both was read. */
function readsOf(spec: object): { readonly spec: number; readonly source: number; readonly lines: number } {
  const input = counted(spec);
  const text = JSON.stringify(spec);
  const document = createDocument(
    { file: "x.json", text, format: "json" },
    { value: input.value as never, problems: [] },
  );
  const { spec: parsed, diagnostics } = parseSpec(document, { literalSecrets: "error" });
  expect(diagnostics).toEqual([]);
  if (!parsed) throw new Error("the spec is invalid");
  const output = counted<SourceIr>(buildSource(parsed));
  const lines = renderSource(output.value).split("\n").length;
  return { spec: input.reads(), source: output.reads(), lines };
}

describe("the work for a spec", () => {
  it.each(shapes)("grows in proportion to its $what", ({ make }) => {
    const few = readsOf(make(25));
    const many = readsOf(make(100));
    expect(few.spec).toBeGreaterThan(500);
    expect(few.source).toBeGreaterThan(500);
    for (const key of ["spec", "source", "lines"] as const) {
      expect(many[key] / few[key]).toBeGreaterThan(2);
      // Four times the size; quadratic work would be sixteen times as much.
      expect(many[key] / few[key]).toBeLessThan(4.2);
    }
  });

  it("reads no value of a record schema more than a few dozen times", () => {
    const reads = (fields: number): number =>
      readsOf(specOf([resource("r", { properties: properties(fields, () => ({ type: "string" })) })])).spec;
    expect((reads(200) - reads(100)) / 100).toBeLessThan(150);
  });
});
