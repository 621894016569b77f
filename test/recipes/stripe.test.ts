import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { openRecipe, testScenario } from "./recipe.js";
import { chargesOf, stripe } from "./stripe-model.js";

const recipe = await openRecipe("stripe");
const options = { apiKey: "sk_test_1" };
const charges = chargesOf(250);
const more = chargesOf(253);

describe("Stripe", () => {
  testScenario({
    recipe,
    api: stripe,
    options,
    read: (client, read) => client("charges", read),
    rows: charges,
    pages: [100, 100, 50],
    // The charge 250 of the same second as 251 is not repeated.
    later: { rows: more, want: more.slice(0, 3) },
    limited: {
      reply: () => ({
        status: 429,
        headers: { "stripe-should-retry": "true" },
        body: {
          error: {
            type: "invalid_request_error",
            code: "rate_limit",
            message: "Request rate limit exceeded.",
          },
        },
      }),
      waitMs: 0,
    },
    refused: { options: { apiKey: "sk_test_2" }, message: /401 Unauthorized: "Invalid API Key provided/ },
  });

  it("ends at has_more: false, also if the last page is full", async () => {
    const full = chargesOf(200);
    const api = await startApi(stripe(full));
    expect(await recipe.connect(api, options)("charges").toArray()).toEqual(full);
    expect(api.calls).toHaveLength(2);
  });

  it("reads no charges", async () => {
    const api = await startApi(stripe([]));
    expect(await recipe.connect(api, options)("charges").toArray()).toEqual([]);
  });

  it("reads events with the object of each", async () => {
    const api = await startApi(stripe(charges));
    const events = await recipe.connect(api, options)("events").toArray();
    expect(events.map(({ data }) => (data as { object: unknown }).object)).toEqual(charges);
  });
});
