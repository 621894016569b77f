import { describe, expect, test } from "vitest";

import { parseValue, resourceWith, specWith } from "../parse-text.js";

const none = { data_selector: undefined, paginator: undefined };

describe("selector and paginator", () => {
  test.each<[name: string, changes: Parameters<typeof specWith>[0], want: unknown[], warnings: string[]]>([
    ["neither", { endpoint: none }, [undefined, "auto"], ["no-data-selector", "no-paginator"]],
    [
      "null is neither",
      { endpoint: { data_selector: null, paginator: null } },
      [undefined, "auto"],
      ["no-data-selector", "no-paginator"],
    ],
    [
      "the client's auto",
      { client: { paginator: "auto" }, endpoint: none },
      [undefined, "auto"],
      ["no-data-selector"],
    ],
    [
      "auto in place of the client's",
      { client: { paginator: "page_number" }, endpoint: { paginator: "auto" } },
      [{ selector: ["items"] }, "auto"],
      [],
    ],
    [
      "a path to one thing and the client's auto",
      { client: { paginator: "auto" }, endpoint: { ...none, path: "/u/{id}", params: { id: 1 } } },
      [{ selector: [] }, "single_page"],
      ["single-entity"],
    ],
    [
      "a path to one thing and auto",
      { client: { paginator: "none" }, endpoint: { path: "/u/{id}", params: { id: 1 }, paginator: "auto" } },
      [{ selector: ["items"] }, "auto"],
      [],
    ],
    [
      "a path to a single entity overrides the client's paginator, with a warning",
      { client: { paginator: "page_number" }, endpoint: { ...none, path: "/u/{id}", params: { id: 1 } } },
      [{ selector: [] }, "single_page"],
      ["single-entity"],
    ],
    [
      "a path to a single entity with its own paginator",
      {
        endpoint: { data_selector: undefined, path: "/u/{id}", params: { id: 1 }, paginator: "page_number" },
      },
      [{ selector: [] }, "page_number"],
      ["single-entity"],
    ],
    [
      "an empty selector counts as omitted",
      { endpoint: { data_selector: "" } },
      [undefined, "single_page"],
      ["no-data-selector"],
    ],
    [
      "the client's",
      { client: { paginator: "page_number" }, endpoint: none },
      [undefined, "page_number"],
      ["no-data-selector"],
    ],
    [
      "the endpoint's",
      { client: { paginator: "page_number" }, endpoint: { paginator: "none" } },
      [{ selector: ["items"] }, "single_page"],
      [],
    ],
    [
      "rows need no selector",
      { endpoint: { data_selector: undefined, decoder: "csv" } },
      [{ selector: [] }, "single_page"],
      [],
    ],
    [
      "a path to one thing",
      { endpoint: { ...none, path: "/u/{id}", params: { id: 1 } } },
      [{ selector: [] }, "single_page"],
      ["single-entity"],
    ],
    [
      "of its own selector",
      { endpoint: { path: "/u/{id}", params: { id: 1 }, paginator: undefined } },
      [{ selector: ["items"] }, "single_page"],
      ["single-entity"],
    ],
    [
      "all said",
      { endpoint: { path: "/u/{id}", params: { id: 1 } } },
      [{ selector: ["items"] }, "single_page"],
      [],
    ],
    [
      "the client's paginator stays",
      {
        client: { paginator: "page_number" },
        endpoint: { path: "/u/{id}", params: { id: 1 }, paginator: undefined },
      },
      [{ selector: ["items"] }, "page_number"],
      [],
    ],
  ])("%s", async (_, changes, ...[want, warnings]) => {
    const { spec, diagnostics } = await parseValue(specWith(changes));
    const [resource] = spec?.resources ?? [];
    expect([resource?.select, resource?.paginator.kind.type]).toEqual(want);
    expect(diagnostics.map(({ code }) => code)).toEqual(warnings);
  });

  test.each<[path: string, isOne: boolean]>([
    ["/users/{id}", true],
    ["/users/{id}/", true],
    ["/users/{id}.json", true],
    ["/users/u-{id}", true],
    ["/c/{id},{id}", true],
    ["{id}", true],
    ["https://other.example/{id}", true],
    ["/users/{id}?full=1", true],
    ["/users/{id}/posts", false],
    ["/search?id={id}", false],
    ["/search/all?p=a/{id}", false],
    ["/search#{id}", false],
    ["https://{id}", false],
    ["/users/{config.user}", false],
    ["/{id}/{config.user}", false],
    ["/users/{{id}}/{id}/x", false],
    ["", false],
  ])("%j is a single entity: %j", async (path, isOne) => {
    const params = path.includes("{id}") ? { id: { type: "input" } } : {};
    const resource = await resourceWith({ endpoint: { path, params, ...none } });
    expect(resource.select).toEqual(isOne ? { selector: [] } : undefined);
  });

  test("the warning contains the guess", async () => {
    const { diagnostics } = await parseValue(
      specWith({ endpoint: { ...none, path: "/u/{id}", params: { id: 1 } } }),
    );
    expect(diagnostics[0]?.message).toBe(
      'resource "items" has a path that ends in {id}, so the whole body is read as one record: add "data_selector": "$" and "paginator": "single_page" to confirm, or other values to change that',
    );
  });
});
