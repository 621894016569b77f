import { describe, expect, it } from "vitest";
import * as allKinds from "@connector-gen/runtime/kinds";
import { compileCredentials } from "../../generator/mock/credentials.js";
import { parseFaults } from "../../generator/mock/faults.js";
import { runMock } from "../../generator/mock/mock-command.js";
import { startMock } from "../../generator/mock/start-mock.js";
import type { TypeIr } from "../../generator/ir/source-ir.js";
import { call, integer, object, recordsOf, resource, source } from "./fixtures.js";

describe("runMock", () => {
  it("prints the resources and how to request them, and runs until the signal aborts", async () => {
    const auth = call("api_key", { apiKey: "{secrets.api_key}", name: "key", location: "query" });
    const shop = source({
      auth,
      secrets: [{ name: "api_key", option: "apiKey", env: "SHOP_API_KEY" }],
      resources: [resource({ name: "rows" }), resource({ name: "people", method: "POST", path: "/people" })],
    });
    const lms = source({ name: "lms", baseUrl: "https://x.test/api", auth: call("bearer") });
    const faults = parseFaults("429:1,500@last*2");
    const printed: string[] = [];
    const controller = new AbortController();
    const stdout = {
      write: (text: string) => {
        printed.push(text);
        if (text.includes("Ctrl-C")) controller.abort();
      },
    };
    const options = { records: 1500, ...("faults" in faults && faults) };
    await runMock([shop, lms], options, { stdout, signal: controller.signal });

    const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.join(""))?.[0] ?? "";
    expect(printed.join("").replaceAll(origin, "ORIGIN").split("\n")).toEqual([
      "shop: ORIGIN/shop",
      "  curl 'ORIGIN/shop/v1/rows?key=any'",
      '  createShop({ baseUrl: "ORIGIN/shop", apiKey: "any" })',
      "",
      "  rows    GET   ORIGIN/shop/v1/rows  1,500 records, page_number",
      "  people  POST  ORIGIN/shop/people   1,500 records, page_number",
      "",
      "lms: ORIGIN/lms/api",
      "  curl -H 'Authorization: Bearer any' 'ORIGIN/lms/api/v1/rows'",
      '  createShop({ baseUrl: "ORIGIN/lms/api" })',
      "",
      "  rows  GET  ORIGIN/lms/api/v1/rows  1,500 records, page_number",
      "",
      "Faults: 429:1, 500@last*2",
      "Press Ctrl-C to stop.",
      "",
    ]);
    await expect(fetch(origin)).rejects.toThrow();
  });

  it("prints every request if asked to, with masked credentials", async () => {
    const auth = call("api_key", { apiKey: "{secrets.api_key}", name: "key", location: "query" });
    const shop = source({ auth, resources: [resource({ name: "rows" })] });
    const printed: string[] = [];
    const controller = new AbortController();
    const requests = async (url: string): Promise<void> => {
      for (const path of ["/v1/rows?key=s3cret", "/v1/rows?key=s3cret", "/v1/none"]) await fetch(url + path);
      controller.abort();
    };
    const stdout = {
      write: (text: string) => {
        printed.push(text);
        const [, url] = /^shop: (\S+)/m.exec(text) ?? [];
        if (url !== undefined) void requests(url);
      },
    };
    const faults = [{ kind: "status", status: 503, times: 1 }] as const;
    await runMock([shop], { faults }, { stdout, signal: controller.signal, log: true });
    expect(printed.slice(-3)).toEqual([
      "GET /v1/rows?key=***  503, fault 503\n",
      "GET /v1/rows?key=***  200\n",
      "GET /v1/none  404\n",
    ]);
  });

  it("warns once about a resource whose records cannot match its schema", async () => {
    const code: TypeIr = { kind: "string", rules: { minLength: 3, maxLength: 2 } };
    const rows = recordsOf("rows", object({ id: integer, code }));
    const printed: string[] = [];
    const stdout = { write: (text: string) => printed.push(text) };
    await runMock([source({ resources: [rows] })], {}, { stdout, signal: AbortSignal.abort() });
    expect(printed[0]).toMatch(
      /^Warning: shop\.rows: the mock has no records that match the schema: record 1: code: expected at \w+ \d characters, received \d+\n$/,
    );
    expect(printed.filter((text) => text.startsWith("Warning"))).toHaveLength(1);
  });

  it("ends at once if the signal was aborted before", async () => {
    await runMock([source({})], {}, { stdout: { write: () => true }, signal: AbortSignal.abort() });
  });
});

describe("every auth scheme of the runtime", () => {
  const kinds = Object.values(allKinds).filter(
    (value): value is allKinds.Kind =>
      typeof value === "object" && "family" in value && value.family === "auth",
  );
  it("is found", () => {
    expect(kinds.length).toBeGreaterThanOrEqual(3);
  });
  // The mock cannot check the credentials of a function.
  it.each(kinds.filter(({ type }) => type !== "custom"))("is supported by the mock: $type", ({ type }) => {
    const { problem } = compileCredentials(call(type), {});
    expect(problem({ headers: {}, query: new URLSearchParams() })).toMatch("missing");
  });
});

describe("a large list", () => {
  it("is served page by page without being stored", async () => {
    const paginator = call("page_number", { limit: 250 });
    const mock = await startMock([source({ resources: [resource({ name: "rows", paginator })] })], {
      records: 1e7,
    });
    const response = await fetch(`${mock.url}/v1/rows?page=39999&limit=250`);
    const body = (await response.json()) as { items: { id: number }[]; total: number };
    expect({ last: body.items.at(-1)?.id, total: body.total }).toEqual({ last: 1e7, total: 40_000 });
    await mock.close();
  });
});
