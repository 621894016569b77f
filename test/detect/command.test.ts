import { describe, expect, it } from "vitest";
import { answer, answerJson, jsonType, serve, type TestServer } from "../runtime/server.js";
import { runCommand } from "../support/command.js";
import { detect, file, orders, read, specOf, detectJson } from "./fixtures.js";

/** Serves 45 orders in pages with a cursor, and their lines. */
function shop(): Promise<TestServer> {
  return serve((request, response) => {
    if (request.path === "/orders") {
      const at = Number((request.query.get("cursor") ?? "t0").slice(1));
      const next = at + 7 < 45 ? `t${at + 7}` : null;
      answerJson(response, { data: orders(at + 1, Math.min(45, at + 7)), meta: { next_cursor: next } });
    } else if (/^\/orders\/\d+\/lines$/.test(request.path)) {
      const isEmpty = request.path === "/orders/1/lines";
      answerJson(response, {
        lines: isEmpty
          ? []
          : [
              { line_id: 1, sku: "a" },
              { line_id: 2, sku: "b" },
            ],
      });
    } else answer(response, 404, { body: "{}", headers: jsonType });
  });
}

describe("detect --write", () => {
  it("adds lines to JSON with comments and keeps every other byte", async () => {
    const { url } = await shop();
    const before = `// a shop
{
    "name": "shop", /* its name */
    "client": { "base_url": "${url}" },
    "resources": [
        {
            "name": "orders", // the first
            "endpoint": {
                "path": "/orders", // after the path
                // "params": {},
            },
        },
    ],
}
`;
    const path = file("shop.json", before);
    expect(await detect(path, { write: true })).toMatchObject({ code: 0 });
    expect(read(path)).toBe(`// a shop
{
    "name": "shop", /* its name */
    "client": { "base_url": "${url}" },
    "resources": [
        {
            "name": "orders", // the first
            "primary_key": "id",
            "endpoint": {
                "path": "/orders", // after the path
                "data_selector": "data",
                "paginator": { "type": "cursor", "cursor_path": "meta.next_cursor", "cursor_param": "cursor" },
                "incremental": { "cursor_path": "updated_at" },
                // "params": {},
            },
        },
    ],
}
`);
  });

  it.each([
    {
      name: "tabs and Windows line endings",
      before:
        '{\r\n\t"client": {"base_url": "URL"},\r\n\t"resources": [\r\n\t\t{ "name": "orders" }\r\n\t]\r\n}\r\n',
      after:
        '{\r\n\t"client": {"base_url": "URL"},\r\n\t"resources": [\r\n\t\t{ "name": "orders", "primary_key": "id", "endpoint": { SELECTOR, PAGINATOR, CURSOR } }\r\n\t]\r\n}\r\n',
    },
    {
      name: "tabs and one line per key",
      before:
        '{\r\n\t"client": {"base_url": "URL"},\r\n\t"resources": [{\r\n\t\t"name": "orders",\r\n\t\t"endpoint": {\r\n\t\t\t"path": "orders"\r\n\t\t}\r\n\t}]\r\n}',
      after:
        '{\r\n\t"client": {"base_url": "URL"},\r\n\t"resources": [{\r\n\t\t"name": "orders",\r\n\t\t"primary_key": "id",\r\n\t\t"endpoint": {\r\n\t\t\t"path": "orders",\r\n\t\t\tSELECTOR,\r\n\t\t\tPAGINATOR,\r\n\t\t\tCURSOR\r\n\t\t}\r\n\t}]\r\n}',
    },
    {
      name: "a resource given only by name",
      before: '{"client":{"base_url":"URL"},"resources":["orders"]}',
      after:
        '{"client":{"base_url":"URL"},"resources":[{ "name": "orders", "primary_key": "id", "endpoint": { "path": "orders", SELECTOR, PAGINATOR, CURSOR } }]}',
    },
    {
      name: "short forms on separate lines",
      before: '{\n  "client": {"base_url": "URL"},\n  "resources": [\n    "orders" // all\n  ]\n}\n',
      after:
        '{\n  "client": {"base_url": "URL"},\n  "resources": [\n    {\n      "name": "orders",\n      "primary_key": "id",\n      "endpoint": {\n        "path": "orders",\n        SELECTOR,\n        PAGINATOR,\n        CURSOR\n      }\n    } // all\n  ]\n}\n',
    },
    {
      name: "an endpoint given only as a path, with comments",
      before:
        '{"client":{"base_url":"URL"},"resources":[{"name":"orders","endpoint":"/orders" /* all */ /* of them */}]} // end',
      after:
        '{"client":{"base_url":"URL"},"resources":[{"name":"orders", "primary_key": "id","endpoint":{ "path": "/orders", SELECTOR, PAGINATOR, CURSOR } /* all */ /* of them */}]} // end',
    },
    {
      name: "auto and null",
      before:
        '{"client":{"base_url":"URL"},"resources":[{"primary_key":null,"name":"orders","endpoint":{"path":"orders","paginator":"auto","data_selector":null,}}]}',
      after:
        '{"client":{"base_url":"URL"},"resources":[{"primary_key":"id","name":"orders","endpoint":{"path":"orders","paginator":PAGING,"data_selector":"data", CURSOR}}]}',
    },
    {
      name: "an empty endpoint with a comment",
      before:
        '{\n  "client": {"base_url": "URL"},\n  "resources": [\n    { "name": "orders", "primary_key": "id", "endpoint": { /* later */ } }\n  ]\n}\n',
      after:
        '{\n  "client": {"base_url": "URL"},\n  "resources": [\n    { "name": "orders", "primary_key": "id", "endpoint": { SELECTOR, PAGINATOR, CURSOR /* later */ } }\n  ]\n}\n',
    },
    {
      name: "a byte order mark",
      before: '\ufeff{"client":{"base_url":"URL"},"resources":[{"name":"orders","endpoint":{}}]}',
      after:
        '\ufeff{"client":{"base_url":"URL"},"resources":[{"name":"orders", "primary_key": "id","endpoint":{ SELECTOR, PAGINATOR, CURSOR }}]}',
    },
    {
      name: "YAML",
      extension: "yaml",
      before:
        "# a shop\nclient:\n    base_url:   URL   # here\n\nresources:\n-   name:  'orders'   # the first\n    endpoint:\n        # where\n        path: \"/orders\"   # after the path\n        headers:\n            - []\n\n    description: >\n        Long text\n        in lines.\n# the end\n".replace(
          "        headers:\n            - []\n",
          "        headers:\n            X-Mode: a # mode\n",
        ),
      after:
        "# a shop\nclient:\n    base_url:   URL   # here\n\nresources:\n-   name:  'orders'   # the first\n    primary_key: id\n    endpoint:\n        # where\n        path: \"/orders\"   # after the path\n        headers:\n            X-Mode: a # mode\n        data_selector: data\n        paginator: { type: cursor, cursor_path: meta.next_cursor, cursor_param: cursor }\n        incremental: { cursor_path: updated_at }\n\n    description: >\n        Long text\n        in lines.\n# the end\n",
    },
    {
      name: "YAML that ends with a block scalar",
      extension: "yml",
      before:
        'client: { base_url: "URL" }\nresources:\n  - name: orders\n    endpoint: /orders\n    description: |\n      One.\n      Two.\n',
      after:
        'client: { base_url: "URL" }\nresources:\n  - name: orders\n    primary_key: id\n    endpoint: { path: /orders, data_selector: data, paginator: { type: cursor, cursor_path: meta.next_cursor, cursor_param: cursor }, incremental: { cursor_path: updated_at } }\n    description: |\n      One.\n      Two.\n',
    },
    {
      name: "inline YAML",
      extension: "yml",
      before: 'client: { base_url: "URL" }\nresources: [ { name: orders, endpoint: {path: /orders} } ]\n',
      after:
        'client: { base_url: "URL" }\nresources: [ { name: orders, endpoint: {path: /orders, data_selector: data, paginator: { type: cursor, cursor_path: meta.next_cursor, cursor_param: cursor }, incremental: { cursor_path: updated_at }}, primary_key: id } ]\n',
    },
    {
      name: "YAML with short forms",
      extension: "yaml",
      before: 'client: {base_url: "URL"}\nresources:\n  - orders # all\n',
      after:
        'client: {base_url: "URL"}\nresources:\n  - { name: orders, endpoint: { path: orders, data_selector: data, paginator: { type: cursor, cursor_path: meta.next_cursor, cursor_param: cursor }, incremental: { cursor_path: updated_at } }, primary_key: id } # all\n',
    },
  ])("keeps the layout of $name, and leaves no gaps and no warnings", async (given) => {
    const { url, seen } = await shop();
    const paging = '{ "type": "cursor", "cursor_path": "meta.next_cursor", "cursor_param": "cursor" }';
    const fill = (text: string): string =>
      text
        .replace("URL", url)
        .replace("SELECTOR", '"data_selector": "data"')
        .replace("PAGINATOR", `"paginator": ${paging}`)
        .replace("PAGING", paging)
        .replace("CURSOR", '"incremental": { "cursor_path": "updated_at" }');
    const path = file(`shop.${given.extension ?? "json"}`, fill(given.before));
    const { code, stderr } = await detect(path, { write: true });
    expect(stderr).toContain(`Wrote ${path}. Next:`);
    expect(code).toBe(0);
    expect(read(path)).toBe(fill(given.after));
    const requests = seen.length;
    expect(await detectJson(path)).toEqual([{ name: "orders", findings: [] }]);
    expect(await detect(path)).toMatchObject({ code: 0, stdout: "orders  nothing to detect\n" });
    expect(seen).toHaveLength(requests);
    const validated = await runCommand(["validate", path]);
    expect(validated.code).toBe(0);
    expect(validated.stderr).not.toMatch(/no-data-selector|no-paginator|single-entity/);
  });

  it("never changes existing values", async () => {
    const { url } = await shop();
    const endpoint = { data_selector: "data", paginator: "single_page", incremental: null };
    const path = file("shop.json", specOf(url, endpoint));
    const [resource] = await detectJson(path, { write: true });
    expect(resource?.findings.map(({ key }) => key)).toEqual(["primary_key"]);
    expect(JSON.parse(read(path))).toMatchObject({ resources: [{ primary_key: "id", endpoint }] });
  });

  it("withdraws findings that would make the spec invalid", async () => {
    const { url } = await shop();
    const spec = specOf(url) as { resources: object[] };
    Object.assign(spec.resources[0] as object, {
      schema: { type: "object", properties: { number: { type: "integer" } } },
    });
    const path = file("shop.json", spec);
    const [resource] = await detectJson(path, { write: true });
    const key = resource?.findings.find((finding) => finding.key === "primary_key");
    expect(key).toMatchObject({ confidence: "undecided", alternatives: [{ value: "id" }] });
    expect(key?.reasons.join()).toContain("unknown field");
    expect(await runCommand(["validate", path])).toMatchObject({ code: 0 });
    expect(read(path)).toContain('"data_selector": "data"');
  });

  it("does not write a value that a YAML alias would repeat elsewhere", async () => {
    const { url } = await shop();
    const text = `client: {base_url: "${url}"}\nresources:\n  - {name: orders, primary_key: id, endpoint: &all {path: /orders}}\n  - {name: more, primary_key: id, endpoint: *all}\n`;
    const path = file("shop.yaml", text);
    const { code, stderr } = await detect(path, { write: true });
    expect(code).toBe(1);
    expect(stderr).toContain("add the values by hand");
    expect(read(path)).toBe(text);
  });
});

describe("detect", () => {
  it("prints findings with reasons and writes nothing without confirmation", async () => {
    const { url } = await shop();
    const path = file("shop.json", specOf(url));
    const before = read(path);
    const { code, stdout, stderr } = await detect(path);
    expect(code).toBe(0);
    expect(stdout).toBe(`orders  GET ${url}/orders  200, 7 records
  data_selector  "data"
                 a list with a common name, 7 records
  paginator      { "type": "cursor", "cursor_path": "meta.next_cursor", "cursor_param": "cursor" }
                 meta.next_cursor is a cursor; ?cursor=… returns 7 new records
  primary_key    "id"
                 14 different values, none missing
  incremental    { "cursor_path": "updated_at" }
                 time of the last change; ISO 8601 times in all 14 records
`);
    expect(stderr).toBe("Nothing was written. To write the findings, pass --write.\n");
    expect(read(path)).toBe(before);
  });

  it("reads the children of one parent, or of the next one if the first has none", async () => {
    const server = await shop();
    const spec = {
      name: "shop",
      client: { base_url: server.url },
      resources: [
        { name: "orders", primary_key: "id", endpoint: { path: "/orders", data_selector: "data" } },
        { name: "lines", endpoint: { path: "/orders/{resources.orders.id}/lines" } },
      ],
    };
    const [lines] = await detectJson(file("shop.json", spec), { resource: ["lines"] });
    expect(lines?.findings).toMatchObject([
      { key: "data_selector", value: "lines", confidence: "sure" },
      { key: "paginator", value: "single_page", confidence: "likely" },
      { key: "include_from_parent", value: ["id"], confidence: "sure" },
      // The lines of two orders have the same numbers.
      { key: "primary_key", value: ["_orders_id", "line_id"], confidence: "sure" },
    ]);
    expect(server.seen.map(({ url }) => url)).toEqual([
      "/orders",
      "/orders/1/lines",
      "/orders/2/lines",
      "/orders/2/lines?page=2",
      "/orders/3/lines",
    ]);
  });

  it("does not decide the cursor of a parent, because children of unchanged parents would be skipped", async () => {
    const { url } = await shop();
    const spec = specOf(url) as { resources: object[] };
    spec.resources.push({ name: "lines", endpoint: { path: "/orders/{resources.orders.id}/lines" } });
    const [parent] = await detectJson(file("shop.json", spec), { resource: ["orders"] });
    const cursor = parent?.findings.find(({ key }) => key === "incremental");
    expect(cursor).toMatchObject({
      confidence: "undecided",
      alternatives: [{ value: { cursor_path: "updated_at" } }],
    });
  });

  it("reports a resource that cannot be read and continues with the others", async () => {
    const { url } = await shop();
    const spec = specOf(url) as { resources: object[] };
    spec.resources.unshift({ name: "gone", endpoint: "/gone" });
    const { code, stdout } = await detect(file("shop.json", spec), { write: true });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^gone {2}404 Not Found; check the path: GET http:\S+\/gone\n/);
    expect(stdout).toContain('data_selector  "data"');
  });

  it("names a missing or rejected secret without its value", async () => {
    const server = await serve((_, response) => answer(response, 401, { body: "{}", headers: jsonType }));
    const spec = specOf(server.url) as { client: object };
    Object.assign(spec.client, { auth: { type: "bearer", token: "{secrets.token}" } });
    const path = file("shop.json", spec);
    const missing = await runCommand(["detect", path]);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stdout).toMatch(/`token` has no value: pass \{ token \} to createShop or set SHOP_TOKEN/);
    expect(server.seen).toEqual([]);
    const refused = await runCommand(["detect", path], { env: { SHOP_TOKEN: "s3cret-value" } });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toContain("401 Unauthorized");
    expect(refused.stdout).toContain("The API rejected the credentials: check SHOP_TOKEN in the environment");
    expect(refused.stdout + refused.stderr).not.toContain("s3cret-value");
  });

  it("sends secrets from the environment without showing them, and accepts config values and parameters", async () => {
    const server = await serve(({ query, path }, response) => {
      const isRight = query.get("key") === "s3cret-value" && path === "/eu/orders/x";
      answer(response, isRight ? 200 : 403, {
        body: JSON.stringify({ orders: orders(1, 3) }),
        headers: jsonType,
      });
    });
    const spec = {
      name: "shop",
      client: {
        base_url: `${server.url}/{config.region}`,
        auth: { type: "api_key", name: "key", location: "query" },
      },
      resources: [
        {
          name: "orders",
          endpoint: { path: "/orders/{shop}", data_selector: "orders", params: { shop: { type: "input" } } },
        },
      ],
    };
    const path = file("shop.json", spec);
    const env = { SHOP_API_KEY: "s3cret-value" };
    const bare = await runCommand(["detect", path], { env });
    expect(bare.stdout).toContain("missing parameters: pass --param shop=…");
    const half = await runCommand(["detect", path, "--param", "shop=x"], { env });
    expect(half.stdout).toContain("Pass it with --config region=…");
    const whole = await runCommand(["detect", path, "--param", "shop=x", "--config", "region=eu"], { env });
    expect(whole).toMatchObject({ code: 0 });
    expect(whole.stdout).toContain('primary_key    "id"');
    expect(whole.stdout + whole.stderr).not.toContain("s3cret-value");
  });

  it("reads a bare body or a whole response from a file and sends no request", async () => {
    const { url, seen } = await shop();
    const spec = specOf(url) as { client: object };
    Object.assign(spec.client, { auth: "bearer" });
    const path = file("shop.json", spec);
    const bare = file("body.json", { items: orders(1, 9), nextPageToken: "x" });
    const [first] = await detectJson(path, { from: bare });
    expect(first?.findings).toMatchObject([
      { key: "data_selector", value: "items", confidence: "sure" },
      { key: "paginator", value: { cursor_param: "pageToken" }, confidence: "likely" },
      { key: "primary_key", value: "id" },
      { key: "incremental", value: { cursor_path: "updated_at" } },
    ]);
    const whole = file("response.json", {
      status: 200,
      headers: { Link: '</orders?page=2>; rel="next"' },
      body: orders(1, 9),
    });
    const [second] = await detectJson(path, { from: whole });
    expect(second?.findings[1]).toMatchObject({ value: "header_link", confidence: "likely" });
    expect(seen).toEqual([]);
    const failed = await detect(path, { from: file("error.json", { status: 403, headers: {}, body: {} }) });
    expect(failed).toMatchObject({ code: 1 });
  });

  it("rejects invalid options", async () => {
    const path = file("shop.json", {
      client: { base_url: "https://x.test" },
      resources: ["orders", "users"],
    });
    for (const [flags, message] of [
      [{ resource: ["order"] }, "unknown resource order; the spec has orders, users; did you mean"],
      [{ from: path }, "--from applies to one resource"],
    ] as const) {
      const { code, stderr } = await detect(path, flags);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
    const invalid = await detect(file("shop.json", { client: {}, resources: 1 }));
    expect(invalid).toMatchObject({ code: 1, stdout: "" });
  });

  it("prints no control characters from a response and writes no placeholders into the spec", async () => {
    const server = await serve((_, response) =>
      answerJson(response, { "\u001b[2Jitems": orders(1, 3), "{secrets.token}": [{ id: 1 }] }),
    );
    const path = file("shop.json", specOf(server.url));
    const { stdout } = await detect(path, { write: true });
    expect(stdout).not.toContain("\u001b");
    expect(read(path)).not.toContain("secrets");
  });
});
