import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { freshdesk, ticketsOf } from "./freshdesk-model.js";
import { newestFirst, openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("freshdesk");
const options = { domain: "acme", apiKey: "key1" };
const tickets = ticketsOf(230);
const later = ticketsOf(233);

describe("Freshdesk", () => {
  testScenario({
    recipe,
    api: freshdesk,
    options,
    read: (client, read) => client("tickets", read),
    rows: tickets,
    want: newestFirst(tickets),
    pages: [100, 100, 30],
    change: (ticket) => ({ ...ticket, updated_at: "2024-02-01T00:00:00Z" }),
    later: { rows: later, want: newestFirst(later.slice(229)) },
    limited: {
      reply: () => ({
        status: 429,
        headers: { "retry-after": "1", "x-ratelimit-total": "50", "x-ratelimit-remaining": "0" },
        body: { message: "You have exceeded the limit of requests per minute" },
      }),
      waitMs: 1000,
    },
    refused: { options: { apiKey: "key2" }, message: /401 Unauthorized: "You have to be logged in/ },
  });

  it("reads the conversations of every ticket, page by page", async () => {
    const api = await startApi(freshdesk(ticketsOf(3)));
    const read = await recipe.connect(api, options)("conversations", {}).toArray();
    expect(read.map(({ ticket_id }) => ticket_id)).toEqual([3, 3, 2, 2, ...Array<number>(130).fill(1)]);
  });

  it("says that page 301 is refused", async () => {
    const api = await startApi(freshdesk(tickets));
    api.answerOnce(2, {
      status: 400,
      body: {
        description: "Validation failed",
        errors: [{ field: "page", message: "beyond the 300th page", code: "invalid_value" }],
      },
    });
    const read = recipe.connect(api, options)("tickets").toArray();
    await expect(read).rejects.toThrow(/page 2: 400 .*Validation failed/);
  });
});
