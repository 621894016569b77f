import { describe, expect, test } from "vitest";

import { messagesOf, parseText, parseValue, plainUse, pointedAt, specOf, specWith } from "../parse-text.js";

const plain = {
  type: "incremental",
  cursor: { selector: ["u"] },
  lastValue: "max",
  onMissing: "raise",
  rangeStart: "closed",
  rangeEnd: "open",
  serverFilter: false,
};

describe("incremental", () => {
  test.each<[name: string, endpoint: object, part: object, query: object]>([
    ["alone", { incremental: { cursor_path: "u" } }, {}, {}],
    [
      "with everything",
      {
        incremental: {
          cursor_path: "meta['u-x']",
          initial_value: "{config.since}",
          end_value: "2025-01-01",
          last_value_func: "max",
          lag: "PT1H",
          on_cursor_value_missing: "exclude",
          row_order: "desc",
          range_start: "open",
          range_end: "closed",
          primary_key: ["a", "b"],
          format: "%Y%m%d%%",
          window: "P1M",
          allow_external_schedulers: true,
          convert: null,
        },
        params: { a: "{incremental.start_value}", z: 1, b: "{incremental.end_value}" },
      },
      {
        cursor: { selector: ["meta", "u-x"] },
        initial: "{config.since}",
        end: "2025-01-01",
        lag: "PT1H",
        onMissing: "exclude",
        rowOrder: "desc",
        rangeStart: "open",
        rangeEnd: "closed",
        key: ["a", "b"],
        format: "%Y%m%d%%",
        window: "P1M",
        serverFilter: true,
      },
      { a: "{incremental.start_value}", z: 1, b: "{incremental.end_value}" },
    ],
    [
      "with numbers",
      {
        incremental: {
          cursor_path: "u",
          initial_value: 0,
          lag: 0.5,
          primary_key: "id",
          last_value_func: "min",
        },
      },
      { initial: 0, lag: 0.5, key: ["id"], lastValue: "min" },
      {},
    ],
    ["with an empty key", { incremental: { cursor_path: "u", primary_key: [] } }, { key: [] }, {}],
    [
      "named in the body only",
      { incremental: { cursor_path: "u" }, json: { f: ["{incremental.last_value}"] } },
      { serverFilter: true },
      {},
    ],
    [
      "start_param and end_param come last",
      { incremental: { cursor_path: "u", start_param: "from", end_param: "to" }, params: { z: 1 } },
      { serverFilter: true },
      { z: 1, from: "{incremental.start_value}", to: "{incremental.end_value}" },
    ],
    [
      "start_param takes the place of a parameter",
      { incremental: { cursor_path: "u", start_param: "a" }, params: { a: "x", z: 1 } },
      { serverFilter: true },
      { a: "{incremental.start_value}", z: 1 },
    ],
    [
      "a parameter is dlt's oldest spelling",
      { params: { y: 1, since: { type: "incremental", cursor_path: "u", initial_value: 5 }, z: 1 } },
      { initial: 5, serverFilter: true },
      { y: 1, since: "{incremental.start_value}", z: 1 },
    ],
  ])("%s", async (_, endpoint, ...[part, query]) => {
    const [resource] = (await specOf(specWith({ endpoint }))).resources;
    const defaults = { ...plain, serverFilter: true };
    expect(resource?.plan.map((use) => ({ ...defaults, ...plainUse(use) }))).toEqual([{ ...plain, ...part }]);
    expect(resource?.query).toEqual(query);
    expect(Object.keys(resource?.query ?? {})).toEqual(Object.keys(query));
  });

  test("null in a resource removes that of the defaults completely", async () => {
    const spec = await specOf({
      client: { base_url: "https://x.y" },
      resource_defaults: {
        endpoint: {
          data_selector: "$",
          paginator: "none",
          params: { x: 1 },
          incremental: { cursor_path: "u", start_param: "since" },
        },
      },
      resources: ["a", { name: "b", endpoint: { incremental: null } }],
    });
    expect(spec.resources.map(({ plan, query }) => [plan.length, query])).toEqual([
      [1, { x: 1, since: "{incremental.start_value}" }],
      [0, { x: 1 }],
    ]);
  });

  test("older spellings give a warning with the preferred one", async () => {
    const older = async (endpoint: object): Promise<string[]> =>
      (await parseValue(specWith({ endpoint }))).diagnostics.map(
        (one) => `${one.severity} ${one.code}: ${one.message}`,
      );
    expect(await older({ incremental: { cursor_path: "u", end_param: "to" } })).toEqual([
      'warning older-spelling: end_param is an older form: write "params": { "to": "{incremental.end_value}" }',
    ]);
    expect(await older({ params: { a: { type: "incremental", cursor_path: "u" } } })).toEqual([
      'warning older-spelling: a parameter of type "incremental" is an older form: write "incremental" in the endpoint and "params": { "a": "{incremental.start_value}" }',
    ]);
  });
});

describe("invalid configurations", () => {
  const range = { a: "{incremental.start_value}", b: "{incremental.end_value}" };
  test.each<[incremental: unknown, params: object, at: string | undefined, message: string]>([
    ["u", {}, '"u"', "must be an object, not text"],
    [{ initial_value: 1 }, {}, '"incremental"', 'needs "cursor_path"'],
    [{ cursor_path: "a b" }, {}, undefined, "bad-selector"],
    [{ cursor_path: "u", cursor: "u" }, {}, '"cursor"', 'unknown key "cursor"'],
    [{ cursor_path: "u", end_value: 5 }, {}, '"end_value"', "end_value needs initial_value"],
    [
      { cursor_path: "u", initial_value: 5, end_value: 4 },
      {},
      '"end_value"',
      "initial_value 5 is after end_value 4",
    ],
    [
      { cursor_path: "u", initial_value: 4, end_value: 5, last_value_func: "min" },
      {},
      '"end_value"',
      "is before (last_value_func is min)",
    ],
    [{ cursor_path: "u", initial_value: "5", end_value: 6 }, {}, '"end_value"', "cannot be compared"],
    [{ cursor_path: "u", initial_value: true }, {}, "true", "must be text or a number"],
    [{ cursor_path: "u", initial_value: "{secrets.x}" }, {}, "{secrets.x}", "secrets are not allowed here"],
    [{ cursor_path: "u", last_value_func: "avg" }, {}, '"avg"', "valid values are max, min"],
    [{ cursor_path: "u", lag: "1 day" }, {}, '"1 day"', 'invalid duration "1 day"'],
    [{ cursor_path: "u", lag: -1 }, {}, "-1", "must be at least 0"],
    [{ cursor_path: "u", convert: "f" }, {}, '"f"', '"format" sets how values are written into requests'],
    [{ cursor_path: "u", transform: "f" }, {}, '"f"', "a spec cannot contain a function"],
    [{ cursor_path: "u", format: "isoo" }, {}, '"isoo"', 'did you mean "iso"?'],
    [
      { cursor_path: "u", format: "%Y-%q" },
      {},
      "%q",
      'unknown directive "%q" in the format "%Y-%q": valid directives are %Y, %y, %m',
    ],
    [{ cursor_path: "u", format: "%Y%" }, {}, "%", 'unknown directive "%"'],
    [{ cursor_path: "u", window: "P0D", initial_value: "2024-01-01" }, range, '"P0D"', "invalid duration"],
    [{ cursor_path: "u", window: "P1D" }, range, '"window"', "window needs initial_value"],
    [
      { cursor_path: "u", window: "P1D", initial_value: "abc" },
      range,
      '"initial_value"',
      "neither a number nor a date",
    ],
    [
      { cursor_path: "u", lag: "PT1H", initial_value: "2024-W01" },
      range,
      '"initial_value"',
      "neither a number",
    ],
    [{ cursor_path: "u", lag: 5, initial_value: "v5" }, range, '"initial_value"', "neither a number"],
    [
      { cursor_path: "u", window: "P1D", initial_value: "2024-01-01", last_value_func: "min" },
      range,
      '"window"',
      "windows go from older to newer",
    ],
    [
      { cursor_path: "u", window: "P1D", initial_value: "2024-01-01" },
      { a: "{incremental.start_value}" },
      '"window"',
      "the request does not name {incremental.end_value}",
    ],
    [
      { cursor_path: "u" },
      { a: { type: "incremental", cursor_path: "u" } },
      '"a"',
      'an endpoint has one incremental, and "incremental" is one',
    ],
  ])("%j with %j", async (incremental, params, ...[at, message]) => {
    const text = JSON.stringify(specWith({ endpoint: { incremental, params } }), null, 2);
    const { diagnostics } = await parseText(text);
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
    expect(diagnostics[0]?.severity).toBe("error");
    if (at !== undefined) expect(diagnostics.map((one) => pointedAt(text, one))).toEqual([at]);
  });

  test.each<[params: object, message: string]>([
    [
      { a: { type: "incremental", cursor_path: "u" }, b: { type: "incremental", cursor_path: "u" } },
      'an endpoint has one incremental, and "a" is one',
    ],
    [
      { a: { type: "incremental", cursor_path: "u", end_value: 1 } },
      '"end_value" belongs in endpoint.incremental',
    ],
    [
      { a: { type: "incremental", cursor_path: "u", start_param: "x" } },
      '"start_param" belongs in endpoint.incremental',
    ],
  ])("%j: %s", async (params, message) => {
    const { diagnostics } = await parseValue(specWith({ endpoint: { params } }));
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(messagesOf(errors)).toEqual([expect.stringContaining(message)]);
  });

  test("a range parameter that is already an input", async () => {
    const endpoint = {
      incremental: { cursor_path: "u", start_param: "since" },
      params: { since: { type: "input" } },
    };
    const { diagnostics } = await parseValue(specWith({ endpoint }));
    expect(messagesOf(diagnostics.filter(({ severity }) => severity === "error"))).toEqual([
      'conflicting-options: "since" is already a parameter of the method: choose another name',
    ]);
  });

  test("row_order of a child, incremental in a path parameter", async () => {
    const child = {
      name: "c",
      schema: true,
      endpoint: {
        path: "/{resources.items.id}/{s}/c",
        params: { s: { type: "incremental", cursor_path: "u", row_order: "asc" } },
        data_selector: "$",
        paginator: "none",
      },
    };
    const spec = specWith();
    const { diagnostics } = await parseValue({
      ...spec,
      resources: [...(spec["resources"] as object[]), child],
    });
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(messagesOf(errors)).toEqual([
      expect.stringContaining('"s" cannot be incremental in the path: write {incremental.start_value} there'),
      expect.stringContaining("row_order cannot be used with a parent"),
    ]);
  });
});
