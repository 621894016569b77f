import { describe, expect, it } from "vitest";
import { startApi, type Reply } from "./api.js";
import { openRecipe, testScenario } from "./recipe.js";
import { ticketsOf, usersOf, zendesk } from "./zendesk-model.js";

const recipe = await openRecipe("zendesk");
const options = { subdomain: "acme", email: "reports@example.com", apiToken: "t0ken" };
const refused = { options: { apiToken: "wrong" }, message: /401 Unauthorized: "Couldn't authenticate you"/ };
const limited = {
  reply: (): Reply => ({
    status: 429,
    headers: { "retry-after": "93" },
    body: {
      description: "Number of allowed incremental ticket export API requests per minute exceeded",
      error: "APIRateLimitExceeded",
    },
  }),
  waitMs: 93_000,
};

describe("Zendesk's tickets", () => {
  const tickets = ticketsOf(250);
  testScenario({
    recipe,
    api: (rows) => zendesk({ tickets: rows }),
    options,
    read: (client, read) => client("tickets", read),
    rows: tickets,
    pages: [100, 100, 50],
    limited,
    refused,
  });
});

describe("Zendesk's export of tickets", () => {
  const tickets = ticketsOf(2500);
  const later = ticketsOf(2503);
  testScenario({
    recipe,
    api: (rows) => zendesk({ tickets: rows }),
    options,
    read: (client, read) => client("ticketExport", read),
    rows: tickets,
    pages: [1000, 1000, 500],
    // The lag reaches the last ticket of the first run.
    later: { rows: later, want: later.slice(-4) },
    change: (ticket) => ({ ...ticket, generated_timestamp: Date.UTC(2025, 0, 1) / 1000 }),
    limited,
    refused,
  });

  it("ends at end_of_stream, also if the last page is full", async () => {
    const api = await startApi(zendesk({ tickets: tickets.slice(0, 1000) }));
    expect(await recipe.connect(api, options)("ticketExport").toArray()).toHaveLength(1000);
    expect(api.calls).toHaveLength(1);
  });

  it("says that a start is too recent", async () => {
    const recent = { ...tickets[0], generated_timestamp: Math.floor(Date.now() / 1000) + 3600 };
    const first = await startApi(zendesk({ tickets: [recent as (typeof tickets)[number]] }));
    const pages = recipe.connect(first, options)("ticketExport").pages();
    for await (const { checkpoint } of pages) {
      const next = recipe.connect(first, options)("ticketExport", { from: checkpoint });
      await expect(next.toArray()).rejects.toThrow(/400 Bad Request: "Too recent start_time/);
    }
  });
});

describe("Zendesk's export of users by time", () => {
  const users = usersOf(2500);
  const later = usersOf(2502);
  testScenario({
    recipe,
    api: (rows) => zendesk({ users: rows }),
    rows: users,
    options,
    read: (client, read) => client("userExport", read),
    // Each page begins with the users of the last time of the previous page.
    want: [...users.slice(0, 1000), ...users.slice(999, 1999), ...users.slice(1997)],
    pages: [1000, 1000, 503],
    later: { rows: later, want: later.slice(-3) },
    change: (user) => ({ ...user, updated_at: "2025-01-01T00:00:00Z" }),
    limited,
    refused,
  });
});
