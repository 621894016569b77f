import { describe, expect, test } from "vitest";

import {
  messagesOf,
  parseText,
  parseValue,
  plainUse,
  pointedAt,
  resourceWith,
  specWith,
} from "../parse-text.js";

const partitions = { region: ["eu"] };
const region = { region: "{partitions.region}" };

describe("processing_steps", () => {
  test.each<[steps: unknown, want: readonly unknown[]]>([
    [null, []],
    [[], []],
    [[{}], []],
    [
      [{ rename: { a: "b" }, map: true, remove: ["c"], filter: true }],
      [
        { type: "filter", step: "filter" },
        { type: "map", step: "map" },
        { type: "rename", fields: { a: "b" } },
        { type: "remove", fields: ["c"] },
      ],
    ],
    [[{ filter: null, map: null, yield_map: null }], []],
    [
      [{ add: { a: "{{b}}", n: null, o: { p: [1] } } }],
      [{ type: "add", fields: { a: "{{b}}", n: null, o: { p: [1] } } }],
    ],
    [[{ flatten: true }], [{ type: "flatten" }]],
    [[{ flatten: { separator: ".", depth: 2 } }], [{ type: "flatten", separator: ".", depth: 2 }]],
    [
      [{ where: { status: "active", "a.b": null, age: { ge: 18, lt: 65 }, x: { exists: false } } }],
      [
        {
          type: "where",
          conditions: [
            { path: { selector: ["status"] }, operator: "eq", value: "active" },
            { path: { selector: ["a", "b"] }, operator: "eq", value: null },
            { path: { selector: ["age"] }, operator: "ge", value: 18 },
            { path: { selector: ["age"] }, operator: "lt", value: 65 },
            { path: { selector: ["x"] }, operator: "exists", value: false },
          ],
        },
      ],
    ],
    [
      [
        {
          where: [
            { field: "a", value: 1 },
            { field: "b['c']", op: "in", value: [1, 2] },
            { field: "d", op: "exists" },
          ],
        },
      ],
      [
        {
          type: "where",
          conditions: [
            { path: { selector: ["a"] }, operator: "eq", value: 1 },
            { path: { selector: ["b", "c"] }, operator: "in", value: [1, 2] },
            { path: { selector: ["d"] }, operator: "exists", value: true },
          ],
        },
      ],
    ],
  ])("%j", async (steps, want) => {
    const { shape } = await resourceWith({ resource: { processing_steps: steps } });
    expect(shape.map(plainUse)).toEqual(want);
  });

  test("added fields can refer to partitions, options and parents", async () => {
    const { shape } = await resourceWith({
      resource: { partitions, processing_steps: [{ add: { ...region, c: "{config.c}" } }] },
    });
    expect(shape.map(plainUse)).toEqual([{ type: "add", fields: { ...region, c: "{config.c}" } }]);
  });

  test.each<[steps: unknown, at: string, message: string]>([
    [
      [{ map: "f" }],
      '"f"',
      'write "map": true, and pass the function to the generated factory as hooks.<method>.map',
    ],
    [[{ filter: false }], "false", "a spec cannot contain a function"],
    [[{ yield_map: true }], "true", 'write "map": true for a function that returns one record'],
    [[{ map: true }, { map: true }], '"map"', 'duplicate "map"'],
    [[{ mapp: true }], '"mapp"', 'did you mean "map"?'],
    [[{ rename: { a: 1 } }], "1", "must be text"],
    [[{ remove: "a" }], '"a"', "must be a list"],
    [[{ add: { a: "{x}" } }], "{x}", "write {config.name}"],
    [[{ add: { a: "{secrets.x}" } }], "{secrets.x}", "secrets are not allowed here"],
    [
      [{ add: { a: "{incremental.start_value}" } }],
      "{incremental.start_value}",
      "is not available here: write {config.name}",
    ],
    [[{ flatten: false }], "false", "flatten"],
    [[{ flatten: { depth: 0 } }], "0", "must be at least 1"],
    [[{ where: { a: [1] } }], "[", "a list is ambiguous"],
    [
      [{ where: { a: { gte: 1 } } }],
      '"gte"',
      'unknown comparison "gte": valid comparisons are eq, ne, lt, le, gt, ge, in, exists',
    ],
    [[{ where: { a: { in: 1 } } }], "1", '"in" needs a list, not a number'],
    [[{ where: { a: { lt: null } } }], "null", '"lt" needs text or a number, not null'],
    [[{ where: { a: { exists: 1 } } }], "1", '"exists" needs true or false'],
    [[{ where: { "a b": 1 } }], '"a b"', 'in the field "a b"'],
    [[{ where: [{ field: "a" }] }], "{", '"eq" needs a "value"'],
    [[{ where: [{ field: "a", op: "like", value: 1 }] }], '"like"', "valid values are eq, ne"],
    [[{ where: "a" }], '"a"', "must be an object or a list"],
  ])("%j", async (steps, at, message) => {
    const text = JSON.stringify(specWith({ resource: { processing_steps: steps } }), null, 2);
    const { diagnostics } = await parseText(text);
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
    expect(diagnostics.map((one) => pointedAt(text, one))).toEqual([at]);
  });

  test("keys are fields of the final records", async () => {
    const keys = async (resource: object): Promise<string[]> =>
      messagesOf((await parseValue(specWith({ resource }))).diagnostics);
    const schema = { type: "object", properties: { id: {}, old: {} } };
    const rename = [{ rename: { old: "key" } }];
    expect(await keys({ schema, primary_key: "key", processing_steps: rename })).toEqual([]);
    expect(await keys({ schema, primary_key: ["id", "old"], processing_steps: rename })).toEqual([
      'unknown-key-field: primary_key refers to "old", which a processing step removes: use a field of the final records',
    ]);
    expect(await keys({ schema, merge_key: "x", processing_steps: [{ map: true }] })).toEqual([]);
    expect(await keys({ schema, merge_key: "x", processing_steps: [{ add: { x: 1 } }] })).toEqual([]);
    expect(await keys({ schema: true, merge_key: "x", processing_steps: [{ remove: ["x"] }] })).toHaveLength(
      1,
    );
  });

  test("a key that a step adds is not a column of the API", async () => {
    const { schema } = await resourceWith({
      resource: {
        schema: undefined,
        columns: { id: { data_type: "bigint" } },
        primary_key: ["id", "kind"],
        processing_steps: [{ add: { kind: "x" } }],
      },
    });
    expect(schema).toMatchObject({ properties: { id: { type: "integer" } }, required: ["id"] });
    expect(Object.keys((schema as { properties: object }).properties)).toEqual(["id"]);
  });
});

describe("response_actions", () => {
  test.each<[actions: unknown, want: readonly unknown[]]>([
    [null, []],
    [[{ status_code: 404, action: "ignore" }], [{ action: "ignore", status: 404 }]],
    [[{ status_code: "404", action: "ignore" }], [{ action: "ignore", status: 404 }]],
    [[{ status_code: "5XX", action: "retry" }], [{ action: "retry", status: "5xx" }]],
    [
      [{ status_code: "500-599", content: "No", action: "fail", message: "Busy" }],
      [{ action: "fail", status: "500-599", content: "No", message: "Busy" }],
    ],
    [
      [{ json_path: "error['code']", equals: null, action: "fail" }],
      [{ action: "fail", path: { selector: ["error", "code"] }, equals: null }],
    ],
    [
      [{ json_path: "ok", equals: false, action: "retry" }],
      [{ action: "retry", path: { selector: ["ok"] }, equals: false }],
    ],
  ])("%j", async (actions, want) => {
    const resource = await resourceWith({ endpoint: { response_actions: actions } });
    expect(resource.actions?.options["rules"] ?? []).toEqual(want);
  });

  test.each<[action: object, message: string]>([
    [{ status_code: 404 }, 'needs "action"'],
    [{ status_code: 404, action: null }, "must be one of ignore, stop, retry, renew, fail"],
    [{ status_code: 404, action: "ignroe" }, 'did you mean "ignore"?'],
    [{ status_code: 404.5, action: "fail" }, "must be a whole number, not 404.5"],
    [{ status_code: "4x", action: "fail" }, 'invalid status "4x": write a number such as 404, "4xx"'],
    [{ status_code: "599-500", action: "fail" }, "invalid status"],
    [{ status: 404, action: "fail" }, 'did you mean "status_code"?'],
    [{ content: "", action: "fail" }, "this text must not be empty"],
    [{ json_path: "a", action: "fail" }, '"json_path" needs "equals"'],
    [{ equals: 1, action: "fail" }, '"equals" needs "json_path"'],
    [{ json_path: "a b", equals: 1, action: "fail" }, "bad-selector"],
    [{ status_code: 404, action: "ignore", message: "x" }, '"ignore" causes none'],
  ])("%j: %s", async (action, message) => {
    const { diagnostics } = await parseValue(specWith({ endpoint: { response_actions: [action] } }));
    const [found] = messagesOf(diagnostics);
    expect(found).toContain(message);
    expect(diagnostics[0]?.severity).toBe("error");
  });

  test("one without conditions gives a warning and is ignored, as in dlt", async () => {
    const { spec, diagnostics } = await parseValue(
      specWith({ endpoint: { response_actions: [{ action: "ignore" }] } }),
    );
    expect(messagesOf(diagnostics)).toEqual([
      expect.stringContaining("idle-action: this rule matches no response"),
    ]);
    expect(spec?.resources[0]).not.toHaveProperty("actions");
  });
});
