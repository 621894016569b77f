import { describe, expect, it } from "vitest";
import { errorOf } from "../runtime/fixtures.js";
import { startApi, type Reply } from "./api.js";
import { docsOf, elasticsearch, sortOf, toHit, type Doc } from "./elasticsearch-model.js";
import { openRecipe, testScenario } from "./recipe.js";

const recipe = await openRecipe("elasticsearch");
const options = { host: "search.example.com", apiKey: "k3y" };
const docs = docsOf(2500);
const later = docsOf(2503);
const toHits = (found: readonly Doc[]): readonly object[] => found.map((doc) => toHit(doc, sortOf(doc)));
const limited = {
  reply: (): Reply => ({
    status: 429,
    body: {
      error: {
        type: "es_rejected_execution_exception",
        reason: "rejected execution of coordinating operation",
      },
      status: 429,
    },
  }),
  waitMs: 0,
};
const refused = {
  options: { apiKey: "wrong" },
  message: /401 Unauthorized: "unable to authenticate with provided credentials"/,
};

describe("Elasticsearch with search_after", () => {
  testScenario({
    recipe,
    api: elasticsearch,
    options,
    read: (client, read) => client("orders", read),
    rows: docs,
    key: "_id",
    toRecord: (doc) => toHit(doc, sortOf(doc)),
    change: (doc) => ({ ...doc, updated_at: "2024-02-01T00:00:00Z" }),
    pages: [1000, 1000, 500, 0],
    // The document 2500 has the time of the document 2501.
    later: { rows: later, want: toHits(later.slice(2500)) },
    limited,
    refused,
  });

  it("says what is wrong with a query", async () => {
    const api = await startApi(elasticsearch(docs));
    api.answerOnce(1, {
      status: 400,
      body: { error: { type: "parsing_exception", reason: "unknown query [rnge]" }, status: 400 },
    });
    await expect(recipe.connect(api, options)("orders").toArray()).rejects.toThrow(
      /400 .*: "unknown query \[rnge\]"/,
    );
  });
});

it("requests a page with search_after again when it is lost", async () => {
  const api = await startApi(elasticsearch(docs));
  api.alterOnce(2, (reply) => ({ ...reply, isCut: true }));
  expect(await recipe.connect(api, options)("orders").toArray()).toEqual(toHits(docs));
});

describe("Elasticsearch with a scroll", () => {
  testScenario({
    recipe,
    api: elasticsearch,
    options,
    read: (client, read) => client("snapshot", read),
    rows: docs,
    want: docs.map((doc, index) => toHit(doc, [index % 1000])),
    pages: [1000, 1000, 500, 0],
    refused,
  });

  it("ends with an error when a page is lost, because it cannot be requested again", async () => {
    const api = await startApi(elasticsearch(docs));
    api.alterOnce(2, (reply) => ({ ...reply, isCut: true }));
    const pages = recipe.connect(api, options)("snapshot", { readAhead: false });
    expect(await errorOf(pages.toArray())).toMatchObject({ page: 2 });
    expect(api.calls).toHaveLength(2);
  });

  it("says that a scroll has expired", async () => {
    const first = await startApi(elasticsearch(docs));
    for await (const { checkpoint } of recipe.connect(first, options)("snapshot", { maxPages: 1 }).pages()) {
      const other = await startApi(elasticsearch(docs));
      const rest = recipe.connect(other, options)("snapshot", { from: checkpoint }).toArray();
      await expect(rest).rejects.toThrow(/404 Not Found: "No search context found for id/);
    }
    expect(first.calls.length).toBeGreaterThan(0);
  });
});
