import { describe, expect, test } from "vitest";

import { messagesOf, parseValue, resourceWith, specOf, specWith } from "../parse-text.js";

const id = { type: "input" };

describe("path parameters", () => {
  test.each([
    ["/a/{x}", { x: "b" }, "/a/b"],
    ["/a/{x}", { x: "b/c?d#e f%" }, "/a/b/c%3Fd%23e%20f%25"],
    ["/a/{x}/b", { x: "group/sub group/project" }, "/a/group/sub%20group/project/b"],
    ["/a/{x}", { x: "group%2Fproject%zz" }, "/a/group%2Fproject%25zz"],
    ["/a/{x}/{x}", { x: 7 }, "/a/7/7"],
    ["/a/{x}", { x: true }, "/a/true"],
    ["/a/{x}", { x: "{{b}}" }, "/a/%7Bb%7D"],
    ["/a/{x}", { x: "b/{config.c}/d" }, "/a/b/{config.c}/d"],
    ["/a/{x}", { x: "größe" }, "/a/gr%C3%B6%C3%9Fe"],
    ["/a/{x}", { x: "\ud800" }, "/a/%EF%BF%BD"],
    ["/{{x}}/{config.x}", { x: 1 }, "/{{x}}/{config.x}"],
    ["https://other.example.com/{x}", { x: 1 }, "https://other.example.com/1"],
    ["", {}, ""],
  ])("%j with %j is %j", async (path, params, want) => {
    expect((await resourceWith({ endpoint: { path, params } })).path).toBe(want);
  });

  test("are removed from the query; the others stay in it", async () => {
    const resource = await resourceWith({
      endpoint: { path: "/{a}", params: { a: 1, b: 2, c: null, d: [1, "x"], e: { f: [{ g: "{{h}}" }] } } },
    });
    expect(resource.query).toEqual({ b: 2, c: null, d: [1, "x"], e: { f: [{ g: "{{h}}" }] } });
  });

  test.each([
    ["/{x}", { x: null }, 'invalid-value: the path parameter "x" is null'],
    ["/{x}", { x: "" }, "is empty"],
    ["/{x}", { x: ".." }, "would change the path"],
    ["/{x}", { x: "a/../b" }, 'has the segment "..", which would change the path'],
    ["/{x}", { x: "a/%2E./b" }, "which would change the path"],
    ["/{x}", { x: "./a" }, "which would change the path"],
    ["/{x}", { x: [1] }, "is a list"],
    ["/{x}", {}, "unbound-path-param: the path contains {x}, but there are no params"],
    ["/{idd}", { id: 1 }, 'did you mean "id"?'],
    ["/{resources.a.id}", {}, 'unknown-parent: unknown resource "a": valid resources are items'],
    ["/{resources.item.id}", {}, 'valid resources are items; did you mean "items"?'],
    ["/{resources.items}", {}, 'has no field: write {resources.items.id} for the field "id"'],
    ["/{x:05d}", { x: 1 }, "has a format, which is not supported: write {x}"],
    ["/{x!r}", { x: 1 }, "has a format, which is not supported: write {x}"],
    ["/{config.x:>3}", {}, "has a format, which is not supported: write {config.x}"],
    ["/{incremental.start_value}", {}, 'is not available: add "incremental" to the endpoint'],
    ["/{partitions.x}", {}, 'the resource has no "partitions"'],
    ["/{foo.bar}", {}, "write {secrets.name}, {config.name} or {resources.parent.field}"],
    ["/{x}", { x: { y: 1 } }, "is an object: write one value"],
    ["/{secret.x}", {}, "did you mean {secrets.x}?"],
    ["/{}", {}, "bad-placeholder: empty placeholder"],
    ["/{x", {}, "bad-placeholder: unclosed brace"],
    ["/x}", {}, "bad-placeholder: unmatched closing brace"],
    ["/{x}", { x: { ...id, in: "query" } }, "conflicting-options: the path contains {x}"],
    [
      "/{x}",
      { x: { ...id, required: false } },
      'conflicting-options: the path parameter "x" is always required',
    ],
    ["/a", { x: { ...id, in: "path" } }, 'unbound-path-param: "x" is a path parameter, but'],
  ])("%j with %j: %s", async (path, params, message) => {
    const { diagnostics } = await parseValue(specWith({ endpoint: { path, params } }));
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
  });
});

describe("input parameters", () => {
  test.each([
    ["/{x}", id, { in: "path", required: true, schema: { type: "string" } }],
    [
      "/{x}",
      { ...id, schema: { type: "integer" } },
      { in: "path", required: true, schema: { type: "integer" } },
    ],
    ["/a", id, { in: "query", required: false, schema: { type: "string" } }],
    ["/a", { ...id, required: true }, { in: "query", required: true, schema: { type: "string" } }],
    ["/a", { ...id, in: "header" }, { in: "header", required: false, schema: { type: "string" } }],
    ["/a", { ...id, in: "body" }, { in: "body", required: false, schema: { type: "string" } }],
    ["/a", { ...id, in: null, schema: true }, { in: "query", required: false, schema: true }],
  ])("%j: %j", async (path, param, want) => {
    const resource = await resourceWith({ endpoint: { path, params: { x: param } } });
    expect(resource.inputs).toEqual([{ name: "x", ...want }]);
    expect(resource.query).toEqual({});
  });
});

test("defaults apply to the resources that need them", async () => {
  const spec = await specOf({
    ...specWith({
      root: { resource_defaults: { endpoint: { params: { org: "me", id: { ...id, in: "path" } } } } },
    }),
    resources: ["/{org}/a", "/{org}/b", "/c/{id}", "/d"].map((path) => ({ name: path, endpoint: path })),
  });
  expect(spec.resources.map(({ path, query, inputs }) => [path, query, inputs.length])).toEqual([
    ["/me/a", {}, 0],
    ["/me/b", {}, 0],
    ["/c/{id}", { org: "me" }, 1],
    ["/d", { org: "me" }, 0],
  ]);
});
