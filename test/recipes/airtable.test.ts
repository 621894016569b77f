import { describe, expect, it } from "vitest";
import { airtable, airtableRecordsOf } from "./airtable-model.js";
import { startApi } from "./api.js";
import { openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("airtable");
const options = { token: "pat1" };
const params = { base: "appAAAAAAAAAAAAAA", table: "Contacts" };
const records = airtableRecordsOf(250);
const later = airtableRecordsOf(252);

describe("Airtable", () => {
  testScenario({
    recipe,
    api: airtable,
    options,
    read: (client, read) => client("records", params, read),
    rows: records,
    pages: [100, 100, 50],
    change: (record) => ({
      ...record,
      fields: { ...record.fields, "Last modified": "2024-02-01T00:00:00.000Z" },
    }),
    later: { rows: later, want: later.slice(249) },
    limited: {
      reply: () => ({
        status: 429,
        body: {
          errors: [{ error: "RATE_LIMIT_REACHED", message: "Rate limit exceeded. Please try again later" }],
        },
      }),
      waitMs: 30_000,
    },
    refused: { options: { token: "pat2" }, message: /401 Unauthorized: "Authentication required"/ },
  });

  it("says that a cursor has expired", async () => {
    const api = await startApi(airtable(records));
    api.answerOnce(2, {
      status: 422,
      body: {
        error: { type: "LIST_RECORDS_ITERATOR_NOT_AVAILABLE", message: "The iterator is not available." },
      },
    });
    const read = recipe.connect(api, options)("records", params).toArray();
    await expect(read).rejects.toThrow(/page 2: 422 .*: "The iterator is not available\."/);
  });
});
