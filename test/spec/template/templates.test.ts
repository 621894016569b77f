import { describe, expect, test } from "vitest";

import type { Spec, SpecResource } from "../../../generator/spec/spec.js";
import { messagesOf, parseText, parseValue, pointedAt, specOf, specWith } from "../parse-text.js";

/** A spec with a parent and a child that refers to it, with the given changes to the child. */
function parentAndChild({
  resource = {},
  endpoint = {},
}: { resource?: object; endpoint?: object } = {}): Record<string, unknown> {
  return {
    client: { base_url: "https://x.y", paginator: "single_page" },
    resources: [
      { name: "users", schema: true, endpoint: { data_selector: "$" } },
      {
        name: "posts",
        schema: true,
        ...resource,
        endpoint: { path: "/u/{resources.users.id}/posts", data_selector: "$", ...endpoint },
      },
    ],
  };
}

async function childWith(changes: Parameters<typeof parentAndChild>[0]): Promise<SpecResource> {
  const spec: Spec = await specOf(parentAndChild(changes));
  return spec.resources[1] as SpecResource;
}

const incremental = { cursor_path: "u", initial_value: 1 };

describe("placeholders", () => {
  test("are valid in the path, params, headers and bodies, and in names", async () => {
    const { path, query, headers, body } = await childWith({
      resource: { partitions: { region: ["eu"] } },
      endpoint: {
        path: "/{a}/{resources.users.id}/{config.c}",
        params: { a: "x/{resources.users.k}", q: ["{secrets.s}", "t-{partitions.region}"], "f{config.c}": 1 },
        headers: { "X-{config.c}": "{incremental.start_value}" },
        json: { "k{resources.users.id}": { deep: ["{incremental.end_value}", "{{}}"] } },
        incremental,
      },
    });
    expect(path).toBe("/x/{resources.users.k}/{resources.users.id}/{config.c}");
    expect(query).toEqual({ q: ["{secrets.s}", "t-{partitions.region}"], "f{config.c}": 1 });
    expect(headers).toEqual({ "X-{config.c}": "{incremental.start_value}" });
    expect(body?.options).toEqual({
      template: { "k{resources.users.id}": { deep: ["{incremental.end_value}", "{{}}"] } },
    });
  });

  test("of the same value become the same text, however they are written", async () => {
    const { path, query } = await childWith({
      endpoint: {
        path: "/{resources.users.$.id}/{resources.users.['id']}/x",
        params: { a: "{resources.users.'a.b'}", b: "{resources.users.l[0].x}", c: "{resources.users.l[*]}" },
      },
    });
    expect(path).toBe("/{resources.users.id}/{resources.users.id}/x");
    expect(query).toEqual({
      a: "{resources.users.['a.b']}",
      b: "{resources.users.l[0].x}",
      c: "{resources.users.l[*]}",
    });
  });

  test("secrets and config values are collected from everywhere", async () => {
    const spec = await specOf(
      parentAndChild({
        resource: {
          partitions: { region: "{config.regions}" },
          processing_steps: [{ add: { a: { b: ["{config.added}"] }, r: "{partitions.region}" } }],
        },
        endpoint: {
          params: { a: { b: "{secrets.q}" } },
          headers: { A: "{secrets.h}" },
          json: { a: [{ "{config.k}": "{secrets.j}" }] },
          incremental: { cursor_path: "u", initial_value: "{config.since}", end_value: "{config.until}" },
        },
      }),
    );
    expect(spec.secrets).toEqual(["q", "h", "j"]);
    expect(spec.config).toEqual(["k", "added", "since", "until", "regions"]);
  });

  test.each<[endpoint: object, at: string, message: string]>([
    [{ params: { a: "{foo}" } }, "{foo}", "write {secrets.name}, {config.name} or {resources.parent"],
    [{ params: { a: { b: [{ c: "{x}" }] } } }, "{x}", 'unknown placeholder "{x}"'],
    [{ params: { a: "{resource.users.id}" } }, "{resource.users.id}", "did you mean {resources.users.id}?"],
    [{ params: { a: "{resources.user.id}" } }, "{resources.user.id}", 'did you mean "users"?'],
    [{ params: { a: "{resources.users}" } }, "{resources.users}", "has no field"],
    [{ params: { a: "{resources.users.}" } }, "{resources.users.}", "has no field"],
    [{ params: { a: "{ resources.users.id }" } }, "{ resources.users.id }", "contains spaces"],
    [{ params: { a: "n{resources.users.a b}" } }, "b", 'in the field "a b" of "users"'],
    [{ params: { a: "{resources.users.id:05d}" } }, "{resources.users.id:05d}", "write {resources.users.id}"],
    [
      { params: { a: "{incremental.start_value}" } },
      "{incremental.start_value}",
      'add "incremental" to the endpoint',
    ],
    [{ json: { q: "query { a }" } }, "{ a }", 'add "raw": true to make all braces literal'],
    [
      { json: { q: "query { a { b } }" } },
      "{",
      'unclosed brace: close the placeholder, or write {{ for a literal brace; add "raw": true to make all braces literal',
    ],
    [{ data: "{" }, "{", 'add "raw": true'],
    [{ headers: { A: "{partitions.x}" } }, "{partitions.x}", 'the resource has no "partitions"'],
    [
      { params: { a: "{incremental.start}" }, incremental },
      "{incremental.start}",
      "valid incremental values are start_value, initial_value, last_value, end_value",
    ],
  ])("%j", async (endpoint, at, message) => {
    const text = JSON.stringify(parentAndChild({ endpoint }), null, 2);
    const { diagnostics } = await parseText(text);
    expect(messagesOf(diagnostics)).toEqual([expect.stringContaining(message)]);
    expect(diagnostics.map((one) => pointedAt(text, one))).toEqual([at]);
  });

  test.each<[changes: { client?: object; endpoint?: object }, at: string, severity: string]>([
    [{ endpoint: { params: { a: "{{secrets.token}}" } } }, "{{secrets.token}}", "warning"],
    [{ endpoint: { json: { a: ["x {{ config.b }}"] } } }, "{{ config.b }}", "warning"],
    [{ endpoint: { headers: { A: "{{resources.users.id}}" } } }, "{{resources.users.id}}", "warning"],
    [{ client: { headers: { A: "{{secrets.token}}" } } }, "{{secrets.token}}", "warning"],
    [{ client: { headers: { Authorization: "Bearer {{secrets.token}}" } } }, "{{secrets.token}}", "warning"],
    [{ client: { auth: { type: "bearer", token: "{{secrets.token}}" } } }, "{{secrets.token}}", "error"],
    [{ client: { auth: { type: "jwt", issuer: "{{config.app}}" } } }, "{{config.app}}", "error"],
    [{ client: { base_url: "https://{{config.host}}/v1" } }, "{{config.host}}", "error"],
  ])("in doubled braces are reported: %j", async ({ client = {}, endpoint = {} }, at, severity) => {
    const spec = parentAndChild({ endpoint });
    const text = JSON.stringify({ ...spec, client: { ...(spec["client"] as object), ...client } }, null, 2);
    const { diagnostics } = await parseText(text);
    expect(diagnostics.map((one) => one.severity)).toEqual([severity]);
    expect(messagesOf(diagnostics)[0]).toContain(
      "is sent as text, because {{ is a literal brace; did you mean {",
    );
    expect(diagnostics.map((one) => pointedAt(text, one))).toEqual([at]);
  });

  test("of an unknown partition are reported", async () => {
    const { diagnostics } = await parseValue(
      parentAndChild({
        resource: { partitions: { region: ["eu"] } },
        endpoint: { params: { r: "{partitions.regoin}" } },
      }),
    );
    expect(messagesOf(diagnostics)).toEqual([
      expect.stringContaining(
        'unknown partition "regoin": valid partitions are region; did you mean "region"?',
      ),
    ]);
    const { diagnostics: idle } = await parseValue(
      parentAndChild({ resource: { partitions: { region: ["eu"] } } }),
    );
    expect(messagesOf(idle)).toEqual([
      expect.stringContaining("no request or step names {partitions.region}"),
    ]);
  });
});

describe("headers", () => {
  test.each([
    ["{foo} {{bar}}", "{{foo}} {{{{bar}}}}"],
    ["Bearer {secrets.t}", "Bearer {secrets.t}"],
    ["{{secrets.t}}", "{{{{secrets.t}}}}"],
    ["}{", "}}{{"],
    ["{config.a}{b}", "{config.a}{{b}}"],
  ])("of the client keep their braces: %s", async (text, want) => {
    const spec = await specOf(specWith({ client: { headers: { A: text } } }));
    expect(spec.headers).toEqual({ A: want });
  });

  test("null sends no header, but cannot remove one of the client", async () => {
    expect(
      (await specOf(specWith({ endpoint: { headers: { A: null, B: "b" } } }))).resources[0]?.headers,
    ).toEqual({
      B: "b",
    });
    const { diagnostics } = await parseValue(
      specWith({ client: { headers: { "x-a": "1" } }, endpoint: { headers: { "X-A": null } } }),
    );
    expect(messagesOf(diagnostics)).toEqual([
      expect.stringContaining(`conflicting-options: null cannot remove the client's header "x-a"`),
    ]);
  });
});
