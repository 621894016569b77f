import { beforeAll, describe, expect, it } from "vitest";
import type { JsonIr, ResourceIr, TypeIr } from "../../generator/ir/source-ir.js";
import { createRandom, hashText, mix, uuidOf } from "../../generator/mock/data/random.js";
import { compileRecords } from "../../generator/mock/data/records.js";
import { createSampler, type Sampler } from "../../generator/mock/data/sampler.js";
import { toSingular, toSnake } from "../../generator/mock/data/words.js";
import { integer, nullable, object, recordsOf, ref, resource, source, text } from "./fixtures.js";

let sampler: Sampler;
beforeAll(async () => {
  sampler = await createSampler();
});

type Row = Readonly<Record<string, JsonIr>>;

function make(resources: ResourceIr | readonly ResourceIr[], count = 200, seed = 1): readonly Row[] {
  const all = [resources].flat() as readonly ResourceIr[];
  const maker = compileRecords(source({ resources: all }), { seed, sampler }).get(all[0]?.name ?? "");
  return Array.from({ length: count }, (_, index) => maker?.(index) as Row);
}

const timestamp: TypeIr = { kind: "string", format: "date-time" };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a record", () => {
  const user = recordsOf(
    "users",
    object({ id: integer, email: { kind: "string", format: "email" }, name: text }),
  );

  it("depends only on seed, source, resource and index", () => {
    const [forwards, other] = [make(user), make(user, 200, 2)];
    const maker = compileRecords(source({ resources: [user] }), { seed: 1, sampler }).get("users");
    const backwards = Array.from({ length: 200 }, (_, index) => maker?.(199 - index)).reverse();
    expect(backwards).toEqual(forwards);
    expect(other).not.toEqual(forwards);
    expect(make({ ...user, name: "members" })).not.toEqual(forwards);
  });

  it("lacks a field that allows no value", () => {
    const fields = [
      { name: "id", required: true, type: integer },
      { name: "old", required: false, type: { kind: "never" } as const },
    ];
    const rows = make(recordsOf("users", { kind: "object", fields }));
    expect(rows.filter((row) => "old" in row)).toEqual([]);
    expect(rows.every((row) => "id" in row)).toBe(true);
  });

  it("sometimes has a property outside the schema", () => {
    const extras = make(user).filter((row) => "extra" in row).length;
    expect(extras).toBeGreaterThan(5);
    expect(extras).toBeLessThan(60);
  });

  it("without a schema has a key, a name and a time", () => {
    const [first] = make(resource({ name: "rows" }));
    expect(first).toMatchObject({
      id: 1,
      name: expect.any(String) as string,
      created_at: "2022-01-01T00:00:00Z",
    });
    const [row] = make(resource({ name: "rows", primaryKey: ["code", "year"] }));
    expect(Object.keys(row ?? {})).toEqual(
      expect.arrayContaining(["code", "year", "name", "created_at"]) as string[],
    );
  });

  it("may have odd property names", () => {
    const [row] = make(recordsOf("rows", object({ id: integer, ["__proto__"]: text, constructor: text })));
    expect(Object.keys(row ?? {}).slice(0, 3)).toEqual(["id", "__proto__", "constructor"]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });
});

describe("the primary key", () => {
  const keys = (given: Partial<ResourceIr>, type: TypeIr): readonly JsonIr[] => {
    const completed = { ...recordsOf("rows", type), ...given };
    return make(completed).map((row) => JSON.stringify(completed.primaryKey.map((name) => row[name])));
  };
  it("starts at 1 or at the minimum", () => {
    expect(make(recordsOf("rows", object({ id: integer })), 3).map(({ id }) => id)).toEqual([1, 2, 3]);
    const from: TypeIr = { kind: "number", integer: true, minimum: 100 };
    expect(make(recordsOf("rows", object({ id: from })), 2).map(({ id }) => id)).toEqual([100, 101]);
  });
  it("is a UUID if it is text", () => {
    expect(make(recordsOf("rows", object({ id: text }))).every(({ id }) => uuid.test(id as string))).toBe(
      true,
    );
  });

  const rows = [
    { name: "text", given: {}, type: object({ id: text }) },
    {
      name: "email",
      given: { primaryKey: ["mail"] },
      type: object({ mail: { kind: "string", format: "email" } }),
    },
    { name: "time", given: { primaryKey: ["at"] }, type: object({ at: timestamp }) },
    {
      name: "compound",
      given: { primaryKey: ["course_id", "user_id"] },
      type: object({ course_id: integer, user_id: integer }),
    },
    {
      name: "with an enum",
      given: { primaryKey: ["id", "kind"] },
      type: object({ id: integer, kind: { kind: "enum", values: ["a"] } }),
    },
    { name: "optional and nullable", given: {}, type: object({ "id?": nullable(text) }) },
    {
      name: "in a union",
      given: {},
      type: { kind: "union", options: [object({ id: integer }), object({ id: text })] },
    },
    {
      name: "in an intersection",
      given: {},
      type: { kind: "intersection", parts: [object({ a: text }), object({ id: text })] },
    },
  ] as const;
  it.each(rows)("is unique: $name", ({ given, type }) => {
    expect(new Set(keys(given, type)).size).toBe(200);
  });
});

describe("values", () => {
  const values = (name: string, type: TypeIr, owner = "rows"): readonly JsonIr[] =>
    make(recordsOf(owner, object({ id: integer, [name]: type }))).flatMap((row) =>
      name in row ? [row[name] as JsonIr] : [],
    );
  const format = (name: string): TypeIr => ({ kind: "string", format: name });

  const patterns: readonly { name: string; type: TypeIr; want: RegExp }[] = [
    { name: "x", type: format("date-time"), want: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ },
    { name: "x", type: format("date"), want: /^\d{4}-\d\d-\d\d$/ },
    { name: "x", type: format("email"), want: /^[a-z0-9.]+@example\.com$/ },
    { name: "x", type: format("uri"), want: /^https:\/\/[\w.-]+\.example\.com\/row\/\d+$/ },
    { name: "x", type: format("uuid"), want: uuid },
    { name: "x", type: format("ipv4"), want: /^192\.0\.2\.\d{1,3}$/ },
    { name: "x", type: format("unheard-of"), want: /^[\w-]+ [\w-]+$/ },
    { name: "createdAt", type: text, want: /^\d{4}-\d\d-\d\dT/ },
    { name: "currency", type: text, want: /^[A-Z]{3}$/ },
    { name: "price", type: text, want: /^\d+\.\d\d$/ },
    { name: "price", type: { kind: "number", integer: false }, want: /^\d{1,3}(\.\d\d?)?$/ },
    { name: "rating", type: integer, want: /^[1-5]$/ },
    { name: "created_at", type: integer, want: /^1\d{9}$/ },
    {
      name: "share",
      type: { kind: "number", integer: false, minimum: 0.25, maximum: 0.5 },
      want: /^0\.(2[5-9]|[34]\d?|50?)$/,
    },
    { name: "price", type: { kind: "number", integer: true, minimum: 9000 }, want: /^(9\d{3}|10000)$/ },
    { name: "price", type: { kind: "number", integer: true, maximum: 0 }, want: /^(0|-\d{1,4})$/ },
    { name: "x", type: { kind: "number", integer: false, minimum: 0.001, maximum: 0.002 }, want: /^0\.001$/ },
    { name: "x", type: { kind: "enum", values: ["a", 1, null] }, want: /^("?a"?|1|null)$/ },
    { name: "x", type: { kind: "boolean" }, want: /^(true|false)$/ },
    { name: "x", type: { kind: "null" }, want: /^null$/ },
    { name: "x", type: { kind: "tuple", items: [text, integer] }, want: /^\["[^"]+",\d+\]$/ },
    {
      name: "x",
      type: { kind: "tuple", items: [integer], rest: { kind: "boolean" } },
      want: /^\[\d+(,(true|false)){0,3}\]$/,
    },
    { name: "x", type: { kind: "array", items: integer }, want: /^\[(\d+(,\d+){0,2})?\]$/ },
    { name: "x", type: { kind: "map", values: integer }, want: /^\{("[^"]+":\d+,?){0,3}\}$/ },
    {
      name: "x",
      type: { kind: "intersection", parts: [object({ a: integer }), object({ b: integer })] },
      want: /^\{"a":\d+,"b":\d+\}$/,
    },
  ];
  it.each(patterns)("$name of $type", ({ name, type, want }) => {
    const wrong = values(name, type).filter(
      (value) => !want.test(typeof value === "string" ? value : JSON.stringify(value)),
    );
    expect(wrong).toEqual([]);
  });

  it("are sometimes null or absent if the type allows it", () => {
    expect(values("x", nullable(text)).filter((value) => value === null).length).toBeGreaterThan(5);
    expect(values("x", text)).toHaveLength(200);
    expect(make(recordsOf("rows", object({ "x?": text }))).filter((row) => "x" in row).length).toBeLessThan(
      195,
    );
  });

  it("keep times in order", () => {
    const rows = make(
      recordsOf("rows", object({ updated_at: timestamp, id: integer, created_at: timestamp })),
    );
    const times = rows.map(({ created_at }) => created_at as string);
    expect(times).toEqual([...times].sort());
    expect(rows.filter((row) => (row["created_at"] as string) > (row["updated_at"] as string))).toEqual([]);
  });

  it("refer to existing records", () => {
    const categories = { ...recordsOf("categories", object({ id: text })), declarations: [] };
    const declared = { name: "Category", type: object({ id: text }) };
    const targets = { ...categories, record: ref("Category"), declarations: [declared] };
    const courses = recordsOf("courses", object({ id: integer, category_id: text, parent_id: integer }));
    const ids = new Set(make([targets, courses]).map(({ id }) => id));
    const rows = make([courses, targets]);
    expect(rows.filter((row) => !ids.has(row["category_id"] ?? null))).toEqual([]);
    expect(rows.filter(({ parent_id }) => !(Number(parent_id) >= 1 && Number(parent_id) <= 200))).toEqual([]);
  });

  it("use the schema's examples", () => {
    const type: TypeIr = {
      kind: "object",
      fields: [
        { name: "id", required: true, type: integer },
        { name: "language", required: true, type: text, examples: ["tlh", "eo"] },
      ],
    };
    expect(new Set(make(recordsOf("rows", type)).map(({ language }) => language))).toEqual(
      new Set(["tlh", "eo"]),
    );
  });

  it("are finite for recursive types", () => {
    const comment = object({
      id: integer,
      "parent?": ref("Row"),
      replies: { kind: "array", items: ref("Row") },
      next: nullable(ref("Row")),
      any: ref("Any"),
    });
    const any: TypeIr = {
      kind: "union",
      options: [text, { kind: "array", items: ref("Any") }, { kind: "map", values: ref("Any") }],
    };
    const rows = make(recordsOf("comments", comment, [{ name: "Any", type: any }]), 1000);
    expect(Math.max(...rows.map((row) => JSON.stringify(row).length))).toBeLessThan(50_000);
    const endless = object({ id: integer, self: ref("Row") });
    expect(make(recordsOf("rows", endless), 1)).toHaveLength(1);
  });

  it.each([
    { what: "optional fields", name: "?", type: ref("Row") },
    { what: "required fields", name: "", type: ref("Row") },
    { what: "lists", name: "", type: { kind: "array", items: ref("Row") } },
    { what: "maps", name: "", type: { kind: "map", values: ref("Row") } },
    { what: "nullable fields", name: "", type: nullable(ref("Row")) },
  ] as const)("have a limited size, also with 60 recursive $what", ({ name, type }) => {
    const names = Array.from({ length: 60 }, (_, index) => `f${index}${name}`);
    const fields = Object.fromEntries(names.map((each): readonly [string, TypeIr] => [each, type]));
    const [row] = make(recordsOf("rows", object({ id: integer, ...fields })), 1);
    expect(JSON.stringify(row).length).toBeGreaterThan(1_000);
    expect(JSON.stringify(row).length).toBeLessThan(3_000_000);
  });
});

describe("random numbers", () => {
  it("repeat with their seed", () => {
    const random = createRandom();
    const draw = (seed: number): readonly number[] => {
      random.seed(seed);
      return [random.next(), random.next(), random.next()];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
  it("have hashes without collisions", () => {
    const hash = hashText("1/shop/rows");
    const mixed = new Set(Array.from({ length: 100_000 }, (_, index) => mix(hash, index)));
    expect(mixed.size).toBe(100_000);
    expect(uuidOf(hash, 1)).toMatch(uuid);
  });
});

describe("words", () => {
  const singulars = {
    categories: "category",
    courses: "course",
    classes: "class",
    boxes: "box",
    status: "status",
    bus: "bus",
    days: "day",
    class: "class",
  };
  it.each(Object.entries(singulars))("the singular of %s is %s", (word, want) => {
    expect(toSingular(word)).toBe(want);
  });
  it.each(Object.entries({ createdAt: "created_at", "a-b c": "a_b_c", Größe: "größe" }))(
    "%s in snake case is %s",
    (name, want) => {
      expect(toSnake(name)).toBe(want);
    },
  );
});
