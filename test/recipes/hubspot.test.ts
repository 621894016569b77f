import { rateLimit } from "@connector-gen/runtime";
import { describe, expect, it } from "vitest";
import { startApi, type Reply } from "./api.js";
import { contactsOf, hubSpot } from "./hubspot-model.js";
import { openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("hubspot");
const options = { token: "pat-1", rateLimit: rateLimit({ requests: 1000, perMs: 1 }) };
const refused = {
  options: { token: "pat-2" },
  message: /401 Unauthorized: "Authentication credentials not found\."/,
};
const limited = {
  reply: (): Reply => ({
    status: 429,
    headers: { "x-hubspot-ratelimit-remaining": "0" },
    body: {
      status: "error",
      message: "You have reached your secondly limit.",
      errorType: "RATE_LIMIT",
      policyName: "SECONDLY",
    },
  }),
  waitMs: 0,
};

describe("HubSpot's contacts", () => {
  const contacts = contactsOf(250);
  testScenario({
    recipe,
    api: hubSpot,
    options,
    read: (client, read) => client("contacts", read),
    rows: contacts,
    pages: [100, 100, 50],
    limited,
    refused,
  });
});

describe("HubSpot's search", () => {
  const contacts = contactsOf(450);
  const changed = contactsOf(451).slice(-1);
  testScenario({
    recipe,
    source: "hubspot_search",
    api: hubSpot,
    options,
    read: (client, read) => client("contacts", read),
    rows: contacts,
    pages: [200, 200, 50, 0],
    // The hour before the newest contact is read again.
    later: { rows: [...contacts, ...changed], want: [...contacts.slice(-61), ...changed] },
    change: (contact) => ({
      ...contact,
      properties: { ...contact.properties, lastmodifieddate: "2024-01-01T07:31:00.000Z" },
    }),
    limited,
    refused,
  });

  it("reads more than 10,000 results", async () => {
    const all = contactsOf(10_450);
    const api = await startApi(hubSpot(all));
    const read = await recipe.connect(api, options, "hubspot_search")("contacts").toArray();
    expect(read).toEqual(all);
    expect(api.calls).toHaveLength(54);
  });
});
