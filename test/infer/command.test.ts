import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { file, orders, read, specOf } from "../detect/fixtures.js";
import { answer, answerJson, jsonType, serve, type TestServer } from "../runtime/server.js";
import { runCommand } from "../support/command.js";

/** Serves 45 orders in pages of 10 with a cursor; some have a note, and every third has no status. */
function shop(): Promise<TestServer> {
  return serve(({ path, query, headers }, response) => {
    const isRefused = headers.authorization === "Bearer wrong";
    if (isRefused || path !== "/orders") {
      answer(response, isRefused ? 401 : 404, { body: "{}", headers: jsonType });
      return;
    }
    const at = Number((query.get("cursor") ?? "t0").slice(1));
    const data = orders(at + 1, Math.min(45, at + 10)).map((order) => ({
      ...order,
      status: order.id % 3 === 0 ? null : order.status,
      ...(order.id > 40 && { note: "canary-value" }),
      customer: { email: `c${order.id}@example.com`, tags: [] },
    }));
    answerJson(response, { data, meta: { next_cursor: at + 10 < 45 ? `t${at + 10}` : null } });
  });
}

const paged = {
  data_selector: "data",
  paginator: { type: "cursor", cursor_path: "meta.next_cursor", cursor_param: "cursor" },
};

const schema = {
  type: "object",
  required: ["id", "status", "created_at", "updated_at", "customer"],
  properties: {
    id: { type: "integer" },
    status: { type: ["string", "null"] },
    created_at: { type: "string", format: "date-time" },
    updated_at: { type: "string", format: "date-time" },
    customer: {
      type: "object",
      required: ["email", "tags"],
      properties: { email: { type: "string", format: "email" }, tags: { type: "array" } },
    },
    note: { type: "string" },
  },
};

function schemaIn(path: string, index = 0): unknown {
  return (JSON.parse(read(path)) as { resources: { schema?: unknown }[] }).resources[index]?.schema;
}

describe("infer", () => {
  it("reads all pages and writes the schema; comments and layout stay", async () => {
    const { url } = await shop();
    const before = `// a shop
{
  "name": "shop", /* its name */
  "client": { "base_url": "${url}" },
  "resources": [
    {
      "name": "orders", // the first
      "endpoint": { "path": "/orders", "data_selector": "data", "paginator": ${JSON.stringify(paged.paginator)} },
    },
  ],
}
`;
    const path = file("shop.json", before);
    const { code, stdout, stderr } = await runCommand(["infer", path]);
    expect({ code, stdout, stderr }).toMatchObject({
      code: 0,
      stdout: [
        `orders  GET ${url}/orders  45 records from 5 pages`,
        "  fields  6 from 45 records: 4 always present, 1 sometimes null, 1 sometimes missing",
        "  customer.tags: always empty, so the type of its items is unknown",
        "",
      ].join("\n"),
      stderr: `Wrote ${path}. Next:\n  npx connector-gen generate ${path}\n`,
    });
    expect(read(path)).toBe(
      before.replace(
        "} },\n    },",
        `} },
      "schema": {
        "type": "object",
        "required": ["id", "status", "created_at", "updated_at", "customer"],
        "properties": {
          "id": { "type": "integer" },
          "status": { "type": ["string", "null"] },
          "created_at": { "type": "string", "format": "date-time" },
          "updated_at": { "type": "string", "format": "date-time" },
          "customer": {
            "type": "object",
            "required": ["email", "tags"],
            "properties": { "email": { "type": "string", "format": "email" }, "tags": { "type": "array" } }
          },
          "note": { "type": "string" }
        }
      },
    },`,
      ),
    );
    const generated = await runCommand(["generate", path, "--stdout"]);
    expect(generated).toMatchObject({ code: 0 });
    expect(generated.stdout).toContain("readonly status: string | null;");
    expect(generated.stdout).toContain("readonly note?: string");
  });

  it("writes YAML in blocks, and expands a resource that is only a path", async () => {
    const { url } = await shop();
    const path = file(
      "shop.yaml",
      `name: shop # its name\nclient:\n  base_url: ${url}\nresources:\n  - orders # the only one\n`,
    );
    expect(await runCommand(["infer", path])).toMatchObject({ code: 0 });
    const text = read(path);
    expect(text).toContain("name: shop # its name\n");
    expect(text).toContain(
      "\n  - name: orders\n    endpoint: { path: orders }\n    schema:\n      type: object\n",
    );
    expect(text).toContain("        created_at: { type: string, format: date-time }\n");
    expect(await runCommand(["validate", path])).toMatchObject({ code: 0 });
    const again = await runCommand(["infer", path]);
    expect(again.stdout).toContain("the schema of the spec matches");
    expect(read(path)).toBe(text);
  });

  it("reads as many records as asked for", async () => {
    const { url, seen } = await shop();
    const path = file("shop.json", specOf(url, paged));
    const { stdout } = await runCommand(["infer", path, "--records", "15"]);
    expect(stdout).toContain("15 records from 2 pages (there are more)");
    expect(seen).toHaveLength(2);
    expect(await runCommand(["infer", path, "--records", "0"])).toMatchObject({ code: 2 });
  });

  it("takes records from a response, a list or JSON lines, and sends no request", async () => {
    const { url, seen } = await shop();
    const lines = orders(1, 4).map((order) => JSON.stringify(order));
    for (const [name, content] of [
      ["body.json", JSON.stringify({ data: orders(1, 4), meta: { next_cursor: "x" } })],
      ["whole.json", JSON.stringify({ status: 200, headers: {}, body: { data: orders(1, 4) } })],
      ["list.json", `[${lines.join()}]`],
      ["records.jsonl", `\ufeff${lines.join("\r\n")}\r\n`],
    ] as const) {
      const path = file(
        "shop.json",
        specOf(url, { ...paged, params: { shop: { type: "input", required: true } } }),
      );
      const run = await runCommand(["infer", path, "--from", file(name, content)]);
      expect(run).toMatchObject({ code: 0 });
      expect(run.stdout).toContain("fields  4 from 4 records: 4 always present");
      expect(schemaIn(path)).toMatchObject({ properties: { updated_at: { format: "date-time" } } });
    }
    expect(seen).toEqual([]);
  });

  it("adds to a written schema what it lacks, and only reports contradictions", async () => {
    const { url } = await shop();
    const written = {
      type: "object",
      required: ["id", "note"],
      properties: {
        id: { type: "string", description: "Mine." },
        customer: { type: "object", properties: { email: { type: "string" } } },
      },
    };
    const spec = specOf(url, paged) as { resources: object[] };
    Object.assign(spec.resources[0] ?? {}, { schema: written });
    const path = file("shop.json", spec);
    const { code, stdout } = await runCommand(["infer", path]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "5 fields to add to the schema: status, created_at, updated_at, customer.tags, note",
    );
    expect(stdout).toContain("id: the schema says string, but 45 of 45 values are integer");
    expect(stdout).toContain("note: the schema requires it, but 40 of 45 objects lack it");
    expect(schemaIn(path)).toEqual({
      type: "object",
      required: ["id", "note"],
      properties: {
        id: { type: "string", description: "Mine." },
        customer: { type: "object", properties: { email: { type: "string" }, tags: { type: "array" } } },
        status: { type: ["string", "null"] },
        created_at: { type: "string", format: "date-time" },
        updated_at: { type: "string", format: "date-time" },
        note: { type: "string" },
      },
    });
  });

  it("infers what the API sends, before processing steps, and children of parents", async () => {
    const { url } = await serve(({ path }, response) => {
      if (path === "/orders") answerJson(response, [{ id: 1 }, { id: 2 }]);
      else answerJson(response, path === "/orders/1/lines" ? [] : [{ sku: "a", n: 1 }]);
    });
    const path = file("shop.json", {
      name: "shop",
      client: { base_url: url, paginator: "single_page" },
      resources: [
        { name: "orders", endpoint: { path: "/orders", data_selector: "$" } },
        {
          name: "lines",
          include_from_parent: ["id"],
          endpoint: { path: "/orders/{resources.orders.id}/lines", data_selector: "$" },
          processing_steps: [{ remove: ["n"] }],
        },
      ],
    });
    const run = await runCommand(["infer", path, "--resource", "lines"]);
    expect(run).toMatchObject({ code: 0 });
    expect(schemaIn(path, 0)).toBeUndefined();
    expect(schemaIn(path, 1)).toEqual({
      type: "object",
      required: ["sku", "n"],
      properties: { sku: { type: "string" }, n: { type: "integer" } },
    });
  });

  it("shows a diff and writes nothing with --dry-run, and prints one document with --json", async () => {
    const { url } = await shop();
    const path = file("shop.json", specOf(url, paged));
    const before = read(path);
    const dry = await runCommand(["infer", path, "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, stderr: "Nothing was written.\n" });
    expect(dry.stdout).toContain('+      "schema": {');
    expect(read(path)).toBe(before);
    const { stdout } = await runCommand(["infer", path, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      spec: path,
      written: true,
      resources: [{ name: "orders", records: 45, pages: 5, isComplete: true, schema, fields: { all: 6 } }],
    });
    expect(schemaIn(path)).toEqual(schema);
    expect(read(path)).not.toContain("canary-value");
  });

  it("reports why a saved response has no records", async () => {
    const path = file("shop.json", specOf("https://api.example.com", paged));
    for (const { content, says } of [
      { content: '{ "items": [{ "id": 1 }] }', says: "no records at `data` (its fields: items)" },
      { content: '{ "data": [{ "id": 1 }', says: "the body is not JSON (22 characters, line 1, column 23)" },
    ]) {
      const run = await runCommand(["infer", path, "--from", file("saved.json", content)]);
      expect(run.stdout).toContain(says);
      expect(run.stdout).not.toContain("a saved file contains one response only");
    }
  });

  it("reports a resource that it cannot read, and reads secrets from a file", async () => {
    const { url, seen } = await shop();
    const spec = specOf(url, paged) as { client: object; resources: object[] };
    Object.assign(spec.client, { auth: "bearer" });
    spec.resources.push({ name: "missing", endpoint: { path: "/missing", ...paged } });
    const path = file("shop.json", spec);
    const environment = join(dirname(path), "secrets.env");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(environment, 'SHOP_TOKEN="from-a-file"\n');
    const run = await runCommand(["infer", path, "--env-file", environment]);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("404 Not Found");
    expect(schemaIn(path, 0)).toEqual(schema);
    expect(schemaIn(path, 1)).toBeUndefined();
    expect(seen[0]?.headers.authorization).toBe("Bearer from-a-file");
    const refused = await runCommand(["infer", path, "-r", "orders"], { env: { SHOP_TOKEN: "wrong" } });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toContain("check SHOP_TOKEN in the environment");
  });
});
