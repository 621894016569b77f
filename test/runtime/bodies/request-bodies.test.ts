import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { formBody, jsonBody, rawBody, singlePage } from "../../../runtime/src/index.js";
import type { Body, PageRequest, Paginator, ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf, open, transports, type Open } from "../fixtures.js";
import { answerJson, serve } from "../server.js";

/** The request that the server received. */
interface Got {
  readonly method: string;
  readonly type: string | undefined;
  readonly length: string | undefined;
  readonly text: string;
}

interface Asking {
  readonly open?: Open;
  readonly body: Body;
  readonly resource?: Partial<ResourceShape>;
  /** The values of the paginator. */
  readonly page?: PageRequest["body"];
  readonly params?: object;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** A paginator of one page that writes into the body. */
function writing(body: PageRequest["body"] = {}): Paginator {
  return { ...singlePage(), request: () => ({ body }) };
}

/** Reads one page and returns its request. */
async function ask({ body, resource, page, params, options, ...use }: Asking): Promise<Got> {
  const got: Got[] = [];
  const { url } = await serve((request, response) => {
    void textOf(response).then((text) => {
      const { method, headers } = request;
      got.push({ method, type: headers["content-type"], length: headers["content-length"], text });
      answerJson(response, { items: [] });
    });
  });
  const read = (use.open ?? open)({
    url,
    resource: { method: "POST", body, paginator: writing(page), ...resource },
    options: { apiKey: 's3cr"et', region: "eu", ...options },
  });
  await read({}, params).toArray();
  expect(got).toHaveLength(1);
  return got[0] as Got;
}

async function textOf({ req }: ServerResponse): Promise<string> {
  let text = "";
  for await (const part of req.setEncoding("utf8")) text += String(part);
  return text;
}

/** Values that a plan would supply. */
const values = {
  "resources.users.id": 7,
  "resources.users.tags": ["a", { b: null }],
  "resources.users.gone": null,
};
const placed = {
  params: {
    "resources.users.id": "parent",
    "resources.users.tags": "parent",
    "resources.users.gone": "parent",
  },
} as const;

describe.each(transports)("a JSON body over $transport", (use) => {
  it.each([
    { name: "an empty object", template: {}, want: {} },
    { name: "null", template: { a: null, b: [null] }, want: { a: null, b: [null] } },
    { name: "a list", template: [1, { a: true }], want: [1, { a: true }] },
    { name: "a scalar", template: "x", want: "x" },
    {
      name: "placeholders that keep the value's type",
      template: { a: "{resources.users.id}", b: ["{resources.users.tags}"], c: "{resources.users.gone}" },
      want: { a: 7, b: [["a", { b: null }]], c: null },
    },
    {
      name: "placeholders within texts and names",
      template: { "k{resources.users.id}": "no. {resources.users.id} in {config.region}" },
      want: { k7: "no. 7 in eu" },
    },
    {
      name: "doubled braces and line breaks",
      template: { query: "query {{\n  users {{ id }}\n}}" },
      want: { query: "query {\n  users { id }\n}" },
    },
    { name: "secrets with quotes", template: { key: "{secrets.api_key}" }, want: { key: 's3cr"et' } },
  ])("is sent: $name", async ({ template, want }) => {
    const got = await ask({ ...use, body: jsonBody(template), resource: placed, params: values });
    expect(got.type).toBe("application/json");
    expect(got.length).toBe(String(Buffer.byteLength(got.text)));
    expect(JSON.parse(got.text)).toEqual(want);
  });

  it("keeps its place behind a type of the spec", async () => {
    const headers = { "Content-Type": "application/vnd.api+json" };
    const got = await ask({ ...use, body: jsonBody({}), resource: { headers } });
    expect(got.type).toBe("application/vnd.api+json");
  });
});

describe("what goes into a JSON body besides", () => {
  const rows = [
    {
      name: "a dotted path",
      template: { page: { size: 2 } },
      page: { "page.after": "x" },
      want: { page: { size: 2, after: "x" } },
    },
    { name: "objects on the way", template: {}, page: { "a.b.c": 0 }, want: { a: { b: { c: 0 } } } },
    { name: "instead of null", template: { a: null }, page: { "a.b": 1 }, want: { a: { b: 1 } } },
    { name: "a number is a name", template: {}, page: { "a.0": 1 }, want: { a: { "0": 1 } } },
    { name: "instead of an existing value", template: { o: 90, q: 1 }, page: { o: 0 }, want: { o: 0, q: 1 } },
    {
      name: "null and lists",
      template: {},
      page: { after: null, sort: [10, "a"] },
      want: { after: null, sort: [10, "a"] },
    },
  ];
  it.each(rows)("stands at $name", async ({ template, page, want }) => {
    const got = await ask({ body: jsonBody(template), page });
    expect(JSON.parse(got.text)).toEqual(want);
  });

  it("leaves the template and Object.prototype unchanged", async () => {
    const template = { a: { b: 1 } };
    const got = await ask({ body: jsonBody(template), page: { "a.b": 2, "__proto__.x": 3 } });
    expect(got.text).toBe('{"a":{"b":2},"__proto__":{"x":3}}');
    expect(template).toEqual({ a: { b: 1 } });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it("is a parameter under its name, braces and all, before the paginator's values", async () => {
    const resource = { params: { name: "body", "a.b": "body", size: "body", left: "body" } } as const;
    const params = { name: "{x}", "a.b": [1], size: 9, left: null };
    const got = await ask({ body: jsonBody({ name: "y" }), resource, params, page: { size: 10 } });
    expect(JSON.parse(got.text)).toEqual({ name: "{x}", "a.b": [1], size: 10 });
  });

  it.each([
    {
      template: [1],
      page: { after: 1 },
      message: "cannot set `after` in the JSON body: it is inside a list",
    },
    {
      template: { a: "x" },
      page: { "a.b": 1 },
      message: "cannot set `a.b` in the JSON body: it is inside a scalar",
    },
  ])("cannot stand where there is no object: $message", async ({ template, page, message }) => {
    const error = await errorOf(ask({ body: jsonBody(template), page }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expect(error.message).toContain(message);
  });
});

describe.each(transports)("a form over $transport", (use) => {
  it.each([
    {
      name: "an object",
      template: { a: 1, b: ["x", null, "y"], c: null, d: "e f&g=h+ü", t: true, o: { p: 1 } },
      want: [
        ["a", "1"],
        ["b", "x"],
        ["b", "y"],
        ["d", "e f&g=h+ü"],
        ["t", "true"],
        ["o", '{"p":1}'],
      ],
    },
    {
      name: "pairs",
      template: [
        ["a", "1"],
        ["b", 2],
        ["a", [3, 4]],
      ],
      want: [
        ["a", "1"],
        ["b", "2"],
        ["a", "3"],
        ["a", "4"],
      ],
    },
    {
      name: "placeholders",
      template: { id: "{resources.users.id}", "{config.region}": "{resources.users.gone}" },
      want: [["id", "7"]],
    },
    { name: "nothing", template: {}, want: [] },
  ])("is sent: $name", async ({ template, want }) => {
    const got = await ask({ ...use, body: formBody(template), resource: placed, params: values });
    expect(got.type).toBe("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(got.text)]).toEqual(want);
  });
});

describe("a form", () => {
  it("replaces fields with parameters and the paginator's values of the same names", async () => {
    const body = formBody([
      ["page", 1],
      ["q", "x"],
      ["page", 2],
    ]);
    const got = await ask({
      body,
      resource: { params: { q: "body" } },
      params: { q: ["é", 2] },
      page: { page: 3 },
    });
    expect(got.text).toBe("q=%C3%A9&q=2&page=3");
  });

  it.each([
    { template: [["a"]] },
    { template: [1] },
    { template: ["ab"] },
    { template: "x" },
    { template: null },
  ])("is refused when it is none: $template", async ({ template }) => {
    const error = await errorOf(ask({ body: formBody(template) }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
    expect(error.message).toContain("the form body is invalid");
  });
});

describe("a raw body", () => {
  it.each(transports)("is sent unchanged over $transport", async (use) => {
    const got = await ask({ ...use, body: rawBody("größe {config.region} {{x}}\n") });
    expect(got.text).toBe("größe eu {x}\n");
    expect(got.type ?? "text/plain;charset=UTF-8").toBe("text/plain;charset=UTF-8");
  });

  it("gets its type from a header", async () => {
    const got = await ask({ body: rawBody("a,b"), resource: { headers: { "content-type": "text/csv" } } });
    expect(got).toMatchObject({ type: "text/csv", text: "a,b" });
  });

  it("has no place for parameters and the paginator's values", async () => {
    const error = await errorOf(ask({ body: rawBody("x"), page: { "page.after": 1 } }));
    expect(error.code).toBe("INVALID_OPTIONS");
    expect(error.message).toContain("`page.after` cannot be part of a text body");
  });
});

describe("a body on GET", () => {
  const [, node] = transports;

  it("goes out through node:http, whole, and the connection stays usable", async () => {
    const got = await ask({
      open: node?.open as Open,
      body: jsonBody({ größe: 1 }),
      resource: { method: "GET" },
    });
    expect(got).toMatchObject({ method: "GET", text: '{"größe":1}', length: "13" });
  });

  it.each(["GET", "HEAD"])("is refused over fetch before any request: %s", async (method) => {
    const error = await errorOf(ask({ body: jsonBody({}), resource: { method } }));
    expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS", attempts: [{}] });
    expect(error.message).toContain(`cannot send a body with ${method}`);
    expect(error.message).toContain("POST");
  });
});

it("contains the template of the factory as data", () => {
  expect(jsonBody({ a: "{x}" })).toMatchObject({ type: "json", template: { a: "{x}" } });
  expect(formBody([["a", 1]])).toMatchObject({ type: "form", template: [["a", 1]] });
  expect(rawBody("t")).toMatchObject({ type: "raw", template: "t" });
});
