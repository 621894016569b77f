import { describe, expect, it } from "vitest";
import { startApi } from "./api.js";
import { openRecipe, testScenario } from "./recipe.js";
import { ordersOf, shopify } from "./shopify-model.js";

const recipe = await openRecipe("shopify");
const options = { shop: "acme", accessToken: "shpat_1" };
const orders = ordersOf(600);
const changed = { ...(orders[7] as (typeof orders)[number]), updated_at: "2024-06-01T00:00:00-04:00" };

describe("Shopify", () => {
  testScenario({
    recipe,
    api: shopify,
    options,
    read: (client, read) => client("orders", read),
    rows: orders,
    pages: [250, 250, 100],
    change: (order) => ({ ...order, updated_at: "2024-02-01T00:00:00-05:00" }),
    later: { rows: [...orders, changed], want: [...orders.slice(-1), changed] },
    limited: {
      reply: () => ({
        status: 429,
        headers: { "retry-after": "1.0", "x-shopify-shop-api-call-limit": "40/40" },
        body: {
          errors:
            "Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.",
        },
      }),
      waitMs: 1000,
    },
    refused: { options: { accessToken: "shpat_2" }, message: /401 Unauthorized: "\[API\] Invalid API key/ },
  });

  it("sends filters with the first page only", async () => {
    const api = await startApi(shopify(orders));
    await recipe.connect(api, options)("orders").toArray();
    expect(api.calls.map(({ query }) => query.get("status"))).toEqual(["any", null, null]);
  });

  it("reads products", async () => {
    const api = await startApi(shopify(orders));
    expect(await recipe.connect(api, options)("products").toArray()).toHaveLength(1);
  });
});
