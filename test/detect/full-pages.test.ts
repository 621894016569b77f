import { describe, expect, it } from "vitest";
import { answer, answerJson, jsonType, serve, type Seen } from "../runtime/server.js";
import { detectJson, file, orders, specOf, type JsonFinding } from "./fixtures.js";

const all = orders(1, 250);
const number = (request: Seen, name: string, otherwise: number): number =>
  Number(request.query.get(name) ?? otherwise);

/** Returns the finding for the paginator of an API. */
async function paginatorOf(reply: (request: Seen) => unknown, params: object = {}): Promise<JsonFinding> {
  const server = await serve((request, response) => answerJson(response, reply(request)));
  const [resource] = await detectJson(file("shop.json", specOf(server.url, { params })));
  return resource?.findings.find(({ key }) => key === "paginator") ?? expect.unreachable();
}

describe("a page that is as long as requested may have a next one", () => {
  it.each([7, 13, 20, 30, 40, 100])("the request names %d", async (size) => {
    const page = (request: Seen): unknown => {
      const start = number(request, "skip", 0);
      return all.slice(start, start + number(request, "limit", 10));
    };
    expect(await paginatorOf(page, { limit: size })).toMatchObject({
      value: { type: "offset", limit: size, offset_param: "skip" },
    });
  });

  it.each([7, 20])("the response names %d", async (size) => {
    const page = (request: Seen): unknown => {
      const start = number(request, "skip", 0);
      return { per_page: size, items: all.slice(start, start + size) };
    };
    expect(await paginatorOf(page)).toMatchObject({
      value: { type: "offset", limit: size, offset_param: "skip" },
    });
  });

  it("an API that ignores all parameters stays undecided", async () => {
    const finding = await paginatorOf(() => all.slice(0, 7), { per_page: 7 });
    expect(finding.value).toBeUndefined();
    expect(finding.reasons).toContain("7 records may be one full page of several");
  });

  it("a page that is shorter than requested is the only one", async () => {
    expect(await paginatorOf(() => all.slice(0, 7), { limit: 50 })).toMatchObject({ value: "single_page" });
  });
});

describe("Typeform", () => {
  const responses = Array.from({ length: 90 }, (_, index) => {
    const token = `t${1000 - index}`;
    return { landing_id: token, token, submitted_at: new Date(1.7e12 - index * 6e4).toISOString() };
  });
  it.each([25, 20, 7])("pages by `before`, %d responses each", async (size) => {
    const page = (request: Seen): unknown => {
      const before = request.query.get("before");
      const rest = responses.slice(responses.findIndex(({ token }) => token === before) + 1);
      return {
        total_items: rest.length,
        page_count: Math.ceil(rest.length / size),
        items: rest.slice(0, size),
      };
    };
    expect(await paginatorOf(page)).toMatchObject({
      value: { type: "last_record", path: "token", param: "before" },
    });
  });

  it("is not seen in other pages with tokens", async () => {
    const page = (request: Seen): unknown => {
      const start = (number(request, "page", 1) - 1) * 7;
      const items = all.slice(start, start + 7).map((order) => ({ ...order, token: `t${order.id}` }));
      return { page_count: Math.ceil(all.length / 7), items };
    };
    expect(await paginatorOf(page)).toMatchObject({ value: { type: "page_number" } });
  });
});

describe("a cursor that the path of the first page refuses", () => {
  /** Dropbox's `list_folder` and `list_folder/continue`: each takes one field, and refuses that of the other. */
  async function serveOrders(): Promise<string> {
    const server = await serve((request, response) => {
      const chunks: Buffer[] = [];
      response.req.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.req.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        const cursor = /^\{"cursor":"c(\d+)"\}$/.exec(body)?.[1];
        const start = request.url === "/orders" && body === '{"path":""}' ? 0 : Number(cursor ?? NaN);
        const isValid = request.url === (start === 0 ? "/orders" : "/orders/continue") && start >= 0;
        const page = {
          entries: all.slice(start, start + 25),
          cursor: `c${start + 25}`,
          has_more: start + 25 < all.length,
        };
        const text = JSON.stringify(isValid ? page : { error_summary: "unknown field" });
        answer(response, isValid ? 200 : 400, { body: text, headers: jsonType });
      });
    });
    return server.url;
  }
  const endpoint = { method: "POST", json: { path: "" } };

  it("gets a notice about another path", async () => {
    const [resource] = await detectJson(file("shop.json", specOf(await serveOrders(), endpoint)));
    const finding = resource?.findings.find(({ key }) => key === "paginator");
    expect(finding?.value).toBeUndefined();
    expect(finding?.reasons).toContain(
      'if the API takes the cursor at another path, add that path to the endpoint, such as "next": { "path": "…/orders/continue" }, and run detect again',
    );
  });

  it("is tested at the path of `next`", async () => {
    const spec = specOf(await serveOrders(), { ...endpoint, next: { path: "/orders/continue" } });
    const [resource] = await detectJson(file("shop.json", spec));
    expect(resource?.findings.find(({ key }) => key === "paginator")).toMatchObject({
      value: { type: "cursor", cursor_path: "cursor", cursor_body_path: "cursor", has_more_path: "has_more" },
    });
  });
});
