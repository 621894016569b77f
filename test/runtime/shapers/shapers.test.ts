import { describe, expect, it } from "vitest";
import {
  add,
  flatten,
  hook,
  include,
  partitions,
  plan,
  query,
  remove,
  rename,
  singlePage,
  where,
} from "../../../runtime/src/index.js";
import type { Condition } from "../../../runtime/src/shapers/where.js";
import type { Shaper } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch, open } from "../fixtures.js";

interface Shaping {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Applies shapers to records, in a read. */
function shape(
  records: readonly unknown[],
  shapers: readonly Shaper[],
  { options, params = {} }: Shaping = {},
): Promise<unknown[]> {
  const { fetch } = fakeFetch(() => ({ body: { items: records } }));
  const placed = Object.fromEntries(Object.keys(params).map((name) => [name, "parent" as const]));
  const resource = { shape: shapers, paginator: singlePage(), primaryKey: [], params: placed };
  return open({ url: "http://api.test", resource, options: { fetch, region: "eu", ...options } })(
    {},
    params,
  ).toArray();
}

/** Parsed like a response: `__proto__` is an ordinary name. */
const proto = JSON.parse('{"__proto__":{"admin":true},"id":1}') as object;

describe("include", () => {
  const fields = { _users_id: "resources.users.id", _users_o: "resources.users.o" };
  const params = { "resources.users.id": 7, "resources.users.o": { x: 1 } };

  it("adds the parent's values, of any type, and replaces fields of the same names", async () => {
    const shaped = await shape([{ a: 1 }, { a: 2, _users_id: 0 }], [include(fields)], { params });
    expect(shaped).toEqual([
      { a: 1, _users_id: 7, _users_o: { x: 1 } },
      { a: 2, _users_id: 7, _users_o: { x: 1 } },
    ]);
  });

  it("leaves out values that the read does not have", async () => {
    const shaped = await shape([{ a: 1 }], [include(fields)], { params: { "resources.users.id": 7 } });
    expect(shaped).toEqual([{ a: 1, _users_id: 7 }]);
  });
});

describe("add", () => {
  it("adds constants and templates, types and all", async () => {
    const fields = {
      source: "shop",
      region: "{config.region}",
      id: "{resources.users.id}",
      text: "{resources.users.id} of {{x}}",
      list: [1, "{resources.users.id}"],
      "{name}": null,
    };
    const shaped = await shape([{ a: 1, source: 0 }], [add(fields)], { params: { "resources.users.id": 7 } });
    const want = {
      a: 1,
      source: "shop",
      region: "eu",
      id: 7,
      text: "7 of {x}",
      list: [1, 7],
      "{name}": null,
    };
    expect(shaped).toEqual([want]);
  });

  it("adds values of a partition", async () => {
    const { fetch } = fakeFetch(({ query: asked }) => ({ body: { items: [{ at: asked.get("at") }] } }));
    const resource = {
      query: { at: "{partitions.region}" },
      shape: [add({ region: "{partitions.region}" })],
      paginator: singlePage(),
      plan: plan(partitions({ region: ["eu", "us"] })),
    };
    const read = open({ url: "http://api.test", resource, options: { fetch } });
    expect(await read().toArray()).toEqual([
      { at: "eu", region: "eu" },
      { at: "us", region: "us" },
    ]);
  });

  it("has no text for null", async () => {
    const error = await errorOf(shape([{}], [add({ a: "x{resources.users.id}" })]));
    expect(error).toMatchObject({ code: "INVALID_PARAMS" });
  });
});

describe("rename", () => {
  it.each([
    { name: "in its place", names: { b: "x" }, given: { a: 1, b: 2, c: 3 }, want: { a: 1, x: 2, c: 3 } },
    { name: "instead of another", names: { a: "b" }, given: { a: 1, b: 2, c: 3 }, want: { b: 1, c: 3 } },
    { name: "not there", names: { z: "b" }, given: { a: 1, b: 2 }, want: { a: 1, b: 2 } },
    { name: "two for each other", names: { a: "b", b: "a" }, given: { a: 1, b: 2 }, want: { b: 1, a: 2 } },
    { name: "one of two", names: { a: "x", b: "x" }, given: { b: 2 }, want: { x: 2 } },
    { name: "no path", names: { "a.b": "x" }, given: { a: { b: 1 }, "a.b": 2 }, want: { a: { b: 1 }, x: 2 } },
  ])("$name", async ({ names, given, want }) => {
    const [shaped] = await shape([given], [rename(names)]);
    expect(JSON.stringify(shaped)).toBe(JSON.stringify(want));
  });

  it("refuses two names that become one", async () => {
    const error = await errorOf(shape([{ a: 1, b: 2 }], [rename({ a: "x", b: "x" })]));
    expect(error.code).toBe("INVALID_RECORD");
    expect(error.message).toContain("has both `a` and `b`, and both are renamed to `x`");
  });
});

describe("remove", () => {
  it.each([
    { fields: ["a", "z"], given: { a: 1, b: 2 }, want: { b: 2 } },
    { fields: ["o.a.b"], given: { o: { a: { b: 1, c: 2 }, d: 3 } }, want: { o: { a: { c: 2 }, d: 3 } } },
    {
      fields: ["o.a", "l.x", "n.x", "z.x"],
      given: { o: {}, l: [{ x: 1 }], n: null },
      want: { o: {}, l: [{ x: 1 }], n: null },
    },
    { fields: ["a.b"], given: { "a.b": 1, a: { b: 2 } }, want: { a: { b: 2 } } },
    { fields: ["a.b.c"], given: { a: { "b.c": 1, b: { c: 2 } } }, want: { a: { b: { c: 2 } } } },
    { fields: ["toString", ".x", ""], given: { a: 1 }, want: { a: 1 } },
  ])("takes out $fields", async ({ fields, given, want }) => {
    expect(await shape([given], [remove(fields)])).toEqual([want]);
  });
});

describe("flatten", () => {
  const given = { id: 1, o: { a: { b: 1 }, l: [{ x: 1 }], n: null, e: {} }, z: "z" };
  it.each([
    { options: {}, want: { id: 1, o_a_b: 1, o_l: [{ x: 1 }], o_n: null, z: "z" } },
    { options: { separator: "." }, want: { id: 1, "o.a.b": 1, "o.l": [{ x: 1 }], "o.n": null, z: "z" } },
    { options: { depth: 1 }, want: { id: 1, o_a: { b: 1 }, o_l: [{ x: 1 }], o_n: null, o_e: {}, z: "z" } },
    { options: { depth: 2 }, want: { id: 1, o_a_b: 1, o_l: [{ x: 1 }], o_n: null, z: "z" } },
  ])("opens objects: $options", async ({ options, want }) => {
    const [shaped] = await shape([given], [flatten(options)]);
    expect(JSON.stringify(shaped)).toBe(JSON.stringify(want));
  });

  it.each([
    { given: { a_b: 1, a: { b: 2 } }, message: "`a_b` and `a.b` the same name `a_b`" },
    { given: { a: { b_c: 1 }, a_b: { c: 2 } }, message: "`a.b_c` and `a_b.c` the same name `a_b_c`" },
  ])("refuses names that fall together: $message", async ({ given: record, message }) => {
    const error = await errorOf(shape([record], [flatten()]));
    expect(error.code).toBe("INVALID_RECORD");
    expect(error.message).toContain(message);
  });

  it("goes deeper than calls may nest", async () => {
    const { shape: run } = flatten({ separator: "" });
    let deep: object = { x: 1 };
    for (let n = 0; n < 20_000; n++) deep = { a: deep };
    const [shaped] = await run([deep], {} as never);
    expect(Object.keys(shaped as object)).toHaveLength(1);
  });
});

describe("where", () => {
  const record = { n: 5, s: "b", t: true, nul: null, o: { l: [1, { x: 2 }] }, tags: ["a", "b"] };
  const rows: readonly { name: string; condition: Condition; isKept: boolean }[] = [
    { name: "equal", condition: { path: ["s"], operator: "eq", value: "b" }, isKept: true },
    {
      name: "equal in depth",
      condition: { path: ["o"], operator: "eq", value: { l: [1, { x: 2 }] } },
      isKept: true,
    },
    { name: "a text is not a number", condition: { path: ["n"], operator: "eq", value: "5" }, isKept: false },
    { name: "null", condition: { path: ["nul"], operator: "eq", value: null }, isKept: true },
    { name: "nothing is not null", condition: { path: ["no"], operator: "eq", value: null }, isKept: false },
    { name: "not equal", condition: { path: ["s"], operator: "ne", value: "a" }, isKept: true },
    { name: "nothing is not equal", condition: { path: ["no"], operator: "ne", value: "a" }, isKept: true },
    { name: "none equal", condition: { path: ["tags", "[*]"], operator: "ne", value: "b" }, isKept: false },
    { name: "less", condition: { path: ["n"], operator: "lt", value: 5 }, isKept: false },
    { name: "less or equal", condition: { path: ["n"], operator: "le", value: 5 }, isKept: true },
    { name: "greater", condition: { path: ["n"], operator: "gt", value: 4 }, isKept: true },
    { name: "greater, as texts", condition: { path: ["s"], operator: "gt", value: "a" }, isKept: true },
    { name: "greater or equal", condition: { path: ["s"], operator: "ge", value: "c" }, isKept: false },
    {
      name: "a number is not greater than a text",
      condition: { path: ["n"], operator: "gt", value: "0" },
      isKept: false,
    },
    { name: "nothing is not less", condition: { path: ["no"], operator: "lt", value: 9 }, isKept: false },
    { name: "one of", condition: { path: ["s"], operator: "in", value: ["a", "b"] }, isKept: true },
    { name: "none of", condition: { path: ["s"], operator: "in", value: ["a", ["b"]] }, isKept: false },
    {
      name: "a list, one of",
      condition: { path: ["tags"], operator: "in", value: [["a", "b"]] },
      isKept: true,
    },
    {
      name: "any of several",
      condition: { path: ["tags", "[*]"], operator: "in", value: ["b", "z"] },
      isKept: true,
    },
    { name: "there", condition: { path: ["nul"], operator: "exists", value: true }, isKept: true },
    {
      name: "there, of prototypes: not",
      condition: { path: ["toString"], operator: "exists", value: true },
      isKept: false,
    },
    { name: "not there", condition: { path: ["no"], operator: "exists", value: false }, isKept: true },
    {
      name: "there although it must not",
      condition: { path: ["n"], operator: "exists", value: false },
      isKept: false,
    },
    {
      name: "a query",
      condition: { path: query([{ descend: "x" }]), operator: "eq", value: 2 },
      isKept: true,
    },
  ];
  it.each(rows)("$name", async ({ condition, isKept }) => {
    expect(await shape([record], [where([condition])])).toEqual(isKept ? [record] : []);
  });

  it("requires all conditions, and accepts records that are not objects", async () => {
    const conditions = [
      { path: [], operator: "ge", value: 2 },
      { path: [], operator: "lt", value: 4 },
    ] as const;
    expect(await shape([1, 2, 3, 4, null, "3"], [where(conditions)])).toEqual([2, 3]);
    expect(await shape([1, null], [where()])).toEqual([1, null]);
  });
});

describe("hook", () => {
  it("keeps and maps records by functions of the options, one after the other, waiting for promises", async () => {
    const order: string[] = [];
    const rows = {
      filter: async ({ id }: { id: number }) => {
        order.push(`filter ${id}`);
        await new Promise((resolve) => setTimeout(resolve, 5 / id));
        return id !== 2;
      },
      map: ({ id }: { id: number }) => {
        order.push(`map ${id}`);
        return `no. ${id}`;
      },
    };
    const records = [{ id: 1 }, { id: 2 }, { id: 3 }];
    const shaped = await shape(records, [hook("filter"), hook("map")], { options: { hooks: { rows } } });
    expect(shaped).toEqual(["no. 1", "no. 3"]);
    expect(order).toEqual(["filter 1", "filter 2", "filter 3", "map 1", "map 3"]);
  });

  it("goes by the name it is given, and keeps `this`", async () => {
    class Hooks {
      readonly #factor = 10;
      map(n: number): number {
        return n * this.#factor;
      }
    }
    const options = { hooks: { allRows: new Hooks() } };
    expect(await shape([1, 2], [hook("map", "allRows")], { options })).toEqual([10, 20]);
  });

  it.each([
    { name: "no hooks", hooks: undefined },
    { name: "none of this resource", hooks: { others: { map: () => 1 } } },
    { name: "none of this step", hooks: { rows: { filter: () => true } } },
    { name: "no function", hooks: { rows: { map: "x" } } },
  ])("that is missing is named: $name", async ({ hooks }) => {
    const error = await errorOf(shape([1], [hook("map")], { options: hooks ? { hooks } : {} }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expect(error.message).toContain("have no function `hooks.rows.map`");
  });

  it("that returns nothing is a mistake", async () => {
    const error = await errorOf(
      shape([1], [hook("map")], { options: { hooks: { rows: { map: () => undefined } } } }),
    );
    expect(error.code).toBe("INVALID_RECORD");
    expect(error.message).toContain("`hooks.rows.map` returned `undefined`");
  });

  it.each([
    {
      name: "at once",
      map: () => {
        throw new RangeError("mine");
      },
    },
    { name: "later", map: () => Promise.reject(new RangeError("mine")) },
  ])("ends the read when its function fails: $name", async ({ map }) => {
    const reading = shape([1], [hook("map")], { options: { hooks: { rows: { map } } } });
    expect(await errorOf(reading)).toMatchObject({
      name: "ConnectorError",
      code: "PLUGIN_FAILED",
      page: 1,
      cause: { name: "RangeError", message: "mine" },
    });
  });
});

describe("every shaper", () => {
  const shapers = [include({ x: "p.x" }), add({ x: 1 }), rename({ id: "key" }), remove(["id"]), flatten()];

  it.each(shapers)("$type leaves the given records unchanged", async ({ shape: run }) => {
    const context = { params: { "p.x": 1 }, name: "rows" } as never;
    const record = Object.freeze({ id: 1, o: Object.freeze({ a: 1 }) });
    const shaped = await run(Object.freeze([record]), context);
    expect(shaped[0]).not.toBe(record);
    expect(record).toEqual({ id: 1, o: { a: 1 } });
  });

  it.each([...shapers, add(JSON.parse('{"__proto__":1}') as never), rename({ id: "__proto__" })])(
    "$type takes __proto__ for a name",
    async (shaper) => {
      const [shaped] = await shape([proto], [shaper], { params: { "p.x": 1 } });
      expect(Object.getPrototypeOf(shaped)).toBe(Object.prototype);
      expect((shaped as { admin?: unknown }).admin).toBeUndefined();
      expect(Object.keys(shaped as object).some((name) => name.startsWith("__proto__"))).toBe(true);
    },
  );

  it.each(shapers)("$type takes objects only", async (shaper) => {
    for (const [record, found] of [
      [1, "a number"],
      [null, "null"],
      [[{}], "a list"],
    ] as const) {
      const error = await errorOf(shape([{ id: 1 }, record], [shaper]));
      expect(error).toMatchObject({ name: "ValidationError", code: "INVALID_RECORD" });
      expect(error.message).toContain(`a record is ${found}`);
    }
  });

  it("takes its turn, and carries its options as data", async () => {
    const steps = [
      flatten({ depth: 1 }),
      rename({ o_a: "a" }),
      where([{ path: ["a"], operator: "gt", value: 1 }]),
      remove(["id"]),
    ];
    expect(
      await shape(
        [
          { id: 1, o: { a: 1 } },
          { id: 2, o: { a: 2 } },
        ],
        steps,
      ),
    ).toEqual([{ a: 2 }]);
    expect(
      [...steps, include({ x: "y" }), hook("map", "m")].map(({ type, options }) => [type, options]),
    ).toEqual([
      ["flatten", { depth: 1 }],
      ["rename", { o_a: "a" }],
      ["where", [{ path: ["a"], operator: "gt", value: 1 }]],
      ["remove", ["id"]],
      ["include", { x: "y" }],
      ["hook", { step: "map", name: "m" }],
    ]);
  });
});
