import { describe } from "vitest";
import type { Reply } from "./api.js";
import { odata, ordersOf } from "./odata-model.js";
import { openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("odata");
const orders = ordersOf(1200);
const later = ordersOf(1203);

describe.each(["absolute", "relative"] as const)("OData with %s links", (links) => {
  testScenario({
    recipe,
    api: (rows) => odata(rows, links),
    options: { host: "erp.example.com", token: "t0ken" },
    read: (client, read) => client("orders", read),
    rows: orders,
    pages: [500, 500, 200],
    key: "ID",
    later: { rows: later, want: later.slice(1200) },
    change: (order) => ({ ...order, ModifiedAt: "2024-02-01T00:00:00Z" }),
    limited: {
      reply: (): Reply => ({
        status: 429,
        headers: { "retry-after": "3" },
        body: { error: { code: "429", message: "Too many requests" } },
      }),
      waitMs: 3000,
    },
    refused: { options: { token: "wrong" }, message: /401 Unauthorized: "The token is not valid\."/ },
  });
});
