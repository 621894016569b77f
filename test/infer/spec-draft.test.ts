import { describe, expect, it } from "vitest";
import { draftSpec } from "../../generator/infer/spec-draft.js";

/** Drafts the resource of a request. */
function draft(path: string, body?: object): ReturnType<typeof draftSpec>["resource"] {
  const url = new URL(path, "https://api.example.com");
  const sent = body && { method: "POST", body: JSON.stringify(body) };
  return draftSpec({ method: "GET", url, headers: [], ...sent }).resource;
}

it.each([
  { path: "/v1/articles", name: "articles" },
  { path: "/api/2/products.json", name: "products" },
  { path: "/users.php", name: "users" },
  { path: "/api/users.list", name: "users" },
  { path: "/api/conversations.history", name: "conversations_history" },
  { path: "/crm/v3/objects/contacts/search", name: "contacts" },
  { path: "/v1/databases/1f0c9c4a/query", name: "databases" },
  { path: "/index/_search", name: "index" },
  { path: "/orders/list", name: "orders" },
  { path: "/v2.1/accounts/7/export", name: "accounts" },
  { path: "/rest/api/2/search", name: "search" },
  { path: "/v1/search", name: "search" },
  { path: "/", name: "records" },
])("a resource is named after the noun in its path: $path", ({ path, name }) => {
  expect(draft(path).name).toBe(name);
});

it("placeholders in the query stay placeholders, and other braces are literal", () => {
  const path = "/messages?channel={resources.channels.id}&k={secrets.k}&q={x}&empty={}";
  expect(draft(path).endpoint["params"]).toEqual({
    channel: "{resources.channels.id}",
    k: "{secrets.k}",
    q: "{{x}}",
    empty: "{{}}",
  });
});

describe("GraphQL", () => {
  const connection = 'issues(first: 5, labels: ["a"]) { totalCount pageInfo { endCursor } nodes { id } }';
  it.each([
    { query: `{ repository(owner: "a") { ${connection} } }`, name: "issues" },
    { query: `query Q($after: String) { viewer { ${connection} } }`, name: "issues" },
    { query: "{ products(first: 5) { edges { node { id } } } }", name: "products" },
    { query: "query { all: pullRequests { nodes { id } } }", name: "pull_requests" },
    { query: "{ countries { code name } }", name: "countries" },
    { query: "query List { countries { code } }", name: "countries" },
    { query: "not a query", name: "graphql" },
  ])("names the resource after the field: $query", ({ query, name }) => {
    expect(draft("/graphql", { query }).name).toBe(name);
  });

  it("keeps the braces of the query", () => {
    const json = { query: "{ items { id } }", variables: { token: "{secrets.token}", first: 5 } };
    expect(draft("/graphql", json).endpoint).toEqual({ path: "/graphql", method: "POST", json, raw: true });
  });
});

it.each([
  { body: { filter: "{id}" }, endpoint: { json: { filter: "{{id}}" } } },
  {
    body: { filter: "{id}", query: "a { b }" },
    endpoint: { json: { filter: "{{id}}", query: "a {{ b }}" } },
  },
  { body: { filter: "plain" }, endpoint: { json: { filter: "plain" } } },
])("braces that look like a placeholder are escaped: $body", ({ body, endpoint }) => {
  expect(draft("/v1/items", body).endpoint).toEqual({ path: "/v1/items", method: "POST", ...endpoint });
});
