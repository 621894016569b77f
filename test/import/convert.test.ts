import { describe, expect, it } from "vitest";
import { importEndpoint, importOne, importResource } from "./fixtures.js";

interface Row {
  readonly given: string;
  readonly want: unknown;
  /** Parts of the messages, in order. */
  readonly warnings?: readonly string[];
}

function checkMessages(messages: readonly string[], warnings: readonly string[] = []): void {
  expect(messages).toEqual(warnings.map((part) => expect.stringContaining(part) as string));
}

describe("auth", () => {
  const rows: readonly Row[] = [
    { given: '"bearer"', want: "bearer" },
    { given: "None", want: null },
    { given: '{"token": dlt.secrets["t"]}', want: { token: "{secrets.t}" } },
    { given: "BearerTokenAuth(token=dlt.secrets.value)", want: { type: "bearer", token: "{secrets.token}" } },
    {
      given: "BearerTokenAuth(make())",
      want: { type: "bearer", token: "{secrets.token}" },
      warnings: ['replaced-by-option: endpoint.auth.token of resource "r": cannot convert the call `make()`'],
    },
    {
      given: 'APIKeyAuth("X-Key", dlt.secrets["k"], "query")',
      want: { type: "api_key", name: "X-Key", api_key: "{secrets.k}", location: "query" },
    },
    {
      given: "APIKeyAuth(api_key=f\"Token {dlt.secrets['k']}\")",
      want: { type: "api_key", api_key: "Token {secrets.k}" },
    },
    {
      given: 'HttpBasicAuth("me", os.environ["P"])',
      want: { type: "http_basic", username: "me", password: "{secrets.p}" },
    },
    {
      given: '{"type": "http_basic", "username": dlt.config["u"], "password": dlt.config["p"]}',
      want: { type: "http_basic", username: "{config.u}", password: "{secrets.p}" },
    },
    {
      given: '{"type": "bearer", "token": "a{b}c"}',
      want: { type: "bearer", token: "{secrets.token}" },
      warnings: ["literal-secret: endpoint.auth.token"],
    },
    {
      given: 'MyAuth("a")',
      want: { type: "custom" },
      warnings: [
        'replaced-by-hook: endpoint.auth of resource "r": cannot convert the call `MyAuth("•")`; replaced by auth of type "custom", a typed function',
      ],
    },
    { given: '{"type": "mine", "x": 1}', want: { type: "custom" }, warnings: ["replaced-by-hook"] },
    { given: "auth", want: { type: "custom" }, warnings: ["the name `auth`"] },
  ];
  it.each(rows)("$given", ({ given, want, warnings }) => {
    const { endpoint, messages } = importEndpoint(`"auth": ${given}`);
    expect(endpoint).toEqual({ auth: want });
    checkMessages(messages, warnings);
  });

  it("resolves aliases of dlt's classes", () => {
    const before =
      "from dlt.sources.helpers.rest_client.auth import BearerTokenAuth as B\nfrom dlt.sources.helpers.rest_client import auth as m";
    expect(importEndpoint('"auth": B(dlt.secrets["a"])', before).endpoint).toEqual({
      auth: { type: "bearer", token: "{secrets.a}" },
    });
    expect(importEndpoint('"auth": m.BearerTokenAuth(dlt.secrets["a"])', before).endpoint).toEqual({
      auth: { type: "bearer", token: "{secrets.a}" },
    });
  });

  it("does not mistake classes of the file for dlt's", () => {
    const { endpoint } = importEndpoint('"auth": MyAuth("a")', "class MyAuth(BearerTokenAuth):\n    pass");
    expect(endpoint).toEqual({ auth: { type: "custom" } });
  });
});

describe("paginators", () => {
  const left = "omitted: endpoint.paginator";
  const rows: readonly Row[] = [
    { given: '"header_link"', want: "header_link" },
    { given: '"auto"', want: "auto" },
    { given: "None", want: null },
    {
      given: '{"type": "cursor", "cursor_path": "next", "cursor_param": "after"}',
      want: { type: "cursor", cursor_path: "next", cursor_param: "after" },
    },
    { given: 'JSONLinkPaginator("links.next")', want: { type: "json_link", next_url_path: "links.next" } },
    { given: "HeaderLinkPaginator()", want: { type: "header_link" } },
    {
      given: 'HeaderCursorPaginator("X-Next", "after")',
      want: { type: "header_cursor", cursor_key: "X-Next", cursor_param: "after" },
    },
    {
      given: 'OffsetPaginator(50, 10, "o", "l", None, 1000, True, has_more_path="more")',
      want: {
        type: "offset",
        limit: 50,
        offset: 10,
        offset_param: "o",
        limit_param: "l",
        total_path: null,
        maximum_offset: 1000,
        stop_after_empty_page: true,
        has_more_path: "more",
      },
    },
    {
      given: 'PageNumberPaginator(1, 2, "p", "pages", 9, False)',
      want: {
        type: "page_number",
        base_page: 1,
        page: 2,
        page_param: "p",
        total_path: "pages",
        maximum_page: 9,
        stop_after_empty_page: false,
      },
    },
    {
      given: 'JSONResponseCursorPaginator("c", None, "page.after")',
      want: { type: "cursor", cursor_path: "c", cursor_param: null, cursor_body_path: "page.after" },
    },
    { given: "paginators.SinglePagePaginator()", want: { type: "single_page" } },
    { given: "MyPaginator(3)", want: undefined, warnings: [left] },
    { given: '"mine"', want: undefined, warnings: [left] },
    { given: '{"type": "mine"}', want: undefined, warnings: [left] },
    { given: "HeaderLinkPaginator", want: undefined, warnings: [left] },
    {
      given: '{"type": "offset", "limit": size()}',
      want: { type: "offset", limit: 100 },
      warnings: ["the spec has 100 instead"],
    },
    {
      given: '{"type": "page_number", "total_path": path()}',
      want: { type: "page_number" },
      warnings: ["omitted: endpoint.paginator.total_path"],
    },
  ];
  it.each(rows)("$given", ({ given, want, warnings }) => {
    const { endpoint, messages } = importEndpoint(`"paginator": ${given}`);
    expect(endpoint).toEqual(want === undefined ? {} : { paginator: want });
    checkMessages(messages, warnings);
  });
});

describe("incremental", () => {
  const rows: readonly Row[] = [
    {
      given: '{"cursor_path": "updated_at", "initial_value": "2024-01-01", "start_param": None}',
      want: { cursor_path: "updated_at", initial_value: "2024-01-01", start_param: null },
    },
    {
      given: 'dlt.sources.incremental("updated_at", "2024-01-01", min, ("a", "b"), "2025-01-01", "desc")',
      want: {
        cursor_path: "updated_at",
        initial_value: "2024-01-01",
        last_value_func: "min",
        primary_key: ["a", "b"],
        end_value: "2025-01-01",
        row_order: "desc",
      },
    },
    {
      given: 'dlt.sources.incremental[str]("id", initial_value=0, lag=3600, allow_external_schedulers=False)',
      want: { cursor_path: "id", initial_value: 0, lag: 3600 },
    },
    {
      given: '{"cursor_path": "a", "convert": lambda x: x + 1, "last_value_func": max}',
      want: { cursor_path: "a", last_value_func: "max" },
      warnings: ["omitted: endpoint.incremental.convert"],
    },
    {
      given: '{"cursor_path": "a", "last_value_func": my_max}',
      want: { cursor_path: "a" },
      warnings: ["omitted: endpoint.incremental.last_value_func"],
    },
    {
      given: '{"cursor_path": "a", "initial_value": datetime(2024, 1, 1)}',
      want: { cursor_path: "a", initial_value: "2024-01-01T00:00:00" },
    },
    {
      given: '{"cursor_path": "a", "initial_value": datetime.now()}',
      want: { cursor_path: "a", initial_value: "{config.initial_value}" },
      warnings: [
        "cannot convert the call `datetime.now()`; replaced by the option {config.initial_value} of the generated factory",
      ],
    },
    {
      given: '{"cursor_path": "a", "initial_value": datetime.fromisoformat("2024-01-01T00:00:00+00:00")}',
      want: { cursor_path: "a", initial_value: "2024-01-01T00:00:00+00:00" },
    },
    { given: "make()", want: undefined, warnings: ["omitted: endpoint.incremental"] },
  ];
  it.each(rows)("$given", ({ given, want, warnings }) => {
    const { endpoint, messages } = importEndpoint(`"incremental": ${given}`);
    expect(endpoint).toEqual(want === undefined ? {} : { incremental: want });
    checkMessages(messages, warnings);
  });

  it("is converted in params with its type", () => {
    const { endpoint } = importEndpoint(
      '"params": {"since": dlt.sources.incremental("u"), "until": {"type": "incremental", "cursor_path": "v", "convert": None}, "id": {"type": "resolve", "resource": "a", "field": "id"}}',
    );
    expect(endpoint).toEqual({
      params: {
        since: { type: "incremental", cursor_path: "u" },
        until: { type: "incremental", cursor_path: "v" },
        id: { type: "resolve", resource: "a", field: "id" },
      },
    });
  });
});

describe("requests", () => {
  const rows: readonly Row[] = [
    {
      given: '"path": f"posts/{{resources.posts.id}}/x", "json": {"q": "{{a}}", "l": [1, f"{y}"]}',
      want: { path: "posts/{resources.posts.id}/x", json: { q: "{{a}}", l: [1, "{config.y}"] } },
      warnings: ["the name `y`"],
    },
    {
      given: '"params": {"a": True, "b": [1, None], "c": None, "d": x() if y else z}',
      want: { params: { a: true, b: [1, null], c: null, d: "{config.d}" } },
      warnings: ["the conditional expression"],
    },
    {
      given: '"params": {"api_key": get(), "page": get_page()}',
      want: { params: { api_key: "{secrets.api_key}", page: "{config.page}" } },
      warnings: ["{secrets.api_key}", "{config.page}"],
    },
    {
      given: '"params": {**common, "a": 1, key(): 2}',
      want: { params: { a: 1 } },
      warnings: ["the name `common`", "the entry `key()`"],
    },
    { given: '"params": common', want: {}, warnings: ["omitted: endpoint.params"] },
    {
      given: '"headers": {"X-N": 5, "Authorization": f"Bearer {get_token()}", "X-Trace": trace()}',
      want: {
        headers: { "X-N": "5", Authorization: "Bearer {secrets.token}", "X-Trace": "{config.X_Trace}" },
      },
      warnings: ["{secrets.token}", "{config.x_trace}"],
    },
    {
      given: '"json": {"auth": {"password": "hunter2"}, "token": tok()}',
      want: { json: { auth: { password: "{secrets.password}" }, token: "{secrets.token}" } },
      warnings: ["literal-secret", "{secrets.token}"],
    },
    {
      given: '"method": m(), "data_selector": "a.b"',
      want: { data_selector: "a.b" },
      warnings: ["omitted: endpoint.method"],
    },
    {
      given:
        '"response_actions": [{"status_code": 404, "action": "ignore"}, fn, {"content": "x", "action": [fn]}, {"status_code": "5xx", "action": "retry"}]',
      want: {
        response_actions: [
          { status_code: 404, action: "ignore" },
          { status_code: "5xx", action: "retry" },
        ],
      },
      warnings: ["the name `fn`", "the list `[fn]`"],
    },
  ];
  it.each(rows)("$given", ({ given, want, warnings }) => {
    const { endpoint, messages } = importEndpoint(given);
    expect(JSON.stringify(endpoint).toLowerCase()).toBe(JSON.stringify(want).toLowerCase());
    checkMessages(messages, warnings);
  });

  it("gives options one name per value", () => {
    const text = `rest_api_source({"client": {"base_url": "https://a.test"}, "resources": [
      {"name": "a", "endpoint": {"params": {"since": now()}}},
      {"name": "b", "endpoint": {"params": {"since": now()}}},
      {"name": "c", "endpoint": {"params": {"since": then()}}},
      {"name": "c", "endpoint": {"params": {"since": never()}}},
    ]})`;
    expect(JSON.stringify(importOne(text).spec).match(/\{config\.\w+\}/g)).toEqual([
      "{config.since}",
      "{config.since}",
      "{config.c_since}",
      "{config.since_2}",
    ]);
  });
});

describe("resources", () => {
  const rows: readonly Row[] = [
    { given: '"posts"', want: "posts" },
    {
      given:
        '{"name": "a", "write_disposition": {"disposition": "merge", "strategy": "upsert"}, "primary_key": ("a", "b"), "include_from_parent": ["id"]}',
      want: {
        name: "a",
        write_disposition: { disposition: "merge", strategy: "upsert" },
        primary_key: ["a", "b"],
        include_from_parent: ["id"],
      },
    },
    {
      given: '{"name": "a", "table_name": lambda i: i["t"], "columns": Model}',
      want: { name: "a" },
      warnings: ['omitted: table_name of resource "a": cannot convert the lambda', "omitted: columns"],
    },
    {
      given: '{"endpoint": {"path": "v1/items"}}',
      want: { name: "items", endpoint: { path: "v1/items" } },
      warnings: ['the spec has "items" instead; choose a name'],
    },
    {
      given: '{"name": f"{x}", "endpoint": "{y}"}',
      want: { name: "resource_1", endpoint: "{y}" },
      warnings: ['the spec has "resource_1" instead'],
    },
    {
      given:
        '{"name": "a", "processing_steps": [{"map": f, "filter": lambda r: r}, {"filter": g}, {"yield_map": h}]}',
      want: { name: "a", processing_steps: [{ filter: true }, { map: true }] },
      warnings: [
        'the hook "map" of the resource',
        'the hook "filter" of the resource',
        'the same hook "filter"',
        "omitted: processing_steps",
      ],
    },
  ];
  it.each(rows)("$given", ({ given, want, warnings }) => {
    const { resource, messages } = importResource(given);
    expect(resource).toEqual(want);
    checkMessages(messages, warnings);
  });

  it("omits resources that are not dicts", () => {
    const { spec, diagnostics } = importOne(
      '@dlt.resource\ndef users():\n    yield []\n\nrest_api_source({"client": {"base_url": "https://a.test"}, "resources": ["a", users, users(), *more, "b"]})',
    );
    expect(spec["resources"]).toEqual(["a", "b"]);
    expect(diagnostics.map(({ message }) => /cannot convert the (.*?);/.exec(message)?.[1])).toEqual([
      "function `users`",
      "call `users()`",
      "spread `more`",
    ]);
  });
});

describe("the client", () => {
  const client = (
    given: string,
    before = "",
  ): { readonly client: unknown; readonly warnings: readonly string[] } => {
    const { spec, diagnostics } = importOne(`${before}\nrest_api_source({${given}"resources": ["a"]})`);
    return { client: spec["client"], warnings: diagnostics.map(({ message }) => message) };
  };

  it("always has a base URL", () => {
    expect(client("")).toMatchObject({
      client: { base_url: "{config.base_url}" },
      warnings: [
        /* @__PURE__ */ expect.stringContaining(
          "client.base_url is missing; added the option {config.base_url}",
        ),
      ],
    });
    expect(client('"client": {"base_url": url()},').client).toEqual({ base_url: "{config.base_url}" });
    expect(client('"client": {"base_url": dlt.secrets["host"]},').client).toEqual({
      base_url: "{config.host}",
    });
    expect(client('"client": {"base_url": f"https://{tenant}.test/{{x}}"},').client).toEqual({
      base_url: "https://{config.tenant}.test/{{x}}",
    });
    expect(client('"client": c,').client).toEqual({ base_url: "{config.base_url}" });
  });

  it("keeps credentials out of the base URL", () => {
    const { client: read, warnings } = client(
      '"client": {"base_url": "https://me:s3cret@a.test/v1?key=s3cret"},',
    );
    expect(read).toEqual({ base_url: "https://a.test/v1" });
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).not.toContain("s3cret");
  });

  it("keeps braces in client headers", () => {
    expect(
      client(
        '"client": {"base_url": "https://a.test", "headers": {"X": "{a}", "Y": dlt.config["y"]}, "session": s()},',
      ),
    ).toMatchObject({
      client: { base_url: "https://a.test", headers: { X: "{a}", Y: "{config.y}" } },
      warnings: [expect.stringContaining("client.session: cannot convert the call")],
    });
  });
});
