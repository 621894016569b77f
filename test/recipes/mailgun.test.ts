import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { eventsOf, mailgun } from "./mailgun-model.js";
import { openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("mailgun");
const options = { host: "api.mailgun.net", apiKey: "key-1" };
const events = eventsOf(650);
const later = eventsOf(652);

describe("Mailgun", () => {
  testScenario({
    recipe,
    api: mailgun,
    options,
    read: (client, read) => client("events", { domain: "mg.example.com" }, read),
    rows: events,
    pages: [300, 300, 50, 0],
    // The last half hour is read again.
    later: { rows: later, want: later.slice(-6) },
    limited: { reply: () => ({ status: 429, body: { message: "Too many requests" } }), waitMs: 0 },
    refused: { options: { apiKey: "key-2" }, message: /page 1: 401 Unauthorized; / },
  });

  it("ends at an empty page, although it names a next one", async () => {
    const api = await startApi(mailgun(events.slice(0, 300)));
    const read = recipe.connect(api, options)("events", { domain: "mg.example.com" });
    expect(await read.toArray()).toHaveLength(300);
    expect(api.calls).toHaveLength(2);
  });

  it("quotes the API for an unknown domain", async () => {
    const api = await startApi(mailgun(events));
    const read = recipe.connect(api, options)("events", { domain: "missing.example.com" }).toArray();
    await expect(read).rejects.toThrow(/404 Not Found: "Domain not found: missing\.example\.com"/);
  });
});
