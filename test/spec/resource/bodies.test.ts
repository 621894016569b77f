import { describe, expect, test } from "vitest";

import { messagesOf, parseValue, resourceWith, specOf, specWith, plainUse } from "../parse-text.js";

describe("bodies", () => {
  test.each<[endpoint: object, want: unknown]>([
    [{}, undefined],
    [{ json: null, data: null }, undefined],
    [{ json: {} }, { type: "json", template: {} }],
    [
      { json: { a: [1, null, { b: "{{c}}" }] } },
      { type: "json", template: { a: [1, null, { b: "{{c}}" }] } },
    ],
    [{ data: { a: 1, b: ["x", null] } }, { type: "form", template: { a: 1, b: ["x", null] } }],
    [
      {
        data: [
          ["a", 1],
          ["a", "{config.x}"],
        ],
      },
      {
        type: "form",
        template: [
          ["a", 1],
          ["a", "{config.x}"],
        ],
      },
    ],
    [{ data: "a={config.x}" }, { type: "raw", template: "a={config.x}" }],
    [{ data: {} }, undefined],
    [{ data: "" }, undefined],
    [
      { data: [], json: { a: 1 } },
      { type: "json", template: { a: 1 } },
    ],
    [
      { data: { a: 1 }, json: {} },
      { type: "form", template: { a: 1 } },
    ],
    [
      { raw: true, json: { query: "query { a(b: {c: 1}) { d } }", v: "{config.x}", "{k}": "a{config.x}" } },
      {
        type: "json",
        template: {
          query: "query {{ a(b: {{c: 1}}) {{ d }} }}",
          v: "{config.x}",
          "{{k}}": "a{{config.x}}",
        },
      },
    ],
    [
      { raw: true, data: '{"a": 1}' },
      { type: "raw", template: '{{"a": 1}}' },
    ],
    [
      { raw: true, data: { a: "{b}" } },
      { type: "form", template: { a: "{{b}}" } },
    ],
    [{ params: { x: { type: "input", in: "body" } } }, { type: "json", template: {} }],
    [
      { params: { x: { type: "input", in: "body" } }, data: { a: 1 } },
      { type: "form", template: { a: 1 } },
    ],
  ])("%j", async (endpoint, want) => {
    const { body } = await resourceWith({ endpoint: { method: "post", ...endpoint } });
    expect(body && plainUse(body)).toEqual(want);
  });

  test("json of the defaults is merged at the top level", async () => {
    const spec = await specOf(
      specWith({
        root: { resource_defaults: { endpoint: { json: { a: 1, b: { x: 1 } } } } },
        endpoint: { json: { b: { y: "{config.z}" } } },
      }),
    );
    expect(spec.resources[0]?.body?.options).toEqual({ template: { a: 1, b: { y: "{config.z}" } } });
  });

  test.each<[endpoint: object, message: string]>([
    [{ json: { a: 1 }, data: { b: 1 } }, "conflicting-options: a request has one body: remove json or data"],
    [{ json: [1] }, "wrong-type: endpoint.json of resource"],
    [{ data: 5 }, "must be an object, a list or text, not a number"],
    [{ data: { a: { b: 1 } } }, "wrong-type: endpoint.data.a of resource"],
    [{ data: [["a"]] }, "endpoint.data[0]"],
    [{ raw: "yes" }, "must be true or false"],
    [{ raw: true, json: { a: "{resources.x.id}" } }, 'unknown resource "x"'],
    [
      { data: "text", params: { x: { type: "input", in: "body" } } },
      '"x" needs a JSON or form body: write "json"',
    ],
  ])("%j: %s", async (endpoint, message) => {
    const { diagnostics } = await parseValue(specWith({ endpoint }));
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
  });
});

describe("encodings", () => {
  test.each<[client: object, endpoint: object, want: object]>([
    [{}, {}, { selectRequired: true }],
    [
      { array_format: "comma", object_format: "deep", data_selector_required: false },
      {},
      { encode: { arrays: "comma", objects: "deep" }, selectRequired: false },
    ],
    [
      { array_format: "comma", data_selector_required: false },
      { array_format: "indices", object_format: "brackets", data_selector_required: true },
      { encode: { arrays: "indices", objects: "brackets" }, selectRequired: true },
    ],
    [
      { array_format: "comma" },
      { array_format: null },
      { encode: { arrays: "comma" }, selectRequired: true },
    ],
    [{}, { decoder: "json" }, { selectRequired: true }],
    [{}, { decoder: { type: "json" } }, { selectRequired: true }],
    [{}, { decoder: "jsonl" }, { decode: { type: "jsonl" }, selectRequired: true }],
    [{}, { decoder: "csv" }, { decode: { type: "csv" }, selectRequired: true }],
    [
      {},
      { decoder: { type: "csv", delimiter: ";", columns: ["a", "b"] } },
      { decode: { type: "csv", delimiter: ";", columns: ["a", "b"] }, selectRequired: true },
    ],
  ])("%j %j", async (client, endpoint, want) => {
    const { encode, decode, selectRequired } = await resourceWith({ client, endpoint });
    expect({
      ...(encode && { encode: encode.options }),
      ...(decode && { decode: plainUse(decode) }),
      selectRequired,
    }).toEqual(want);
  });

  test.each<[endpoint: object, message: string]>([
    [{ array_format: "commas" }, 'did you mean "comma"?'],
    [{ object_format: "nested" }, "valid values are json, deep, brackets"],
    [{ decoder: "xml" }, "csv, json, jsonl"],
    [{ decoder: { type: "csv", delimiter: ";;" } }, "a delimiter is one character"],
    [{ decoder: { type: "jsonl", delimiter: ";" } }, 'unknown key "delimiter"'],
    [{ data_selector_required: "no" }, "must be true or false"],
  ])("%j: %s", async (endpoint, message) => {
    const { diagnostics } = await parseValue(specWith({ endpoint }));
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
  });
});

describe("rate limits", () => {
  test.each<[limit: object, want: object]>([
    [{ requests: 10 }, { requests: 10 }],
    [
      { requests: 10, per: 2.5 },
      { requests: 10, perMs: 2500 },
    ],
    [
      { requests: 10, per: "minute" },
      { requests: 10, perMs: 60_000 },
    ],
    [
      { requests: 10, per: "PT1H30M" },
      { requests: 10, perMs: 5_400_000 },
    ],
    [
      { requests: 10, per: "P1W" },
      { requests: 10, perMs: 604_800_000 },
    ],
    [{ concurrency: 4 }, { concurrency: 4 }],
  ])("%j", async (limit, want) => {
    const spec = await specOf(specWith({ client: { rate_limit: limit }, endpoint: { rate_limit: limit } }));
    expect([spec.rateLimit?.options, spec.resources[0]?.rateLimit?.options]).toEqual([want, want]);
  });

  test.each<[limit: object, message: string]>([
    [{}, 'a rate limit needs "requests", "concurrency" or both'],
    [{ per: "minute", concurrency: 1 }, '"per" needs "requests"'],
    [{ requests: 0 }, "must be more than 0"],
    [{ requests: 1, per: "minutes" }, 'did you mean "minute"?'],
    [{ requests: 1, per: "P1M" }, 'invalid period "P1M"'],
    [{ requests: 1, per: "PT0S" }, "invalid period"],
    [{ requests: 1, burst: 2 }, 'unknown key "burst"'],
  ])("%j: %s", async (limit, message) => {
    const { diagnostics } = await parseValue(specWith({ client: { rate_limit: limit } }));
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
  });
});
