import { rateLimit } from "@connector-gen/runtime";
import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { notion, notionPagesOf } from "./notion-model.js";
import { openRecipe, sortBy, testScenario } from "./recipe.js";

const recipe = await openRecipe("notion");
const database = "8a2f0000-0000-4000-8000-000000000001";
const options = { token: "ntn_1", rateLimit: rateLimit({ requests: 1000, perMs: 1 }) };
const pages = notionPagesOf(250);
const later = notionPagesOf(253);

describe("Notion", () => {
  testScenario({
    recipe,
    api: (rows) => notion(database, rows),
    options,
    read: (client, read) => client("pages", { database_id: database }, read),
    rows: pages,
    want: sortBy(pages, ({ last_edited_time }) => last_edited_time, "desc"),
    change: (page) => ({ ...page, last_edited_time: "2024-02-01T00:00:00.000Z" }),
    pages: [100, 100, 50],
    // The page 250 has the time of the last page of the first run.
    later: {
      rows: later,
      want: sortBy(later.slice(249), ({ last_edited_time }) => last_edited_time, "desc"),
    },
    limited: {
      reply: () => ({
        status: 429,
        headers: { "retry-after": "1" },
        body: { object: "error", status: 429, code: "rate_limited", message: "You have been rate limited." },
      }),
      waitMs: 1000,
    },
    refused: { options: { token: "ntn_2" }, message: /401 Unauthorized: "API token is invalid\."/ },
  });

  it("says that a database is not shared", async () => {
    const api = await startApi(notion(database, pages));
    const read = recipe.connect(api, options)("pages", { database_id: "other" }).toArray();
    await expect(read).rejects.toThrow(/404 Not Found: "Could not find database with ID: other\."/);
  });

  it("reads users with the cursor as a parameter", async () => {
    const api = await startApi(notion(database, pages));
    expect(await recipe.connect(api, options)("users").toArray()).toHaveLength(120);
    expect(api.calls.map(({ query }) => query.get("start_cursor"))).toEqual([null, "u101"]);
  });
});
